// What a former holder makes of a correction it is told of, and of the confirmations it waits for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/casework/handover/given_testing.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

namespace jv1 = casework_journal::v1;

constexpr char kTold[] = "<CorrectionIssued";
constexpr char kConfirmed[] = "<CorrectionConfirmed";

// A file on a case that had come from somewhere else before it was handed on, with this measure
// agreed then, and from another police district.
jv1::CaseFile CameAndWent(const std::string& measure) {
  jv1::CaseFile file = Given("holder", "CLOSED");
  jv1::Handover& came = *file.add_handovers();
  came.set_handover_id("how-it-came");
  came.set_side(handover::v1::SIDE_RECEIVER);
  came.set_stage(handover::v1::HANDOVER_STAGE_CLOSED);
  came.set_counterpart("municipality-0165");
  came.set_police("police-1465");
  came.set_receiving_police("police-1469");
  came.add_measures(measure);
  return file;
}

TEST(CorrectionTest, OfMeasuresIsPassedOnAndNotYetConfirmedIfAnyHandedOnHadComeFromThere) {
  EXPECT_EQ(Then(CameAndWent("term"), kTold), "CLOSED, tells CorrectionIssued")
      << "but not to the police unit that was left, which never had any";
}

TEST(CorrectionTest, OfMeasuresThatDidNotComeFromThereIsConfirmedAtOnce) {
  EXPECT_EQ(Then(CameAndWent("another"), kTold), "CLOSED, tells CorrectionConfirmed");
}

TEST(CorrectionTest, ToldASecondTimeHasNoEffect) {
  jv1::CaseFile file = CameAndWent("term");
  file.add_corrections()->set_correction_id("theirs");
  EXPECT_EQ(Then(file, kTold), "no effect correction_known");
}

TEST(CorrectionTest, IsConfirmedOnceTheLastHasConfirmed) {
  jv1::CaseFile file = Given("holder", "CLOSED");
  jv1::Correction& correction = *file.mutable_corrections(0);
  correction.mutable_obligation()->set_owed_to("municipality-0183");
  correction.mutable_obligation()->set_owed_under("the-handover");
  EXPECT_EQ(Then(file, kConfirmed), "CLOSED, tells CorrectionConfirmed");
  auto& other = *correction.mutable_obligation()->add_parties();
  other.set_authority(correction.obligation().parties(0).authority());
  other.set_subject("another-handover");
  EXPECT_EQ(Then(file, kConfirmed), "CLOSED") << "the same authority, told of another handover too";
  *other.mutable_confirmed() = exchange::ToProto(absl::UnixEpoch() + absl::Hours(1));
  EXPECT_EQ(Then(file, kConfirmed), "CLOSED, tells CorrectionConfirmed");
  *correction.mutable_obligation()->mutable_parties(0)->mutable_confirmed() = other.confirmed();
  EXPECT_EQ(Then(file, kConfirmed), "no effect confirmation_known_or_over");
}

TEST(CorrectionTest, OfOnesOwnIsConfirmedToNobody) {
  EXPECT_EQ(Then(Given("holder", "CLOSED"), kConfirmed), "CLOSED");
}

TEST(CorrectionTest, UnderAnotherSubjectConfirmsNothing) {
  jv1::CaseFile file = Given("holder", "CLOSED");
  file.mutable_corrections(0)->mutable_obligation()->mutable_parties(0)->set_subject(
      "another-handover");
  EXPECT_EQ(Then(file, kConfirmed), "no effect confirmation_known_or_over");
}

TEST(CorrectionTest, OneThatWasConfirmedIsNotOverdue) {
  jv1::CaseFile file = Given("holder", "TAKEN_OVER");
  file.clear_handovers();
  EXPECT_THAT(FallsDue(file, file), testing::ElementsAre(""));
  jv1::CaseFile confirmed = file;
  *confirmed.mutable_corrections(0)->mutable_obligation()->mutable_parties(0)->mutable_confirmed() =
      exchange::ToProto(exchange::Deciding::Now());
  EXPECT_THAT(FallsDue(file, confirmed), testing::ElementsAre("no effect deadline_over"));
  jv1::CaseFile known = file;
  known.mutable_corrections(0)->mutable_obligation()->set_overdue(true);
  EXPECT_THAT(FallsDue(file, known), testing::ElementsAre("no effect deadline_over"));
}

}  // namespace
}  // namespace exitbus::casework
