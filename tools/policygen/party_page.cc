#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/descriptor.h"
#include "services/policy/viewer.h"
#include "tools/policygen/generators.h"
#include "tools/policygen/names.h"

namespace exitbus::policygen {
namespace {

namespace v1 = policy::v1;

constexpr char kHead[] =
    "\n## What each party can learn, and what it never can\n\n"
    "The first matrix read by columns: the most a party is ever shown or sent of a category, if "
    "every condition holds, and what it is never shown whatever holds. A star: under a condition "
    "only. What a message gives it is the lesser of this and the message's row.\n\n";

v1::Detail MostOf(v1::Reader reader, v1::Category category, policy::ConditionSet satisfied) {
  for (const v1::Detail detail : {v1::DETAIL_FULL, v1::DETAIL_SUMMARY, v1::DETAIL_CODE}) {
    if (policy::MaySee({reader, v1::LEVEL_FULL, satisfied}, category, detail)) return detail;
  }
  return v1::DETAIL_UNSPECIFIED;
}

std::string Row(v1::Reader reader) {
  std::vector<std::string> names[v1::Detail_ARRAYSIZE];  // by the most detail
  for (int i = 1; i <= v1::Category_MAX; ++i) {
    if (!v1::Category_IsValid(i)) continue;
    const auto category = static_cast<v1::Category>(i);
    const v1::Detail most = MostOf(reader, category, EveryCondition());
    const bool always = MostOf(reader, category, {}) == most;
    names[most].push_back(
        absl::StrCat(Plain(v1::Category_Name(category), "CATEGORY_"), always ? "" : "*"));
  }
  const auto cell = [&names](v1::Detail detail) {
    return names[detail].empty() ? "–" : absl::StrJoin(names[detail], ", ");
  };
  std::string name = Plain(v1::Reader_Name(reader), "READER_");
  if (reader == v1::READER_RECEIVING_POLICE) name += ", until the assessment is transferred to it";
  return TableRow({name, cell(v1::DETAIL_FULL), cell(v1::DETAIL_SUMMARY), cell(v1::DETAIL_CODE),
                   cell(v1::DETAIL_UNSPECIFIED)});
}

}  // namespace

std::string PartyPage() {
  std::string text =
      absl::StrCat(kHead, TableHead({"party", "in full", "as a summary", "as a code", "never"}));
  for (int i = 1; i <= v1::Reader_MAX; ++i) text += Row(static_cast<v1::Reader>(i));
  return text;
}

}  // namespace exitbus::policygen
