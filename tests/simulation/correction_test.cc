// What was wrong and has been sent is corrected at everyone who received it, each his own part, and
// each confirms.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/event_store.h"
#include "services/exchange/transaction.h"
#include "services/exchange/working_days.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
namespace plv1 = police::v1;
namespace pv1 = policy::v1;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr char kRightNumber[] = "6101900009";

class CorrectionTest : public testing::Test {
 protected:
  CorrectionTest()
      : ishoej(world.Municipality("0183")),
        odense(world.Municipality("0461")),
        nec(world.Nec()),
        vestegnen(world.Police("1469")),
        case_id(EnrolledCase(world, ishoej)) {
    EXPECT_TRUE(world.Settle());
  }

  // Another number, name and address.
  cv1::CorrectCaseRequest WhoAndWhere() const {
    cv1::CorrectCaseRequest request;
    request.set_case_id(case_id);
    request.mutable_person()->set_cpr_number(kRightNumber);
    request.mutable_person()->set_name("Right Name");
    request.set_current_address("Right Street 2");
    return request;
  }
  cv1::CorrectCaseRequest Empty() const {
    cv1::CorrectCaseRequest request;
    request.set_case_id(case_id);
    return request;
  }

  std::string Refused(Node& node, const cv1::CorrectCaseRequest& request) {
    return RuleOf(Correct(world, node, request).status());
  }

  void ExpectNothingRefused() {
    for (Node* node : {&ishoej, &odense, &nec, &vestegnen}) {
      EXPECT_EQ(node->telemetry().Total("letters.refused_by_peer"), 0) << node->id();
      EXPECT_EQ(node->store().rows(exchange::Table::kParked).size(), 0U) << node->id();
    }
  }

  World world;
  Node& ishoej;
  Node& odense;
  Node& nec;
  Node& vestegnen;
  std::string case_id;
};

TEST_F(CorrectionTest, EveryoneWhoWasSentItIsCorrectedInHisOwnPartAndConfirms) {
  world.Police("1465");  // hears of the handover
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  const std::string id = Accepted(world, ishoej, case_id, odense);
  const auto corrected = Correct(world, ishoej, WhoAndWhere());
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  EXPECT_EQ(corrected->person().name(), "Right Name");
  ASSERT_EQ(corrected->corrections_size(), 1);
  EXPECT_THAT(
      corrected->corrections(0).categories(),
      UnorderedElementsAre(pv1::CATEGORY_CPR_NUMBER, pv1::CATEGORY_NAME, pv1::CATEGORY_ADDRESS));
  EXPECT_THAT(corrected->corrections(0).outstanding(),
              UnorderedElementsAre("nec", vestegnen.id(), odense.id()));
  EXPECT_THAT(corrected->corrections(0).confirmed(), IsEmpty());
  ASSERT_TRUE(world.Settle());

  const auto after = GetCase(ishoej, case_id)->corrections(0);
  EXPECT_THAT(after.outstanding(), IsEmpty());
  EXPECT_THAT(after.confirmed(), UnorderedElementsAre("nec", vestegnen.id(), odense.id()));
  EXPECT_EQ(after.reason(), "canary-reason");
  EXPECT_EQ(OnlyEntry(nec)->person().cpr_number(), kRightNumber);
  EXPECT_EQ(OnlyEntry(nec)->person().name(), "Right Name");
  EXPECT_EQ(OnlyFile(vestegnen)->person().cpr_number(), kRightNumber);
  EXPECT_EQ(OnlyFile(vestegnen)->current_address(), "Right Street 2");
  EXPECT_THAT(OnlyFile(vestegnen)->corrections(0).reason(), IsEmpty());
  EXPECT_EQ(GetHandover(odense, id)->person().name(), "Right Name");
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(odense, case_id)->person().cpr_number(), kRightNumber);
  EXPECT_EQ(GetCase(odense, case_id)->current_address(), "Right Street 2");
  EXPECT_EQ(GetCase(odense, case_id)->corrections(0).issuer(), ishoej.id());
  ExpectNothingRefused();
}

