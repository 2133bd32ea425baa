// How a handover begins: who is asked, and the terms that are proposed.
#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/consent/basis.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/rules.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programmes.h"
#include "services/casework/relocation/relocation.h"
#include "services/exchange/membership.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::FromProto;
using exchange::ToProto;

bool HandlesCases(int kind) {
  return kind == pv1::AUTHORITY_KIND_MUNICIPALITY || kind == pv1::AUTHORITY_KIND_KRIMINALFORSORGEN;
}

// Whether the reason fits the two ends: release is from custody, custody is into it.
bool ReasonFits(hv1::HandoverReason reason, int from, int to) {
  switch (reason) {
    case hv1::HANDOVER_REASON_RELEASE:
      return from == pv1::AUTHORITY_KIND_KRIMINALFORSORGEN &&
             to == pv1::AUTHORITY_KIND_MUNICIPALITY;
    case hv1::HANDOVER_REASON_CUSTODY:
      return to == pv1::AUTHORITY_KIND_KRIMINALFORSORGEN;
    case hv1::HANDOVER_REASON_RELOCATION:
      return from == pv1::AUTHORITY_KIND_MUNICIPALITY && to == pv1::AUTHORITY_KIND_MUNICIPALITY;
    case hv1::HANDOVER_REASON_UNSPECIFIED:
    default:
      return false;
  }
}

hv1::Term TermOf(const cv1::Measure& measure, const std::string& term_id) {
  hv1::Term term;
  term.set_term_id(term_id);
  term.set_type(measure.type());
  term.set_module(measure.module());
  term.set_months(measure.months());
  term.set_funding(measure.funding());
  term.set_status(hv1::TERM_STATUS_PROPOSED);
  return term;
}

// The terms of the agreement in force that the receiver has not agreed to, and those that are no
// longer in it: one event, and one message each.
void Propose(const jv1::CaseFile& file, const jv1::Handover& handover, const exchange::Address& to,
             const DecisionContext& context, Decision& decision) {
  jv1::CaseEvent event = EventOf(handover);
  jv1::TermsProposed& proposed = *event.mutable_terms_proposed();
  proposed.set_agreement_version(file.agreement().version());
  hv1::AgreementTermProposed message;
  message.set_agreement_version(file.agreement().version());
  *message.mutable_due() =
      ToProto(exchange::AddWorkingDays(context.now, context.deadline_days.request));
  std::vector<hv1::AgreementTermProposed> messages;
  std::set<std::string> in_force;
  for (const cv1::Measure& measure : file.agreement().measures()) {
    std::string term_id = TermIdOf(handover, measure);
    if (term_id.empty()) {
      term_id = context.lookup->FreshId();
      jv1::OwnTerm& own = *proposed.add_own_terms();
      own.set_term_id(term_id);
      own.set_measure_id(measure.measure_id());
    }
    in_force.insert(term_id);
    const hv1::Term* known = TermAsAsked(handover, measure);
    if (known != nullptr && known->status() == hv1::TERM_STATUS_AGREED) continue;
    const hv1::Term term = TermOf(measure, term_id);
    *proposed.add_terms() = term;
    *message.mutable_term() = term;
    messages.push_back(message);
  }
  for (const hv1::Term& known : handover.terms()) {
    if (in_force.contains(known.term_id())) continue;
    proposed.add_dropped_term_ids(known.term_id());
    message.mutable_term()->Clear();
    message.mutable_term()->set_term_id(known.term_id());
    message.set_dropped(true);
    messages.push_back(message);
  }
  // Terms were only dropped, and what is left was agreed.
  const bool all_agreed = proposed.terms().empty();
  if (all_agreed && !IsBeforeAcceptance(handover)) {
    WaitForNobody(event);
  } else {
    const bool is_final = all_agreed && !handover.inquiry_id().empty();
    WaitFor(event, hv1::SIDE_RECEIVER, is_final ? kFinalAnswerDays : context.deadline_days.request,
            context);
  }
  decision.AddEvent(event);
  for (const auto& message : messages) decision.Notify(to, message);
}

