#include "tests/simulation/caseworker.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework/v1/intake_service.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/kriminalforsorgen/v1/release_service.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "tests/simulation/insist.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
namespace pv1 = policy::v1;

// For a test's own set-up: what fails here is not what the test is about.
template <class Response>
Response Must(absl::StatusOr<Response> answer) {
  if (!answer.ok()) {
    std::cerr << "set-up: " << answer.status() << std::endl;
    std::abort();
  }
  return *std::move(answer);
}

void Must(const absl::Status& status) {
  Must(status.ok() ? absl::StatusOr<bool>(true) : absl::StatusOr<bool>(status));
}

template <class Response, class Request>
Response Must(Node& node, const std::string& method, const Request& request) {
  return Must(Insist<Response>(node, method, request));
}

constexpr char kCases[] = "exitbus.casework.v1.CaseService.";
constexpr char kHandovers[] = "exitbus.handover.v1.HandoverService.";

}  // namespace

std::string EnrolledCase(World& world, Node& node, std::string_view cpr) {
  cv1::OpenCaseRequest open;
  open.set_request_id(world.RequestId());
  open.mutable_person()->set_cpr_number(std::string(cpr));
  open.mutable_person()->set_name("Canary Name");
  open.set_current_address("Canary Street 1");
  open.set_programme(cv1::PROGRAMME_MUNICIPAL_EXIT);
  const std::string case_id =
      Must<cv1::OpenCaseResponse>(node, absl::StrCat(kCases, "OpenCase"), open).case_().case_id();

  cv1::RecordConsentRequest consent;
  consent.set_request_id(world.RequestId());
  consent.set_case_id(case_id);
  consent.add_covers(pv1::AUTHORITY_KIND_MUNICIPALITY);
  consent.add_covers(pv1::AUTHORITY_KIND_POLICE);
  Must<cv1::RecordConsentResponse>(node, absl::StrCat(kCases, "RecordConsent"), consent);
  Must(RecordLaw(world, node, case_id));

  Must(StateNoRelocation(world, node, case_id));
  cv1::DecideVisitationRequest visitation;
  visitation.set_request_id(world.RequestId());
  visitation.set_case_id(case_id);
  visitation.mutable_visitation()->set_affiliation("loosely affiliated");
  visitation.mutable_visitation()->set_position("runner");
  visitation.mutable_visitation()->set_motivation("real");
  visitation.mutable_visitation()->set_risk_on_leaving("medium");
  visitation.mutable_visitation()->set_health_needs("canary-health");
  Must<cv1::DecideVisitationResponse>(node, absl::StrCat(kCases, "DecideVisitation"), visitation);

  const char canary[] = "canary-measure";
  Must(SignAgreement(
      world, node, case_id,
      {MeasureOf(cv1::MEASURE_TYPE_EMPLOYMENT, cv1::MODULE_EDUCATION_EMPLOYMENT, node, canary),
       MeasureOf(cv1::MEASURE_TYPE_HOUSING, cv1::MODULE_HOUSING, node, canary)}));

  if (node.caller().authority.starts_with("kriminalforsorgen")) {
    kriminalforsorgen::v1::PlanReleaseRequest plan;
    plan.set_request_id(world.RequestId());
    plan.set_case_id(case_id);
    *plan.mutable_planned_release() = exchange::ToProto(world.domain_clock.Now());
    Must<kriminalforsorgen::v1::PlanReleaseResponse>(
        node, "exitbus.kriminalforsorgen.v1.ReleaseService.PlanRelease", plan);
  }
  return case_id;
}

std::string CaseKnownToPolice(World& world, Node& node) {
  std::string case_id = EnrolledCase(world, node);
  Must(AskPolice(world, node, case_id));
  EXPECT_TRUE(world.Settle());
  return case_id;
}

absl::StatusOr<Case> GetCase(Node& node, const std::string& case_id) {
  cv1::GetCaseRequest request;
  request.set_case_id(case_id);
  auto answer = Insist<cv1::GetCaseResponse>(node, absl::StrCat(kCases, "GetCase"), request);
  if (!answer.ok()) return answer.status();
  return answer->case_();
}

