// A correction goes on to those who had the case before, one after the other, by name only, and the
// confirmations come back the same way: who corrects knows when everybody has.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/vault.h"
#include "tests/simulation/erasure_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace dv1 = directory::v1;
namespace plv1 = police::v1;
namespace pv1 = policy::v1;
using exchange::Table;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr char kRightNumber[] = "6101900009";
constexpr absl::Duration kOverdue = absl::Hours(24 * 9);  // five working days, from any day

class CorrectionLine : public ErasureWorld {
 public:
  explicit CorrectionLine(std::uint64_t seed = 1) : ErasureWorld(seed) {
    case_id = EnrolledCase(world, ishoej);
    EXPECT_TRUE(world.Settle());
  }

  // The case, which this one has, is taken over by that one; the handover's id.
  std::string Move(Node& from, Node& to) {
    const std::string id = Offered(world, from, case_id, to);
    EXPECT_TRUE(Do(world, to, "TakeOverCase", id).ok());
    EXPECT_TRUE(world.Settle());
    return id;
  }
  // From Ishøj, assessed by its police, over Odense in Fyn's district and back to Vestegnen's.
  void ToAlbertslund() {
    Assessed(case_id);
    Move(ishoej, odense);
    Move(odense, albertslund);
  }

  cv1::CorrectCaseRequest Who() const {
    cv1::CorrectCaseRequest request;
    request.set_case_id(case_id);
    request.mutable_person()->set_cpr_number(kRightNumber);
    request.mutable_person()->set_name("Right Name");
    return request;
  }
  // The newest in the file that the authority shows of the case.
  cv1::Correction At(Node& node) {
    const auto seen = GetCase(node, case_id);
    EXPECT_TRUE(seen.ok()) << node.id() << ": " << seen.status();
    if (!seen.ok() || seen->corrections().empty()) return cv1::Correction();
    return seen->corrections(seen->corrections_size() - 1);
  }
  plv1::SecurityFile FileAt(Node& police, plv1::PoliceStanding standing) {
    for (const auto& file : FilesAt(police)) {
      if (file.standing() == standing) return file;
    }
    ADD_FAILURE() << police.id() << " has no such file";
    return plv1::SecurityFile();
  }
  void ExpectNothingRefused() {
    for (Node* node : All()) {
      SCOPED_TRACE(node->id());
      EXPECT_EQ(node->telemetry().Total("letters.refused_by_peer"), 0);
      EXPECT_EQ(node->telemetry().Total("correspondences.stopped"), 0);
      EXPECT_EQ(node->telemetry().Total("dead_letters"), 0);
      EXPECT_TRUE(node->store().rows(Table::kParked).empty());
    }
  }

  std::string case_id;
};

class CorrectionLineTest : public testing::Test, protected CorrectionLine {};

TEST_F(CorrectionLineTest, ReachesWhoeverHadTheCaseBefore) {
  ToAlbertslund();
  cv1::CorrectCaseRequest request = Who();
  request.set_current_address("Right Street 2");
  request.mutable_visitation()->set_motivation("very real");
  const auto corrected = Correct(world, albertslund, request);
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  ASSERT_TRUE(world.Settle());

  EXPECT_THAT(At(albertslund).outstanding(), IsEmpty());
  EXPECT_THAT(At(albertslund).confirmed(),
              UnorderedElementsAre(nec.id(), vestegnen.id(), fyn.id(), odense.id()));
  EXPECT_THAT(At(odense).confirmed(), UnorderedElementsAre(ishoej.id(), vestegnen.id()));
  EXPECT_EQ(At(odense).issuer(), albertslund.id());
  EXPECT_EQ(At(ishoej).correction_id(), corrected->corrections(0).correction_id());
  EXPECT_EQ(At(ishoej).issuer(), odense.id()) << "it knows nobody after that one";
  EXPECT_EQ(At(ishoej).reason(), "");
  EXPECT_THAT(At(ishoej).confirmed(), IsEmpty());
  EXPECT_THAT(At(ishoej).outstanding(), IsEmpty());
  EXPECT_THAT(At(ishoej).categories(),
              UnorderedElementsAre(pv1::CATEGORY_CPR_NUMBER, pv1::CATEGORY_NAME,
                                   pv1::CATEGORY_CLARIFICATION_FORM))
      << "not even that the address is another one now";
  for (Node* former : {&ishoej, &odense}) {
    EXPECT_EQ(GetCase(*former, case_id)->person().name(), "Canary Name") << former->id();
    EXPECT_EQ(GetCase(*former, case_id)->current_address(), "Canary Street 1") << former->id();
  }

  // Vestegnen's unit has a file from before, and another on the case that came back to it.
  const auto before = FileAt(vestegnen, plv1::POLICE_STANDING_FORMER);
  EXPECT_EQ(before.person().name(), "Canary Name");
  ASSERT_EQ(before.corrections_size(), 1);
  EXPECT_EQ(before.corrections(0).issuer(), odense.id());
  EXPECT_THAT(before.corrections(0).categories(),
              UnorderedElementsAre(pv1::CATEGORY_CPR_NUMBER, pv1::CATEGORY_NAME));
  EXPECT_EQ(FileAt(vestegnen, plv1::POLICE_STANDING_IN_CHARGE).person().name(), "Right Name");
  EXPECT_EQ(FileAt(fyn, plv1::POLICE_STANDING_FORMER).person().name(), "Canary Name");
  ExpectNothingRefused();
}

