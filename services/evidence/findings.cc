#include "services/evidence/findings.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/policy/readers.h"

namespace exitbus::evidence {
namespace {

constexpr std::size_t kSubjectBytesShown = 8;

}  // namespace

std::string NumbersText(const std::vector<std::uint64_t>& numbers) {
  std::string text = numbers.size() == 1 ? "number " : "numbers ";
  for (std::size_t first = 0; first < numbers.size();) {
    std::size_t last = first;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    absl::StrAppend(&text, first == 0 ? "" : ", ", numbers[first]);
    if (last > first) absl::StrAppend(&text, "-", numbers[last]);
    first = last + 1;
  }
  return text;
}

std::string NameOf(const std::string& sender, const std::string& recipient,
                   const v1::Correspondence& correspondence) {
  return absl::StrCat(
      sender, " -> ", recipient, ", ", std::string(policy::ChannelName(correspondence.channel())),
      ", subject ",
      absl::BytesToHexString(correspondence.subject_digest().substr(0, kSubjectBytesShown)));
}

}  // namespace exitbus::evidence
