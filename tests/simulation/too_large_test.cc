// What is larger than a record holds: a dossier goes in slices; the rest is refused before it is
// decided, or, where an older version decided it, ends by rule and frees the case.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/police/v1/messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/vault.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
using exchange::Table;

class TooLargeTest : public testing::Test {
 protected:
  TooLargeTest() : case_id(EnrolledCase(world, ishoej)) { EXPECT_TRUE(world.Settle()); }

  hv1::HandoverStage StageAt(Node& node, const std::string& id) {
    const auto handover = GetHandover(node, id);
    EXPECT_TRUE(handover.ok()) << handover.status();
    return handover.ok() ? handover->stage() : hv1::HANDOVER_STAGE_UNSPECIFIED;
  }

  // A new version of the agreement, with this many measures of this many bytes each.
  void Sign(int measures, std::size_t bytes) {
    std::vector<cv1::Measure> all;
    for (int i = 0; i < measures; ++i) {
      all.push_back(
          MeasureOf(cv1::MEASURE_TYPE_HOUSING, cv1::MODULE_HOUSING, ishoej, Description(i, bytes)));
    }
    const absl::Status done = SignAgreement(world, ishoej, case_id, all);
    ASSERT_TRUE(done.ok()) << done;
    ASSERT_TRUE(world.Settle());
  }
  static std::string Description(int i, std::size_t bytes) {
    return std::to_string(i) + std::string(bytes, 'x');
  }