TEST_F(CorrectionTest, NobodyIsToldOfWhatHeWasNotSent) {
  cv1::CorrectCaseRequest request = Empty();
  request.set_current_address("Right Street 2");
  request.mutable_visitation()->set_affiliation("closely affiliated");
  const auto corrected = Correct(world, ishoej, request);
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  EXPECT_EQ(corrected->visitation().affiliation(), "closely affiliated");
  EXPECT_EQ(corrected->visitation().position(), "runner");
  EXPECT_THAT(corrected->corrections(0).outstanding(), IsEmpty());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyEntry(nec)->person().name(), "Canary Name");
}

TEST_F(CorrectionTest, AMeasureIsCorrectedByItsId) {
  cv1::CorrectCaseRequest request = Empty();
  const std::string measure = GetCase(ishoej, case_id)->agreement().measures(1).measure_id();
  cv1::MeasureCorrection& correction = *request.add_measures();
  correction.set_measure_id(measure);
  correction.set_description("a flat, not a room");
  const auto corrected = Correct(world, ishoej, request);
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  EXPECT_EQ(corrected->agreement().measures(1).description(), "a flat, not a room");
  EXPECT_EQ(corrected->agreement().measures(0).description(), "canary-measure");
  request.mutable_measures(0)->set_measure_id("another");
  EXPECT_EQ(Refused(ishoej, request), "correction.measure_unknown");
}

TEST_F(CorrectionTest, OfNothingOrToWhatAnotherCaseHasIsRefused) {
  cv1::CorrectCaseRequest same = Empty();
  same.mutable_person()->set_name("Canary Name");
  same.set_current_address("Canary Street 1");
  EXPECT_EQ(Refused(ishoej, same), "correction.nothing_to_correct");
  cv1::CorrectCaseRequest bad = WhoAndWhere();
  bad.mutable_person()->set_cpr_number("610190-0009");
  EXPECT_EQ(Refused(ishoej, bad), "request.bad_value");
  cv1::CorrectCaseRequest unknown = WhoAndWhere();
  unknown.set_case_id("another");
  EXPECT_TRUE(absl::IsNotFound(Correct(world, ishoej, unknown).status()));

  EnrolledCase(world, ishoej, kRightNumber);
  EXPECT_EQ(Refused(ishoej, WhoAndWhere()), "case.person_has_open_case");
}

TEST_F(CorrectionTest, TheCaseIsFoundByTheRightNumberOnly) {
  ASSERT_TRUE(Correct(world, ishoej, WhoAndWhere()).ok());
  cv1::OpenCaseRequest open;
  open.set_request_id(world.RequestId());
  open.mutable_person()->set_name("Somebody");
  open.mutable_person()->set_cpr_number(kRightNumber);
  const auto call = [&] {
    open.set_request_id(world.RequestId());
    return ishoej.Call<cv1::OpenCaseResponse>("exitbus.casework.v1.CaseService.OpenCase", open);
  };
  EXPECT_EQ(RuleOf(call().status()), "case.person_has_open_case");
  open.mutable_person()->set_cpr_number("6101900001");
  EXPECT_TRUE(call().ok());
}

TEST_F(CorrectionTest, TheFormerHolderHearsWhatKindOfThingWasWrongAndNothingNewer) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  cv1::CorrectCaseRequest request = WhoAndWhere();
  request.mutable_visitation()->set_motivation("very real");
  ASSERT_TRUE(Correct(world, odense, request).ok());
  ASSERT_TRUE(world.Settle());
  const auto former = GetCase(ishoej, case_id);
  EXPECT_EQ(former->person().name(), "Canary Name");
  EXPECT_EQ(former->current_address(), "Canary Street 1");
  EXPECT_EQ(former->visitation().motivation(), "real");
  ASSERT_EQ(former->corrections_size(), 1);
  EXPECT_EQ(former->corrections(0).issuer(), odense.id());
  EXPECT_THAT(former->corrections(0).categories(),
              UnorderedElementsAre(pv1::CATEGORY_CPR_NUMBER, pv1::CATEGORY_NAME,
                                   pv1::CATEGORY_CLARIFICATION_FORM));
  EXPECT_THAT(GetCase(odense, case_id)->corrections(0).confirmed(),
              UnorderedElementsAre("nec", ishoej.id()));
  EXPECT_EQ(OnlyEntry(nec)->person().name(), "Right Name");
  ExpectNothingRefused();
}

