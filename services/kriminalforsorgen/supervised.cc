#include "services/kriminalforsorgen/supervised.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "exitbus/casework/v1/contact_person.pb.h"
#include "exitbus/casework/v1/erasure.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "exitbus/kriminalforsorgen/v1/supervision_messages.pb.h"
#include "exitbus/kriminalforsorgen/v1/supervision_service.pb.h"
#include "exitbus/kriminalforsorgen_journal/v1/supervision.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/compose.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/slips.h"
#include "services/kriminalforsorgen/supervised_part.h"

namespace exitbus::kriminalforsorgen {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::Message;
using exchange::ToProto;

constexpr int kStepsMax = 50;
constexpr int kAttestationsMax = 20;

std::unique_ptr<Message> ListView(const jv1::Supervised& supervised, std::string_view,
                                  const v1::ListSupervisedCasesRequest& asked) {
  return asked.open_only() && IsOver(supervised) ? nullptr : View(supervised);
}

Decision NotAParty() {
  return Decision::Refuse("letter.not_a_party",
                          "Only who answers for the case tells this, under this unit's id of it.");
}

// Whether the sender may say who it is. Of one that nobody has told of before, whoever comes first
// may; a slip says who came before it, and what that one has still to tell. Null: it may.
std::optional<Decision> RefuseStatement(const SupervisedLetter& letter,
                                        const v1::SupervisionStated& message) {
  const auto& [known, place, body, context] = letter;
  const bool is_new_holder = !IsKnown(known) || known.seen().holder() != place.sender;
  if (!is_new_holder) return RefuseStranger(letter, message.number());
  if (IsOver(known)) return Decision::NoEffect("supervision_over");
  if (message.number() > exchange::kNumberMax) return exchange::NumberOutOfRange();
  exchange::v1::SignedStatement slip;
  if (!IsKnown(known) && message.slip().empty()) return std::nullopt;
  slip.ParseFromString(message.slip());
  exchange::InCharge before{slip.signer(), std::nullopt};
  if (IsKnown(known)) before = {known.seen().holder(), known.number()};
  auto checked = exchange::CheckSlip(message.slip(), message.number(), before, place, context);
  if (auto* instead = std::get_if<Decision>(&checked)) return std::move(*instead);
  return std::nullopt;
}

// Who answers now says all of it itself.
void ForgetWordsOfFormer(v1::SupervisedCase& seen) {
  seen.clear_contact_person();
  seen.clear_matters();
  seen.clear_meetings();
  seen.clear_pause_requested();
  seen.clear_pause_declined();
}

// Who comes after another hears what this unit has said: it may have crossed the take-over.
Decision OnStated(const SupervisedLetter& letter, const v1::SupervisionStated& message) {
  const auto& [known, place, body, context] = letter;
  if (auto refused = RefuseStatement(letter, message)) return *std::move(refused);
  if (message.person().cpr_number().empty() && message.person().name().empty()) {
    return Decision::Refuse("supervision.person_required", "Say who it is.");
  }
  const bool moved = IsKnown(known) && known.seen().holder() != place.sender;
  jv1::Supervised now = known;
  now.set_number(message.number());
  v1::SupervisedCase& seen = *now.mutable_seen();
  seen.set_supervision_id(place.subject);
  seen.set_holder(place.sender);
  *seen.mutable_person() = message.person();
  seen.set_programme(message.programme());
  seen.set_stage(message.stage());
  seen.set_paused(message.paused());
  if (!IsKnown(known)) seen.mutable_parole()->set_is_condition(message.is_condition());
  if (moved) ForgetWordsOfFormer(seen);
  Decision decision = So(now);
  if (!moved) return decision;
  if (seen.parole().has_stated()) TellParole(seen, decision);
  for (const auto& breached : seen.breaches()) TellBreach(seen, breached, decision);
  return decision;
}

cv1::CaseStage StageAfter(v1::CourseStep step, cv1::CaseStage before) {
  switch (step) {
    case v1::COURSE_STEP_VISITED:
      return cv1::CASE_STAGE_VISITED;
    case v1::COURSE_STEP_ENROLLED:
      return cv1::CASE_STAGE_ENROLLED;
    case v1::COURSE_STEP_STARTED:
      return cv1::CASE_STAGE_ACTIVE;
    case v1::COURSE_STEP_WITHDRAWN:
      return cv1::CASE_STAGE_WITHDRAWN;
    case v1::COURSE_STEP_COMPLETED:
    case v1::COURSE_STEP_LAPSED:
    case v1::COURSE_STEP_ENDED:
      return cv1::CASE_STAGE_ENDED;
    default:
      return before;
  }
}

bool EndsCourse(cv1::CaseStage stage) {
  return stage == cv1::CASE_STAGE_WITHDRAWN || stage == cv1::CASE_STAGE_ENDED;
}

Decision Reached(const SupervisedLetter& letter, std::uint64_t number,
                 const v1::SupervisedStep& step) {
  if (auto refused = RefuseStranger(letter, number)) return *std::move(refused);
  if (step.step() == v1::COURSE_STEP_UNSPECIFIED) {
    return Decision::Refuse("supervision.step_required", "Say what has happened.");
  }
  jv1::Supervised now = letter.state;
  v1::SupervisedCase& seen = *now.mutable_seen();
  *seen.add_steps() = step;
  exchange::KeepNewest(*seen.mutable_steps(), kStepsMax);
  seen.set_stage(StageAfter(step.step(), seen.stage()));
  if (step.step() == v1::COURSE_STEP_PAUSED) seen.set_paused(true);
  if (step.step() == v1::COURSE_STEP_RESUMED || EndsCourse(seen.stage())) seen.clear_paused();
  if (seen.paused() || EndsCourse(seen.stage())) {
    seen.clear_pause_requested();
    seen.clear_pause_declined();
  }
  return So(now);
}

Decision OnReached(const SupervisedLetter& letter, const v1::SupervisedCourseReached& message) {
  v1::SupervisedStep step;
  step.set_step(message.step());
  *step.mutable_since() = message.since();
  return Reached(letter, message.number(), step);
}

Decision OnParoleReached(const SupervisedLetter& letter, const v1::ParoleCourseReached& message) {
  return Reached(letter, message.number(), message.step());
}

bool IsAttestedBy(const cv1::Attestation& attestation, const exchange::LetterPlace& place,
                  const DecisionContext& context) {
  const auto statement = context.statements->Verified(attestation.statement(), place.sender);
  if (!statement || !statement->has_attestation()) return false;
  const exchange::v1::Attestation& said = statement->attestation();
  return said.reader_subject() == place.subject && said.holder() == place.sender &&
         FromProto(said.attested()) == FromProto(attestation.attested()) &&
         said.text_digest() == context.statements->Digest(attestation.text());
}

Decision OnAttested(const SupervisedLetter& letter, const v1::ParticipationAttested& message) {
  if (auto refused = RefuseStranger(letter, message.number())) return *std::move(refused);
  if (!IsAttestedBy(message.attestation(), letter.place, letter.context)) {
    return Decision::Refuse("attestation.not_signed",
                            "The statement is not signed by its author, or says something else.");
  }
  jv1::Supervised now = letter.state;
  v1::SupervisedCase& seen = *now.mutable_seen();
  *seen.add_attestations() = message.attestation();
  seen.mutable_attestations()->rbegin()->set_authority(letter.place.sender);
  exchange::KeepNewest(*seen.mutable_attestations(), kAttestationsMax);
  return So(now);
}

Decision OnContactPerson(const SupervisedLetter& letter, const cv1::ContactPersonNamed& message) {
  if (auto refused = RefuseStranger(letter, message.number())) return *std::move(refused);
  jv1::Supervised now = letter.state;
  now.mutable_seen()->clear_contact_person();
  if (message.has_contact_person()) {
    *now.mutable_seen()->mutable_contact_person() = message.contact_person();
  }
  return So(now);
}

// What stays says of nobody. Who was never told of it, or has forgotten, says so as well, and knows
// it when the telling comes late.
Decision OnEnded(const SupervisedLetter& letter, const v1::SupervisionEnded& message) {
  const auto& [known, place, body, context] = letter;
  if (IsKnown(known)) {
    if (auto refused = RefuseStranger(letter, message.number())) return *std::move(refused);
  }
  jv1::Supervised now;
  now.set_number(known.number());
  now.mutable_seen()->set_supervision_id(place.subject);
  now.mutable_seen()->set_holder(place.sender);
  now.mutable_seen()->set_ended(true);
  cv1::ErasureConfirmed erased;
  *erased.mutable_erased() = ToProto(context.now);
  Decision decision = So(now);
  decision.EraseReceived();
  exchange::Party to = Holder(now.seen());
  to.satisfied = {};
  return decision.Notify(pv1::RELATION_KRIMINALFORSORGEN, to, erased);
}

void Change(jv1::Supervised& supervised, const jv1::SupervisedChanged& changed) {
  supervised = changed.supervised();
}

std::vector<std::string> KeysOf(const jv1::Supervised& supervised, const exchange::Lookup&) {
  if (!supervised.has_seen()) return {};
  return {Key(supervised.seen().supervision_id())};
}

std::vector<std::string> WhoHolds(const jv1::Supervised& supervised) {
  if (!supervised.has_seen() || IsOver(supervised)) return {};
  return {supervised.seen().holder()};
}

SupervisedPart Cases() {
  SupervisedPart part;
  part.On(&OnStated)
      .On(exchange::OnceKnown(&IsKnown, &OnReached))
      .On(exchange::OnceKnown(&IsKnown, &OnParoleReached))
      .On(exchange::OnceKnown(&IsKnown, &OnAttested))
      .On(exchange::OnceKnown(&IsKnown, &OnContactPerson))
      .On(&OnEnded)
      .After(&Change)
      .Named(&KeysOf)
      .Serve<v1::GetSupervisedCaseRequest>({.target = &ById, .view = &View})
      .List<v1::ListSupervisedCasesRequest>(
          {.prefix = Key(""),
           .view = &ListView,
           .watch = exchange::MethodOf(v1::WatchSupervisedCasesRequest::descriptor())})
      .Account<v1::GetSupervisedCaseAccountRequest>(&ById);
  return part;
}

}  // namespace

