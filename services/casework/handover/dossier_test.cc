// What of a dossier says which programme a case is in, and that a holder cannot say two things.
#include "services/casework/handover/dossier.h"

#include <gtest/gtest.h>

#include "services/casework/case_files.h"
#include "services/casework/handover/given_testing.h"
#include "services/casework/programme/programmes.h"
#include "services/exchange/deciding_testing.h"

namespace exitbus::casework {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
namespace jv1 = casework_journal::v1;

class DossierTest : public testing::Test {
 protected:
  jv1::Handover& handover() { return *file.mutable_handovers(0); }
  hv1::DossierPart& leading() { return *handover().mutable_dossier(0); }

  jv1::CaseFile file = Given("receiver", "OFFERED");
};

TEST_F(DossierTest, ACaseIsInTheProgrammeThatItWasAskedForIn) {
  EXPECT_TRUE(IsDossierWhole(handover()));
  leading().set_programme(cv1::PROGRAMME_NATIONAL_FRAMEWORK);
  EXPECT_TRUE(IsDossierWhole(handover())) << "the request said none, which is the framework";
  leading().set_programme(cv1::PROGRAMME_PLAN_FOR_FRIHED);
  EXPECT_FALSE(IsDossierWhole(handover()));
  handover().set_programme(cv1::PROGRAMME_PLAN_FOR_FRIHED);
  EXPECT_TRUE(IsDossierWhole(handover()));
}

TEST_F(DossierTest, WhoIsToGoOnTellingNecGetsWhatThatTakes) {
  leading().clear_overview_id();
  EXPECT_FALSE(IsDossierWhole(handover()));
  leading().set_overview_id("the-overview");
  leading().mutable_visitation()->clear_decided();
  EXPECT_FALSE(IsDossierWhole(handover()));
  leading().set_programme(cv1::PROGRAMME_PLAN_FOR_FRIHED);
  handover().set_programme(cv1::PROGRAMME_PLAN_FOR_FRIHED);
  leading().clear_overview_id();
  EXPECT_TRUE(IsDossierWhole(handover())) << "nobody tells NEC";
}

TEST_F(DossierTest, ASecondPartSaysNothingOfTheProgramme) {
  jv1::ReceivedOnConsent& second = *handover().add_received_on_consent();
  second.mutable_part()->set_programme(cv1::PROGRAMME_MUNICIPAL_EXIT);
  second.mutable_part()->add_opens(cv1::PROGRAMME_OPENING_NEC);
  leading().set_programme(cv1::PROGRAMME_MUNICIPAL_EXIT);
  leading().add_opens(cv1::PROGRAMME_OPENING_POOL);
  jv1::CaseEvent event;
  event.set_handover_id(handover().handover_id());
  event.mutable_taken_over()->set_receiver(exchange::kIshoej.id);
  CaseFiles().evolve(file, event);
  EXPECT_EQ(file.programme(), cv1::PROGRAMME_MUNICIPAL_EXIT);
  EXPECT_EQ(file.opens_size(), 1);
  EXPECT_FALSE(Opens(file, cv1::PROGRAMME_OPENING_NEC));
}

}  // namespace
}  // namespace exitbus::casework