// An authority that could not answer is not asked.
std::optional<exchange::Refusal> TakesNoPart(const exchange::Directory& directory,
                                             const std::string& receiver) {
  switch (exchange::MembershipStatusOf(directory, receiver)) {
    case exchange::MembershipStatus::kSuspended:
      return exchange::RefusedBy(
          "handover.receiver_suspended",
          "The receiver is suspended and hears nothing for now. Ask again when it is "
          "back, or ask another authority.");
    case exchange::MembershipStatus::kRemoved:
      return exchange::RefusedBy(
          "handover.receiver_removed",
          "The receiver no longer takes part. Ask the authority that took over its "
          "tasks.");
    case exchange::MembershipStatus::kInService:
    case exchange::MembershipStatus::kNotListed:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Decision> RefuseRequest(const jv1::CaseFile& file,
                                      const hv1::RequestHandoverRequest& request,
                                      const DecisionContext& context) {
  const auto receiver = context.directory->Find(request.receiver());
  if (!receiver || !HandlesCases(receiver->kind) || receiver->id == context.self->id) {
    return Invalid("handover.receiver_unknown",
                   "The receiver must be another municipality or Kriminalforsorgen unit in the "
                   "directory, by its id, e.g. \"municipality-0461\".");
  }
  if (auto refusal = TakesNoPart(*context.directory, receiver->id)) {
    return Decision::Refuse(*std::move(refusal));
  }
  if (!ReasonFits(request.reason(), context.self->kind, receiver->kind)) {
    return Invalid("handover.reason_does_not_fit",
                   "RELEASE goes from Kriminalforsorgen to a municipality, RELOCATION from one "
                   "municipality to another, CUSTODY to Kriminalforsorgen.");
  }
  if (!request.has_expected()) {
    return Invalid("handover.expected_required", "Say when the case is expected to move.");
  }
  if (request.reason() == hv1::HANDOVER_REASON_RELEASE && !file.has_planned_release()) {
    return Decision::Refuse("release.plan_required", "Plan the release first: PlanRelease.");
  }
  if (!BasisFor(file, receiver->kind)) {
    return Decision::Refuse(kReceiverMayBeTold.name, kReceiverMayBeTold.remedy);
  }
  return std::nullopt;
}

std::unique_ptr<google::protobuf::Message> LastHandover(const jv1::CaseFile& file) {
  const int count = file.handovers_size();
  return count == 0 ? nullptr : HandoverView(file, file.handovers(count - 1).handover_id());
}

Decision RequestHandover(const jv1::CaseFile& file, const hv1::RequestHandoverRequest& request,
                         const DecisionContext& context) {
  if (auto refused = RefuseRequest(file, request, context)) return *std::move(refused);
  jv1::CaseEvent event = EventOf(context.lookup->FreshId());
  jv1::HandoverBegun& begun = *event.mutable_handover_begun();
  begun.set_side(hv1::SIDE_HOLDER);
  begun.set_counterpart(request.receiver());
  begun.set_reason(request.reason());
  begun.set_contact_id(context.lookup->FreshId());
  if (!IsFramework(file.programme())) begun.set_programme(file.programme());
  if (!file.police().empty() && Opens(file, cv1::PROGRAMME_OPENING_POLICE)) {
    begun.set_police(file.police());
    begun.set_receiving_police(PoliceOf(request.receiver(), context));
  }
  *begun.mutable_expected() = FirstOfMonth(FromProto(request.expected()));
  if (auto refused = FollowDecision(file, context, begun)) {
    return Decision::Refuse(*std::move(refused));
  }
  for (const cv1::Measure& measure : file.agreement().measures()) {
    if (std::find(begun.needs().begin(), begun.needs().end(), measure.module()) ==
        begun.needs().end()) {
      begun.add_needs(measure.module());
    }
  }
  hv1::HandoverRequested message;
  message.set_reason(request.reason());
  *message.mutable_needs() = begun.needs();
  *message.mutable_expected() = begun.expected();
  *message.mutable_due() =
      ToProto(exchange::AddWorkingDays(context.now, context.deadline_days.request));
  message.set_police(begun.police());
  message.set_receiving_police(begun.receiving_police());
  hv1::HandoverRequested to_followers = message;
  to_followers.set_receiver(request.receiver());
  to_followers.set_security_id(file.security_id());
  message.set_contact_id(begun.contact_id());
  message.set_programme(begun.programme());
  message.set_inquiry_id(begun.inquiry_id());
  message.set_placed_by(begun.placed_by());

  Decision decision;
  decision.AddEvent(event);
  const auto after = After(file, decision);
  const jv1::Handover& handover = *FindHandover(*after, event.handover_id());
  const exchange::Address to = CounterpartOf(*after, handover);
  NotifyFollowers(*after, handover, to_followers, context, decision);
  decision.Notify(to, message);
  Propose(*after, handover, to, context, decision);
  return decision;
}

Decision ProposeTerms(const jv1::CaseFile& file, const jv1::Handover& handover,
                      const hv1::ProposeTermsRequest&, const DecisionContext& context) {
  Decision decision;
  Propose(file, handover, CounterpartOf(file, handover), context, decision);
  if (decision.notifications().empty()) {
    return Decision::Refuse(
        "handover.nothing_to_propose",
        "The receiver has agreed to every term of the agreement in force. To change "
        "one, sign a new version of the agreement first.");
  }
  return decision;
}

}  // namespace

CasePart RequestMethods() {
  auto request =
      OnCase({&kResponsible, &kInProgramme, &kEnrolled, &kNoOpenHandover, &kNobodyUnderWay},
             &RequestHandover);
  request.view = &LastHandover;
  request.guarded = &CaseView;  // there is no handover yet
  CasePart part;
  part.Serve(request).Serve(OnHandover({&kHolderMoves, &kNotEnded, &kBeforeOffer}, &ProposeTerms));
  return part;
}

google::protobuf::Timestamp FirstOfMonth(absl::Time time) {
  return ToProto(absl::FromCivil(absl::CivilSecond(exchange::MonthOf(time)), absl::UTCTimeZone()));
}

}  // namespace exitbus::casework
