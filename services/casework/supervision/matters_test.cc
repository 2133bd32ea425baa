// What the unit that supervises a person hears of the case beside its course, and what it answers:
// precautions read, measures of its own.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "exitbus/kriminalforsorgen/v1/supervision_messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/case_given_testing.h"
#include "services/casework/handover/given_testing.h"
#include "services/casework/supervision/supervision.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "tests/tables/inputs.h"

namespace exitbus::casework {
namespace {

namespace kv1 = kriminalforsorgen::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DirectoryEntry;
using exchange::kDesk;
using exchange::kIshoej;
using exchange::kOdense;
using exchange::kVestegnen;
using exchange::Of;

const DirectoryEntry kUnit{
    "kriminalforsorgen-1469", pv1::AUTHORITY_KIND_KRIMINALFORSORGEN, "", "1469", "", "", "1469"};
constexpr char kSupervised[] =
    R"(supervisions { supervision_id: "the-supervision"
                      seen { unit: "kriminalforsorgen-1469" since {} is_told: true } } )";
constexpr char kPictured[] =
    R"(security { version: 3 threat_level: THREAT_LEVEL_HIGH precautions: "call first"
                  acknowledged_by: "somebody here" asked { unit: "u" } } )";

tables::Inputs All() {
  const auto place = [](const std::string& sender) {
    return exchange::LetterPlace{sender, pv1::CHANNEL_CASE, "the-supervision", 1,
                                 pv1::AUTHORITY_KIND_KRIMINALFORSORGEN};
  };
  tables::Inputs all(CaseFiles({ReleasePart()}), place(kUnit.id));
  const std::string read = "<SupervisedPrecautionsRead", measure = "<MeasureReported";
  all.Message(read, R"(version: 3 read_by: "employee-7")")
      .Message(read + ", an older one", R"(version: 2 read_by: "employee-7")")
      .MessageFrom(place("kriminalforsorgen-1470"), read + ", by another unit",
                   R"(version: 3 read_by: "r")")
      .Message(measure, R"(progress { measure_id: "the-units" stage: MEASURE_STAGE_STARTED
                                      started { seconds: 7 } due { seconds: 1 } overdue: true })")
      .Message(measure + ", completed",
               R"(progress { measure_id: "the-units" stage: MEASURE_STAGE_COMPLETED })")
      .Message(measure + ", stopped",
               R"(progress { measure_id: "the-units" stage: MEASURE_STAGE_STOPPED })")
      .Message(measure + ", of the municipality's",
               R"(progress { measure_id: "ours" stage: MEASURE_STAGE_STARTED })")
      .Message(measure + ", of none",
               R"(progress { measure_id: "nobody's" stage: MEASURE_STAGE_STARTED })");
  return all;
}

class MattersTest : public testing::Test {
 protected:
  static jv1::CaseFile With(jv1::CaseFile file, const std::string& more) {
    file.MergeFrom(Of<jv1::CaseFile>(more));
    return file;
  }
  // Something happens that is no matter of the unit's: what it is told with that. Unset: nothing.
  std::optional<kv1::CaseMatters> ToldNext(const exchange::DecisionContext& context) {
    jv1::CaseEvent event;
    event.mutable_breach_learnt();
    Decision decision;
    decision.AddEvent(event);
    FollowMatters(file, context, decision);
    file = *After(file, decision);
    const auto* const told = exchange::Told(decision, kUnit.id, "CaseMattersTold");
    if (told == nullptr) return std::nullopt;
    return static_cast<const kv1::CaseMattersTold*>(told)->matters();
  }
  std::optional<kv1::CaseMatters> ToldNext() { return ToldNext(ishoej.DecisionContextFor()); }
  std::string Happens(const std::string& input) {
    const Decision decision = inputs.Decide(input, file, ishoej.DecisionContextFor());
    if (decision.accepted()) file = *After(file, decision);
    return exchange::OutcomeOf(decision);
  }
  const jv1::Supervision& Running() const { return *RunningSupervision(file); }

  const exchange::Deciding ishoej{kIshoej, {kOdense, kVestegnen, kDesk, kUnit}};
  const tables::Inputs inputs = All();
  jv1::CaseFile file = With(GivenCase("ENROLLED"), kSupervised);
};

TEST_F(MattersTest, TheWholeIsToldAndNothingTwice) {
  file = With(file, std::string(kPictured) + R"(
    relocations { seen { relocation_id: "the-relocation" stage: RELOCATION_STAGE_DECIDED
                         placements { municipality: "municipality-0461" inquiry_id: "i"
                                      mode: DECISION_MODE_VOLUNTARY_AGREEMENT } } }
    stays { seen { stay_id: "s" stage: STAY_STAGE_PLACED municipality: "municipality-0751"
                   until { seconds: 9 } } }
    pool_applications { seen { application_id: "a" stage: POOL_STAGE_GRANTED applied_dkk: 10
                               granted_dkk: 8 } })");
  const auto told = ToldNext();
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->agreement().measures_size(), 2);
  EXPECT_EQ(told->security().precautions(0), "call first");
  EXPECT_EQ(told->security().acknowledged_by(), "") << "who has read them here is nothing to it";
  EXPECT_FALSE(told->security().has_asked());
  EXPECT_EQ(told->relocation().municipality(), "municipality-0461");
  EXPECT_EQ(told->stay().stage(), cv1::STAY_STAGE_PLACED);
  EXPECT_EQ(told->pool(0).granted_dkk(), 8U);
  EXPECT_EQ(told->DebugString().find("0751"), std::string::npos) << "where he stays";
  EXPECT_FALSE(ToldNext().has_value()) << "it knows";
  file.mutable_pool_applications(0)->mutable_seen()->set_paid_dkk(8);
  const auto anew = ToldNext();
  ASSERT_TRUE(anew.has_value());
  EXPECT_EQ(anew->pool(0).paid_dkk(), 8U);
  EXPECT_EQ(anew->agreement().measures_size(), 2) << "the whole";
}

