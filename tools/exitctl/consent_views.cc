#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "exitbus/casework/v1/case.pb.h"
#include "tools/exitctl/view_parts.h"

namespace exitbus::exitctl {

void AddBlocked(std::string& view,
                const google::protobuf::RepeatedPtrField<casework::v1::Blocked>& blocked) {
  for (const casework::v1::Blocked& one : blocked) {
    AddLine(view, "blocked",
            absl::StrCat(one.sent() ? "sent to " : "received from ", one.counterpart(), " ",
                         Moment(one.has_disclosed(), one.disclosed()), ": ",
                         absl::StrJoin(one.fields(), ", ")));
  }
}

void AddCorrections(
    std::string& view,
    const google::protobuf::RepeatedPtrField<casework::v1::Correction>& corrections) {
  for (const casework::v1::Correction& one : corrections) {
    AddLine(view, "corrected",
            absl::StrCat(Moment(one.has_corrected(), one.corrected()), " by ", one.issuer(), ": ",
                         SaidAll<policy::v1::Category>(one.categories())));
    AddLine(view, "  reason", one.reason());
    AddLine(view, "  confirmed", absl::StrJoin(one.confirmed(), ", "));
    AddLine(view, one.overdue() ? "  overdue" : "  outstanding",
            absl::StrJoin(one.outstanding(), ", "));
  }
}

}  // namespace exitbus::exitctl
