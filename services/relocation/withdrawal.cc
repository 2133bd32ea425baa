#include "services/relocation/withdrawal.h"

#include <cstdint>
#include <utility>

#include "services/relocation/placement.h"
#include "services/relocation/request.h"

namespace exitbus::relocation {
namespace {

class Tree {
 public:
  v1::WithdrawalLine& Add(std::uint32_t level, v1::WithdrawalSubject subject,
                          v1::WithdrawalEffect effect, const std::string& municipality) {
    v1::WithdrawalLine& line = *tree_.add_lines();
    line.set_level(level);
    line.set_subject(subject);
    line.set_effect(effect);
    line.set_municipality(municipality);
    return line;
  }
  v1::WithdrawalTree Take() { return std::move(tree_); }

 private:
  v1::WithdrawalTree tree_;
};

void AddPlace(const v1::RelocationPlace& place, Tree& tree) {
  const bool is_out = place.safety() == v1::PLACE_SAFETY_NOT_POSSIBLE;
  if (is_out && place.conflict_id().empty()) return;  // nothing hangs on it
  tree.Add(1, v1::WITHDRAWAL_SUBJECT_PLACE, v1::WITHDRAWAL_EFFECT_ENDS, place.municipality());
  if (place.conflict_id().empty()) return;
  tree.Add(2, v1::WITHDRAWAL_SUBJECT_CONFLICT_QUESTION, v1::WITHDRAWAL_EFFECT_ENDS,
           place.municipality());
}

void AddDecision(const v1::Placement& decision, const AroundRequest& around, Tree& tree) {
  const std::string& there = decision.municipality();
  tree.Add(1, v1::WITHDRAWAL_SUBJECT_DECISION, v1::WITHDRAWAL_EFFECT_ENDS, there);
  if (around.open_handover_id.empty()) return;
  tree.Add(2, v1::WITHDRAWAL_SUBJECT_HANDOVER, v1::WITHDRAWAL_EFFECT_BLOCKS, there)
      .set_handover_id(around.open_handover_id);
}

}  // namespace

v1::WithdrawalTree WithdrawalOf(const relocation_journal::v1::Relocation& one,
                                const AroundRequest& around) {
  const v1::Relocation& seen = one.seen();
  Tree tree;
  if (HasEnded(seen.stage())) return tree.Take();
  tree.Add(0, v1::WITHDRAWAL_SUBJECT_REQUEST, v1::WITHDRAWAL_EFFECT_ENDS, "");
  for (const auto& place : one.places()) AddPlace(place.seen(), tree);
  if (const auto* decision = Standing(seen)) AddDecision(*decision, around, tree);
  if (around.is_under_way) {
    tree.Add(1, v1::WITHDRAWAL_SUBJECT_JOURNEY, v1::WITHDRAWAL_EFFECT_STAYS, "");
  }
  if (around.has_temporary_place) {
    tree.Add(1, v1::WITHDRAWAL_SUBJECT_TEMPORARY_PLACE, v1::WITHDRAWAL_EFFECT_STAYS,
             around.temporary_municipality);
  }
  return tree.Take();
}

}  // namespace exitbus::relocation
