#include "services/console/account.h"

#include <algorithm>

#include "absl/strings/str_split.h"
#include "exitbus/operations/v1/account.pb.h"
#include "services/console/viewer.h"
#include "services/exchange/keys.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/ports/store.h"
#include "services/exchange/proto_time.h"

namespace exitbus::console {
namespace {

namespace ov1 = operations::v1;
using exchange::NumberKey;
using exchange::Table;

constexpr Table kLooks = Table::kDisclosures;
constexpr char kLast[] = "console/last-look";
constexpr std::size_t kLookedThrough = 5000;  // for one page of an authority's operator

bool MaySee(const Viewer& viewer, const ov1::Look& look) {
  if (viewer.role == ov1::ROLE_EXCHANGE_OPERATOR) return true;
  const bool by_own = look.role() == ov1::ROLE_AUTHORITY_OPERATOR && viewer.Operates(look.system());
  const std::vector<std::string> about = absl::StrSplit(look.subject(), ' ');
  return by_own || std::any_of(about.begin(), about.end(), [&](const std::string& subject) {
           return viewer.Operates(subject);
         });
}

}  // namespace

absl::Status Account::Load() {
  ASSIGN_OR_RETURN(const auto last, store_->Get(Table::kMeta, kLast));
  const auto number = last ? NumberKey::Decode(*last) : std::nullopt;
  last_ = number ? number->number : 0;
  return absl::OkStatus();
}

absl::Status Account::Record(const Viewer& viewer, const LookAt& look, absl::Time now) {
  const std::uint64_t number = last_ + 1;
  ov1::Look row;
  row.set_number(number);
  *row.mutable_time() = exchange::ToProto(now);
  row.set_role(viewer.role);
  row.set_system(viewer.system);
  row.set_employee(viewer.employee);
  row.set_purpose(viewer.purpose);
  row.set_method(std::string(look.method));
  row.set_subject(look.subject);
  row.set_refused_by(look.refused_by);
  std::vector<exchange::Write> writes = {
      {kLooks, NumberKey{number}.Encode(), row.SerializeAsString()},
      {Table::kMeta, kLast, NumberKey{number}.Encode()}};
  if (number > kLooksKept) {
    writes.push_back({kLooks, NumberKey{number - kLooksKept}.Encode(), std::nullopt});
  }
  RETURN_IF_ERROR(store_->Commit(exchange::Durability::kDurable, writes));
  last_ = number;
  return absl::OkStatus();
}

absl::StatusOr<std::vector<ov1::Look>> Account::Newest(const Viewer& viewer, std::uint64_t before,
                                                       std::size_t limit) const {
  std::vector<ov1::Look> looks;
  const std::uint64_t from = before == 0 ? last_ : std::min(before - 1, last_);
  for (std::uint64_t number = from; number > 0 && from - number < kLookedThrough; --number) {
    if (looks.size() == limit) break;
    ASSIGN_OR_RETURN(const auto row, store_->Get(kLooks, NumberKey{number}.Encode()));
    ov1::Look look;
    if (!row) break;  // older ones are no longer kept
    if (look.ParseFromString(*row) && MaySee(viewer, look)) looks.push_back(std::move(look));
  }
  return looks;
}

}  // namespace exitbus::console
