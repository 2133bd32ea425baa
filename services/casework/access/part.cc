#include <algorithm>

#include "exitbus/casework/v1/case_service.pb.h"
#include "services/casework/access/break_glass.h"
#include "services/casework/access/units.h"
#include "services/casework/methods.h"

namespace exitbus::casework {
namespace {

using exchange::Message;

std::unique_ptr<Message> Ticket(const std::string& break_glass_id) {
  auto ticket = std::make_unique<v1::BreakGlassTicket>();
  ticket->set_break_glass_id(break_glass_id);
  return ticket;
}

std::unique_ptr<Message> TicketOf(const jv1::CaseFile& file, const v1::RequestBreakGlassRequest&,
                                  const Facts& facts) {
  const cv1::BreakGlass* last = LastOf(file, facts);
  return last == nullptr ? nullptr : Ticket(last->break_glass_id());
}

std::unique_ptr<Message> MadeUpTicket(const v1::RequestBreakGlassRequest&, const Facts& facts) {
  return Ticket(facts.lookup->FreshId());
}

std::unique_ptr<Message> TicketNamed(const jv1::CaseFile&,
                                     const v1::EndBreakGlassRequest& request) {
  return Ticket(request.break_glass_id());
}

std::unique_ptr<Message> TicketGiven(const v1::EndBreakGlassRequest& request, const Facts&) {
  return Ticket(request.break_glass_id());
}

void Involve(jv1::CaseFile& file, const jv1::UnitInvolved& involved) {
  *file.add_units() = involved.unit();
}

void Release(jv1::CaseFile& file, const jv1::UnitReleased& released) {
  auto* units = file.mutable_units();
  units->erase(std::remove_if(units->begin(), units->end(),
                              [&](const cv1::InvolvedUnit& unit) {
                                return unit.function() == released.function();
                              }),
               units->end());
}

}  // namespace

CasePart AccessPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme}, &InvolveUnit))
      .Serve(OnCase({}, &ReleaseUnit))
      .Serve<v1::RequestBreakGlassRequest>({.target = &ByCase,
                                            .check = &CheckBreakGlass,
                                            .decide = &RequestBreakGlass,
                                            .view = &TicketOf,
                                            .unseen = &MadeUpTicket})
      .Serve(OnCase({}, &ApproveBreakGlass))
      .Serve<v1::EndBreakGlassRequest>({.target = &ByCase,
                                        .decide = &EndBreakGlass,
                                        .view = &TicketNamed,
                                        .unseen = &TicketGiven})
      .Account<v1::GetAccountRequest>(&ByCase)
      .After(&Involve)
      .After(&Release)
      .After(&AskForBreakGlass)
      .After(&Approve)
      .After(&End)
      .Due("break_glass", &BreakGlassDeadlines, &DecideBreakGlassDeadline);
  return part;
}

}  // namespace exitbus::casework