std::string Key(const std::string& supervision_id) {
  return exchange::KindName{"supervised", supervision_id}.Encode();
}

bool IsKnown(const jv1::Supervised& supervised) { return supervised.has_seen(); }

bool IsOver(const jv1::Supervised& supervised) { return supervised.seen().ended(); }

std::optional<Decision> RefuseStranger(const SupervisedLetter& letter, std::uint64_t number) {
  const jv1::Supervised& known = letter.state;
  if (IsOver(known)) return Decision::NoEffect("supervision_over");
  if (number > exchange::kNumberMax) return exchange::NumberOutOfRange();
  if (number > known.number()) return Decision::Park();  // its take-over is still on the way
  if (number < known.number() || known.seen().holder() != letter.place.sender) return NotAParty();
  return std::nullopt;
}

std::unique_ptr<Message> View(const jv1::Supervised& supervised) {
  if (!supervised.has_seen()) return nullptr;
  return std::make_unique<v1::SupervisedCase>(supervised.seen());
}

Decision So(const jv1::Supervised& supervised) {
  jv1::SupervisedEvent event;
  *event.mutable_changed()->mutable_supervised() = supervised;
  return Decision().AddEvent(event);
}

exchange::Party Holder(const v1::SupervisedCase& seen) {
  return {seen.holder(),
          pv1::RELATION_HOLDER,
          seen.supervision_id(),
          {pv1::CONDITION_SUPERVISION_OR_CUSTODY},
          pv1::LEGAL_BASIS_UNSPECIFIED,
          pv1::PURPOSE_EXIT_SUPPORT};
}

exchange::Aggregate SupervisedCases() {
  exchange::Aggregate cases = exchange::Compose<jv1::Supervised, jv1::SupervisedEvent>(
      "supervised", {Cases(), UnitSays(), Matters()},
      [](const exchange::LetterPlace& place) { return Key(place.subject); });
  // A store that was put back has forgotten what it was told.
  cases.open_counterparts = exchange::OfState(&WhoHolds);
  cases.visibility = [](const Message&, pv1::Reader reader, const DecisionContext&) {
    return exchange::Visibility{reader,
                                {pv1::CONDITION_OWN_PART, pv1::CONDITION_SUPERVISION_OR_CUSTODY}};
  };
  cases.account_key = [](const Message& state) {
    const auto& supervised = static_cast<const jv1::Supervised&>(state);
    return supervised.has_seen() ? Key(supervised.seen().supervision_id()) : std::string();
  };
  return cases;
}

}  // namespace exitbus::kriminalforsorgen
