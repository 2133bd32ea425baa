// What is larger than a record holds: it is refused before it is decided, or, where an older version
// decided it, ends by rule and frees the case.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/vault.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
using exchange::Table;

class TooLargeTest : public testing::Test {
 protected:
  TooLargeTest() : case_id(EnrolledCase(world, ishoej)) { world.Settle(); }

  // A new version of the agreement, with this many measures of this many bytes each.
  void Sign(int measures, std::size_t bytes) {
    cv1::SignAgreementRequest request;
    request.set_request_id(world.RequestId());
    request.set_case_id(case_id);
    cv1::Agreement& agreement = *request.mutable_agreement();
    agreement.set_template_("EVU-2018-1");
    agreement.set_consequences_of_relapse("the coordination may lapse");
    *agreement.mutable_citizen_signed() = exchange::ToProto(world.clock.Now());
    *agreement.mutable_coordinator_signed() = exchange::ToProto(world.clock.Now());
    for (int i = 0; i < measures; ++i) {
      cv1::Measure& measure = *agreement.add_measures();
      measure.set_type(cv1::MEASURE_TYPE_HOUSING);
      measure.set_module(cv1::MODULE_HOUSING);
      measure.set_owner(ishoej.id());
      measure.set_months(6);
      measure.set_funding(cv1::FUNDING_CLASS_RESIDENCE_MUNICIPALITY);
      measure.set_legal_basis(policy::v1::LEGAL_BASIS_FVL28);
      measure.set_description(std::to_string(i) + std::string(bytes, 'x'));
    }
    const auto signed_ = ishoej.Call<cv1::SignAgreementResponse>(
        "exitbus.casework.v1.CaseService.SignAgreement", request);
    ASSERT_TRUE(signed_.ok()) << signed_.status();
    ASSERT_TRUE(world.Settle());
  }

  hv1::HandoverStage StageAt(Node& node, const std::string& id) {
    const auto handover = GetHandover(node, id);
    EXPECT_TRUE(handover.ok()) << handover.status();
    return handover.ok() ? handover->stage() : hv1::HANDOVER_STAGE_UNSPECIFIED;
  }

  // The first row of a dossier part, as a version left it that did not ask what a letter holds.
  bool MakeADossierPartTooLarge() {
    for (const auto& [key, value] : std::map(ishoej.store().rows(Table::kOutbox))) {
      store::v1::OutboxRow row;
      exchange::v1::Content content;
      exchange::v1::Body body;
      exchange::Vault& vault = *ishoej.context().vault;
      EXPECT_TRUE(row.ParseFromString(value));
      const exchange::Place place{Table::kOutbox, key};
      const auto plain = vault.Decrypt(row.unit(), place, row.sealed_content());
      EXPECT_TRUE(plain.ok() && content.ParseFromString(*plain) &&
                  body.ParseFromString(content.body()));
      if (!body.has_dossier_part()) continue;
      body.mutable_dossier_part()->add_precautions(std::string(1'200'000, 'x'));
      content.set_body(body.SerializeAsString());
      row.set_sealed_content(vault.Encrypt(row.unit(), place, content.SerializeAsString()));
      EXPECT_TRUE(
          ishoej.store().Commit({{Table::kOutbox, key, row.SerializeAsString()}}).ok());
      return true;
    }
    return false;
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  std::string case_id;
};

TEST_F(TooLargeTest, WhatNoLetterHoldsIsRefusedBeforeItIsDecided) {
  Sign(150, 9'900);
  const std::string id = Accepted(world, ishoej, case_id, odense);
  const auto offered = Do(world, ishoej, "OfferHandover", id);
  EXPECT_EQ(RuleOf(offered.status()), "letter.too_large");
  EXPECT_EQ(StageAt(ishoej, id), hv1::HANDOVER_STAGE_ACCEPTED);
  Sign(1, 100);  // what the rule says to do
  ASSERT_TRUE(Do(world, ishoej, "RecallHandover", id).ok());
  EXPECT_TRUE(world.Settle());
  const std::string again = Offered(world, ishoej, case_id, odense);
  EXPECT_EQ(StageAt(odense, again), hv1::HANDOVER_STAGE_OFFERED);
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
  EXPECT_EQ(ishoej.telemetry().Total("correspondences.stopped"), 0);
  EXPECT_EQ(odense.telemetry().Total("correspondences.stopped"), 0);
  const std::string again = Offered(world, ishoej, case_id, odense);
  EXPECT_EQ(StageAt(odense, again), hv1::HANDOVER_STAGE_OFFERED) << "the case is free";
}

}  // namespace
}  // namespace exitbus::simulation
