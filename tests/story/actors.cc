#include "tests/story/actors.h"

#include <utility>

#include "absl/time/clock.h"
#include "adapters/grpc/errors.h"
#include "adapters/sodium/sodium_crypto.h"
#include "exitbus/casework/v1/intake_service.pb.h"
#include "exitbus/kriminalforsorgen/v1/release_service.pb.h"
#include "services/exchange/proto_time.h"
#include "tests/story/calls.h"

namespace exitbus::story {
namespace {

using exchange::ToProto;

constexpr absl::Duration kRetry = absl::Milliseconds(50);
constexpr std::string_view kOverviewService = "exitbus.nec.v1.OverviewService.";

}  // namespace

std::string FreshId() {
  adapters::SodiumRandom random;
  return exchange::FreshUuid(random);
}

std::string RuleOf(const absl::Status& status) { return adapters::ErrorOf(status).reason; }

Actor::Actor(const Member& member, std::unique_ptr<adapters::GrpcClient> client,
             absl::Duration patience)
    : member_(member), client_(std::move(client)), patience_(patience) {}

absl::StatusOr<std::unique_ptr<Actor>> Actor::Make(const Member& member,
                                                   const adapters::GrpcClientOptions& options,
                                                   absl::Duration patience) {
  auto client = adapters::GrpcClient::Make(options);
  if (!client.ok()) return client.status();
  return std::unique_ptr<Actor>(new Actor(member, *std::move(client), patience));
}

adapters::GrpcClient::Reply Actor::Call(const std::string& method,
                                        const google::protobuf::Message& request) {
  adapters::CallOptions options;
  options.metadata = {{"exitbus-employee", member_.employee}, {"exitbus-purpose", member_.purpose}};
  const std::unique_ptr<google::protobuf::Message> said(request.New());
  said->CopyFrom(request);
  if (listener_ != nullptr) listener_->Word(*said);
  const absl::Time deadline = absl::Now() + patience_;
  while (true) {
    auto reply = client_->Call(method, *said, options);
    if (absl::IsUnavailable(reply.status()) && absl::Now() <= deadline) {
      absl::SleepFor(kRetry);
      continue;
    }
    if (listener_ != nullptr) listener_->Answered(member_, method, *said, reply);
    return reply;
  }
}

absl::StatusOr<cv1::Case> Actor::OpenCase(const cv1::Person& person, const std::string& address,
                                          cv1::Programme programme) {
  cv1::OpenCaseRequest request;
  *request.mutable_person() = person;
  request.set_current_address(address);
  request.set_programme(programme);
  return Change<cv1::Case>(In(kCaseService, "OpenCase"), std::move(request));
}

absl::StatusOr<cv1::Case> Actor::RecordConsent(const std::string& case_id) {
  cv1::RecordConsentRequest request;
  request.add_covers(policy::v1::AUTHORITY_KIND_MUNICIPALITY);
  request.add_covers(policy::v1::AUTHORITY_KIND_KRIMINALFORSORGEN);
  request.add_covers(policy::v1::AUTHORITY_KIND_POLICE);
  return OnCase("RecordConsent", std::move(request), case_id);
}

absl::StatusOr<cv1::Case> Actor::DecideVisitation(const std::string& case_id,
                                                  const cv1::Visitation& visitation) {
  cv1::StateRelocationNeedRequest need;
  need.set_answer(cv1::RELOCATION_ANSWER_NOT_NEEDED);
  need.set_case_id(case_id);
  RETURN_IF_ERROR(
      Change<cv1::Case>("exitbus.casework.v1.IntakeService.StateRelocationNeed", std::move(need))
          .status());
  cv1::DecideVisitationRequest request;
  *request.mutable_visitation() = visitation;
  return OnCase("DecideVisitation", std::move(request), case_id);
}

absl::StatusOr<cv1::Case> Actor::SignAgreement(const std::string& case_id,
                                               const cv1::Agreement& agreement) {
  cv1::SignAgreementRequest request;
  *request.mutable_agreement() = agreement;
  *request.mutable_agreement()->mutable_citizen_signed() = ToProto(absl::Now());
  *request.mutable_agreement()->mutable_coordinator_signed() = ToProto(absl::Now());
  *request.mutable_agreement()->mutable_police_signed() = ToProto(absl::Now());
  return OnCase("SignAgreement", std::move(request), case_id);
}

absl::StatusOr<cv1::Case> Actor::PlanRelease(const std::string& case_id, absl::Time release) {
  kriminalforsorgen::v1::PlanReleaseRequest request;
  request.set_case_id(case_id);
  *request.mutable_planned_release() = ToProto(release);
  return Change<cv1::Case>("exitbus.kriminalforsorgen.v1.ReleaseService.PlanRelease",
                           std::move(request));
}

absl::StatusOr<cv1::Case> Actor::GetCase(const std::string& case_id) {
  cv1::GetCaseRequest request;
  request.set_case_id(case_id);
  return Ask<cv1::Case>(In(kCaseService, "GetCase"), request);
}

absl::StatusOr<cv1::Responsibility> Actor::GetResponsibility(const std::string& case_id,
                                                             absl::Time instant) {
  cv1::GetResponsibilityRequest request;
  request.set_case_id(case_id);
  *request.mutable_instant() = ToProto(instant);
  return Ask<cv1::Responsibility>(In(kCaseService, "GetResponsibility"), request);
}

absl::StatusOr<hv1::Handover> Actor::RequestHandover(const std::string& case_id,
                                                     const std::string& receiver,
                                                     hv1::HandoverReason reason) {
  hv1::RequestHandoverRequest request;
  request.set_case_id(case_id);
  request.set_receiver(receiver);
  request.set_reason(reason);
  *request.mutable_expected() = ToProto(absl::Now());
  return Change<hv1::Handover>(In(kHandoverService, "RequestHandover"), std::move(request));
}

absl::StatusOr<hv1::Handover> Actor::ProposeTerms(const std::string& handover_id) {
  return OnHandover("ProposeTerms", hv1::ProposeTermsRequest(), handover_id);
}

absl::StatusOr<hv1::Handover> Actor::ObjectToTerm(const std::string& handover_id,
                                                  const std::string& term_id,
                                                  hv1::ObjectionCode objection) {
  hv1::ObjectToTermRequest request;
  request.set_term_id(term_id);
  request.set_objection(objection);
  return OnHandover("ObjectToTerm", std::move(request), handover_id);
}

absl::StatusOr<hv1::Handover> Actor::AgreeTerms(const std::string& handover_id) {
  return OnHandover("AgreeTerms", hv1::AgreeTermsRequest(), handover_id);
}

absl::StatusOr<hv1::Handover> Actor::Accept(const std::string& handover_id) {
  return OnHandover("AcceptHandover", hv1::AcceptHandoverRequest(), handover_id);
}

absl::StatusOr<hv1::Handover> Actor::Reject(const std::string& handover_id,
                                            hv1::RejectionCode rejection) {
  hv1::RejectHandoverRequest request;
  request.set_rejection(rejection);
  return OnHandover("RejectHandover", std::move(request), handover_id);
}

absl::StatusOr<hv1::Handover> Actor::Recall(const std::string& handover_id) {
  return OnHandover("RecallHandover", hv1::RecallHandoverRequest(), handover_id);
}

absl::StatusOr<hv1::Handover> Actor::Offer(const std::string& handover_id, absl::Time earliest) {
  hv1::OfferHandoverRequest request;
  *request.mutable_earliest() = ToProto(earliest);
  return OnHandover("OfferHandover", std::move(request), handover_id);
}

absl::StatusOr<hv1::Handover> Actor::Depart(const std::string& handover_id, absl::Time expected) {
  hv1::RecordDepartureRequest request;
  *request.mutable_expected() = ToProto(expected);
  return OnHandover("RecordDeparture", std::move(request), handover_id);
}

absl::StatusOr<hv1::Handover> Actor::Arrive(const std::string& handover_id) {
  return OnHandover("RecordArrival", hv1::RecordArrivalRequest(), handover_id);
}

absl::StatusOr<hv1::Handover> Actor::TakeOver(const std::string& handover_id) {
  return OnHandover("TakeOverCase", hv1::TakeOverCaseRequest(), handover_id);
}

absl::StatusOr<hv1::Handover> Actor::Acknowledge(const std::string& handover_id) {
  return OnHandover("AcknowledgeHandover", hv1::AcknowledgeHandoverRequest(), handover_id);
}

absl::StatusOr<hv1::Handover> Actor::RecordLateFact(const std::string& handover_id,
                                                    hv1::LateFactKind kind,
                                                    const std::string& note) {
  hv1::RecordLateFactRequest request;
  request.set_kind(kind);
  request.set_note(note);
  return OnHandover("RecordLateFact", std::move(request), handover_id);
}

absl::StatusOr<hv1::Handover> Actor::Close(const std::string& handover_id) {
  return OnHandover("CloseHandover", hv1::CloseHandoverRequest(), handover_id);
}

absl::StatusOr<hv1::Handover> Actor::GetHandover(const std::string& handover_id) {
  hv1::GetHandoverRequest request;
  request.set_handover_id(handover_id);
  return Ask<hv1::Handover>(In(kHandoverService, "GetHandover"), request);
}

absl::StatusOr<nv1::OverviewEntry> Actor::FindEntry(const std::string& cpr_number) {
  ASSIGN_OR_RETURN(const auto entries, List<nv1::OverviewEntry>(In(kOverviewService, "ListEntries"),
                                                                nv1::ListEntriesRequest()));
  for (const nv1::OverviewEntry& entry : entries) {
    if (entry.person().cpr_number() == cpr_number) return entry;
  }
  return absl::NotFoundError("no such person at NEC");
}

absl::StatusOr<nv1::OverviewEntry> Actor::GetEntry(const std::string& overview_id) {
  nv1::GetEntryRequest request;
  request.set_overview_id(overview_id);
  return Ask<nv1::OverviewEntry>(In(kOverviewService, "GetEntry"), request);
}

absl::StatusOr<nv1::EntryCounts> Actor::CountEntries() {
  return Ask<nv1::EntryCounts>(In(kOverviewService, "CountEntries"), nv1::CountEntriesRequest());
}

absl::StatusOr<Arrival<hv1::Handover>> Actor::AwaitHandover(
    const std::string& handover_id, absl::Time since, const std::string& what,
    const std::function<bool(const hv1::Handover&)>& holds) {
  return Await<hv1::Handover>([&] { return GetHandover(handover_id); }, since, id() + ": " + what,
                              holds);
}

absl::StatusOr<Arrival<cv1::Case>> Actor::AwaitCase(
    const std::string& case_id, absl::Time since, const std::string& what,
    const std::function<bool(const cv1::Case&)>& holds) {
  return Await<cv1::Case>([&] { return GetCase(case_id); }, since, id() + ": " + what, holds);
}

absl::StatusOr<Arrival<nv1::OverviewEntry>> Actor::AwaitEntry(
    const std::string& cpr_number, absl::Time since, const std::string& what,
    const std::function<bool(const nv1::OverviewEntry&)>& holds) {
  std::string overview_id;
  const auto get = [&]() -> absl::StatusOr<nv1::OverviewEntry> {
    if (!overview_id.empty()) return GetEntry(overview_id);
    auto entry = FindEntry(cpr_number);
    if (entry.ok()) overview_id = entry->overview_id();
    return entry;
  };
  return Await<nv1::OverviewEntry>(get, since, id() + ": " + what, holds);
}

}  // namespace exitbus::story
