// What the authority in charge hears of a relocation: all of it from its police unit, in order.
#include <optional>

#include "services/casework/addresses.h"
#include "services/casework/parts.h"
#include "services/casework/relocation/relocation.h"
#include "services/casework/rules.h"
#include "services/relocation/party.h"

namespace exitbus::casework {
namespace {

namespace lv1 = relocation::v1;
using exchange::Decision;

// One that the unit nominates of its own accord may cross a proposal, and nothing else.
bool IsOneTooMany(const jv1::CaseFile& file) {
  const auto* open = relocation::FindOpen(file.relocations());
  return (open != nullptr && open->seen().stage() != lv1::RELOCATION_STAGE_PROPOSED) ||
         file.relocations_size() > relocation::kOfOneCaseMax;
}

Decision OnNominated(const CaseLetter& letter, const relocation::jv1::Relocation* known,
                     const lv1::RelocationNominated& message) {
  const auto& [file, place, body, context] = letter;
  const lv1::Relocation before =
      known != nullptr
          ? known->seen()
          : relocation::Begin(message.relocation_id(), context.self->id, place.sender, context.now);
  if (relocation::HasEnded(before.stage()) || before.stage() == lv1::RELOCATION_STAGE_NECESSARY) {
    return Decision::NoEffect("nomination_crossed_end");
  }
  if (message.version() != before.version() + 1 || message.holder() != context.self->id ||
      before.stage() == lv1::RELOCATION_STAGE_NOMINATED ||
      (known == nullptr && IsOneTooMany(file))) {
    return Decision::Refuse("letter.out_of_turn", "Nothing was open that this could be of.");
  }
  if (auto fault = relocation::FaultIn(message.nomination())) {
    return Decision::Refuse(*std::move(fault));
  }
  jv1::CaseEvent event;
  *event.mutable_relocation_nominated() =
      relocation::Nominate(before, message.nomination(), ContactPoint(context), context.now);
  return Decision().AddEvent(event);
}

Decision OnAssessed(const CaseLetter& letter, const relocation::jv1::Relocation* known,
                    const lv1::RelocationAssessed& message) {
  return relocation::LearnAssessment<jv1::CaseEvent>(known, message, letter.context);
}

Decision OnWithdrawn(const CaseLetter& letter, const relocation::jv1::Relocation* known,
                     const lv1::RelocationWithdrawn& message) {
  return relocation::LearnWithdrawal<jv1::CaseEvent>(known, message, letter.context);
}

}  // namespace

std::optional<Decision> NotOfUnit(const CaseLetter& letter) {
  const jv1::CaseFile& file = letter.state;
  if (letter.place.sender != file.police() || letter.place.subject != file.security_id()) {
    return Decision::Refuse("letter.not_the_police_unit",
                            "Only the district's own police unit tells this.");
  }
  if (file.standing() == cv1::STANDING_RESPONSIBLE) return std::nullopt;
  return Decision::NoEffect("crossed_take_over");
}

CasePart RelocationLetters() {
  CasePart part;
  part.On(FromUnit(&OnNominated)).On(FromUnit(&OnAssessed)).On(FromUnit(&OnWithdrawn));
  return part;
}

}  // namespace exitbus::casework
