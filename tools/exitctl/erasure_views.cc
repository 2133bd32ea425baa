#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/erasure_service.pb.h"
#include "tools/exitctl/view_parts.h"
#include "tools/exitctl/views.h"

namespace exitbus::exitctl {
namespace {

std::string HowFar(const casework::v1::Erasure& view) {
  if (view.complete()) return "complete";
  int confirmed = 0;
  for (const casework::v1::ErasureOrder& order : view.orders()) confirmed += order.has_confirmed();
  return absl::StrCat(confirmed, " of ", view.orders_size(), " confirmed",
                      view.overdue() ? ", OVERDUE" : "");
}

}  // namespace

std::string ViewOf(const casework::v1::Erasure& view) {
  std::string text = absl::StrCat("erasure ", view.erasure_id(), "\n");
  AddLine(text, "case", view.case_id());
  AddLine(text, "reason", Said(view.reason()));
  AddLine(text, "erased", Moment(view.has_erased(), view.erased()));
  AddLine(text, "ordered by", view.ordered_by());
  AddLine(text, "stands", HowFar(view));
  for (const casework::v1::ErasureOrder& order : view.orders()) {
    AddLine(text, "told",
            absl::StrCat(order.authority(), ": ",
                         order.has_confirmed() ? "confirmed " + Moment(true, order.confirmed())
                                               : "not yet"));
  }
  if (!view.complete()) AddLine(text, "due", Moment(view.has_due(), view.due()));
  AddWithheld(text, view.withheld());
  AddLine(text, "etag", view.etag());
  return text;
}

std::string ViewOf(const casework::v1::ListErasuresResponse& list) {
  TableRows rows = {{"ERASURE", "CASE", "REASON", "ERASED", "STANDS"}};
  for (const casework::v1::Erasure& view : list.erasures()) {
    rows.push_back({view.erasure_id(), view.case_id(), Said(view.reason()),
                    Moment(view.has_erased(), view.erased()), HowFar(view)});
  }
  return ListOf(rows, list.next_page_token());
}

}  // namespace exitbus::exitctl
