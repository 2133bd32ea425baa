#include "services/relocation/placement.h"

#include <utility>

#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"
#include "services/relocation/places.h"

namespace exitbus::relocation {
namespace {

// In working days.
constexpr int kHandoverDays = 2;
constexpr int kFinalAnswerDays = 20;

// In states that are being changed; null: there is none, or it does not stand.
v1::Placement* InState(jv1::Relocation& one, std::uint32_t number) {
  return const_cast<v1::Placement*>(ByNumber(one.seen(), number));
}
v1::Placement* StandingIn(jv1::Relocation& one, std::uint32_t number) {
  return Standing(one.seen(), number) == nullptr ? nullptr : InState(one, number);
}

}  // namespace

const v1::Placement* Standing(const v1::Relocation& seen) {
  const bool stands =
      seen.stage() == v1::RELOCATION_STAGE_DECIDED || seen.stage() == v1::RELOCATION_STAGE_ACCEPTED;
  return stands && !seen.placements().empty() ? &*seen.placements().rbegin() : nullptr;
}

const v1::Placement* Standing(const v1::Relocation& seen, std::uint32_t number) {
  const v1::Placement* const stands = Standing(seen);
  return stands != nullptr && stands->number() == number ? stands : nullptr;
}

const v1::Placement* LastFor(const v1::Relocation& seen, std::string_view municipality) {
  return exchange::FindLastIn(seen.placements(), [&](const v1::Placement& placement) {
    return placement.municipality() == municipality;
  });
}

const v1::Placement* ByNumber(const v1::Relocation& seen, std::uint32_t number) {
  return exchange::FindIn(seen.placements(), [&](const v1::Placement& placement) {
    return placement.number() == number;
  });
}

jv1::Placed DecideFor(const jv1::Relocation& one, v1::Placement placement, Owed owed,
                      absl::Time now) {
  const int days = owed == Owed::kHandover ? kHandoverDays : kFinalAnswerDays;
  jv1::Placed placed;
  placed.set_relocation_id(one.seen().relocation_id());
  *placement.mutable_decided() = exchange::ToProto(now);
  *placed.mutable_placement() = std::move(placement);
  *placed.mutable_next() = exchange::OwedBy(one.seen().holder(), one.seen().relocation_id(),
                                            exchange::AddWorkingDays(now, days));
  return placed;
}

jv1::PlacementAccepted AcceptPlacement(const jv1::Relocation& one, absl::Time now) {
  jv1::PlacementAccepted accepted;
  accepted.set_relocation_id(one.seen().relocation_id());
  accepted.set_number(Standing(one.seen())->number());
  *accepted.mutable_instant() = exchange::ToProto(now);
  return accepted;
}

jv1::PlacementEnded EndPlacement(const jv1::Relocation& one, v1::PlacementEnd end, absl::Time now) {
  jv1::PlacementEnded ended;
  ended.set_relocation_id(one.seen().relocation_id());
  ended.set_number(Standing(one.seen())->number());
  ended.set_end(end);
  *ended.mutable_instant() = exchange::ToProto(now);
  return ended;
}

jv1::Completed Complete(const jv1::Relocation& one, std::uint32_t number, absl::Time now) {
  jv1::Completed completed;
  completed.set_relocation_id(one.seen().relocation_id());
  completed.set_number(number);
  *completed.mutable_instant() = exchange::ToProto(now);
  return completed;
}

void Evolve(const jv1::Placed& placed, jv1::Relocation& one) {
  one.mutable_seen()->set_stage(v1::RELOCATION_STAGE_DECIDED);
  *one.mutable_seen()->add_placements() = placed.placement();
  *one.mutable_next() = placed.next();
}

void Evolve(const jv1::PlacementAccepted& accepted, jv1::Relocation& one) {
  v1::Placement* const placement = StandingIn(one, accepted.number());
  if (placement == nullptr) return;
  *placement->mutable_accepted() = accepted.instant();
  one.mutable_seen()->set_stage(v1::RELOCATION_STAGE_ACCEPTED);
  one.clear_next();
}

void Evolve(const jv1::PlacementEnded& ended, jv1::Relocation& one) {
  v1::Placement* const placement = StandingIn(one, ended.number());
  if (placement == nullptr) return;
  placement->set_end(ended.end());
  *placement->mutable_ended() = ended.instant();
  one.mutable_seen()->set_stage(v1::RELOCATION_STAGE_NECESSARY);
  one.clear_next();
  if (ended.has_next()) *one.mutable_next() = ended.next();
}

void Evolve(const jv1::CitizenInformed& informed, jv1::Relocation& one) {
  const v1::Placement* const stands = Standing(one.seen());
  if (stands == nullptr) return;
  *InState(one, stands->number())->mutable_citizen_informed() = informed.instant();
}

void Evolve(const jv1::Completed& completed, jv1::Relocation& one) {
  if (v1::Placement* const placement = InState(one, completed.number())) {
    placement->clear_end();
    placement->clear_ended();
  }
  one.mutable_seen()->set_stage(v1::RELOCATION_STAGE_COMPLETED);
  *one.mutable_seen()->mutable_decided() = completed.instant();
  one.mutable_seen()->clear_arrival_overdue();  // only who has arrived is taken over
  one.clear_next();
  EndAll(one);
}

}  // namespace exitbus::relocation
