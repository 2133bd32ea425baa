#include "absl/strings/str_cat.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "tools/exitctl/text_table.h"
#include "tools/exitctl/view_parts.h"
#include "tools/exitctl/views.h"

namespace exitbus::exitctl {
namespace {

namespace hv1 = handover::v1;

std::string WhoseMove(const hv1::Handover& view) {
  if (view.waiting_for() == hv1::SIDE_UNSPECIFIED) return "";
  return view.waiting_for() == view.side() ? "yours" : view.counterpart();
}

std::string Until(const hv1::Handover& view) {
  const std::string due = Moment(view.has_due(), view.due());
  return view.escalated() ? absl::StrCat(due, ", overdue") : due;
}

void AddMove(std::string& text, const hv1::Handover& view) {
  const std::string move = WhoseMove(view);
  const std::string until = Until(view);
  if (move.empty()) return;
  AddLine(text, "move", until.empty() ? move : absl::StrCat(move, ", until ", until));
}

void AddTerms(std::string& text, const hv1::Handover& view) {
  TableRows rows = {{"TERM", "MEASURE", "MODULE", "MONTHS", "FUNDING", "STATUS", "OBJECTION"}};
  for (const hv1::Term& term : view.terms()) {
    rows.push_back({term.term_id(), Said(term.type()), Said(term.module()),
                    std::to_string(term.months()), Said(term.funding()), Said(term.status()),
                    Said(term.objection())});
  }
  if (rows.size() <= 1) return;
  AddLine(text, "terms", absl::StrCat("of the agreement's version ", view.agreement_version()));
  text += TextTable(rows);
}

void AddOffer(std::string& text, const hv1::Handover& view) {
  if (view.offered_number() != 0) {
    AddLine(text, "offered", absl::StrCat("responsibility ", view.offered_number()));
  }
  AddLine(text, "earliest", Moment(view.has_earliest(), view.earliest()));
  if (view.recall_requested()) AddLine(text, "recall", "asked for by the holder");
  AddLine(text, "taken over", Moment(view.has_taken_over(), view.taken_over()));
  AddLine(text, "rejected", Said(view.rejection()));
  if (view.erasure_confirmed()) AddLine(text, "erased", "confirmed by the other side");
}

}  // namespace

std::string ViewOf(const hv1::Handover& view) {
  std::string text = absl::StrCat("handover ", view.handover_id(), "\n");
  AddLine(text, "stage", Said(view.stage()));
  AddMove(text, view);
  AddLine(text, view.side() == hv1::SIDE_HOLDER ? "to" : "from", view.counterpart());
  AddLine(text, "reason", Said(view.reason()));
  AddLine(text, "expected", Month(view.has_expected(), view.expected()));
  AddLine(text, "needs", SaidAll<casework::v1::Module>(view.needs()));
  AddLine(text, "person", view.person().name());
  AddLine(text, "cpr", view.person().cpr_number());
  AddLine(text, "case", view.case_id());
  AddTerms(text, view);
  AddOffer(text, view);
  AddSecurity(text, view.security());
  AddBlocked(text, view.blocked());
  if (view.correspondence_stopped()) {
    AddLine(text, "STOPPED",
            "nothing passes to or from the other side; phone it, and your operators");
  }
  if (view.nudges() > 0) AddLine(text, "nudged", absl::StrCat(view.nudges(), " times"));
  AddWithheld(text, view.withheld());
  AddLine(text, "etag", view.etag());
  return text;
}

std::string ViewOf(const hv1::ListHandoversResponse& list) {
  TableRows rows = {{"HANDOVER", "STAGE", "WE ARE", "OTHER SIDE", "REASON", "MOVE", "UNTIL"}};
  for (const hv1::Handover& view : list.handovers()) {
    rows.push_back({view.handover_id(), Said(view.stage()), Said(view.side()), view.counterpart(),
                    Said(view.reason()), WhoseMove(view), Until(view)});
  }
  return ListOf(rows, list.next_page_token());
}

}  // namespace exitbus::exitctl
