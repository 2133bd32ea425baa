// What follows from whatever happened in a file for who is at a temporary place: what is owed until
// when, and who is told. Everybody is told what has changed for him, by whichever way it did.
#include <algorithm>
#include <optional>
#include <string>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/obligation.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/police/parts.h"
#include "services/police/stay.h"
#include "services/police/telling.h"
#include "services/pool/application.h"

namespace exitbus::police {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;
namespace rv1 = relocation::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::ToProto;

bool IsAlike(const google::protobuf::Message& a, const google::protobuf::Message& b) {
  return a.SerializeAsString() == b.SerializeAsString();
}

bool IsAtThePlace(const jv1::Stay& stay) {
  return !HasEnded(stay) && stay.seen().stage() != cv1::STAY_STAGE_REQUESTED;
}

using Application = pool_journal::v1::Application;

// By a decision of the desk's people, and not for a reason of its system's: then the unit applies
// anew.
bool IsNo(const Application& one) {
  return one.seen().stage() == pool::v1::POOL_STAGE_REFUSED &&
         one.seen().refusal() < pool::v1::POOL_REFUSAL_CODE_YEAR_FULL;
}
// What is paid was granted, also where that was not heard here; what was taken back pays nothing.
bool IsYes(const Application& one) {
  const auto& seen = one.seen();
  return seen.has_paid_dkk() || (seen.granted_dkk() > 0 && !pool::EndedUnpaid(seen.stage()));
}

// Whether that holds of any of its applications, and has not before.
bool Became(bool (*so)(const Application&), const jv1::SecurityFile& before,
            const jv1::SecurityFile& after, const jv1::Stay& stay) {
  const auto all = ApplicationsFor(after, stay);
  return std::any_of(all.begin(), all.end(), [&](const Application* one) {
    const auto* const was = pool::Find(before.pool_applications(), one->seen().application_id());
    return so(*one) && (was == nullptr || !so(*was));
  });
}

// Until when it is paid for, as far as is granted.
absl::Time PaidUntil(const jv1::SecurityFile& after, const jv1::Stay& stay) {
  absl::Time until = absl::InfinitePast();
  for (const jv1::Funding& funding : stay.funding()) {
    const auto* const one = pool::Find(after.pool_applications(), funding.application_id());
    if (one != nullptr && IsYes(*one)) until = std::max(until, FromProto(funding.until()));
  }
  return until;
}

// Budget exhausted counts as no. What is granted is stayed; beyond that there are two weeks.
void HearOfThePool(const jv1::SecurityFile& before, const jv1::SecurityFile& after, absl::Time now,
                   jv1::Stay& stay) {
  v1::Stay& seen = *stay.mutable_seen();
  const absl::Time until = FromProto(seen.until()), paid = PaidUntil(after, stay);
  if (seen.stage() == cv1::STAY_STAGE_PLACED && Became(&IsNo, before, after, stay)) {
    seen.set_stage(cv1::STAY_STAGE_WAY_BACK);
    *seen.mutable_until() = ToProto(std::min(until, std::max(paid, now + kWayBack)));
  } else if (seen.stage() == cv1::STAY_STAGE_WAY_BACK && Became(&IsYes, before, after, stay)) {
    seen.set_stage(cv1::STAY_STAGE_PLACED);
    *seen.mutable_until() = ToProto(std::max(until, paid));
  }
}

exchange::Party Host(const jv1::Stay& stay) {
  return {
      stay.seen().host(),           pv1::RELATION_RECEIVING_POLICE,
      stay.seen().hosted_id(),      {pv1::CONDITION_SECURITY_TRANSFERRED},  // by this very message
      pv1::LEGAL_BASIS_UNSPECIFIED, pv1::PURPOSE_SECURITY};
}

// Of an answer that the person is not safe there, within the hour from then on.
absl::Time EndDue(const jv1::Stay* was, const jv1::Stay& stay, const DecisionContext& context) {
  const absl::Time until = FromProto(stay.seen().until());
  if (stay.seen().answer() != rv1::PLACE_SAFETY_NOT_POSSIBLE) return until;
  const bool known = was != nullptr && was->seen().answer() == rv1::PLACE_SAFETY_NOT_POSSIBLE;
  return std::min(until,
                  known ? FromProto(stay.end().due()) : context.now + exchange::kWithinTheHour);
}

// What the unit there is told anew its officers read anew, by when they had to read the version
// before; that the person is not safe there stays said.
void AskHost(const DecisionContext& context, jv1::Stay& stay) {
  v1::Stay& seen = *stay.mutable_seen();
  if (stay.seen().hosted_id().empty()) seen.set_hosted_id(context.lookup->FreshId());
  seen.set_version(seen.version() + 1);
  if (seen.answer() == rv1::PLACE_SAFETY_NOT_POSSIBLE) return;
  seen.set_answer(rv1::PLACE_SAFETY_ASKED);
  seen.clear_answered_by();
  if (stay.has_answer()) return;
  *stay.mutable_answer() =
      exchange::OwedBy(seen.host(), seen.stay_id(), context.now + exchange::kWithinTheHour);
}

// Whether the unit there has to be told: of who comes, or of what has changed since. That nobody is
// named here any more is nothing to tell it.
bool IsToBeTold(const jv1::SecurityFile& before, const jv1::SecurityFile& after,
                const jv1::Stay* was, const jv1::Stay& now) {
  if (now.seen().host().empty() || !IsAtThePlace(now)) return false;
  if (was == nullptr || !IsAtThePlace(*was)) return true;
  v1::StayPlaced told = ToldToHost(before, *was);
  const v1::StayPlaced tells = ToldToHost(after, now);
  if (!tells.has_person()) told.clear_person();
  return !IsAlike(told, tells);
}

void EndOf(const jv1::Stay* was, const DecisionContext& context, jv1::Stay& stay) {
  stay.clear_end();
  stay.clear_answer();
  if (stay.seen().version() == 0 || (was != nullptr && HasEnded(*was))) return;
  exchange::Owe(Host(stay), exchange::AddWorkingDays(context.now, context.deadline_days.erasure),
                *stay.mutable_erasure());
}

// The stay as it is once all of that has happened.
jv1::Stay Settled(const jv1::SecurityFile& before, const jv1::SecurityFile& after,
                  const jv1::Stay& stay, const DecisionContext& context) {
  const jv1::Stay* const was = FindStay(before, stay.seen().stay_id());
  jv1::Stay now = stay;
  v1::Stay& seen = *now.mutable_seen();
  HearOfThePool(before, after, context.now, now);
  // The next unit is asked by whoever answers for the case then.
  if (seen.stage() == cv1::STAY_STAGE_REQUESTED &&
      after.standing() != v1::POLICE_STANDING_IN_CHARGE) {
    seen.set_stage(cv1::STAY_STAGE_ENDED);
    seen.set_end(cv1::STAY_END_NOT_PLACED);
    *seen.mutable_ended() = ToProto(context.now);
  }
  if (HasEnded(now)) {
    EndOf(was, context, now);
    return now;
  }
  if (IsToBeTold(before, after, was, now)) AskHost(context, now);
  if (const absl::Time due = EndDue(was, now, context);
      !now.has_end() || FromProto(now.end().due()) != due) {
    *now.mutable_end() = exchange::OwedBy(context.self->id, seen.stay_id(), due);
  }
  return now;
}

void TellHost(const jv1::SecurityFile& after, const jv1::Stay* was, const jv1::Stay& now,
              Decision& decision) {
  const bool was_told = was != nullptr && was->seen().version() > 0;
  if (was_told && !HasEnded(*was) && HasEnded(now)) {
    v1::StayEnded message;
    message.set_version(now.seen().version());
    decision.Notify(pv1::RELATION_POLICE, Host(now), message);
  } else if (now.seen().version() > (was_told ? was->seen().version() : 0)) {
    v1::StayPlaced message = ToldToHost(after, now);
    message.set_version(now.seen().version());
    decision.Notify(pv1::RELATION_POLICE, Host(now), message);
  }
}

// While this unit is in charge; whoever has taken the case over within the district hears of what
// is not over, or not accounted for.
void TellInCharge(const jv1::SecurityFile& before, const jv1::SecurityFile& after,
                  const jv1::Stay* was, const jv1::Stay& now, const DecisionContext& context,
                  Decision& decision) {
  if (after.standing() != v1::POLICE_STANDING_IN_CHARGE) return;
  const v1::TemporaryRelocationTold message = ToldToHolder(after, now);
  const bool is_new_there =
      before.holder() != after.holder() && (!HasEnded(now) || HasOpenApplications(after, now));
  const bool known = was != nullptr && IsAlike(ToldToHolder(before, *was), message);
  if (known && !is_new_there) return;
  decision.Notify(pv1::RELATION_POLICE, HolderOf(after, context), message);
}

}  // namespace

void FollowStays(const jv1::SecurityFile& before, const DecisionContext& context,
                 Decision& decision) {
  if (decision.events().empty()) return;
  const auto happened = After(before, decision);
  for (const jv1::Stay& stay : happened->stays()) {
    const jv1::Stay settled = Settled(before, *happened, stay, context);
    if (IsAlike(settled, stay)) continue;
    decision.AddEvent(StayEvent(settled));
    if (!HasEnded(stay) && HasEnded(settled)) {
      decision.Report(exchange::Severity::kError, "stay.request_crossed_take_over");
    }
  }
  const auto after = After(before, decision);
  for (const jv1::Stay& now : after->stays()) {
    const jv1::Stay* const was = FindStay(before, now.seen().stay_id());
    TellHost(*after, was, now, decision);
    TellInCharge(before, *after, was, now, context, decision);
  }
}

}  // namespace exitbus::police
