// What today's holder offers, as a receiver of an earlier release reads it: without what that does
// not know. It declines an offer that names a part by no digest.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework/v1/supervision_service.pb.h"
#include "exitbus/casework_journal/v1/journal.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/kriminalforsorgen/v1/release_service.pb.h"
#include "services/exchange/proto_time.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/in_file.h"
#include "tests/story/cast.h"
#include "tests/upgrade/golden.h"

namespace exitbus::upgrade {
namespace {

namespace ev1 = exchange::v1;
namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
using story::kIshoj;
using story::kKif;
using story::kOdense;

class OfferedTest : public ::testing::TestWithParam<std::string> {
 protected:
  OfferedTest() {
    golden.OpenAll();
    EXPECT_TRUE(golden.world.Settle());
  }

  // A case that the release's programs had brought from custody to Ishøj, and to Odense.
  std::string HeldByOdense() {
    const auto listed = golden.At(kOdense).Call<cv1::ListCasesResponse>(
        "exitbus.casework.v1.CaseService.ListCases", cv1::ListCasesRequest());
    EXPECT_TRUE(listed.ok()) << listed.status();
    const cv1::ListCasesResponse all = listed.value_or(cv1::ListCasesResponse());
    for (const cv1::Case& each : all.cases()) {
      if (each.standing() == cv1::STANDING_RESPONSIBLE && each.responsibility_number() == 3) {
        return each.case_id();
      }
    }
    ADD_FAILURE() << "Odense holds no such case";
    return "";
  }
  void PlanRelease(const std::string& case_id) {
    kriminalforsorgen::v1::PlanReleaseRequest plan;
    plan.set_request_id(golden.world.RequestId());
    plan.set_case_id(case_id);
    *plan.mutable_planned_release() = exchange::ToProto(golden.world.domain_clock.Now());
    const auto planned = golden.At(kKif).Call<kriminalforsorgen::v1::PlanReleaseResponse>(
        "exitbus.kriminalforsorgen.v1.ReleaseService.PlanRelease", plan);
    EXPECT_TRUE(planned.ok()) << planned.status();
  }

  void EndSupervision(const std::string& case_id) {
    cv1::EndSupervisionRequest end;
    end.set_request_id(golden.world.RequestId());
    end.set_case_id(case_id);
    const auto ended = golden.At(kIshoj).Call<cv1::EndSupervisionResponse>(
        "exitbus.casework.v1.SupervisionService.EndSupervision", end);
    EXPECT_TRUE(ended.ok()) << ended.status();
  }

  // What the receiver has of the handover when it is offered; it takes the case over.
  casework_journal::v1::Handover HandedOver(const std::string& case_id, const char* from,
                                            const char* to) {
    const std::string id =
        simulation::Offered(golden.world, golden.At(from), case_id, golden.At(to));
    EXPECT_TRUE(golden.world.Settle());
    auto received = simulation::InFile(golden.At(to), id);
    const auto taken_over = simulation::Do(golden.world, golden.At(to), "TakeOverCase", id);
    EXPECT_TRUE(taken_over.ok()) << taken_over.status();
    EXPECT_TRUE(golden.world.Settle());
    return received;
  }

  // Whether the offer names the part as the release reads it.
  bool IsNamed(const std::string& signed_offer, hv1::DossierPart part) {
    EXPECT_TRUE(golden.contracts.LeaveKnown(part).ok());
    ev1::SignedStatement outer;
    ev1::Statement statement;
    EXPECT_TRUE(outer.ParseFromString(signed_offer) &&
                statement.ParseFromString(outer.statement()));
    const auto& digests = statement.offer().dossier_digests();
    const std::string digest = golden.world.crypto->Digest(part.SerializeAsString());
    return std::find(digests.begin(), digests.end(), digest) != digests.end();
  }

  Golden golden{GetParam()};
};

TEST_P(OfferedTest, OfACaseWithALawAReceiverOfTheReleaseKnowsEachPart) {
  const std::string case_id = HeldByOdense();
  ASSERT_TRUE(simulation::RecordLaw(golden.world, golden.At(kOdense), case_id).ok());
  for (const auto& [from, to] : {std::pair(kOdense, kIshoj), std::pair(kIshoj, kOdense)}) {
    const auto received = HandedOver(case_id, from, to);
    ASSERT_EQ(received.dossier_size(), 1);
    EXPECT_EQ(received.dossier(0).bases_size(), 1) << "which the release does not know";
    ASSERT_EQ(received.received_on_consent_size(), 1);
    EXPECT_TRUE(IsNamed(received.offer(), received.dossier(0)));
    EXPECT_TRUE(IsNamed(received.offer(), received.received_on_consent(0).part()));
  }
}

// It would not tell the unit what becomes of the person.
TEST_P(OfferedTest, WhomAUnitSupervisesAReceiverOfTheReleaseDoesNotTake) {
  const std::string case_id = HeldByOdense();
  ASSERT_TRUE(simulation::RecordLaw(golden.world, golden.At(kOdense), case_id).ok());
  HandedOver(case_id, kOdense, kKif);
  PlanRelease(case_id);
  HandedOver(case_id, kKif, kIshoj);
  const auto received = HandedOver(case_id, kIshoj, kOdense);
  ASSERT_EQ(received.dossier_size(), 1);
  EXPECT_EQ(received.dossier(0).supervising_unit(), kKif);
  EXPECT_FALSE(IsNamed(received.offer(), received.dossier(0)));
}

TEST_P(OfferedTest, WhomNoUnitSupervisesAnyMoreItTakes) {
  const std::string case_id = HeldByOdense();
  ASSERT_TRUE(simulation::RecordLaw(golden.world, golden.At(kOdense), case_id).ok());
  HandedOver(case_id, kOdense, kKif);
  PlanRelease(case_id);
  HandedOver(case_id, kKif, kIshoj);
  EndSupervision(case_id);
  const auto received = HandedOver(case_id, kIshoj, kOdense);
  ASSERT_EQ(received.dossier_size(), 1);
  EXPECT_TRUE(IsNamed(received.offer(), received.dossier(0)));
}

INSTANTIATE_TEST_SUITE_P(Releases, OfferedTest, ::testing::ValuesIn(KeptReleases()),
                         [](const auto& release) { return NameOf(release.param); });

}  // namespace
}  // namespace exitbus::upgrade