TEST_F(CorrectionLineTest, IsNotCompleteBeforeTheFirstHasConfirmed) {
  Move(ishoej, odense);
  Move(odense, albertslund);
  ishoej.Crash();
  ASSERT_TRUE(Correct(world, albertslund, Who()).ok());
  world.Pass(absl::Minutes(10));
  EXPECT_THAT(At(albertslund).outstanding(), ElementsAre(odense.id()));
  EXPECT_THAT(At(albertslund).confirmed(), ElementsAre(nec.id()));
  EXPECT_THAT(At(odense).outstanding(), ElementsAre(ishoej.id()));
  EXPECT_GT(At(odense).due().seconds(), 0);

  world.Skip(kOverdue);
  for (Node* waiting : {&albertslund, &odense}) {
    EXPECT_TRUE(At(*waiting).overdue()) << waiting->id();
    EXPECT_EQ(waiting->telemetry().LinesOf("correction.overdue").size(), 1U) << waiting->id();
  }
  ishoej.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(At(albertslund).outstanding(), IsEmpty());
  EXPECT_FALSE(At(albertslund).overdue());
  EXPECT_FALSE(At(odense).overdue());
  ExpectNothingRefused();
}

TEST_F(CorrectionLineTest, WaitsForWhoIsSuspendedAndNeverCallsOneThatIsGoneConfirmed) {
  Move(ishoej, odense);
  Move(odense, albertslund);
  ishoej.SetStatus(dv1::AUTHORITY_STATUS_SUSPENDED);
  ASSERT_TRUE(Correct(world, albertslund, Who()).ok());
  world.Pass(absl::Hours(48));
  EXPECT_THAT(At(albertslund).outstanding(), ElementsAre(odense.id()));
  ishoej.SetStatus(dv1::AUTHORITY_STATUS_UNSPECIFIED);
  world.Pass(absl::Minutes(1));
  EXPECT_THAT(At(albertslund).outstanding(), IsEmpty());

  ishoej.SetStatus(dv1::AUTHORITY_STATUS_REMOVED);
  cv1::CorrectCaseRequest again = Who();
  again.mutable_person()->set_name("Rightest Name");
  ASSERT_TRUE(Correct(world, albertslund, again).ok());
  world.Pass(absl::Hours(48));
  world.Skip(kOverdue);
  EXPECT_THAT(At(albertslund).outstanding(), ElementsAre(odense.id()));
  EXPECT_THAT(At(odense).outstanding(), ElementsAre(ishoej.id()));
  EXPECT_TRUE(At(albertslund).overdue());
  EXPECT_TRUE(At(odense).overdue());
}

// All case files of an authority that know of a correction, the older ones too.
int FilesThatKnow(Node& node) {
  int count = 0;
  for (const auto& [key, value] : node.store().rows(Table::kStates)) {
    store::v1::StateRow row;
    casework_journal::v1::CaseFile file;
    if (!IsCaseFile(key) || !row.ParseFromString(value)) continue;
    const auto plain = node.environment().vault->Decrypt(
        row.scope(), {Table::kStates, key, row.version()}, row.sealed_state());
    EXPECT_TRUE(plain.ok() && file.ParseFromString(*plain));
    count += file.corrections().empty() ? 0 : 1;
  }
  return count;
}

