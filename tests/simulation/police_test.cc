// Security: who is told of what a police unit assesses, and how the assessment goes with a case
// from one district to another, police to police.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/directory/v1/directory.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/sealing.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/follower.h"
#include "tests/tables/policy_page.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
namespace plv1 = police::v1;

constexpr char kCases[] = "exitbus.casework.v1.CaseService.";
constexpr char kSecurity[] = "exitbus.police.v1.SecurityService.";

class PoliceTest : public testing::Test {
 protected:
  PoliceTest()
      : ishoej(world.Municipality("0183")),
        albertslund(world.Municipality("0165")),
        odense(world.Municipality("0461")),
        vestegnen(world.Police("1469")),
        fyn(world.Police("1465")),
        nec(world.Nec()),
        case_id(EnrolledCase(world, ishoej)) {
    EXPECT_TRUE(world.Settle());
  }

  absl::Status AskPolice(Node& node) { return simulation::AskPolice(world, node, case_id); }

  std::vector<plv1::SecurityFile> FilesAt(Node& police) {
    const auto answer = police.Call<plv1::ListSecurityFilesResponse>(
        absl::StrCat(kSecurity, "ListSecurityFiles"), plv1::ListSecurityFilesRequest());
    if (!answer.ok()) return {};
    return {answer->files().begin(), answer->files().end()};
  }

  plv1::SecurityFile FileAt(Node& police) {
    const auto files = FilesAt(police);
    EXPECT_EQ(files.size(), 1U) << police.id();
    return files.empty() ? plv1::SecurityFile() : files.front();
  }

  absl::StatusOr<plv1::SecurityFile> Assess(Node& police, const std::string& what) {
    return Assess(police, FileAt(police).security_id(), what);
  }

  absl::StatusOr<plv1::SecurityFile> Assess(Node& police, const std::string& security_id,
                                            const std::string& what) {
    auto request = AssessmentOf(world, security_id, {"precautions " + what});
    request.mutable_assessment()->set_conclusions("conclusions " + what);
    request.mutable_assessment()->set_environment("canary-environment");
    request.mutable_assessment()->set_risk_of_leaving("canary-risk");
    const auto answer = police.Call<plv1::DeliverAssessmentResponse>(kDeliverAssessment, request);
    if (!answer.ok()) return answer.status();
    return answer->file();
  }

  absl::Status Transfer(Node& police) {
    plv1::TransferAssessmentRequest request;
    request.set_request_id(world.RequestId());
    request.set_security_id(FileAt(police).security_id());
    return police
        .Call<plv1::TransferAssessmentResponse>(absl::StrCat(kSecurity, "TransferAssessment"),
                                                request)
        .status();
  }

  absl::Status Acknowledge(Node& node, std::uint32_t version) {
    cv1::AcknowledgePrecautionsRequest request;
    request.set_request_id(world.RequestId());
    request.set_case_id(case_id);
    request.set_version(version);
    return node
        .Call<cv1::AcknowledgePrecautionsResponse>(absl::StrCat(kCases, "AcknowledgePrecautions"),
                                                   request)
        .status();
  }

  // The police of Ishøj's district have assessed the case.
  void Assessed() {
    ASSERT_TRUE(AskPolice(ishoej).ok());
    ASSERT_TRUE(world.Settle());
    ASSERT_TRUE(Assess(vestegnen, "one").ok());
    ASSERT_TRUE(world.Settle());
  }

  // Erasure units that can still be read.
  static long KeysOfPersons(Node& police) {
    const auto& rows = police.keys().rows(exchange::Table::kKeys);
    return std::count_if(rows.begin(), rows.end(), [](const auto& row) {
      const auto key = exchange::StateKey::Decode(row.first);
      return key && key->aggregate == "security";  // no other scope is a state
    });
  }

  void ExpectInCharge(Node& police, Node& other) {
    EXPECT_EQ(FileAt(police).standing(), plv1::POLICE_STANDING_IN_CHARGE) << police.id();
    for (const auto& file : FilesAt(other)) {
      EXPECT_NE(file.standing(), plv1::POLICE_STANDING_IN_CHARGE) << other.id();
    }
  }

