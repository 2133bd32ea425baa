#include "services/relocation/told.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "services/exchange/repeated.h"
#include "services/policy/copy.h"
#include "services/relocation/hearing.h"
#include "services/relocation/municipalities.h"
#include "services/relocation/placement.h"
#include "services/relocation/request.h"

namespace exitbus::relocation {
namespace {

using exchange::Decision;
using exchange::DecisionContext;

Decision OutOfTurn() {
  return Decision::Refuse("letter.out_of_turn", "Nothing was open that this could be of.");
}

// Also of one that has ended since; it may have been withdrawn before.
bool WasFoundNecessary(const jv1::Relocation* one) {
  if (one == nullptr) return false;
  switch (one->seen().stage()) {
    case v1::RELOCATION_STAGE_NECESSARY:
    case v1::RELOCATION_STAGE_DECIDED:
    case v1::RELOCATION_STAGE_ACCEPTED:
    case v1::RELOCATION_STAGE_COMPLETED:
    case v1::RELOCATION_STAGE_WITHDRAWN:
      return true;
    default:
      return false;
  }
}

// A score that is wrong, or that a newer peer gives by a reason of its own, is not known here; the
// answer itself is.
v1::PlaceHearing Usable(v1::PlaceHearing hearing) {
  auto& scores = *hearing.mutable_scores();
  std::set<int> scored;
  exchange::EraseFrom(scores, [&](const v1::PlaceScore& score) {
    return FaultIn(score) || !scored.insert(score.criterion()).second;
  });
  for (v1::PlaceScore& score : scores) {
    score.set_source(v1::SCORE_SOURCE_AUTHORITY_IN_CHARGE);
  }
  return hearing;
}

}  // namespace

Told<jv1::HearingAsked> ToldHearing(const jv1::Relocation* one,
                                    const v1::RelocationHearing& message,
                                    const DecisionContext& context) {
  const auto& municipalities = message.municipalities();
  if (!WasFoundNecessary(one) || !AreMunicipalities(municipalities)) return OutOfTurn();
  if (HasEnded(one->seen().stage())) return Decision::NoEffect("hearing_crossed_end");
  const std::vector<std::string> asked = NotPut(*one, municipalities);
  if (asked.empty()) return Decision::NoEffect("hearing_known");
  return Put(*one, asked, context.now);
}

Told<jv1::Placed> ToldDecision(const jv1::Relocation* one, const v1::RelocationDecided& message,
                               Owed owed, const DecisionContext& context) {
  if (!WasFoundNecessary(one) || FindMunicipality(message.municipality()) == nullptr ||
      message.inquiry_id().empty() || message.number() == 0 ||
      message.mode() == v1::DECISION_MODE_UNSPECIFIED) {
    return OutOfTurn();
  }
  const v1::Relocation& seen = one->seen();
  if (HasEnded(seen.stage())) return Decision::NoEffect("decision_crossed_end");
  const std::uint32_t last = seen.placements().empty() ? 0 : seen.placements().rbegin()->number();
  if (message.number() <= last) return Decision::NoEffect("decision_known");
  // The one before has ended, as the contact point has said or heard.
  if (Standing(seen) != nullptr || seen.placements_size() >= kDecisionsMax) return OutOfTurn();
  v1::Placement placement;
  policy::CopyAlike(message, placement);
  return DecideFor(*one, std::move(placement), owed, context.now);
}

Told<jv1::PlacementEnded> ToldRevocation(const jv1::Relocation* one,
                                         const v1::RelocationRevoked& message,
                                         const DecisionContext& context) {
  if (!WasFoundNecessary(one) || message.end() == v1::PLACEMENT_END_UNSPECIFIED) return OutOfTurn();
  if (Standing(one->seen(), message.number()) == nullptr) {
    return Decision::NoEffect("revocation_known_or_over");
  }
  return EndPlacement(*one, message.end(), context.now);
}

Told<jv1::Heard> ToldHeard(const jv1::Relocation* one, const v1::RelocationHeard& message) {
  if (!WasFoundNecessary(one) || FindPlace(*one, message.municipality()) == nullptr) {
    return OutOfTurn();
  }
  const v1::PlaceHearing hearing = Usable(message.hearing());
  if (auto fault = FaultIn(hearing)) return Decision::Refuse(*std::move(fault));
  if (HasEnded(one->seen().stage())) return Decision::NoEffect("hearing_crossed_end");
  return Hear(*one, message.municipality(), hearing);
}

Told<FinalAnswer> ToldAnswer(const jv1::Relocation* one,
                             const v1::RelocationPlacementAnswered& message,
                             const DecisionContext& context) {
  if (!WasFoundNecessary(one)) return OutOfTurn();
  const v1::Placement* const stands = Standing(one->seen(), message.number());
  if (stands == nullptr) return Decision::NoEffect("answer_crossed_end");
  if (message.end() != v1::PLACEMENT_END_UNSPECIFIED) {
    return EndPlacement(*one, message.end(), context.now);
  }
  if (stands->has_accepted()) return Decision::NoEffect("answer_known");
  return AcceptPlacement(*one, context.now);
}

v1::RelocationDecided MessageOf(const jv1::Placed& placed) {
  v1::RelocationDecided message;
  policy::CopyAlike(placed.placement(), message);
  message.set_relocation_id(placed.relocation_id());
  return message;
}

v1::RelocationHeard MessageOf(const jv1::Heard& heard) {
  v1::RelocationHeard message;
  message.set_relocation_id(heard.relocation_id());
  message.set_municipality(heard.municipality());
  *message.mutable_hearing() = heard.hearing();
  return message;
}

}  // namespace exitbus::relocation
