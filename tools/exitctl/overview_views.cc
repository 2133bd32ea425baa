#include "absl/strings/str_cat.h"
#include "exitbus/nec/v1/overview_service.pb.h"
#include "tools/exitctl/view_parts.h"
#include "tools/exitctl/views.h"

namespace exitbus::exitctl {

std::string ViewOf(const nec::v1::OverviewEntry& view) {
  std::string text = absl::StrCat("entry ", view.overview_id(), "\n");
  AddLine(text, "stage", Said(view.stage()));
  AddLine(text, "person", view.person().name());
  AddLine(text, "cpr", view.person().cpr_number());
  AddLine(text, "responsible",
          absl::StrCat(view.authority(), " (responsibility ", view.responsibility_number(), ")"));
  AddLine(text, "since", Moment(view.has_since(), view.since()));
  if (view.agreement_version() != 0) {
    AddLine(text, "agreement", absl::StrCat("version ", view.agreement_version()));
  }
  AddWithheld(text, view.withheld());
  AddLine(text, "etag", view.etag());
  return text;
}

std::string ViewOf(const nec::v1::ListEntriesResponse& list) {
  TableRows rows = {{"ENTRY", "STAGE", "PERSON", "RESPONSIBLE", "SINCE"}};
  for (const nec::v1::OverviewEntry& view : list.entries()) {
    rows.push_back({view.overview_id(), Said(view.stage()), view.person().name(), view.authority(),
                    Moment(view.has_since(), view.since())});
  }
  return ListOf(rows, list.next_page_token());
}

}  // namespace exitbus::exitctl
