#include <algorithm>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/nec/v1/messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/access/units.h"
#include "services/casework/addresses.h"
#include "services/casework/consent/basis.h"
#include "services/casework/documents/documents.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/responsibility.h"
#include "services/casework/handover/rules.h"
#include "services/casework/intake/intake.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programme.h"
#include "services/casework/programme/programmes.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "services/referral/referral.h"

namespace exitbus::casework {
namespace {

constexpr char kPersonName[] = "person";

namespace pv1 = policy::v1;
using exchange::Message;
using exchange::Needs;
using exchange::ToProto;

// Who referred him and when, and of a case that runs already its history. Null: all is said.
std::optional<Decision> AddWhatWasBefore(const v1::OpenCaseRequest& request,
                                         const DecisionContext& context, jv1::CaseOpened& opened) {
  *opened.mutable_referred() = ToProto(context.now);
  if (request.has_referral()) {
    if (auto refused = RefuseReferral(request.referral(), context)) return refused;
    cv1::Referral& referral = *opened.mutable_referral();
    referral = request.referral();
    referral.set_referral_id(request.referral_id());
    if (!referral.has_received()) *referral.mutable_received() = ToProto(context.now);
    *opened.mutable_referred() = referral.received();
  }
  if (!request.has_brought_in()) return std::nullopt;
  if (request.brought_in().history().empty()) {
    return Invalid("brought_in.history_required", "Say what was before the case is brought in.");
  }
  *opened.mutable_brought_in() = request.brought_in();
  return std::nullopt;
}

Decision Open(const v1::OpenCaseRequest& request, const DecisionContext& context) {
  if (request.person().cpr_number().empty()) {
    return Invalid("case.cpr_number_required",
                   "Give the person's CPR number, ten digits, DDMMYYSSSS, without hyphen.");
  }
  if (request.person().name().empty()) {
    return Invalid("case.name_required", "Give the person's name.");
  }
  if (PersonHasCase(*context.lookup, request.person().cpr_number())) {
    return Decision::Refuse("case.person_has_open_case",
                            "This person has an open case here. Find it with FindCases.",
                            absl::StatusCode::kAlreadyExists);
  }
  jv1::CaseEvent event;
  jv1::CaseOpened& opened = *event.mutable_case_opened();
  opened.set_case_id(context.lookup->FreshId());
  opened.set_overview_id(context.lookup->FreshId());
  *opened.mutable_person() = request.person();
  opened.set_current_address(request.current_address());
  if (request.legal_basis() > pv1::LEGAL_BASIS_CONSENT) {
    cv1::RecordedBasis& basis = *opened.add_bases();
    basis.set_legal_basis(request.legal_basis());
    *basis.mutable_holds_from() = ToProto(context.now);
    basis.set_recorded_by(context.self->id);
    if (auto refused = RefuseLaw(basis)) return *std::move(refused);
  }
  if (auto refused = AddWhatWasBefore(request, context, opened)) return *std::move(refused);
  opened.set_programme(request.programme());
  for (const auto what : OpeningsToRecord(request.programme(), context)) opened.add_opens(what);
  opened.set_previous_case(PreviousCase(request.person().cpr_number(), *context.lookup));
  opened.set_holder(context.self->id);
  if (context.self->kind == pv1::AUTHORITY_KIND_MUNICIPALITY) {
    opened.set_handlekommune(context.self->id);
  }
  exchange::v1::Statement statement;
  statement.mutable_opening()->set_case_id(opened.case_id());
  statement.mutable_opening()->set_holder(context.self->id);
  *statement.mutable_opening()->mutable_instant() = ToProto(context.now);
  opened.set_opening(context.statements->Sign(statement));
  return Decision().AddEvent(event);
}

Decision OpenCase(const jv1::CaseFile&, const v1::OpenCaseRequest& request,
                  const DecisionContext& context) {
  return request.referral_id().empty() ? Open(request, context)
                                       : OpenFromReferral(request, context, &Open);
}

Decision SignAgreement(const jv1::CaseFile& file, const v1::SignAgreementRequest& request,
                       const DecisionContext& context) {
  if (auto refused = RefuseAgreement(file, request.agreement(), context)) {
    return *std::move(refused);
  }
  if (auto refused = RefuseUnits(request.agreement(), context)) return *std::move(refused);
  Decision decision;
  jv1::CaseEvent event;
  cv1::Agreement& agreement = *event.mutable_agreement_put_in_force()->mutable_agreement();
  agreement = request.agreement();
  agreement.set_version(file.agreement().version() + 1);
  for (cv1::Measure& measure : *agreement.mutable_measures()) {
    if (measure.measure_id().empty()) measure.set_measure_id(context.lookup->FreshId());
  }
  if (file.stage() == cv1::CASE_STAGE_ACTIVE) {
    AddReview(file.programme(), context.now, context, *event.mutable_agreement_put_in_force());
  }
  decision.AddEvent(event);
  TellAgreement(*After(file, decision), context, decision);
  TellPoliceStage(file, cv1::CASE_STAGE_ENROLLED, context, decision);
  return decision;
}

Decision RecordWithdrawal(const jv1::CaseFile& file, const v1::RecordWithdrawalRequest&,
                          const DecisionContext& context) {
  Decision decision;
  const jv1::Handover* open = OpenHandover(file);
  if (open != nullptr && open->stage() == hv1::HANDOVER_STAGE_OFFERED) {
    jv1::CaseEvent event = EventOf(*open);
    hv1::LateFact& fact = *event.mutable_late_fact_learnt()->mutable_fact();
    fact.set_kind(hv1::LATE_FACT_KIND_WITHDRAWAL);
    *fact.mutable_learnt() = ToProto(context.now);
    return decision.AddEvent(event).Notify(CounterpartOf(file, *open), fact);
  }
  Withdraw(file, file.number(), context, decision);
  if (open != nullptr) Recall(file, *open, context, decision);
  return decision;
}

std::string NewCase(const v1::OpenCaseRequest&) { return ""; }

std::unique_ptr<Message> ListView(const jv1::CaseFile& file, std::string_view,
                                  const v1::ListCasesRequest& asked) {
  const bool left_out =
      (asked.standing() != cv1::STANDING_UNSPECIFIED && asked.standing() != file.standing()) ||
      (asked.waiting_only() && !IsWaiting(file));
  return left_out ? nullptr : CaseView(file);
}

std::vector<std::string> Names(const jv1::CaseFile& file, const exchange::Lookup& lookup) {
  std::vector<std::string> names;
  if (!file.case_id().empty() && file.standing() != cv1::STANDING_RECEIVING) {
    names.push_back(exchange::KindName{"case", file.case_id()}.Encode());
  }
  if (file.standing() != cv1::STANDING_RESPONSIBLE) return names;
  if (const std::string& id = file.intake().referral().referral_id(); !id.empty()) {
    names.push_back(referral::OpenedKey(id));
  }
  names.push_back(exchange::KindName{kResponsibleName, file.case_id()}.Encode());
  if (!IsOver(file.stage())) {
    names.push_back(
        exchange::KindName{kPersonName, lookup.PersonKey(file.person().cpr_number())}.Encode());
  }
  return names;
}

}  // namespace

bool PersonHasCase(const exchange::Lookup& lookup, const std::string& cpr_number) {
  const exchange::KindName person{kPersonName, lookup.PersonKey(cpr_number)};
  return lookup.Exists(exchange::IndexKey{kFiles, person.Encode()}.Encode());
}

bool AnswersForCase(const exchange::Lookup& lookup, const std::string& case_id) {
  const exchange::KindName responsible{kResponsibleName, case_id};
  return lookup.Exists(exchange::IndexKey{kFiles, responsible.Encode()}.Encode());
}

CasePart ProgrammeMethods() {
  CasePart part;
  part.Named(&Names)
      .Serve<v1::OpenCaseRequest>(
          {.target = &NewCase, .decide = &OpenCase, .view = &CaseView, .needs = Needs::kInstant})
      .Serve<v1::GetCaseRequest>({.target = &ByCase, .view = &CaseView})
      .List<v1::ListCasesRequest>(
          {.prefix = exchange::KindName{"case", ""}.Encode(),
           .view = &ListView,
           .watch = exchange::MethodOf(v1::WatchCasesRequest::descriptor())})
      .Serve<v1::GetResponsibilityRequest>({.target = &ByCase, .view = &ResponsibilityView})
      .Serve(OnCase({&kResponsible, &kInProgramme, &kVisited, &kNotFrozen, &kAssessed},
                    &SignAgreement))
      .Serve(OnCase({&kResponsible, &kInProgramme, &kNoWithdrawalOnItsWay}, &RecordWithdrawal));
  ServeSearch(part);
  return part;
}

void TellVisitation(const jv1::CaseFile& file, const google::protobuf::Timestamp& since,
                    const DecisionContext& context, Decision& decision) {
  if (!IsInOverview(file)) return;
  nec::v1::VisitationDecided message;
  message.set_number(file.number());
  *message.mutable_person() = file.person();
  *message.mutable_decided() = since;
  decision.Notify(AddressOf(Whom::kNec, file, nullptr, context), message);
}

void TellAgreement(const jv1::CaseFile& file, const DecisionContext& context, Decision& decision) {
  if (!IsInOverview(file)) return;
  nec::v1::AgreementSigned message;
  message.set_number(file.number());
  *message.mutable_agreement() = WithoutUnits(file.agreement());
  *message.mutable_document_digests() = AgreementDigests(file);
  decision.Notify(AddressOf(Whom::kNec, file, nullptr, context), message);
}

void TellPoliceStage(const jv1::CaseFile& file, cv1::CaseStage stage,
                     const DecisionContext& context, Decision& decision) {
  if (!Opens(file, cv1::PROGRAMME_OPENING_POLICE)) return;
  const auto police = AddressOf(Whom::kPolice, file, nullptr, context);
  const auto tell = [&](auto message) {
    message.set_number(file.number());
    decision.Notify(police, message);
  };
  if (stage == cv1::CASE_STAGE_VISITED) tell(nec::v1::VisitationDecided());
  if (stage == cv1::CASE_STAGE_ENROLLED) {
    nec::v1::AgreementSigned signed_now;
    *signed_now.mutable_document_digests() = AgreementDigests(file);
    tell(std::move(signed_now));
  }
  if (stage == cv1::CASE_STAGE_WITHDRAWN) tell(nec::v1::CitizenWithdrew());
}

void Withdraw(const jv1::CaseFile& file, std::uint64_t number, const DecisionContext& context,
              Decision& decision) {
  jv1::CaseEvent event;
  jv1::ProgrammeWithdrawn& withdrawn = *event.mutable_programme_withdrawn();
  *withdrawn.mutable_withdrawn() = ToProto(context.now);
  *withdrawn.mutable_follow_ups() = FollowUpsFrom(file, context);
  decision.AddEvent(event);
  TellPoliceStage(file, cv1::CASE_STAGE_WITHDRAWN, context, decision);
  if (!IsInOverview(file)) return;
  nec::v1::CitizenWithdrew message;
  message.set_number(number);
  *message.mutable_withdrawn() = ToProto(context.now);
  decision.Notify(AddressOf(Whom::kNec, file, nullptr, context), message);
}

}  // namespace exitbus::casework
