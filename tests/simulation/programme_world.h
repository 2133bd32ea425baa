// Steps of a programme's course, and what the overview shows of it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework/v1/programme_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "tests/simulation/colleagues.h"
#include "tests/simulation/overview_world.h"

namespace exitbus::simulation {

inline const std::string kCaseMethods = "exitbus.casework.v1.CaseService.";
inline const std::string kCourseMethods = "exitbus.casework.v1.ProgrammeService.";

class ProgrammeWorld : public OverviewWorld {
 public:
  // What is done to the case; the rule that refuses it, or "".
  template <class Request, class Response>
  std::string Do(Node& node, const std::string& case_id, const std::string& method,
                 Request request) {
    request.set_request_id(world.RequestId());
    request.set_case_id(case_id);
    const auto answer = node.Call<Response>(method, request);
    EXPECT_TRUE(world.Settle());
    return answer.ok() ? "" : RuleOf(answer.status());
  }

  std::string Opened(Node& node, casework::v1::Programme programme,
                     const std::string& cpr = kPerson) {
    casework::v1::OpenCaseRequest request;
    request.set_request_id(world.RequestId());
    request.mutable_person()->set_cpr_number(cpr);
    request.mutable_person()->set_name("Canary Name");
    request.set_programme(programme);
    const auto opened =
        node.Call<casework::v1::OpenCaseResponse>(kCaseMethods + "OpenCase", request);
    EXPECT_TRUE(opened.ok()) << opened.status();
    const std::string id = opened.ok() ? opened->case_().case_id() : "";
    EXPECT_TRUE(RecordLaw(world, node, id).ok());
    EXPECT_TRUE(
        Cover(world, node, id,
              {policy::v1::AUTHORITY_KIND_MUNICIPALITY,
               policy::v1::AUTHORITY_KIND_KRIMINALFORSORGEN, policy::v1::AUTHORITY_KIND_POLICE})
            .ok());
    return id;
  }
  std::string Visit(Node& node, const std::string& id) {
    casework::v1::DecideVisitationRequest request;
    casework::v1::Visitation& visitation = *request.mutable_visitation();
    visitation.set_affiliation("loosely affiliated");
    visitation.set_position("runner");
    visitation.set_motivation("real");
    visitation.set_risk_on_leaving("medium");
    EXPECT_TRUE(StateNoRelocation(world, node, id).ok());
    return Do<casework::v1::DecideVisitationRequest, casework::v1::DecideVisitationResponse>(
        node, id, kCaseMethods + "DecideVisitation", request);
  }
  std::string Sign(Node& node, const std::string& id) {
    const absl::Status signed_ =
        SignAgreement(world, node, id,
                      {MeasureOf(casework::v1::MEASURE_TYPE_HOUSING, casework::v1::MODULE_HOUSING,
                                 node, "a flat")});
    EXPECT_TRUE(world.Settle());
    return signed_.ok() ? "" : RuleOf(signed_);
  }
  std::string Enrolled(Node& node, casework::v1::Programme programme) {
    std::string id = Opened(node, programme);
    EXPECT_EQ(Visit(node, id), "");
    EXPECT_EQ(Sign(node, id), "");
    return id;
  }
  std::string Start(Node& node, const std::string& id) {
    return Do<casework::v1::StartProgrammeRequest, casework::v1::StartProgrammeResponse>(
        node, id, kCourseMethods + "StartProgramme", {});
  }
  std::string Pause(Node& node, const std::string& id) {
    casework::v1::PauseProgrammeRequest request;
    request.set_reason(casework::v1::PAUSE_REASON_SECURITY);
    return Do<casework::v1::PauseProgrammeRequest, casework::v1::PauseProgrammeResponse>(
        node, id, kCourseMethods + "PauseProgramme", request);
  }
  std::string Resume(Node& node, const std::string& id) {
    return Do<casework::v1::ResumeProgrammeRequest, casework::v1::ResumeProgrammeResponse>(
        node, id, kCourseMethods + "ResumeProgramme", {});
  }
  std::string End(Node& node, const std::string& id, casework::v1::EndCode code) {
    casework::v1::EndProgrammeRequest request;
    request.set_code(code);
    request.set_reasons("did not come");
    *request.mutable_citizen_heard() = exchange::ToProto(Now());
    *request.mutable_evaluated() = exchange::ToProto(Now());
    return Do<casework::v1::EndProgrammeRequest, casework::v1::EndProgrammeResponse>(
        node, id, kCourseMethods + "EndProgramme", request);
  }
  std::string Change(Node& node, const std::string& id, casework::v1::Programme programme) {
    casework::v1::ChangeProgrammeRequest request;
    request.set_programme(programme);
    return Do<casework::v1::ChangeProgrammeRequest, casework::v1::ChangeProgrammeResponse>(
        node, id, kCourseMethods + "ChangeProgramme", request);
  }
  std::string FollowUp(Node& node, const std::string& id, casework::v1::FollowUpWindow window) {
    casework::v1::RecordFollowUpRequest request;
    request.set_window(window);
    request.set_answer(casework::v1::FOLLOW_UP_ANSWER_NO);
    return Do<casework::v1::RecordFollowUpRequest, casework::v1::RecordFollowUpResponse>(
        node, id, kCourseMethods + "RecordFollowUp", request);
  }
  void Days(int days) {
    world.Skip(days * absl::Hours(24));
    EXPECT_TRUE(world.Settle());
  }
  std::string TakenOver(Node& holder, const std::string& id, Node& receiver) {
    const std::string handover = Offered(world, holder, id, receiver);
    EXPECT_TRUE(simulation::Do(world, receiver, "TakeOverCase", handover).ok());
    EXPECT_TRUE(world.Settle());
    return handover;
  }
  // Each entry's authority and stage.
  std::vector<std::string> InOverview() {
    std::vector<std::string> all;
    for (const exitbus::nec::v1::OverviewEntry& entry : Entries()) {
      all.push_back(absl::StrCat(
          entry.authority(), " ",
          exitbus::nec::v1::EntryStage_Name(entry.stage()).substr(sizeof("ENTRY_STAGE_") - 1),
          entry.paused() ? " paused" : ""));
    }
    return all;
  }
  void ExpectNothingRefused() {
    for (Node* node : All()) {
      EXPECT_THAT(node->telemetry().LinesOf("letter.refused"), testing::IsEmpty()) << node->id();
      EXPECT_EQ(node->store().rows(exchange::Table::kParked).size(), 0U) << node->id();
    }
  }
};

}  // namespace exitbus::simulation
