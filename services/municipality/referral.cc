#include "services/municipality/referral.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/referral/v1/messages.pb.h"
#include "exitbus/referral/v1/received_referral_service.pb.h"
#include "exitbus/referral_journal/v1/referral.pb.h"
#include "services/exchange/compose.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/referral/referral.h"

namespace exitbus::municipality {
namespace {

namespace cv1 = casework::v1;
namespace jv1 = referral_journal::v1;
namespace pv1 = policy::v1;
namespace rv1 = referral::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::Message;
using exchange::ToProto;
using referral::IsOver;
using ReferralPart = exchange::Part<jv1::ReceivedReferral, jv1::ReceivedReferralEvent>;
using ReferralLetter = exchange::Letter<jv1::ReceivedReferral>;

// The sender's clock may be ahead of this one.
constexpr absl::Duration kClocksApartMax = absl::Hours(24);

template <class Request>
std::string ById(const Request& request) {
  return referral::ReceivedKey(request.referral_id());
}

std::unique_ptr<Message> View(const jv1::ReceivedReferral& referral) {
  if (!referral.has_seen()) return nullptr;
  auto view = std::make_unique<rv1::ReceivedReferral>(referral.seen());
  exchange::ShowDue(referral.answer(), *view);
  return view;
}

std::unique_ptr<Message> ListView(const jv1::ReceivedReferral& referral, std::string_view,
                                  const rv1::ListReceivedReferralsRequest& asked) {
  return asked.open_only() && IsOver(referral.seen().stage()) ? nullptr : View(referral);
}

Decision So(const jv1::ReceivedReferral& referral) {
  jv1::ReceivedReferralEvent event;
  *event.mutable_changed()->mutable_referral() = referral;
  return Decision().AddEvent(event);
}

cv1::ReferralSource SourceOf(pv1::AuthorityKind kind) {
  return kind == pv1::AUTHORITY_KIND_POLICE ? cv1::REFERRAL_SOURCE_POLICE
                                            : cv1::REFERRAL_SOURCE_KRIMINALFORSORGEN;
}

void Tell(const rv1::ReceivedReferral& seen, rv1::ReferralOutcome outcome,
          const DecisionContext& context, Decision& decision) {
  exchange::Party to{
      seen.sender(), pv1::RELATION_POLICE, seen.referral_id(), {}, {}, pv1::PURPOSE_EXIT_SUPPORT};
  if (seen.source() == cv1::REFERRAL_SOURCE_KRIMINALFORSORGEN) {
    to.relation = pv1::RELATION_KRIMINALFORSORGEN;
    to.satisfied.Add(pv1::CONDITION_SUPERVISION_OR_CUSTODY);
  }
  rv1::ReferralAnswered message;
  message.set_outcome(outcome);
  *message.mutable_day() = ToProto(exchange::StartOfDay(context.now));
  decision.Notify(pv1::RELATION_HOLDER, to, message);
}

// What stays says of nobody: who referred, when, and what was answered.
Decision End(const jv1::ReceivedReferral& known, rv1::ReferralOutcome outcome,
             rv1::ReturnGround ground, const DecisionContext& context) {
  jv1::ReceivedReferral referral;
  rv1::ReceivedReferral& seen = *referral.mutable_seen();
  seen = known.seen();
  seen.clear_referral();
  seen.set_stage(outcome == rv1::REFERRAL_OUTCOME_WITHDRAWN ? rv1::REFERRAL_STAGE_WITHDRAWN
                                                            : rv1::REFERRAL_STAGE_ANSWERED);
  seen.set_outcome(outcome);
  seen.set_ground(ground);
  *seen.mutable_answered() = ToProto(context.now);
  Decision decision = So(referral);
  Tell(seen, outcome, context, decision);
  return std::move(decision.EraseReceived());
}

// A case that is open already answers a referral whose end is looked at later.
Decision EndAs(const jv1::ReceivedReferral& known, rv1::ReferralOutcome outcome,
               const DecisionContext& context) {
  const bool opened = referral::IsCaseOpenedFrom(known.seen().referral_id(), *context.lookup);
  return End(known, opened ? rv1::REFERRAL_OUTCOME_OPENED : outcome, {}, context);
}

Decision OnReferred(const ReferralLetter& letter, const rv1::CaseReferred& message) {
  const auto& [known, place, body, context] = letter;
  if (known.has_seen()) {
    return known.seen().sender() == place.sender
               ? Decision::NoEffect("referral_known")
               : Decision::Refuse("letter.not_a_party", "Another authority has this id.");
  }
  if (auto fault = referral::FaultIn(message.referral(), context.now + kClocksApartMax)) {
    return Decision::Refuse(*std::move(fault));
  }
  jv1::ReceivedReferral referral;
  rv1::ReceivedReferral& seen = *referral.mutable_seen();
  seen.set_referral_id(place.subject);
  seen.set_sender(place.sender);
  seen.set_source(SourceOf(place.sender_kind));
  seen.set_stage(rv1::REFERRAL_STAGE_WAITING);
  *seen.mutable_referral() = message.referral();
  *seen.mutable_received() = ToProto(context.now);
  *referral.mutable_answer() =
      exchange::OwedBy(context.self->id, place.subject,
                       referral::AnswerDue(message.referral().urgency(), context.now));
  return So(referral);
}

Decision OnWithdrawn(const ReferralLetter& letter, const rv1::ReferralWithdrawn&) {
  const auto& [known, place, body, context] = letter;
  if (!known.has_seen()) {
    // It was refused, and nothing is left of it here.
    rv1::ReceivedReferral unknown;
    unknown.set_referral_id(place.subject);
    unknown.set_sender(place.sender);
    unknown.set_source(SourceOf(place.sender_kind));
    Decision decision = Decision::NoEffect("withdrawal_of_unknown_referral");
    Tell(unknown, rv1::REFERRAL_OUTCOME_WITHDRAWN, context, decision);
    return decision;
  }
  if (known.seen().sender() != place.sender) {
    return Decision::Refuse("letter.not_a_party", "The sender has referred nobody by this id.");
  }
  if (IsOver(known.seen().stage())) return Decision::NoEffect("withdrawal_crossed_answer");
  return EndAs(known, rv1::REFERRAL_OUTCOME_WITHDRAWN, context);
}

// Who is in a course, or was found not to belong, the sender does not hear.
rv1::ReferralOutcome ToldFor(rv1::ReturnGround ground) {
  switch (ground) {
    case rv1::RETURN_GROUND_ANOTHER_MUNICIPALITY:
      return rv1::REFERRAL_OUTCOME_ANOTHER_MUNICIPALITY;
    case rv1::RETURN_GROUND_NOT_REACHED:
      return rv1::REFERRAL_OUTCOME_NOT_REACHED;
    default:
      return rv1::REFERRAL_OUTCOME_NOT_OPENED;
  }
}

Decision Return(const jv1::ReceivedReferral& known, const rv1::ReturnReferralRequest& request,
                const DecisionContext& context) {
  if (request.ground() == rv1::RETURN_GROUND_UNSPECIFIED) {
    return Decision::Refuse(
        exchange::BadInput("referral.ground_required", "Say why no case is opened on it."));
  }
  if (IsOver(known.seen().stage()) ||
      referral::IsCaseOpenedFrom(known.seen().referral_id(), *context.lookup)) {
    return Decision::Refuse(referral::NotWaiting());
  }
  return End(known, ToldFor(request.ground()), request.ground(), context);
}

// A case was opened from it: who it is lies in the case from now on.
Decision OnOpened(const jv1::ReceivedReferral& known, std::string_view,
                  const DecisionContext& context) {
  if (known.seen().stage() != rv1::REFERRAL_STAGE_WAITING) {
    return Decision::NoEffect("deadline_over");
  }
  return End(known, rv1::REFERRAL_OUTCOME_OPENED, {}, context);
}

std::vector<exchange::Deadline> NoneByItself(const jv1::ReceivedReferral&) { return {}; }

void Change(jv1::ReceivedReferral& referral, const jv1::ReceivedReferralChanged& changed) {
  referral = changed.referral();
}

std::vector<std::string> KeysOf(const jv1::ReceivedReferral& referral, const exchange::Lookup&) {
  if (!referral.has_seen()) return {};
  return {referral::ReceivedKey(referral.seen().referral_id())};
}

std::vector<exchange::NamedObligation> AnswerOwed(const jv1::ReceivedReferral& referral) {
  return {{"", &referral.answer()}};
}

std::vector<std::string> WhoReferred(const jv1::ReceivedReferral& referral) {
  if (!referral.has_seen() || IsOver(referral.seen().stage())) return {};
  return {referral.seen().sender()};
}

ReferralPart Subject() {
  ReferralPart part;
  part.On(&OnReferred)
      .On(&OnWithdrawn)
      .After(&Change)
      .Named(&KeysOf)
      .Obligations("referral.overdue", &AnswerOwed)
      .Due(referral::kOpened, &NoneByItself, &OnOpened)
      .Serve<rv1::ReturnReferralRequest>({.target = &ById,
                                          .decide = &Return,
                                          .view = &View,
                                          .needs = exchange::Needs::kConfirmedHead})
      .Serve<rv1::GetReceivedReferralRequest>({.target = &ById, .view = &View})
      .List<rv1::ListReceivedReferralsRequest>(
          {.prefix = referral::ReceivedKey(""),
           .view = &ListView,
           .watch = exchange::MethodOf(rv1::WatchReceivedReferralsRequest::descriptor())})
      .Account<rv1::GetReceivedReferralAccountRequest>(&ById);
  return part;
}

}  // namespace

exchange::Aggregate ReceivedReferrals() {
  exchange::Aggregate referrals =
      exchange::Compose<jv1::ReceivedReferral, jv1::ReceivedReferralEvent>(
          referral::kReceived, {Subject()},
          [](const exchange::LetterPlace& place) { return referral::ReceivedKey(place.subject); });
  // A store that was put back has forgotten what it answered.
  referrals.open_counterparts = exchange::OfState(&WhoReferred);
  // Units and mentors work on cases, and this is none yet.
  referrals.visibility = [](const Message&, pv1::Reader reader, const DecisionContext&) {
    if (reader != pv1::READER_MUNICIPALITY) return exchange::Visibility{};
    return exchange::Visibility{reader, {pv1::CONDITION_OWN_PART}};
  };
  referrals.account_key = [](const Message& state) {
    const auto& referral = static_cast<const jv1::ReceivedReferral&>(state);
    return referral.has_seen() ? referral::ReceivedKey(referral.seen().referral_id())
                               : std::string();
  };
  return referrals;
}

}  // namespace exitbus::municipality