  // What a receiver that is gone told the units before is dropped unread.
  void ExpectTheEndIsHeardWithoutTheReceiver(const char* end, const std::string& id) {
    ASSERT_TRUE(world.Settle());
    ASSERT_EQ(KeysOfPersons(fyn), 1);
    world.broker.SetPublishFault([&](const exchange::BusRecord& record) {
      const bool held = exchange::RecordSource(record) == odense.id() &&
                        record.topic.starts_with("exitbus.v1.handover.police.");
      return held ? adapters::PublishFault::kLost : adapters::PublishFault::kNone;
    });
    ASSERT_TRUE(Do(world, odense, end, id).ok());
    world.Pass(absl::Seconds(2));
    odense.SetStatus(directory::v1::AUTHORITY_STATUS_REMOVED);
    const auto next = Request(world, ishoej, case_id, albertslund);
    ASSERT_TRUE(next.ok()) << next.status();
    world.Pass(absl::Minutes(10));
    EXPECT_EQ(FileAt(vestegnen).transfer().handover_id(), next->handover_id());
    EXPECT_EQ(KeysOfPersons(fyn), 0);
    for (Node* unit : {&vestegnen, &fyn}) {
      EXPECT_TRUE(unit->store().rows(exchange::Table::kParked).empty()) << unit->id();
    }
  }

  static double AlarmsAt(Node& node) {
    return node.telemetry().Total("reports", {{"event", "precautions.overdue"}});
  }

  // At both, by name, and how many alarms so far.
  void ExpectOverdue(bool overdue, int alarms) {
    EXPECT_EQ(FileAt(vestegnen).precautions_recipients(0).overdue(), overdue);
    EXPECT_EQ(GetCase(ishoej, case_id)->security().overdue(), overdue);
    EXPECT_EQ(AlarmsAt(vestegnen), alarms);
    EXPECT_EQ(AlarmsAt(ishoej), alarms);
  }

  World world;
  Node& ishoej;
  Node& albertslund;
  Node& odense;
  Node& vestegnen;
  Node& fyn;
  Node& nec;
  std::string case_id;
};

TEST_F(PoliceTest, TellsTheHolderConclusionsAndPrecautionsAndNothingMore) {
  Assessed();
  const auto seen = GetCase(ishoej, case_id);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->police(), vestegnen.id());
  EXPECT_EQ(seen->clarification().conclusions(), "conclusions one");
  EXPECT_EQ(seen->security().threat_level(), cv1::THREAT_LEVEL_HIGH);
  ASSERT_EQ(seen->security().precautions_size(), 1);
  EXPECT_EQ(seen->security().precautions(0), "precautions one");
  EXPECT_THAT(seen->DebugString(), testing::Not(testing::HasSubstr("canary-environment")));
  EXPECT_THAT(seen->DebugString(), testing::Not(testing::HasSubstr("canary-risk")));
  EXPECT_EQ(FileAt(vestegnen).person().cpr_number(), "6101900001");
}