// Ishøj has two files of the case: the one that corrects, and the one from before it went away. The
// older one is told, by Odense, and that is the end of the line.
TEST_F(CorrectionLineTest, OfACaseThatCameBackEndsAtTheOlderFile) {
  Assessed(case_id);
  Move(ishoej, odense);
  Move(odense, ishoej);
  ASSERT_TRUE(Correct(world, ishoej, Who()).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(FilesThatKnow(ishoej), 2);
  EXPECT_EQ(FilesThatKnow(odense), 1);
  EXPECT_EQ(GetCase(ishoej, case_id)->person().name(), "Right Name");
  EXPECT_THAT(At(ishoej).outstanding(), IsEmpty());
  EXPECT_THAT(At(ishoej).confirmed(),
              UnorderedElementsAre(nec.id(), vestegnen.id(), fyn.id(), odense.id()));
  EXPECT_THAT(At(odense).confirmed(), UnorderedElementsAre(ishoej.id(), vestegnen.id()));
  // And again from the other side, with a file more.
  Move(ishoej, odense);
  cv1::CorrectCaseRequest again = Who();
  again.mutable_person()->set_name("Rightest Name");
  ASSERT_TRUE(Correct(world, odense, again).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(FilesThatKnow(odense), 2);
  EXPECT_THAT(At(odense).outstanding(), IsEmpty());
  ExpectNothingRefused();
}

// The same authority is told twice, as the former holder and as the one that may take it back.
TEST_F(CorrectionLineTest, OneThatIsToldTwiceConfirmsTwice) {
  Move(ishoej, odense);
  const std::string back = Accepted(world, odense, case_id, ishoej);
  ishoej.Crash();
  ASSERT_TRUE(Correct(world, odense, Who()).ok());
  world.Pass(absl::Minutes(1));
  EXPECT_THAT(At(odense).outstanding(), ElementsAre(ishoej.id(), ishoej.id()));
  ASSERT_TRUE(Do(world, odense, "RecallHandover", back).ok());
  EXPECT_THAT(At(odense).outstanding(), ElementsAre(ishoej.id())) << "as the former holder";
  world.Pass(absl::Minutes(1));
  ishoej.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(At(odense).outstanding(), IsEmpty());
  ExpectNothingRefused();
}

// Odense has another agreement than it got; Ishøj never saw what was wrong in it.
TEST_F(CorrectionLineTest, NobodyIsToldOfMeasuresThatCameAfterHim) {
  Move(ishoej, odense);
  cv1::SignAgreementRequest sign;
  sign.set_request_id(world.RequestId());
  sign.set_case_id(case_id);
  *sign.mutable_agreement() = GetCase(odense, case_id)->agreement();
  for (cv1::Measure& measure : *sign.mutable_agreement()->mutable_measures()) {
    measure.clear_measure_id();  // new ones
    measure.clear_unit();
  }
  const auto signed_anew = odense.Call<cv1::SignAgreementResponse>(
      "exitbus.casework.v1.CaseService.SignAgreement", sign);
  ASSERT_TRUE(signed_anew.ok()) << signed_anew.status();
  Move(odense, albertslund);
  cv1::CorrectCaseRequest request;
  request.set_case_id(case_id);
  cv1::MeasureCorrection& correction = *request.add_measures();
  correction.set_measure_id(GetCase(albertslund, case_id)->agreement().measures(0).measure_id());
  correction.set_description("what was meant");
  ASSERT_TRUE(Correct(world, albertslund, request).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(At(albertslund).confirmed(), ElementsAre(odense.id()));
  EXPECT_THAT(At(odense).categories(), ElementsAre(pv1::CATEGORY_MEASURES));
  EXPECT_THAT(At(odense).confirmed(), IsEmpty());
  EXPECT_EQ(GetCase(ishoej, case_id)->corrections_size(), 0);
}

TEST_F(CorrectionLineTest, TheFirstMayBeKriminalforsorgen) {
  case_id = EnrolledCase(world, prison, "6101900005");
  Move(prison, ishoej);
  Move(ishoej, odense);
  ASSERT_TRUE(Correct(world, odense, Who()).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(At(odense).outstanding(), IsEmpty());
  EXPECT_THAT(At(ishoej).confirmed(), ElementsAre(prison.id()));
  EXPECT_EQ(At(prison).issuer(), ishoej.id());
  ExpectNothingRefused();
}

TEST_F(CorrectionLineTest, ComesInOrderBehindTheTakeOverThatItsAuthorRestsOn) {
  Move(ishoej, odense);
  const std::string id = Offered(world, odense, case_id, albertslund);
  odense.Crash();
  ASSERT_TRUE(Do(world, albertslund, "TakeOverCase", id).ok());
  ASSERT_TRUE(Correct(world, albertslund, Who()).ok());
  world.Pass(absl::Minutes(1));
  world.broker.Wipe();
  odense.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(At(albertslund).outstanding(), IsEmpty());
  EXPECT_THAT(At(ishoej).categories(),
              UnorderedElementsAre(pv1::CATEGORY_CPR_NUMBER, pv1::CATEGORY_NAME));
  ExpectNothingRefused();
}

// What is passed on tells nothing of a person, so it lies under the authority's own key and goes
// even when the file it came from is erased; and it meets the erasure without leaving anything.
TEST_F(CorrectionLineTest, IsNotWithheldByAnErasureThatCrossesIt) {
  ToAlbertslund();
  const std::vector<Node*> away = {&ishoej, &vestegnen, &fyn};
  for (Node* node : away) node->Crash();
  ASSERT_TRUE(Correct(world, albertslund, Who()).ok());
  world.Pass(absl::Minutes(1));
  int waiting = 0;
  for (const auto& [key, value] : odense.store().rows(Table::kOutbox)) {
    store::v1::OutboxRow row;
    ASSERT_TRUE(row.ParseFromString(value));
    EXPECT_EQ(row.scope(), exchange::kAuthorityScope) << row.recipient();
    ++waiting;
  }
  EXPECT_EQ(waiting, 2) << "for Ishøj and its police";
  ASSERT_TRUE(Withdraw(albertslund, case_id).ok());
  ASSERT_TRUE(Erase(albertslund, case_id).ok());
  world.Pass(absl::Minutes(10));
  world.broker.Wipe();
  for (Node* node : away) node->Start();
  ExpectNothingLeft();
}

// As what each one reads that a former holder tells, and that it tells a former holder: one that
// let the case go, by name only, whoever it is otherwise.
TEST_F(CorrectionLineTest, IsBetweenFormerHoldersAndNeverInFull) {
  ToAlbertslund();
  world.broker.SetPublishFault([](const exchange::BusRecord& record) {
    return record.topic.find(".receipt.") == std::string::npos ? adapters::PublishFault::kNone
                                                               : adapters::PublishFault::kLost;
  });
  ASSERT_TRUE(Correct(world, albertslund, Who()).ok());
  world.Pass(absl::Seconds(30));
  int letters = 0;  // unreceipted, so that they are still there to be looked at
  for (Node* sender : {&odense, &ishoej, &vestegnen}) {
    for (const auto& [key, value] : sender->store().rows(Table::kOutbox)) {
      store::v1::OutboxRow row;
      ASSERT_TRUE(row.ParseFromString(value));
      if (row.recipient() == albertslund.id()) continue;
      EXPECT_EQ(row.reader(), pv1::READER_FORMER) << sender->id() << " to " << row.recipient();
      EXPECT_EQ(row.level(), pv1::LEVEL_MINIMUM) << sender->id() << " to " << row.recipient();
      ++letters;
    }
  }
  EXPECT_EQ(letters, 4) << "Odense to Ishøj and its police, and both back";
  ASSERT_TRUE(world.Heal());
  ExpectNothingRefused();
}

// Dies at its n-th commit from the correction on, for every n there is.
void KillAtEveryCommit(Node& (*victim_of)(CorrectionLine&), bool durable, int deaths_min) {
  int deaths = 0;
  while (true) {
    SCOPED_TRACE("commit " + std::to_string(deaths));
    CorrectionLine each(deaths + 1);
    each.ToAlbertslund();
    Node& victim = victim_of(each);
    victim.DieAtCommit(deaths, durable);
    const auto corrected = Correct(each.world, each.albertslund, each.Who());
    ASSERT_TRUE(corrected.ok()) << corrected.status();
    ASSERT_TRUE(each.world.Settle());
    EXPECT_THAT(each.At(each.albertslund).outstanding(), IsEmpty());
    EXPECT_THAT(each.At(each.odense).confirmed(), testing::SizeIs(2));
    EXPECT_EQ(GetCase(each.albertslund, each.case_id)->corrections_size(), 1);
    EXPECT_EQ(GetCase(each.odense, each.case_id)->corrections_size(), 1);
    EXPECT_EQ(GetCase(each.ishoej, each.case_id)->corrections_size(), 1);
    each.ExpectNothingRefused();
    if (testing::Test::HasFailure()) return;
    if (!victim.died()) break;  // it does not commit that often
    ++deaths;
  }
  EXPECT_GE(deaths, deaths_min);
}

TEST(CorrectionCrashTest, WhoCorrectsMayDieBeforeOrAfterAnyCommit) {
  for (const bool durable : {false, true}) {
    KillAtEveryCommit([](CorrectionLine& w) -> Node& { return w.albertslund; }, durable, 4);
  }
}
TEST(CorrectionCrashTest, WhoPassesItOnMayDieBeforeOrAfterAnyCommit) {
  for (const bool durable : {false, true}) {
    KillAtEveryCommit([](CorrectionLine& w) -> Node& { return w.odense; }, durable, 4);
  }
}
TEST(CorrectionCrashTest, TheFirstInTheLineMayDieBeforeOrAfterAnyCommit) {
  for (const bool durable : {false, true}) {
    KillAtEveryCommit([](CorrectionLine& w) -> Node& { return w.ishoej; }, durable, 2);
    KillAtEveryCommit([](CorrectionLine& w) -> Node& { return w.vestegnen; }, durable, 2);
  }
}

}  // namespace
}  // namespace exitbus::simulation
