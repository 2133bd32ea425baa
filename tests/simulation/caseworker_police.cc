// The caseworker's steps with the police, and theirs.
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/insist.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;

}  // namespace

absl::Status AskPolice(World& world, Node& node, const std::string& case_id) {
  cv1::RequestPoliceClarificationRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id);
  return Insist<cv1::RequestPoliceClarificationResponse>(
             node, "exitbus.casework.v1.CaseService.RequestPoliceClarification", request)
      .status();
}

absl::StatusOr<police::v1::SecurityFile> OnlyFile(Node& police) {
  auto answer = Insist<police::v1::ListSecurityFilesResponse>(
      police, "exitbus.police.v1.SecurityService.ListSecurityFiles",
      police::v1::ListSecurityFilesRequest());
  if (!answer.ok()) return answer.status();
  if (answer->files_size() != 1) {
    return absl::NotFoundError(std::to_string(answer->files_size()) + " files");
  }
  return answer->files(0);
}

police::v1::DeliverAssessmentRequest AssessmentOf(World& world, const std::string& security_id,
                                                  const std::vector<std::string>& precautions) {
  police::v1::DeliverAssessmentRequest request;
  request.set_request_id(world.RequestId());
  request.set_security_id(security_id);
  police::v1::SecurityAssessment& assessment = *request.mutable_assessment();
  assessment.set_threat_level(cv1::THREAT_LEVEL_HIGH);
  assessment.set_conclusions("conclusions");
  for (const std::string& precaution : precautions) assessment.add_precautions(precaution);
  return request;
}

absl::Status Assess(World& world, Node& police, const std::vector<std::string>& precautions) {
  const auto file = OnlyFile(police);
  if (!file.ok()) return file.status();
  return Insist<police::v1::DeliverAssessmentResponse>(
             police, kDeliverAssessment, AssessmentOf(world, file->security_id(), precautions))
      .status();
}

}  // namespace exitbus::simulation
