// What actors do about a relocation.
#include "tests/story/actors.h"
#include "tests/story/calls.h"

namespace exitbus::story {
namespace {

constexpr std::string_view kServices = "exitbus.relocation.v1.Relocation";

}  // namespace

absl::StatusOr<rlv1::Relocation> Actor::ProposeMove(const std::string& case_id,
                                                    rlv1::Nomination why) {
  rlv1::ProposeRelocationRequest request;
  request.set_case_id(case_id);
  *request.mutable_nomination() = std::move(why);
  return Change<rlv1::Relocation>(In(kServices, "ProposalService.ProposeRelocation"),
                                  std::move(request));
}

absl::StatusOr<rlv1::Relocation> Actor::Nominate(const std::string& security_id,
                                                 rlv1::Nomination why) {
  rlv1::NominateRelocationRequest request;
  request.set_security_id(security_id);
  *request.mutable_nomination() = std::move(why);
  return Change<rlv1::Relocation>(In(kServices, "NominationService.NominateRelocation"),
                                  std::move(request));
}

absl::StatusOr<rlv1::Relocation> Actor::AssessRelocation(rlv1::AssessRelocationRequest assessment) {
  return Change<rlv1::Relocation>(In(kServices, "AssessmentService.AssessRelocation"),
                                  std::move(assessment));
}

absl::StatusOr<rlv1::Relocation> Actor::GetRelocation(const std::string& relocation_id) {
  rlv1::GetRelocationRequest request;
  request.set_relocation_id(relocation_id);
  return Ask<rlv1::Relocation>(In(kServices, "Service.GetRelocation"), request);
}

absl::StatusOr<Arrival<rlv1::Relocation>> Actor::AwaitRelocation(const std::string& relocation_id,
                                                                 absl::Time since,
                                                                 rlv1::RelocationStage stage) {
  return Await<rlv1::Relocation>(
      [&] { return GetRelocation(relocation_id); }, since,
      absl::StrCat(id(), ": a relocation at ", rlv1::RelocationStage_Name(stage)),
      [stage](const rlv1::Relocation& seen) { return seen.stage() == stage; });
}

}  // namespace exitbus::story