TEST_F(CorrectionTest, TheOtherDistrictsUnitIsCorrectedByTheFirstAndAsksNobodyToReadAgain) {
  Node& fyn = world.Police("1465");
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Assess(world, vestegnen).ok());
  ASSERT_TRUE(world.Settle());
  const std::string id = Accepted(world, ishoej, case_id, odense);
  plv1::TransferAssessmentRequest transfer;
  transfer.set_request_id(world.RequestId());
  transfer.set_security_id(OnlyFile(vestegnen)->security_id());
  ASSERT_TRUE(vestegnen
                  .Call<plv1::TransferAssessmentResponse>(
                      "exitbus.police.v1.SecurityService.TransferAssessment", transfer)
                  .ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(OnlyFile(fyn)->person().name(), "Canary Name");
  hv1::AcknowledgePrecautionsRequest read;
  read.set_request_id(world.RequestId());
  read.set_handover_id(id);
  read.set_version(1);
  ASSERT_TRUE(
      odense.CallHandover("exitbus.handover.v1.HandoverService.AcknowledgePrecautions", read).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Correct(world, ishoej, WhoAndWhere()).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(fyn)->person().name(), "Right Name");
  EXPECT_EQ(OnlyFile(fyn)->current_address(), "Right Street 2");
  EXPECT_EQ(OnlyFile(fyn)->precautions_recipients(0).acknowledged_by(), "employee-1");

  // After the take-over its own unit is corrected by the new holder, and the first hears the fact.
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  cv1::CorrectCaseRequest again = Empty();
  again.mutable_person()->set_name("Rightest Name");
  again.set_current_address("Rightest Street 3");
  ASSERT_TRUE(Correct(world, odense, again).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(fyn)->person().name(), "Rightest Name");
  EXPECT_EQ(OnlyFile(fyn)->current_address(), "Rightest Street 3");
  EXPECT_EQ(OnlyFile(fyn)->person().cpr_number(), kRightNumber);
  EXPECT_EQ(OnlyFile(vestegnen)->person().name(), "Right Name");
  EXPECT_THAT(OnlyFile(vestegnen)->corrections(1).categories(), ElementsAre(pv1::CATEGORY_NAME));
  EXPECT_THAT(GetCase(odense, case_id)->corrections(1).confirmed(),
              UnorderedElementsAre("nec", fyn.id(), ishoej.id(), vestegnen.id()));
  ExpectNothingRefused();
}

TEST_F(CorrectionTest, AReceiverThatEndsHasErasedAndIsWaitedForNoMore) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  world.broker.SetPublishFault([&](const exchange::BusRecord& record) {
    return record.topic.find(".handover.") == std::string::npos
               ? adapters::PublishFault::kNone
               : adapters::PublishFault::kLost;  // both act before they hear of the other
  });
  ASSERT_TRUE(Correct(world, ishoej, WhoAndWhere()).ok());
  ASSERT_TRUE(Do(world, odense, "RejectHandover", id).ok());
  EXPECT_THAT(GetCase(ishoej, case_id)->corrections(0).outstanding(),
              testing::Contains(odense.id()));
  world.broker.SetPublishFault(nullptr);
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(GetCase(ishoej, case_id)->corrections(0).outstanding(), IsEmpty());
  EXPECT_THAT(GetCase(ishoej, case_id)->corrections(0).confirmed(), ElementsAre("nec"));
  EXPECT_EQ(
      odense.telemetry().Total("letters.without_effect", {{"name", "correction_crossed_end"}}), 1);
  ExpectNothingRefused();
}