TEST_F(MattersTest, OfAHandoverItHearsTheStageTheTermsAndWhoIsWaitedFor) {
  file = With(Given("holder", "REQUESTED"), kSupervised);
  file.mutable_handovers(0)->set_escalated(true);
  const auto open = ToldNext();
  ASSERT_TRUE(open.has_value());
  EXPECT_EQ(open->handover().stage(), hv1::HANDOVER_STAGE_REQUESTED);
  EXPECT_EQ(open->handover().receiver(), kOdense.id);
  EXPECT_NE(open->handover().waiting_for(), hv1::SIDE_UNSPECIFIED);
  EXPECT_TRUE(open->handover().overdue());
  file.mutable_handovers(0)->set_stage(hv1::HANDOVER_STAGE_REJECTED);
  file.mutable_handovers(0)->set_rejection(hv1::REJECTION_CODE_NO_CAPACITY);
  const auto failed = ToldNext();
  ASSERT_TRUE(failed.has_value());
  EXPECT_EQ(failed->handover().rejection(), hv1::REJECTION_CODE_NO_CAPACITY);
  EXPECT_FALSE(failed->handover().has_due());
}

TEST_F(MattersTest, WhoIsNotToldWhoItIsHearsNothing) {
  file.mutable_supervisions(0)->mutable_seen()->set_is_told(false);
  EXPECT_FALSE(ToldNext().has_value());
  file.mutable_supervisions(0)->mutable_seen()->set_is_told(true);
  file.clear_bases();
  EXPECT_FALSE(ToldNext().has_value()) << "nothing is on record on which it may be told";
  file = With(Given("holder", "CLOSED"), kSupervised);
  EXPECT_FALSE(ToldNext().has_value()) << "another one answers for the case";
}

// What a revocation of this instant would take back is not forgotten either.
TEST_F(MattersTest, WhatIsWithheldNowGoesWithWhatHappensNext) {
  file = With(file, "consent { given { seconds: 1 } covers: AUTHORITY_KIND_KRIMINALFORSORGEN }");
  file.clear_bases();
  *file.mutable_last_revoked() = exchange::ToProto(exchange::Deciding::Now());
  EXPECT_FALSE(ToldNext().has_value());
  exchange::DecisionContext later = ishoej.DecisionContextFor();
  later.now += absl::Seconds(1);
  EXPECT_TRUE(ToldNext(later).has_value());
}

TEST_F(MattersTest, PrecautionsAreToBeReadThereWithinTheHour) {
  EXPECT_EQ(Happens("<SupervisedPrecautionsRead"), "no effect precautions_of_older_version")
      << "none were told";
  file = With(file, kPictured);
  const auto told = ToldNext();
  const absl::Time due = exchange::Deciding::Now() + absl::Hours(1);
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(exchange::FromProto(told->security().due()), due);
  EXPECT_EQ(exchange::FromProto(Running().precautions_owed().due()), due);
  EXPECT_EQ(Running().seen().precautions_told(), 3U);
  EXPECT_EQ(Happens("<SupervisedPrecautionsRead, an older one"),
            "no effect precautions_of_older_version");
  EXPECT_EQ(Happens("<SupervisedPrecautionsRead, by another unit"), "refused letter.not_a_party");
  EXPECT_FALSE(exchange::IsMet(Running().precautions_owed()));
  EXPECT_EQ(Happens("<SupervisedPrecautionsRead"), "");
  EXPECT_TRUE(exchange::IsMet(Running().precautions_owed()));
  EXPECT_EQ(Running().seen().precautions_read_by(), "employee-7");
  EXPECT_EQ(Happens("<SupervisedPrecautionsRead"), "no effect precautions_read");
  file.mutable_security()->set_version(4);
  EXPECT_TRUE(ToldNext().has_value());
  EXPECT_FALSE(exchange::IsMet(Running().precautions_owed())) << "it is another version";
  EXPECT_EQ(Running().seen().precautions_read_by(), "");
}

TEST_F(MattersTest, AMeasureIsItsOwnersToMoveAndForwardsOnly) {
  file.set_responsible(kIshoej.id);
  file.mutable_agreement()->MergeFrom(Of<cv1::Agreement>(
      R"(measures { measure_id: "the-units" owner: "kriminalforsorgen-1469" })"));
  EXPECT_EQ(Happens("<MeasureReported, of the municipality's"), "refused measure.not_the_senders");
  EXPECT_EQ(Happens("<MeasureReported, of none"), "no effect measure_agreed_no_more");
  EXPECT_EQ(Happens("<MeasureReported"), "");
  ASSERT_EQ(file.measures_moved_size(), 1);
  EXPECT_FALSE(file.measures_moved(0).seen().overdue()) << "when its time is over is for us to say";
  EXPECT_EQ(file.stage(), cv1::CASE_STAGE_ACTIVE) << "the first measure starts the course";
  EXPECT_EQ(Happens("<MeasureReported"), "no effect measure_reported_so");
  EXPECT_EQ(Happens("<MeasureReported, completed"), "");
  EXPECT_EQ(Happens("<MeasureReported, stopped"), "no effect measure_reported_so");
  EXPECT_EQ(file.measures_moved(0).seen().stage(), cv1::MEASURE_STAGE_COMPLETED);
}

}  // namespace
}  // namespace exitbus::casework