// VIS-05, VIS-11.
TEST_F(PoliceTest, TellsWhatThePersonWantsAndWhetherHeMayReadIt) {
  ASSERT_NO_FATAL_FAILURE(Assessed());
  const auto told = [&] { return GetCase(ishoej, case_id)->clarification(); };
  EXPECT_FALSE(told().may_be_shown()) << "by default not";
  auto request = AssessmentOf(world, FileAt(vestegnen).security_id(), {"precautions"});
  request.mutable_assessment()->add_intentions(cv1::ENROLMENT_INTENTION_PROTECTION);
  request.mutable_assessment()->set_intentions_in_words("to be safe from a debt");
  request.mutable_assessment()->set_may_be_shown(true);
  ASSERT_TRUE(vestegnen.Call<plv1::DeliverAssessmentResponse>(kDeliverAssessment, request).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(told().intentions(), testing::ElementsAre(cv1::ENROLMENT_INTENTION_PROTECTION));
  EXPECT_EQ(told().intentions_in_words(), "to be safe from a debt");
  EXPECT_TRUE(told().may_be_shown());
}

TEST_F(PoliceTest, APrecautionIsAcknowledgedByNameOrTheOperatorsHearOfIt) {
  Assessed();
  EXPECT_EQ(RuleOf(Acknowledge(ishoej, 2)), "security.other_version");
  ASSERT_TRUE(Acknowledge(ishoej, 1).ok());
  EXPECT_EQ(RuleOf(Acknowledge(ishoej, 1)), "security.already_acknowledged");
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(FileAt(vestegnen).precautions_recipients_size(), 1);
  EXPECT_EQ(FileAt(vestegnen).precautions_recipients(0).acknowledged_by(), "employee-1");

  ASSERT_TRUE(Assess(vestegnen, "two").ok());
  ASSERT_TRUE(world.Settle());
  world.Skip(absl::Minutes(50));
  ExpectOverdue(false, 0);
  world.Skip(absl::Minutes(11));
  ExpectOverdue(true, 1);
  ASSERT_TRUE(Acknowledge(ishoej, 2).ok());
  ASSERT_TRUE(world.Settle());
  ExpectOverdue(false, 1);
}

TEST_F(PoliceTest, ANewerVersionHasAnHourOfItsOwn) {
  Assessed();
  Follower follower(ishoej, kWatchCases);
  follower.Begin();
  follower.CatchUp();
  const std::size_t heard = follower.heard();
  world.Skip(absl::Minutes(61));
  ExpectOverdue(true, 1);
  follower.CatchUp();
  EXPECT_GT(follower.heard(), heard) << "who watches the case is told";
  ASSERT_TRUE(Assess(vestegnen, "two").ok());
  ASSERT_TRUE(world.Settle());
  ExpectOverdue(false, 1);
  world.Skip(absl::Minutes(61));
  ExpectOverdue(true, 2);
}

// Whoever takes the case over reads what its own unit tells, and owes that on the same terms; and
// who has let it go owes nothing any more.
TEST_F(PoliceTest, AReceiverOwesTheReadingUntilTheCaseIsItsOwnAndThenAsTheHolder) {
  Assessed();
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  EXPECT_FALSE(GetHandover(odense, id)->security().overdue());
  world.Skip(absl::Minutes(61));
  EXPECT_TRUE(GetHandover(odense, id)->security().overdue());
  EXPECT_EQ(AlarmsAt(odense), 1);
  EXPECT_TRUE(GetCase(ishoej, case_id)->security().overdue());
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_FALSE(GetCase(ishoej, case_id)->security().overdue());
  const auto taken_over = GetCase(odense, case_id);
  ASSERT_TRUE(taken_over.ok()) << taken_over.status();
  EXPECT_EQ(taken_over->security().version(), 1U);
  ASSERT_TRUE(Acknowledge(odense, 1).ok());
  EXPECT_FALSE(GetCase(odense, case_id)->security().overdue());
  world.Skip(absl::Hours(3));
  EXPECT_EQ(AlarmsAt(ishoej), 1);
  EXPECT_EQ(AlarmsAt(odense), 1);
}

TEST_F(PoliceTest, TheAssessmentGoesToTheOtherDistrictAfterAcceptanceOnly) {
  Assessed();
  const auto requested = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(requested.ok()) << requested.status();
  ASSERT_TRUE(world.Settle());
  const plv1::SecurityFile met = FileAt(fyn);
  EXPECT_EQ(met.standing(), plv1::POLICE_STANDING_RECEIVING);
  EXPECT_FALSE(met.has_person());
  EXPECT_EQ(met.current_address(), "");
  EXPECT_EQ(RuleOf(Transfer(vestegnen)), "security.not_accepted");
  EXPECT_EQ(RuleOf(Assess(fyn, "x").status()), "security.not_in_charge");

  const std::string& id = requested->handover_id();
  ASSERT_TRUE(Do(world, odense, "AgreeTerms", id).ok());
  ASSERT_TRUE(Do(world, odense, "AcceptHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Transfer(vestegnen).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(FileAt(fyn).assessment().environment(), "canary-environment");
  EXPECT_EQ(FileAt(fyn).person().cpr_number(), "6101900001");
  EXPECT_EQ(FileAt(fyn).current_address(), "Canary Street 1");
  ExpectInCharge(vestegnen, fyn);
  // The receiver hears of the precautions from its own unit, and acknowledges there.
  EXPECT_EQ(GetHandover(odense, id)->security().precautions(0), "precautions one");
  hv1::AcknowledgePrecautionsRequest read;
  read.set_request_id(world.RequestId());
  read.set_handover_id(id);
  read.set_version(1);
  ASSERT_TRUE(
      odense.CallHandover("exitbus.handover.v1.HandoverService.AcknowledgePrecautions", read).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(FileAt(fyn).precautions_recipients_size(), 1);
  EXPECT_EQ(FileAt(fyn).precautions_recipients(0).acknowledged_by(), "employee-1");

  // A newer version follows by itself.
  ASSERT_TRUE(Assess(vestegnen, "two").ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(FileAt(fyn).assessment().version(), 2);
  EXPECT_EQ(GetHandover(odense, id)->security().version(), 2);
  EXPECT_TRUE(GetHandover(odense, id)->security().acknowledged_by().empty());
}

TEST_F(PoliceTest, AFileIsFoundByItsPersonOnceTheUnitIsNamedHim) {
  const auto found = [&](Node& police, const char* cpr_number, const char* name) {
    plv1::FindSecurityFilesRequest request;
    request.set_cpr_number(cpr_number);
    request.set_name(name);
    const auto answer = police.Call<plv1::FindSecurityFilesResponse>(
        absl::StrCat(kSecurity, "FindSecurityFiles"), request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? answer->files_size() : -1;
  };
  Assessed();
  EXPECT_EQ(found(vestegnen, "6101900001", ""), 1);
  EXPECT_EQ(found(vestegnen, "", "name CANARY"), 1);
  EXPECT_EQ(found(vestegnen, "", "Canary Nobody"), 0);
  const std::string id = Accepted(world, ishoej, case_id, odense);
  EXPECT_EQ(found(fyn, "6101900001", ""), 0);
  ASSERT_TRUE(Transfer(vestegnen).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(found(fyn, "6101900001", ""), 1);
  ASSERT_TRUE(Do(world, odense, "RejectHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(found(fyn, "6101900001", ""), 0) << "it has erased";
}

// docs/policy.md is right about what was really sent.
TEST_F(PoliceTest, WhatIsSentGoesToSomebodyByThePolicyPage) {
  Assessed();
  const std::string id = Offered(world, ishoej, case_id, odense);
  hv1::AcknowledgePrecautionsRequest read;
  read.set_request_id(world.RequestId());
  read.set_handover_id(id);
  read.set_version(1);
  ASSERT_TRUE(
      odense.CallHandover("exitbus.handover.v1.HandoverService.AcknowledgePrecautions", read).ok());
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  std::set<std::string> sent;
  for (Node* node : {&ishoej, &odense, &vestegnen, &fyn}) {
    for (const auto& [key, value] : node->store().rows(exchange::Table::kDisclosures)) {
      store::v1::DisclosureRow row;
      ASSERT_TRUE(row.ParseFromString(value));
      const std::string kind = row.kind().substr(row.kind().rfind('.') + 1);
      const auto page = tables::PolicyPage().find(kind);
      if (row.number() == 0 || page == tables::PolicyPage().end()) continue;  // a read
      sent.insert(kind);
      for (const std::string& field : row.fields()) {
        EXPECT_FALSE(page->second.at(field).empty()) << kind << "." << field << " goes to nobody";
      }
    }
  }
  EXPECT_TRUE(sent.contains("SecurityAssessmentTransferred"));
  EXPECT_GT(sent.size(), 10U);
}

TEST_F(PoliceTest, TheUnitInChargeChangesWithTheTakeOverAndNowhereElse) {
  Assessed();
  const std::string id = Offered(world, ishoej, case_id, odense);
  ExpectInCharge(vestegnen, fyn);
  EXPECT_EQ(FileAt(fyn).assessment().version(), 1) << "it goes with the offer at the latest";
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  ExpectInCharge(fyn, vestegnen);
  EXPECT_EQ(FileAt(vestegnen).standing(), plv1::POLICE_STANDING_FORMER);
  EXPECT_EQ(RuleOf(Assess(vestegnen, "late").status()), "security.not_in_charge");

  ASSERT_TRUE(Assess(fyn, "two").ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(odense, case_id)->security().version(), 2);
  EXPECT_EQ(GetCase(odense, case_id)->clarification().conclusions(), "conclusions two");
  EXPECT_EQ(GetCase(ishoej, case_id)->security().version(), 1) << "nothing newer to the former";
}

TEST_F(PoliceTest, ATakeOverThatOvertakesTheAssessmentWaitsForIt) {
  Assessed();
  const std::string id = Accepted(world, ishoej, case_id, odense);
  vestegnen.Crash();
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  world.Pass(absl::Minutes(2));
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  world.Pass(absl::Minutes(5));
  EXPECT_EQ(FileAt(fyn).standing(), plv1::POLICE_STANDING_RECEIVING);
  vestegnen.Start();
  ASSERT_TRUE(world.Settle());
  ExpectInCharge(fyn, vestegnen);
  EXPECT_EQ(FileAt(fyn).assessment().conclusions(), "conclusions one");
}

TEST_F(PoliceTest, WhatWasTransferredIsErasedWhenTheHandoverEnds) {
  Assessed();
  for (const char* end : {"RejectHandover", "RecallHandover", "DeclineOffer"}) {
    const std::string id = end == std::string("DeclineOffer")
                               ? Offered(world, ishoej, case_id, odense)
                               : Accepted(world, ishoej, case_id, odense);
    if (end != std::string("DeclineOffer")) {
      ASSERT_TRUE(Transfer(vestegnen).ok()) << end;
    }
    ASSERT_TRUE(world.Settle());
    ASSERT_EQ(FilesAt(fyn).size(), 1U) << end;
    ASSERT_EQ(KeysOfPersons(fyn), 1) << end;
    ASSERT_TRUE(Do(world, end == std::string("RecallHandover") ? ishoej : odense, end, id).ok());
    ASSERT_TRUE(world.Settle());
    EXPECT_TRUE(FilesAt(fyn).empty()) << end;
    EXPECT_EQ(KeysOfPersons(fyn), 0) << end;
    // A rule's refusal would say that something was there.
    EXPECT_EQ(RuleOf(Assess(fyn, id, "x").status()), "resource.not_found") << end;
    EXPECT_TRUE(FileAt(vestegnen).transfer().erasure_confirmed()) << end;
    ExpectInCharge(vestegnen, fyn);
  }
}

TEST_F(PoliceTest, AUnitThatDoesNotConfirmItsErasureInTimeIsReportedOnce) {
  Assessed();
  const std::string id = Accepted(world, ishoej, case_id, odense);
  ASSERT_TRUE(Transfer(vestegnen).ok());
  ASSERT_TRUE(world.Settle());
  fyn.Crash();
  ASSERT_TRUE(Do(world, ishoej, "RecallHandover", id).ok());
  world.Skip(absl::Hours(1));
  EXPECT_TRUE(FileAt(vestegnen).transfer().has_erasure_due());
  world.Skip(absl::Hours(24 * 4));
  EXPECT_FALSE(FileAt(vestegnen).transfer().erasure_overdue());
  world.Skip(absl::Hours(24 * 12));
  EXPECT_TRUE(FileAt(vestegnen).transfer().erasure_overdue());
  EXPECT_EQ(vestegnen.telemetry().LinesOf("handover.erasure_overdue").size(), 1U);
  fyn.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(FileAt(vestegnen).transfer().erasure_confirmed());
  EXPECT_FALSE(FileAt(vestegnen).transfer().erasure_overdue());
}

TEST_F(PoliceTest, ARequestThatOvertakesTheEndOfTheLastIsTakenUpWhenThatComes) {
  Assessed();
  const std::string first = Accepted(world, ishoej, case_id, odense);
  int by_holder = 0;  // its own word of the end is the first
  world.broker.SetPublishFault([&](const exchange::BusRecord& record) {
    const std::string source = exchange::RecordSource(record);
    const bool held = record.topic == "exitbus.v1.handover.police.1469" &&
                      (source == odense.id() || (source == ishoej.id() && by_holder++ == 0));
    return held ? adapters::PublishFault::kLost : adapters::PublishFault::kNone;
  });
  ASSERT_TRUE(Do(world, odense, "RejectHandover", first).ok());
  world.Pass(absl::Seconds(2));
  const auto second = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(second.ok()) << second.status();
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(FileAt(vestegnen).transfer().handover_id(), first) << "the request waits";
  world.broker.SetPublishFault(nullptr);
  for (int i = 0; i < 1000 && FileAt(vestegnen).transfer().handover_id() == first &&
                  FileAt(vestegnen).transfer().stage() != plv1::TRANSFER_STAGE_ENDED;
       ++i) {
    world.Pass(absl::Milliseconds(10));
  }
  // At once, not when it is sent again: a later request could pass it by then.
  EXPECT_EQ(FileAt(vestegnen).transfer().handover_id(), second->handover_id());
  ASSERT_TRUE(world.Settle());
}

TEST_F(PoliceTest, ARejectionIsHeardFromTheHolderWhereTheReceiverIsGone) {
  Assessed();
  const std::string id = Accepted(world, ishoej, case_id, odense);
  ASSERT_TRUE(Transfer(vestegnen).ok());
  ExpectTheEndIsHeardWithoutTheReceiver("RejectHandover", id);
}

TEST_F(PoliceTest, ADeclineIsHeardFromTheHolderWhereTheReceiverIsGone) {
  Assessed();
  ExpectTheEndIsHeardWithoutTheReceiver("DeclineOffer", Offered(world, ishoej, case_id, odense));
}

TEST_F(PoliceTest, WithinADistrictTheUnitStaysAndTellsTheNextHolder) {
  Assessed();
  const std::string id = Offered(world, ishoej, case_id, albertslund);
  EXPECT_EQ(RuleOf(Transfer(vestegnen)), "security.no_transfer_open");
  EXPECT_EQ(GetHandover(albertslund, id)->security().version(), 1);
  ASSERT_TRUE(Do(world, albertslund, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(FileAt(vestegnen).standing(), plv1::POLICE_STANDING_IN_CHARGE);
  EXPECT_EQ(FileAt(vestegnen).holder(), albertslund.id());
  EXPECT_TRUE(FilesAt(fyn).empty());
  EXPECT_EQ(GetCase(albertslund, case_id)->security().version(), 1);
  EXPECT_EQ(GetCase(albertslund, case_id)->clarification().version(), 1);
  ASSERT_TRUE(Acknowledge(albertslund, 1).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(FileAt(vestegnen).precautions_recipients(0).acknowledged_by(), "employee-1");
}

TEST_F(PoliceTest, FollowsTheCaseThereAndBack) {
  Assessed();
  const std::string there = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", there).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Assess(fyn, "two").ok());
  ASSERT_TRUE(world.Settle());
  const std::string back = Offered(world, odense, case_id, ishoej);
  ASSERT_TRUE(Do(world, ishoej, "TakeOverCase", back).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(FileAt(fyn).standing(), plv1::POLICE_STANDING_FORMER);
  int in_charge = 0;
  for (const auto& file : FilesAt(vestegnen)) {
    if (file.standing() != plv1::POLICE_STANDING_IN_CHARGE) continue;
    ++in_charge;
    EXPECT_EQ(file.assessment().version(), 2);
  }
  EXPECT_EQ(in_charge, 1);
}

TEST_F(PoliceTest, TheMunicipalitiesNeverCarryTheAssessment) {
  Assessed();
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  int fields = 0;
  for (Node* node : {&ishoej, &odense, &nec}) {
    for (const auto& [key, value] : node->store().rows(exchange::Table::kDisclosures)) {
      store::v1::DisclosureRow row;
      ASSERT_TRUE(row.ParseFromString(value));
      for (const std::string& field : row.fields()) {
        EXPECT_THAT(field, testing::Not(testing::HasSubstr("environment"))) << node->id();
        EXPECT_THAT(field, testing::Not(testing::HasSubstr("risk_of_leaving"))) << node->id();
        ++fields;
      }
    }
  }
  EXPECT_GT(fields, 50);
}

}  // namespace
}  // namespace exitbus::simulation
