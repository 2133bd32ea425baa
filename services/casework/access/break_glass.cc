#include "services/casework/access/break_glass.h"

#include <algorithm>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/access/units.h"
#include "services/casework/handover/rules.h"
#include "services/casework/methods.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/policy/readers.h"

namespace exitbus::casework {
namespace {

constexpr absl::Duration kApprovedWithin = absl::Hours(1);
constexpr std::uint32_t kBreakGlassMinutesMax = 240;
constexpr std::size_t kReasonBytesMax = 1000;

namespace pv1 = policy::v1;
using exchange::FromProto;
using exchange::Message;
using exchange::Refusal;
using exchange::RefusedBy;
using exchange::ToProto;

const cv1::BreakGlass* Find(const jv1::CaseFile& file, std::string_view id) {
  return exchange::FindIn(file.break_glass(),
                          [&](const cv1::BreakGlass& one) { return one.break_glass_id() == id; });
}

cv1::BreakGlass* Mutable(jv1::CaseFile& file, std::string_view id) {
  return const_cast<cv1::BreakGlass*>(Find(file, id));
}

// One person is one person, however the system writes the name.
bool IsBy(const cv1::BreakGlass& one, const DecisionContext& context) {
  return one.function() == policy::FunctionNamed(context.caller.function) &&
         context.lookup->IsSameName(one.employee(), context.caller.employee);
}

// Asked for and still in time, or approved and still running.
bool IsOpen(const cv1::BreakGlass& one, absl::Time now) {
  return !one.has_ended() && now < FromProto(one.until());
}

Decision Ended(const cv1::BreakGlass& one, absl::Time when, const std::string& by) {
  jv1::CaseEvent event;
  jv1::BreakGlassEnded& ended = *event.mutable_break_glass_ended();
  ended.set_break_glass_id(one.break_glass_id());
  *ended.mutable_ended() = ToProto(when);
  ended.set_ended_by(by);
  return Decision().AddEvent(event);
}

const cv1::BreakGlass* LastOf(const jv1::CaseFile& file, const DecisionContext& context) {
  const auto last = std::find_if(file.break_glass().rbegin(), file.break_glass().rend(),
                                 [&](const cv1::BreakGlass& one) { return IsBy(one, context); });
  return last == file.break_glass().rend() ? nullptr : &*last;
}

std::optional<Refusal> CheckBreakGlass(const v1::RequestBreakGlassRequest& request) {
  if (request.reason().empty() || request.reason().size() > kReasonBytesMax) {
    return RefusedBy("break_glass.reason_required",
                     "Say in 1 to 1000 bytes why you must read this case now; its owner reads it.",
                     absl::StatusCode::kInvalidArgument);
  }
  if (request.minutes() == 0 || request.minutes() > kBreakGlassMinutesMax) {
    return RefusedBy("break_glass.minutes", "Ask for 1 to 240 minutes.",
                     absl::StatusCode::kInvalidArgument);
  }
  return std::nullopt;
}

Decision RequestBreakGlass(const jv1::CaseFile& file, const v1::RequestBreakGlassRequest& request,
                           const DecisionContext& context) {
  if (file.standing() != cv1::STANDING_RESPONSIBLE && file.standing() != cv1::STANDING_FORMER) {
    return Decision::Refuse(exchange::NotThere());
  }
  const pv1::Function function = policy::FunctionNamed(context.caller.function);
  const pv1::Reader reader = policy::ReaderFor(context.self->kind, function);
  if (IsInvolved(file, reader, context)) {
    return Decision::Refuse("break_glass.unit_involved",
                            "Your unit is involved and sees its part of the case. Ask the "
                            "coordinator for what else you need.");
  }
  jv1::CaseEvent event;
  cv1::BreakGlass& asked = *event.mutable_break_glass_requested()->mutable_break_glass();
  asked.set_break_glass_id(context.lookup->FreshId());
  asked.set_employee(context.caller.employee);
  asked.set_function(function);
  asked.set_reason(request.reason());
  asked.set_minutes(request.minutes());
  *asked.mutable_requested() = ToProto(context.now);
  *asked.mutable_until() = ToProto(context.now + kApprovedWithin);
  return Decision().AddEvent(event).Report(exchange::Severity::kWarning, "break_glass.requested");
}

Decision ApproveBreakGlass(const jv1::CaseFile& file, const v1::ApproveBreakGlassRequest& request,
                           const DecisionContext& context) {
  const cv1::BreakGlass* asked = Find(file, request.break_glass_id());
  if (asked == nullptr) {
    return Decision::Refuse("break_glass.unknown", "The case shows who has asked.",
                            absl::StatusCode::kNotFound);
  }
  if (context.lookup->IsSameName(asked->employee(), context.caller.employee)) {
    return Decision::Refuse("break_glass.second_person",
                            "Another employee than the one who asked has to approve it.");
  }
  if (asked->has_approved() || asked->has_ended()) {
    return Decision::Refuse("break_glass.not_waiting", "It is approved or has ended.");
  }
  if (!IsOpen(*asked, context.now)) {
    return Decision::Refuse("break_glass.too_late",
                            "It was not approved within an hour. It can be asked for anew.");
  }
  jv1::CaseEvent event;
  jv1::BreakGlassApproved& approved = *event.mutable_break_glass_approved();
  approved.set_break_glass_id(asked->break_glass_id());
  approved.set_approved_by(context.caller.employee);
  *approved.mutable_approved() = ToProto(context.now);
  *approved.mutable_until() = ToProto(context.now + absl::Minutes(asked->minutes()));
  return Decision().AddEvent(event).Report(exchange::Severity::kWarning, "break_glass.approved");
}

Decision EndBreakGlass(const jv1::CaseFile& file, const v1::EndBreakGlassRequest& request,
                       const DecisionContext& context) {
  const cv1::BreakGlass* found = Find(file, request.break_glass_id());
  const bool coordinator =
      policy::FunctionNamed(context.caller.function) == pv1::FUNCTION_EXIT_COORDINATOR;
  // Whoever asks hears the same whether there is something to end, or a case.
  if (found == nullptr || (!coordinator && !IsBy(*found, context))) {
    return Decision::NoEffect("break_glass_not_there");
  }
  if (!IsOpen(*found, context.now)) return Decision::NoEffect("break_glass_over");
  return Ended(*found, context.now, context.caller.employee);
}

std::vector<exchange::Deadline> BreakGlassDeadlines(const jv1::CaseFile& file) {
  std::vector<exchange::Deadline> deadlines;
  for (const cv1::BreakGlass& one : file.break_glass()) {
    if (one.has_ended()) continue;
    deadlines.push_back({one.break_glass_id(), FromProto(one.until())});
  }
  return deadlines;
}

Decision DecideBreakGlassDeadline(const jv1::CaseFile& file, std::string_view break_glass_id,
                                  const DecisionContext& context) {
  const cv1::BreakGlass* found = Find(file, break_glass_id);
  if (found == nullptr || found->has_ended() || IsOpen(*found, context.now)) {
    return Decision::NoEffect("break_glass_over");
  }
  return Ended(*found, FromProto(found->until()), "");
}

void AskForBreakGlass(jv1::CaseFile& file, const jv1::BreakGlassRequested& requested) {
  *file.add_break_glass() = requested.break_glass();
}

void Approve(jv1::CaseFile& file, const jv1::BreakGlassApproved& approved) {
  cv1::BreakGlass* one = Mutable(file, approved.break_glass_id());
  if (one == nullptr) return;
  one->set_approved_by(approved.approved_by());
  *one->mutable_approved() = approved.approved();
  *one->mutable_until() = approved.until();
}

void End(jv1::CaseFile& file, const jv1::BreakGlassEnded& ended) {
  cv1::BreakGlass* one = Mutable(file, ended.break_glass_id());
  if (one == nullptr) return;
  *one->mutable_ended() = ended.ended();
  one->set_ended_by(ended.ended_by());
}

std::unique_ptr<Message> Ticket(const std::string& break_glass_id) {
  auto ticket = std::make_unique<v1::BreakGlassTicket>();
  ticket->set_break_glass_id(break_glass_id);
  return ticket;
}

std::unique_ptr<Message> TicketOf(const jv1::CaseFile& file, const v1::RequestBreakGlassRequest&,
                                  const DecisionContext& context) {
  const cv1::BreakGlass* last = LastOf(file, context);
  return last == nullptr ? nullptr : Ticket(last->break_glass_id());
}

std::unique_ptr<Message> MadeUpTicket(const v1::RequestBreakGlassRequest&,
                                      const DecisionContext& context) {
  return Ticket(context.lookup->FreshId());
}

std::unique_ptr<Message> TicketNamed(const jv1::CaseFile&,
                                     const v1::EndBreakGlassRequest& request) {
  return Ticket(request.break_glass_id());
}

std::unique_ptr<Message> TicketGiven(const v1::EndBreakGlassRequest& request,
                                     const DecisionContext&) {
  return Ticket(request.break_glass_id());
}

}  // namespace

CasePart BreakGlassPart() {
  CasePart part;
  part.Serve<v1::RequestBreakGlassRequest>({.target = &ByCase,
                                            .check = &CheckBreakGlass,
                                            .decide = &RequestBreakGlass,
                                            .view = &TicketOf,
                                            .unseen = &MadeUpTicket})
      .Serve(OnCase({}, &ApproveBreakGlass))
      .Serve<v1::EndBreakGlassRequest>({.target = &ByCase,
                                        .decide = &EndBreakGlass,
                                        .view = &TicketNamed,
                                        .unseen = &TicketGiven})
      .After(&AskForBreakGlass)
      .After(&Approve)
      .After(&End)
      .Due("break_glass", &BreakGlassDeadlines, &DecideBreakGlassDeadline);
  return part;
}

const cv1::BreakGlass* RunningFor(const jv1::CaseFile& file, const DecisionContext& context) {
  return exchange::FindIn(file.break_glass(), [&](const cv1::BreakGlass& one) {
    return one.has_approved() && IsBy(one, context) && IsOpen(one, context.now);
  });
}

}  // namespace exitbus::casework