absl::StatusOr<Handover> GetHandover(Node& node, const std::string& handover_id) {
  hv1::GetHandoverRequest request;
  request.set_handover_id(handover_id);
  auto answer =
      Insist<hv1::GetHandoverResponse>(node, absl::StrCat(kHandovers, "GetHandover"), request);
  if (!answer.ok()) return answer.status();
  return answer->handover();
}

absl::StatusOr<nec::v1::OverviewEntry> OnlyEntry(Node& nec) {
  auto answer = Insist<nec::v1::ListEntriesResponse>(
      nec, "exitbus.nec.v1.OverviewService.ListEntries", nec::v1::ListEntriesRequest());
  if (!answer.ok()) return answer.status();
  if (answer->entries_size() != 1) {
    return absl::NotFoundError(std::to_string(answer->entries_size()) + " entries");
  }
  return answer->entries(0);
}

absl::Status RecordLaw(World& world, Node& node, const std::string& case_id) {
  cv1::RecordLegalBasisRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id);
  request.set_legal_basis(pv1::LEGAL_BASIS_FVL28);
  request.add_covers(pv1::AUTHORITY_KIND_MUNICIPALITY);
  request.add_covers(pv1::AUTHORITY_KIND_KRIMINALFORSORGEN);
  return node.Call<cv1::RecordLegalBasisResponse>(absl::StrCat(kCases, "RecordLegalBasis"), request)
      .status();
}

absl::Status EndLaw(World& world, Node& node, const std::string& case_id) {
  cv1::EndLegalBasisRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id);
  request.set_legal_basis(pv1::LEGAL_BASIS_FVL28);
  return node.Call<cv1::EndLegalBasisResponse>(absl::StrCat(kCases, "EndLegalBasis"), request)
      .status();
}

absl::StatusOr<Case> RevokeConsent(World& world, Node& node, const std::string& case_id) {
  cv1::RevokeConsentRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id);
  auto answer =
      Insist<cv1::RevokeConsentResponse>(node, absl::StrCat(kCases, "RevokeConsent"), request);
  if (!answer.ok()) return answer.status();
  return answer->case_();
}

absl::Status Withdraw(World& world, Node& node, const std::string& case_id) {
  cv1::RecordWithdrawalRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id);
  return node.Call<cv1::RecordWithdrawalResponse>(absl::StrCat(kCases, "RecordWithdrawal"), request)
      .status();
}

absl::StatusOr<Case> Correct(World& world, Node& node, cv1::CorrectCaseRequest request) {
  request.set_request_id(world.RequestId());
  if (request.reason().empty()) request.set_reason("canary-reason");
  auto answer =
      Insist<cv1::CorrectCaseResponse>(node, absl::StrCat(kCases, "CorrectCase"), request);
  if (!answer.ok()) return answer.status();
  return answer->case_();
}

absl::Status StateNoRelocation(World& world, Node& node, const std::string& case_id) {
  cv1::StateRelocationNeedRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id);
  request.set_answer(cv1::RELOCATION_ANSWER_NOT_NEEDED);
  return Insist<cv1::StateRelocationNeedResponse>(
             node, "exitbus.casework.v1.IntakeService.StateRelocationNeed", request)
      .status();
}

absl::Status SignAgreement(World& world, Node& node, const std::string& case_id,
                           const std::vector<cv1::Measure>& measures) {
  cv1::SignAgreementRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id);
  cv1::Agreement& agreement = *request.mutable_agreement();
  agreement.set_template_("EVU-2018-1");
  agreement.set_consequences_of_relapse("the coordination may lapse");
  *agreement.mutable_citizen_signed() = exchange::ToProto(world.domain_clock.Now());
  *agreement.mutable_coordinator_signed() = exchange::ToProto(world.domain_clock.Now());
  *agreement.mutable_police_signed() = exchange::ToProto(world.domain_clock.Now());
  for (const cv1::Measure& measure : measures) *agreement.add_measures() = measure;
  return Insist<cv1::SignAgreementResponse>(node, absl::StrCat(kCases, "SignAgreement"), request)
      .status();
}