TEST_F(CorrectionTest, ARecallAfterItErasesAndIsWaitedForNoMore) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  odense.Crash();
  ASSERT_TRUE(Correct(world, ishoej, WhoAndWhere()).ok());
  ASSERT_TRUE(Do(world, ishoej, "RecallHandover", id).ok());
  EXPECT_THAT(GetCase(ishoej, case_id)->corrections(0).outstanding(), ElementsAre("nec"));
  odense.Start();
  ASSERT_TRUE(world.Settle());
  ExpectNothingRefused();
}

TEST_F(CorrectionTest, OutstandingForFiveWorkingDaysItIsReported) {
  nec.Crash();
  ASSERT_TRUE(Correct(world, ishoej, WhoAndWhere()).ok());
  world.Skip(absl::Hours(24 * 4));
  EXPECT_THAT(ishoej.telemetry().LinesOf("correction.overdue"), IsEmpty());
  world.Skip(absl::Hours(24 * 5));
  ASSERT_EQ(ishoej.telemetry().LinesOf("correction.overdue").size(), 1U);
  EXPECT_EQ(ishoej.telemetry().LinesOf("correction.overdue")[0].severity,
            exchange::Severity::kError);
  EXPECT_TRUE(GetCase(ishoej, case_id)->corrections(0).overdue());
  nec.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_FALSE(GetCase(ishoej, case_id)->corrections(0).overdue());
  EXPECT_THAT(GetCase(ishoej, case_id)->corrections(0).confirmed(), ElementsAre("nec"));
  world.Skip(absl::Hours(24 * 30));
  EXPECT_EQ(ishoej.telemetry().LinesOf("correction.overdue").size(), 1U);
}

// Their police units, which were asked for no assessment, have no file: somebody has to ask.
TEST_F(CorrectionTest, NecReportsTwoOpenEntriesThatNoUnitCanSortOut) {
  ASSERT_TRUE(Correct(world, ishoej, WhoAndWhere()).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(nec.telemetry().LinesOf("overview.person_has_two_entries"), IsEmpty());
  const std::string other = EnrolledCase(world, odense, "6101900005");
  ASSERT_TRUE(world.Settle());
  cv1::CorrectCaseRequest request;
  request.set_case_id(other);
  request.mutable_person()->set_cpr_number(kRightNumber);
  ASSERT_TRUE(Correct(world, odense, request).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(nec.telemetry().LinesOf("overview.person_has_two_entries").size(), 2U);
  EXPECT_THAT(GetCase(odense, other)->corrections(0).confirmed(), ElementsAre("nec"));
}

// Transaction time now, valid time the case's beginning, here and where it is told; to NEC by the
// day.
TEST_F(CorrectionTest, WhatIsCorrectedWasNeverOtherwise) {
  const auto last = [](Node& node, std::string_view aggregate) {
    store::v1::JournalEntry last_of_it;
    for (const auto& [key, value] : node.store().rows(exchange::Table::kJournal)) {
      store::v1::JournalEntry entry;
      entry.ParseFromString(value);
      if (entry.aggregate() == aggregate) last_of_it = entry;
    }
    return last_of_it;
  };
  const auto opened = [&] {
    store::v1::JournalEntry entry;
    entry.ParseFromString(ishoej.store().rows(exchange::Table::kJournal).begin()->second);
    for (const auto& [key, value] : ishoej.store().rows(exchange::Table::kJournal)) {
      entry.ParseFromString(value);
      if (entry.aggregate() == "file") break;
    }
    return entry.registered().seconds();
  }();
  world.Skip(absl::Hours(24));
  ASSERT_TRUE(Correct(world, ishoej, WhoAndWhere()).ok());
  EXPECT_EQ(last(ishoej, "file").valid_from().seconds(), opened);
  EXPECT_GT(last(ishoej, "file").registered().seconds(), opened + 3600);
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(absl::FromUnixSeconds(last(nec, "entry").valid_from().seconds()),
            exchange::StartOfDay(absl::FromUnixSeconds(opened)));
}

}  // namespace
}  // namespace exitbus::simulation
