// Whom the citizen turns to, at whichever authority takes part in the case (N-15).
#include "services/casework/programme/contact_person.h"

#include "absl/algorithm/container.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programmes.h"
#include "services/casework/supervision/supervision.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;

// Empty: nobody supervises the person.
std::string SupervisingUnit(const jv1::CaseFile& file) {
  const jv1::Supervision* const running = RunningSupervision(file);
  return running == nullptr ? "" : running->seen().unit();
}

bool TakesPart(const std::string& authority, const jv1::CaseFile& file,
               const DecisionContext& context) {
  return !authority.empty() && (authority == context.self->id || authority == PoliceIn(file) ||
                                authority == SupervisingUnit(file));
}

Decision NameContactPerson(const jv1::CaseFile& file, const v1::NameContactPersonRequest& request,
                           const DecisionContext& context) {
  jv1::CaseEvent event;
  cv1::ContactPerson& named = *event.mutable_contact_person_named()->mutable_contact_person();
  named = request.contact_person();
  if (!TakesPart(named.authority(), file, context)) {
    return Invalid("contact_person.not_a_party",
                   "The contact person is of this authority, of the case's police unit or of the "
                   "unit that supervises the person: give its id.");
  }
  if (named.function() == policy::v1::FUNCTION_UNSPECIFIED) {
    return Invalid("contact_person.function_required", "Say as what the contact person works.");
  }
  if (named.reached_by().empty()) {
    return Invalid("contact_person.not_reachable",
                   "Say how the citizen reaches the contact person.");
  }
  *named.mutable_since() = exchange::ToProto(context.now);
  return Decision().AddEvent(event);
}

void Name(jv1::CaseFile& file, const jv1::ContactPersonNamed& named) {
  file.clear_contact_person();
  if (named.has_contact_person()) *file.mutable_contact_person() = named.contact_person();
}

bool IsSame(const jv1::CaseFile& before, const jv1::CaseFile& after) {
  return before.standing() == cv1::STANDING_RESPONSIBLE &&
         before.contact_person().SerializeAsString() == after.contact_person().SerializeAsString();
}

}  // namespace

void FollowContactPerson(const jv1::CaseFile& before, const DecisionContext& context,
                         Decision& decision) {
  if (!decision.accepted() || decision.events().empty()) return;
  const auto after = After(before, decision);
  if (after->has_erasure() || !IsOursToPursue(*after)) return;
  cv1::ContactPersonNamed message;
  message.set_number(after->number());
  if (after->has_contact_person() &&
      TakesPart(after->contact_person().authority(), *after, context)) {
    *message.mutable_contact_person() = after->contact_person();
  } else if (after->has_contact_person()) {
    jv1::CaseEvent cleared;
    cleared.mutable_contact_person_named();
    decision.AddEvent(cleared);  // the next one is to be named
  } else if (before.standing() != cv1::STANDING_RESPONSIBLE || !before.has_contact_person()) {
    return;
  }
  const bool is_same = message.has_contact_person() && IsSame(before, *after);
  const std::string police = PoliceIn(*after);
  const bool knows_police = is_same && PoliceIn(before) == police && !IsPoliceAsked(decision);
  if (!police.empty() && !knows_police) {
    decision.Notify(AddressOf(Whom::kPolice, *after, nullptr, context), message);
  }
  const auto basis = BasisForSupervision(*after);
  const jv1::Supervision* const told = ToldSupervision(*after);
  if (told != nullptr && basis && !(is_same && ToldSupervision(before) != nullptr)) {
    decision.Notify(AddressOfSupervision(*after, *told).On(*basis), message);
  }
}

bool StaysWhoItMoves(const jv1::CaseFile& file, const jv1::Handover& handover) {
  const std::string& authority = file.contact_person().authority();
  if (authority.empty()) return false;
  if (authority == handover.counterpart()) return true;
  if (authority == handover.police()) return handover.receiving_police() == handover.police();
  switch (handover.reason()) {
    case hv1::HANDOVER_REASON_RELEASE:  // who releases him supervises him
      return authority == file.responsible();
    case hv1::HANDOVER_REASON_CUSTODY:  // who supervised him does so no more
      return false;
    default:
      return authority == SupervisingUnit(file);
  }
}

CasePart ContactPersonPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme, &kNotFrozen}, &NameContactPerson)).After(&Name);
  return part;
}

}  // namespace exitbus::casework