cv1::Measure MeasureOf(cv1::MeasureType type, cv1::Module module, const Node& owner,
                       const std::string& description) {
  cv1::Measure measure;
  measure.set_type(type);
  measure.set_module(module);
  measure.set_owner(owner.id());
  measure.set_months(6);
  measure.set_funding(cv1::FUNDING_CLASS_RESIDENCE_MUNICIPALITY);
  measure.set_legal_basis(pv1::LEGAL_BASIS_FVL28);
  measure.set_description(description);
  return measure;
}

bool IsCaseFile(std::string_view name) {
  const auto key = exchange::StateKey::Decode(name);
  return key && key->aggregate == "file";
}

absl::StatusOr<Handover> Request(World& world, Node& holder, const std::string& case_id,
                                 Node& receiver) {
  hv1::RequestHandoverRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id);
  request.set_receiver(receiver.id());
  request.set_reason(receiver.id().starts_with("kriminalforsorgen") ? hv1::HANDOVER_REASON_CUSTODY
                     : holder.id().starts_with("kriminalforsorgen")
                         ? hv1::HANDOVER_REASON_RELEASE
                         : hv1::HANDOVER_REASON_RELOCATION);
  *request.mutable_expected() = exchange::ToProto(world.domain_clock.Now());
  auto answer = Insist<hv1::RequestHandoverResponse>(
      holder, absl::StrCat(kHandovers, "RequestHandover"), request);
  if (!answer.ok()) return answer.status();
  return answer->handover();
}

absl::StatusOr<Handover> Do(World& world, Node& node, std::string_view rpc,
                            const std::string& handover_id) {
  // Every one of these has request_id, handover_id, and at most codes that 1 is a value of.
  const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrCat(kHandovers, std::string(rpc)));
  std::unique_ptr<google::protobuf::Message> request(
      google::protobuf::MessageFactory::generated_factory()
          ->GetPrototype(method->input_type())
          ->New());
  const auto* reflection = request->GetReflection();
  for (int i = 0; i < method->input_type()->field_count(); ++i) {
    const auto* field = method->input_type()->field(i);
    if (field->name() == "request_id") {
      reflection->SetString(request.get(), field, world.RequestId());
    } else if (field->name() == "handover_id") {
      reflection->SetString(request.get(), field, handover_id);
    } else if (field->name() == "term_id") {
      const auto known = GetHandover(node, handover_id);
      if (known.ok() && known->terms_size() > 0) {
        reflection->SetString(request.get(), field, known->terms(0).term_id());
      }
    } else if (field->name() == "expected") {
      const auto expected = exchange::ToProto(world.domain_clock.Now() + absl::Hours(2));
      reflection->MutableMessage(request.get(), field)->CopyFrom(expected);
    } else if (field->name() == "note") {
      reflection->SetString(request.get(), field, "canary-precaution");
    } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_ENUM) {
      reflection->SetEnumValue(request.get(), field, 1);
    } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_BOOL) {
      reflection->SetBool(request.get(), field, true);
    }
  }
  absl::StatusOr<Handover> handover = absl::UnavailableError("");
  for (int i = 0; i < kAttempts && absl::IsUnavailable(handover.status()); ++i) {
    if (!node.running()) node.Start();
    handover = node.CallHandover(absl::StrCat(kHandovers, std::string(rpc)), *request);
  }
  return handover;
}

std::string Agreed(World& world, Node& holder, const std::string& case_id, Node& receiver) {
  const std::string id = Must(Request(world, holder, case_id, receiver)).handover_id();
  EXPECT_TRUE(world.Settle());
  Must(Do(world, receiver, "AgreeTerms", id));
  EXPECT_TRUE(world.Settle());
  return id;
}

std::string Accepted(World& world, Node& holder, const std::string& case_id, Node& receiver) {
  const std::string id = Agreed(world, holder, case_id, receiver);
  Must(Do(world, receiver, "AcceptHandover", id));
  EXPECT_TRUE(world.Settle());
  return id;
}

std::string Offered(World& world, Node& holder, const std::string& case_id, Node& receiver) {
  const std::string id = Accepted(world, holder, case_id, receiver);
  Must(Do(world, holder, "OfferHandover", id));
  EXPECT_TRUE(world.Settle());
  return id;
}

}  // namespace exitbus::simulation
