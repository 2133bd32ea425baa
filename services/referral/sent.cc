#include "services/referral/sent.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/readiness/v1/readiness.pb.h"
#include "exitbus/referral/v1/messages.pb.h"
#include "exitbus/referral/v1/referral_service.pb.h"
#include "exitbus/referral_journal/v1/referral.pb.h"
#include "services/exchange/compose.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/referral/referral.h"

namespace exitbus::referral {
namespace {

namespace jv1 = referral_journal::v1;
namespace pv1 = policy::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::KindName;
using exchange::Message;
using exchange::RefusedBy;
using exchange::ToProto;
using SentPart = exchange::Part<jv1::SentReferral, jv1::SentReferralEvent>;
using SentLetter = exchange::Letter<jv1::SentReferral>;

template <class Request>
std::string ById(const Request& request) {
  return SentKey(request.referral_id());
}
std::string NewReferral(const v1::ReferCitizenRequest&) { return ""; }

// One that waits, by whom it is of.
std::string OfKey(const std::string& person, const std::string& municipality,
                  const std::string& referral_id) {
  return KindName{
      "of", absl::StrCat(municipality, "/", exchange::PersonName{person, referral_id}.Encode())}
      .Encode();
}

std::unique_ptr<Message> View(const jv1::SentReferral& sent) {
  if (!sent.has_seen()) return nullptr;
  auto view = std::make_unique<v1::SentReferral>(sent.seen());
  exchange::ShowDue(sent.answer(), *view);
  return view;
}

std::unique_ptr<Message> ListView(const jv1::SentReferral& sent, std::string_view,
                                  const v1::ListSentReferralsRequest& asked) {
  return asked.open_only() && IsOver(sent.seen().stage()) ? nullptr : View(sent);
}

Decision So(const jv1::SentReferral& sent) {
  jv1::SentReferralEvent event;
  *event.mutable_changed()->mutable_referral() = sent;
  return Decision().AddEvent(event);
}

// What an employee has recorded, as the account of disclosures calls it.
pv1::LegalBasis LawOf(const v1::ReferralBasis& basis) {
  if (basis.has_agreed()) return pv1::LEGAL_BASIS_CONSENT;
  return basis.unasked() == casework::v1::UNASKED_REASON_PREVENTION ? pv1::LEGAL_BASIS_RPL115_2
                                                                    : pv1::LEGAL_BASIS_FVL28;
}

void Tell(const v1::SentReferral& seen, pv1::LegalBasis basis, const Message& message,
          const DecisionContext& context, Decision& decision) {
  const bool police = context.self->kind == pv1::AUTHORITY_KIND_POLICE;
  decision.Notify(police ? pv1::RELATION_POLICE : pv1::RELATION_KRIMINALFORSORGEN,
                  {seen.municipality(),
                   pv1::RELATION_HOLDER,
                   seen.referral_id(),
                   {},
                   basis,
                   pv1::PURPOSE_EXIT_SUPPORT},
                  message);
}

// Without a basis nobody is named: he calls himself.
Decision RefuseWithoutBasis(const std::string& municipality, const Around& around,
                            const DecisionContext& context) {
  std::string number = "ListRecipients says which";
  for (const auto purpose :
       {readiness::v1::CONTACT_PURPOSE_CITIZENS, readiness::v1::CONTACT_PURPOSE_MAIN}) {
    const auto contacts = around.contacts(municipality, purpose, context);
    if (contacts.empty() || contacts.front().phone().empty()) continue;
    number = absl::StrCat(contacts.front().unit(), ", ", contacts.front().phone());
    break;
  }
  return Decision::Refuse(
      BadInput("referral.basis_required",
               absl::StrCat("Say when the citizen agreed to be referred, or cite the law and say "
                            "why he was not asked. Without either, give him the number to call "
                            "himself: ",
                            number, ".")));
}

std::optional<exchange::Refusal> FaultIn(const v1::ReferCitizenRequest& request,
                                         const Around& around, const DecisionContext& context) {
  if (auto fault = referral::FaultIn(request.referral(), context.now)) return fault;
  const std::string& cpr_number = request.referral().person().cpr_number();
  if (around.has_case != nullptr && around.has_case(*context.lookup, cpr_number)) {
    return RefusedBy("referral.case_is_here",
                     "This authority answers for a case of his. RequestHandover moves that.");
  }
  const std::string waiting =
      OfKey(context.lookup->PersonKey(cpr_number), request.municipality(), "");
  if (context.lookup->ExistsBelow(exchange::IndexKey{kSent, waiting}.Encode())) {
    return RefusedBy("referral.sent_already",
                     "A referral of his waits at that municipality: ListSentReferrals.");
  }
  return std::nullopt;
}

Decision Refer(const v1::ReferCitizenRequest& request, const Around& around,
               const DecisionContext& context) {
  const auto listed = context.directory->Find(request.municipality());
  if (listed == nullptr || listed->kind != pv1::AUTHORITY_KIND_MUNICIPALITY) {
    return Decision::Refuse(
        BadInput("referral.not_a_municipality", "Refer to a municipality, by its authority's id."));
  }
  if (!HasBasis(request.referral().basis())) {
    return RefuseWithoutBasis(request.municipality(), around, context);
  }
  if (auto fault = FaultIn(request, around, context)) return Decision::Refuse(*std::move(fault));
  jv1::SentReferral sent;
  v1::SentReferral& seen = *sent.mutable_seen();
  seen.set_referral_id(context.lookup->FreshId());
  seen.set_municipality(request.municipality());
  seen.set_stage(v1::REFERRAL_STAGE_WAITING);
  *seen.mutable_referral() = request.referral();
  *seen.mutable_sent() = ToProto(context.now);
  *sent.mutable_answer() = exchange::OwedBy(seen.municipality(), seen.referral_id(),
                                            AnswerDue(request.referral().urgency(), context.now));
  v1::CaseReferred message;
  *message.mutable_referral() = request.referral();
  Decision decision = So(sent);
  Tell(seen, LawOf(request.referral().basis()), message, context, decision);
  return decision;
}

Decision Withdraw(const jv1::SentReferral& known, const v1::WithdrawReferralRequest&,
                  const DecisionContext& context) {
  if (known.seen().stage() != v1::REFERRAL_STAGE_WAITING) return Decision::Refuse(NotWaiting());
  jv1::SentReferral sent = known;
  v1::SentReferral& seen = *sent.mutable_seen();
  seen.set_stage(v1::REFERRAL_STAGE_WITHDRAWING);
  *sent.mutable_answer() =
      exchange::OwedBy(seen.municipality(), seen.referral_id(),
                       exchange::AddWorkingDays(context.now, context.deadline_days.erasure));
  Decision decision = So(sent);
  v1::ReferralWithdrawn message;
  *message.mutable_day() = ToProto(exchange::StartOfDay(context.now));
  Tell(seen, pv1::LEGAL_BASIS_UNSPECIFIED, message, context, decision);
  return decision;
}

bool IsAnAnswer(const v1::SentReferral& seen, v1::ReferralOutcome outcome) {
  if (outcome == v1::REFERRAL_OUTCOME_WITHDRAWN) {
    return seen.stage() == v1::REFERRAL_STAGE_WITHDRAWING;
  }
  return outcome != v1::REFERRAL_OUTCOME_UNSPECIFIED;
}

// What stays says of nobody: to whom was referred, when, and what became of it.
Decision OnAnswered(const SentLetter& letter, const v1::ReferralAnswered& message) {
  const v1::SentReferral& known = letter.state.seen();
  if (!letter.state.has_seen() || letter.place.sender != known.municipality()) {
    return Decision::Refuse("letter.not_a_party", "Nobody was referred to the sender by this id.");
  }
  if (IsOver(known.stage())) return Decision::NoEffect("referral_answer_known");
  if (!IsAnAnswer(known, message.outcome())) {
    return Decision::Refuse("letter.out_of_turn", "That answers no referral as it is now.");
  }
  jv1::SentReferral sent;
  v1::SentReferral& seen = *sent.mutable_seen();
  seen = known;
  seen.clear_referral();
  seen.set_stage(message.outcome() == v1::REFERRAL_OUTCOME_WITHDRAWN ? v1::REFERRAL_STAGE_WITHDRAWN
                                                                     : v1::REFERRAL_STAGE_ANSWERED);
  seen.set_outcome(message.outcome());
  *seen.mutable_answered() = message.day();
  return So(sent).EraseReceived();
}

void Change(jv1::SentReferral& sent, const jv1::SentReferralChanged& changed) {
  sent = changed.referral();
}

std::vector<std::string> KeysOf(const jv1::SentReferral& sent, const exchange::Lookup& lookup) {
  if (!sent.has_seen()) return {};
  const v1::SentReferral& seen = sent.seen();
  std::vector<std::string> keys = {SentKey(seen.referral_id())};
  if (seen.stage() == v1::REFERRAL_STAGE_WAITING) {
    keys.push_back(OfKey(lookup.PersonKey(seen.referral().person().cpr_number()),
                         seen.municipality(), seen.referral_id()));
  }
  return keys;
}

std::vector<exchange::NamedObligation> AnswerOwed(const jv1::SentReferral& sent) {
  return {{"", &sent.answer()}};
}

std::vector<std::string> WhoAnswers(const jv1::SentReferral& sent) {
  if (!sent.has_seen() || IsOver(sent.seen().stage())) return {};
  return {sent.seen().municipality()};
}

SentPart Subject(const Around& around) {
  SentPart part;
  part.On(&OnAnswered)
      .After(&Change)
      .Named(&KeysOf)
      .Obligations("referral.unanswered", &AnswerOwed)
      .Serve<v1::ReferCitizenRequest>(
          {.target = &NewReferral,
           .decide =
               [around](const jv1::SentReferral&, const v1::ReferCitizenRequest& request,
                        const DecisionContext& context) { return Refer(request, around, context); },
           .view = &View})
      .Serve<v1::WithdrawReferralRequest>({.target = &ById,
                                           .decide = &Withdraw,
                                           .view = &View,
                                           .needs = exchange::Needs::kConfirmedHead})
      .Serve<v1::GetSentReferralRequest>({.target = &ById, .view = &View})
      .List<v1::ListSentReferralsRequest>(
          {.prefix = SentKey(""),
           .view = &ListView,
           .watch = exchange::MethodOf(v1::WatchSentReferralsRequest::descriptor())})
      .Account<v1::GetSentReferralAccountRequest>(&ById);
  return part;
}

}  // namespace

exchange::Aggregate SentReferrals(const Around& around) {
  exchange::Aggregate referrals = exchange::Compose<jv1::SentReferral, jv1::SentReferralEvent>(
      kSent, {Subject(around)},
      [](const exchange::LetterPlace& place) { return SentKey(place.subject); });
  // A store that was put back has forgotten whom it referred.
  referrals.open_counterparts = exchange::OfState(&WhoAnswers);
  // Its own word of who is in its charge.
  referrals.visibility = [](const Message&, pv1::Reader reader, const DecisionContext&) {
    if (reader != pv1::READER_POLICE && reader != pv1::READER_KRIMINALFORSORGEN) {
      return exchange::Visibility{};
    }
    return exchange::Visibility{reader,
                                {pv1::CONDITION_OWN_PART, pv1::CONDITION_SUPERVISION_OR_CUSTODY}};
  };
  referrals.account_key = [](const Message& state) {
    const auto& sent = static_cast<const jv1::SentReferral&>(state);
    return sent.has_seen() ? SentKey(sent.seen().referral_id()) : std::string();
  };
  return referrals;
}

}  // namespace exitbus::referral