  // The first row of a dossier part, as a version left it that did not ask what a letter holds.
  bool MakeADossierPartTooLarge() {
    for (const auto& [key, value] : std::map(ishoej.store().rows(Table::kOutbox))) {
      store::v1::OutboxRow row;
      exchange::v1::Content content;
      exchange::v1::Body body;
      exchange::Vault& vault = *ishoej.environment().vault;
      EXPECT_TRUE(row.ParseFromString(value));
      const exchange::Place place{Table::kOutbox, key};
      const auto plain = vault.Decrypt(row.scope(), place, row.sealed_content());
      EXPECT_TRUE(plain.ok() && content.ParseFromString(*plain) &&
                  body.ParseFromString(content.body()));
      if (!body.has_dossier_part()) continue;
      body.mutable_dossier_part()->add_precautions(std::string(1'200'000, 'x'));
      content.set_body(body.SerializeAsString());
      row.set_sealed_content(vault.Encrypt(row.scope(), place, content.SerializeAsString()));
      EXPECT_TRUE(ishoej.store()
                      .Commit(exchange::Durability::kDurable,
                              {{Table::kOutbox, key, row.SerializeAsString()}})
                      .ok());
      return true;
    }
    return false;
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  std::string case_id;
};

TEST_F(TooLargeTest, ALargeDossierTravelsInSlicesAndIsWholeAtTheReceiver) {
  Sign(150, 9'900);  // 1.5 MB
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_EQ(StageAt(odense, id), hv1::HANDOVER_STAGE_OFFERED);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  const auto seen = GetCase(odense, case_id);
  ASSERT_TRUE(seen.ok()) << seen.status();
  ASSERT_EQ(seen->agreement().measures_size(), 150);
  for (int i = 0; i < 150; ++i) {
    EXPECT_EQ(seen->agreement().measures(i).description(), Description(i, 9'900));
  }
  EXPECT_EQ(seen->agreement().template_(), "EVU-2018-1");
  EXPECT_EQ(seen->visitation().health_needs(), "canary-health") << "on consent, a part of its own";
  EXPECT_EQ(seen->responsible(), odense.id());
}

TEST_F(TooLargeTest, AnOfferThatComesWithoutOneSliceIsDeclined) {
  Sign(150, 9'900);
  const std::string id = Accepted(world, ishoej, case_id, odense);
  world.broker.Stop();
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  ASSERT_TRUE(MakeADossierPartTooLarge());
  world.broker.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(StageAt(ishoej, id), hv1::HANDOVER_STAGE_OFFER_DECLINED);
  EXPECT_EQ(GetCase(ishoej, case_id)->standing(), cv1::STANDING_RESPONSIBLE);
  EXPECT_EQ(odense.telemetry().Total("reports", {{"event", "dossier.not_whole"}}), 1);
  EXPECT_FALSE(GetCase(odense, case_id).ok());
}

TEST_F(TooLargeTest, WhatNoLetterHoldsIsRefusedBeforeItIsDecided) {
  // A version that tells the holder each precaution a hundred times.
  world.another_version = [](exchange::Service& service) {
    for (exchange::Method& method : service.aggregates.front().methods) {
      if (method.name != kDeliverAssessment) continue;
      method.decide = [decide = method.decide](const auto& file, const auto& request,
                                               const auto& context) {
        exchange::Decision decision = decide(file, request, context);
        const auto& given = static_cast<const police::v1::DeliverAssessmentRequest&>(request);
        police::v1::SecurityPictureChanged message;
        for (int i = 0; i < 100; ++i) {
          message.mutable_picture()->mutable_precautions()->MergeFrom(
              given.assessment().precautions());
        }
        decision.Notify(policy::v1::RELATION_POLICE, decision.notifications().back().to, message);
        return decision;
      };
    }
  };
  Node& vestegnen = world.Police("1469");
  world.another_version = nullptr;
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(RuleOf(Assess(world, vestegnen, {Description(1, 9'900)})), "letter.too_large");
  EXPECT_EQ(vestegnen.unreceipted(), 0U);
  EXPECT_TRUE(Assess(world, vestegnen).ok());  // what the rule says to do
  EXPECT_TRUE(world.Settle());
}

// No handover is open, and when one is, the whole of it has to go to the other district's unit.
TEST_F(TooLargeTest, AnAssessmentThatCouldNotBeTransferredWholeIsRefused) {
  Node& vestegnen = world.Police("1469");
  Node& fyn = world.Police("1465");
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  const auto assess = [&](int places) {
    auto request = AssessmentOf(world, OnlyFile(vestegnen)->security_id(), {"precautions"});
    for (int i = 0; i < places; ++i) {
      request.mutable_assessment()->add_unsafe_places(Description(i, 9'900));
    }
    return vestegnen.Ask(kDeliverAssessment, request).refusal.reason;
  };
  EXPECT_EQ(assess(110), "security.assessment_too_large");
  EXPECT_EQ(assess(90), "");
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(fyn)->standing(), police::v1::POLICE_STANDING_IN_CHARGE);
  EXPECT_EQ(OnlyFile(fyn)->assessment().unsafe_places_size(), 90);
}

TEST_F(TooLargeTest, AnOfferWithoutItsDossierIsDeclinedAndTheHolderKeepsTheCase) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  world.broker.Stop();
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  ASSERT_TRUE(MakeADossierPartTooLarge());
  world.broker.Start();
  ASSERT_TRUE(world.Settle()) << "tried for ever";
  EXPECT_EQ(StageAt(ishoej, id), hv1::HANDOVER_STAGE_OFFER_DECLINED);
  EXPECT_EQ(GetCase(ishoej, case_id)->standing(), cv1::STANDING_RESPONSIBLE);
  EXPECT_EQ(ishoej.telemetry().LinesOf("relay.letter_too_large").size(), 1U);
  EXPECT_EQ(ishoej.telemetry().Total("letters.too_large"), 1);
  EXPECT_EQ(ishoej.telemetry().Total("correspondences.stopped"), 0);
  EXPECT_EQ(odense.telemetry().Total("correspondences.stopped"), 0);
  const std::string again = Offered(world, ishoej, case_id, odense);
  EXPECT_EQ(StageAt(odense, again), hv1::HANDOVER_STAGE_OFFERED) << "the case is free";
}

}  // namespace
}  // namespace exitbus::simulation
