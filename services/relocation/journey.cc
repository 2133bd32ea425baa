#include "services/relocation/journey.h"

#include <algorithm>
#include <utility>

#include "exitbus/handover/v1/messages.pb.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"

namespace exitbus::relocation {
namespace {

namespace hv1 = handover::v1;
namespace ov1 = obligation_journal::v1;
using exchange::FromProto;
using exchange::ToProto;

constexpr absl::Duration kAheadMax = absl::Hours(7 * 24);
// What a letter may say of when an alarm is due, for other clocks and later rules.
constexpr absl::Duration kDueAheadMax = absl::Hours(9 * 24);

// Letters to a unit tell the minute.
absl::Time MinuteOf(const v1::Journey& said) {
  return absl::UnixEpoch() +
         absl::Floor(FromProto(said.ended()) - absl::UnixEpoch(), absl::Minutes(1));
}

// A unit's own statements come in their order.
bool IsLater(const v1::Journey& known, const v1::Journey& said) {
  if (said.stated_by_unit() == known.stated_by_unit()) {
    return said.whereabouts() != known.whereabouts();
  }
  return std::pair(MinuteOf(said), said.stated_by_unit()) >
         std::pair(MinuteOf(known), known.stated_by_unit());
}

// It has no planned arrival; nobody arrives by it but at the authority in charge.
bool IsWayBack(const v1::Journey& seen) { return seen.has_departed() && !seen.has_expected(); }

bool Counts(const v1::Journey& known, const v1::Journey& said) {
  if (said.number() != known.number()) return said.number() > known.number();
  if (IsWayBack(known) && said.stage() == v1::JOURNEY_STAGE_ARRIVED) return false;
  const bool are_statements =
      said.stage() == known.stage() && said.stage() == v1::JOURNEY_STAGE_ACCOUNTED_FOR;
  return are_statements ? IsLater(known, said) : said.stage() > known.stage();
}

bool IsOnTheRoad(const v1::Journey& seen) {
  return seen.stage() == v1::JOURNEY_STAGE_UNDER_WAY ||
         seen.stage() == v1::JOURNEY_STAGE_TO_COME_BACK;
}

// What is told of the departure itself.
v1::Journey DepartureIn(const v1::Journey& seen) {
  v1::Journey departure;
  departure.set_number(seen.number());
  if (seen.has_departed()) *departure.mutable_departed() = seen.departed();
  if (seen.has_expected()) *departure.mutable_expected() = seen.expected();
  return departure;
}

exchange::Refusal SaysNothing() {
  return exchange::RefusedBy(
      "letter.journey_says_nothing",
      "What is said of a journey names the departure; a departure says when it "
      "is due, a statement where the person is and who says so.");
}

}  // namespace

bool IsUnderWay(const jv1::Journey& journey) { return IsOnTheRoad(journey.seen()); }

bool IsAway(const jv1::Journey& journey) {
  return journey.seen().stage() == v1::JOURNEY_STAGE_UNDER_WAY ||
         journey.seen().stage() == v1::JOURNEY_STAGE_ARRIVED;
}

bool HasArrived(const jv1::Journey& journey) {
  const v1::Journey& seen = journey.seen();
  return seen.stage() == v1::JOURNEY_STAGE_ARRIVED ||
         (seen.stage() == v1::JOURNEY_STAGE_ACCOUNTED_FOR &&
          seen.whereabouts() == v1::WHEREABOUTS_AT_DESTINATION);
}

absl::Time MissingFrom(absl::Time expected, bool under_threat,
                       const exchange::DecisionContext& context) {
  const absl::Time in_hours = expected + context.missing_after;
  return under_threat ? in_hours : std::max(in_hours, exchange::EndOfDay(expected));
}

std::optional<exchange::Refusal> FaultIn(absl::Time expected, absl::Time now) {
  if (expected >= now && expected <= now + kAheadMax) return std::nullopt;
  return exchange::BadInput("relocation.expected_arrival",
                            "Say when the person is planned to arrive: from now on, and within 7 "
                            "days.");
}

v1::Journey Depart(const jv1::Journey& known, absl::Time expected, absl::Time due, absl::Time now) {
  v1::Journey said;
  said.set_stage(v1::JOURNEY_STAGE_UNDER_WAY);
  said.set_number(known.seen().number() + 1);
  *said.mutable_departed() = ToProto(now);
  *said.mutable_expected() = ToProto(expected);
  *said.mutable_due() = ToProto(due);
  return said;
}

// Who was missed before the handover ended still is, and who was expected is so no later.
v1::Journey ComeBack(const jv1::Journey& known, absl::Time due, absl::Time now) {
  const bool was_away = known.seen().stage() == v1::JOURNEY_STAGE_UNDER_WAY;
  const absl::Time from = was_away ? std::min(due, FromProto(known.next().due())) : due;
  v1::Journey said = Depart(known, now, from, now);
  said.clear_expected();
  said.set_stage(v1::JOURNEY_STAGE_TO_COME_BACK);
  return said;
}

v1::Journey Arrive(const jv1::Journey& known, v1::JourneyStage where, absl::Time now) {
  v1::Journey said;
  said.set_stage(where);
  said.set_number(known.seen().number());
  *said.mutable_ended() = ToProto(now);
  return said;
}

v1::Journey StateOf(const jv1::Journey& known, v1::Whereabouts whereabouts,
                    const exchange::DecisionContext& context) {
  v1::Journey said = Arrive(known, v1::JOURNEY_STAGE_ACCOUNTED_FOR, context.now);
  // It is the later word, whatever the other unit's clock says.
  if (known.seen().stage() == said.stage()) {
    *said.mutable_ended() =
        ToProto(std::max(context.now, FromProto(known.seen().ended()) + absl::Minutes(1)));
  }
  said.set_whereabouts(whereabouts);
  said.set_stated_by_unit(context.self->id);
  said.set_stated_by(context.caller.employee);
  return said;
}

std::optional<exchange::Refusal> FaultIn(const hv1::PersonDeparted& message, absl::Time now) {
  if (message.number() == 0 || !message.has_departed() || !message.has_due() ||
      message.has_expected() == message.back()) {
    return SaysNothing();
  }
  const absl::Time due = FromProto(message.due());
  const bool in_order = message.back() || due >= FromProto(message.expected());
  if (in_order && due <= now + kDueAheadMax) return std::nullopt;
  return exchange::RefusedBy("letter.departure_due",
                             "An arrival is due after it is expected, and within 9 days.");
}

std::optional<exchange::Refusal> FaultIn(const hv1::PersonArrived& message) {
  return message.number() > 0 ? std::nullopt : std::optional(SaysNothing());
}

std::optional<exchange::Refusal> FaultIn(const hv1::PersonAccountedFor& message) {
  const bool says_something = message.number() > 0 && !message.stated_by().empty() &&
                              message.whereabouts() != v1::WHEREABOUTS_UNSPECIFIED;
  return says_something ? std::nullopt : std::optional(SaysNothing());
}

v1::Journey SaidBy(const hv1::PersonDeparted& message) {
  v1::Journey said;
  said.set_stage(message.back() ? v1::JOURNEY_STAGE_TO_COME_BACK : v1::JOURNEY_STAGE_UNDER_WAY);
  said.set_number(message.number());
  *said.mutable_departed() = message.departed();
  if (message.has_expected()) *said.mutable_expected() = message.expected();
  *said.mutable_due() = message.due();
  return said;
}

v1::Journey SaidBy(const hv1::PersonArrived& message, v1::JourneyStage where) {
  v1::Journey said;
  said.set_stage(where);
  said.set_number(message.number());
  if (message.has_arrived()) *said.mutable_ended() = message.arrived();
  return said;
}

v1::Journey SaidBy(const hv1::PersonAccountedFor& message, const std::string& unit) {
  v1::Journey said;
  said.set_stage(v1::JOURNEY_STAGE_ACCOUNTED_FOR);
  said.set_number(message.number());
  if (message.has_stated()) *said.mutable_ended() = message.stated();
  said.set_whereabouts(message.whereabouts());
  said.set_stated_by_unit(unit);
  said.set_stated_by(message.stated_by());
  return said;
}

hv1::PersonDeparted DepartureOf(const v1::Journey& said) {
  hv1::PersonDeparted message;
  message.set_number(said.number());
  *message.mutable_departed() = said.departed();
  if (said.has_expected()) *message.mutable_expected() = said.expected();
  *message.mutable_due() = said.due();
  message.set_back(said.stage() == v1::JOURNEY_STAGE_TO_COME_BACK);
  return message;
}

hv1::PersonArrived ArrivalOf(const v1::Journey& said) {
  hv1::PersonArrived message;
  message.set_number(said.number());
  *message.mutable_arrived() = said.ended();
  return message;
}

hv1::PersonAccountedFor StatementOf(const v1::Journey& said) {
  hv1::PersonAccountedFor message;
  message.set_number(said.number());
  message.set_whereabouts(said.whereabouts());
  message.set_stated_by(said.stated_by());
  *message.mutable_stated() = said.ended();
  return message;
}

bool IsAheadOf(const jv1::Journey& known, const v1::Journey& said) {
  return said.number() > known.seen().number() + 1;
}

std::optional<jv1::JourneyMoved> Hear(const jv1::Journey& known, const v1::Journey& said,
                                      const std::string& handover_id, const std::string& owing) {
  if (!Counts(known.seen(), said)) return std::nullopt;
  jv1::JourneyMoved moved;
  moved.set_handover_id(handover_id);
  v1::Journey& seen = *moved.mutable_journey()->mutable_seen();
  if (said.number() == known.seen().number()) seen = DepartureIn(known.seen());
  seen.MergeFrom(said);
  if (!IsOnTheRoad(seen)) return moved;
  ov1::Obligation& next = *moved.mutable_journey()->mutable_next();
  next = exchange::OwedBy(owing, handover_id, FromProto(said.due()));
  // The alarm is raised once.
  next.set_overdue(seen.stage() == v1::JOURNEY_STAGE_TO_COME_BACK &&
                   exchange::IsOverdue(known.next()));
  return moved;
}

v1::Journey Shown(const jv1::Journey& journey) {
  v1::Journey view = journey.seen();
  view.set_overdue(exchange::IsOverdue(journey.next()));
  return view;
}

exchange::Refusal NobodyUnderWay() {
  return exchange::RefusedBy("handover.nobody_under_way",
                             "Nobody has departed by this handover, as far as is known here.");
}

}  // namespace exitbus::relocation
