// A person whom a unit of Kriminalforsorgen releases to Ishøj, and supervises from then on.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/supervision_service.pb.h"
#include "exitbus/kriminalforsorgen/v1/release_service.pb.h"
#include "exitbus/kriminalforsorgen/v1/supervision_service.pb.h"
#include "services/exchange/proto_time.h"
#include "tests/simulation/programme_world.h"

namespace exitbus::simulation {

inline const std::string kSupervision = "exitbus.casework.v1.SupervisionService.";
inline const std::string kSupervised = "exitbus.kriminalforsorgen.v1.SupervisionService.";
inline const std::string kRelease = "exitbus.kriminalforsorgen.v1.ReleaseService.";

class SupervisionWorld : public ProgrammeWorld {
 public:
  using SupervisedCase = kriminalforsorgen::v1::SupervisedCase;

  Node& kif = prison;

  // Released to Ishøj, whose case it is then.
  std::string Released(bool is_condition = false) {
    const std::string id = EnrolledCase(world, kif);
    if (is_condition) {
      EXPECT_EQ(StateCondition(id, true), "");
    }
    TakenOver(kif, id, ishoej);
    return id;
  }

  std::string StateCondition(const std::string& id, bool is_condition) {
    namespace kv1 = kriminalforsorgen::v1;
    kv1::StateParoleConditionRequest request;
    request.set_is_condition(is_condition);
    request.set_paragraph("straffeloven § 38, stk. 6");
    return Do<kv1::StateParoleConditionRequest, kv1::StateParoleConditionResponse>(
        kif, id, kRelease + "StateParoleCondition", request);
  }
  std::string Plan(const std::string& id, absl::Time day,
                   casework::v1::ReleaseChange change = casework::v1::RELEASE_CHANGE_PLAN) {
    namespace kv1 = kriminalforsorgen::v1;
    kv1::PlanReleaseRequest request;
    *request.mutable_planned_release() = exchange::ToProto(day);
    request.set_change(change);
    return Do<kv1::PlanReleaseRequest, kv1::PlanReleaseResponse>(kif, id, kRelease + "PlanRelease",
                                                                 request);
  }
  // Without letting anything settle.
  absl::Status CancelAtOnce(const std::string& id) {
    namespace kv1 = kriminalforsorgen::v1;
    kv1::CancelReleaseRequest request;
    request.set_request_id(world.RequestId());
    request.set_case_id(id);
    request.set_change(casework::v1::RELEASE_CHANGE_CONFLICT);
    return kif.Call<kv1::CancelReleaseResponse>(kRelease + "CancelRelease", request).status();
  }
  std::string Cancel(const std::string& id) {
    const absl::Status cancelled = CancelAtOnce(id);
    EXPECT_TRUE(world.Settle());
    return cancelled.ok() ? "" : RuleOf(cancelled);
  }
  std::string Supervise(Node& node, const std::string& id, const Node& unit) {
    casework::v1::StateSupervisionRequest request;
    request.set_unit(unit.id());
    return Do<casework::v1::StateSupervisionRequest, casework::v1::StateSupervisionResponse>(
        node, id, kSupervision + "StateSupervision", request);
  }
  std::string EndSupervision(Node& node, const std::string& id) {
    return Do<casework::v1::EndSupervisionRequest, casework::v1::EndSupervisionResponse>(
        node, id, kSupervision + "EndSupervision", {});
  }
  std::string Attest(Node& node, const std::string& id) {
    casework::v1::AttestParticipationRequest request;
    request.set_text("canary-attestation");
    return Do<casework::v1::AttestParticipationRequest, casework::v1::AttestParticipationResponse>(
        node, id, kSupervision + "AttestParticipation", request);
  }
  // By the unit that supervises; the rule that refuses it, or "".
  absl::Status StateParole(bool is_condition, absl::Time release) {
    namespace kv1 = kriminalforsorgen::v1;
    kv1::StateSupervisedParoleRequest request;
    request.set_request_id(world.RequestId());
    request.set_supervision_id(Supervised().supervision_id());
    request.set_is_condition(is_condition);
    request.set_paragraph("straffeloven § 38, stk. 6");
    *request.mutable_planned_release() = exchange::ToProto(release);
    return kif
        .Call<kv1::StateSupervisedParoleResponse>(kSupervised + "StateSupervisedParole", request)
        .status();
  }

  std::vector<SupervisedCase> AllSupervised(bool open_only = true) {
    kriminalforsorgen::v1::ListSupervisedCasesRequest request;
    request.set_open_only(open_only);
    const auto answer = kif.Call<kriminalforsorgen::v1::ListSupervisedCasesResponse>(
        kSupervised + "ListSupervisedCases", request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    if (!answer.ok()) return {};
    return {answer->supervised().begin(), answer->supervised().end()};
  }
  // The only one there is.
  SupervisedCase Supervised() {
    const auto all = AllSupervised();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? SupervisedCase() : all[0];
  }
  // "PAUSED SAFETY", in the order they were told.
  std::vector<std::string> Steps() {
    namespace kv1 = kriminalforsorgen::v1;
    std::vector<std::string> steps;
    const SupervisedCase seen = Supervised();
    for (const kv1::SupervisedStep& step : seen.steps()) {
      const std::string cause = kv1::CourseCause_Name(step.cause());
      steps.push_back(
          absl::StrCat(kv1::CourseStep_Name(step.step()).substr(sizeof("COURSE_STEP_") - 1),
                       step.cause() == kv1::COURSE_CAUSE_UNSPECIFIED ? "" : " ",
                       step.cause() == kv1::COURSE_CAUSE_UNSPECIFIED
                           ? ""
                           : cause.substr(sizeof("COURSE_CAUSE_") - 1)));
    }
    return steps;
  }
};

}  // namespace exitbus::simulation
