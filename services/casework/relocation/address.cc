// The address of who moves, at the authority in charge: it hears from the police unit of the place
// whether it is taken care of there, and neither how nor where.
#include "exitbus/handover/v1/messages.pb.h"
#include "services/casework/handover/evolve.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/letters.h"
#include "services/casework/handover/rules.h"
#include "services/casework/relocation/relocation.h"

namespace exitbus::casework {
namespace {

// It may come before the receiver's own word that it accepts.
Decision OnStated(const CaseLetter& letter, const hv1::AddressProtectionStated& message) {
  const jv1::Handover* const handover = FindHandover(letter.state, letter.place.subject);
  if (handover == nullptr) return Decision::Park();
  // What a handover was before it was erased here is not known any more.
  if (HasMoved(*handover)) return Decision::NoEffect("crossed_take_over");
  if (HasEnded(*handover)) return Decision::NoEffect("address_crossed_end");
  if (handover->side() != hv1::SIDE_HOLDER || letter.place.sender != handover->receiving_police()) {
    return Decision::Refuse("letter.not_the_police_unit",
                            "Only the unit of the receiver's district tells this.");
  }
  if (handover->address_protection() == message.protection()) {
    return Decision::NoEffect("address_known");
  }
  jv1::CaseEvent event = EventOf(handover->handover_id());
  event.mutable_address_protection_learnt()->set_protection(message.protection());
  return Decision().AddEvent(event);
}

void Learn(jv1::Handover& handover, const jv1::AddressProtectionLearnt& learnt) {
  handover.set_address_protection(learnt.protection());
}

}  // namespace

const Rule kAddressSecured{
    "handover.address_not_secured",
    "The person is under a threat. First the police unit of the receiver's district gives notice "
    "to "
    "the population register, which confirms it, or states that none is needed: call it.",
    [](const Situation& s) {
      // Where the district has no unit, nobody could say.
      return !IsUnderThreat(s.file) || s.handover->receiving_police().empty() ||
             s.handover->address_protection() == hv1::ADDRESS_PROTECTION_SECURED;
    }};

CasePart AddressPart() {
  CasePart part;
  part.On(&OnStated).After(OfHandover(&Learn));
  return part;
}

}  // namespace exitbus::casework
