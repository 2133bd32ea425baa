// One person in two active entries of NEC's overview, whom two police units are asked about.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/recovery/v1/order.pb.h"
#include "tests/simulation/overview_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace nv1 = nec::v1;
namespace plv1 = police::v1;
using testing::ElementsAre;
using testing::IsEmpty;

class OneOverviewTest : public testing::Test, protected OverviewWorld {};

// The unit knows nobody of that number: a person has to ask both authorities.
TEST_F(OneOverviewTest, AUnitThatHasNoFileSaysSo) {
  CaseKnownToPolice(world, ishoej);
  EnrolledCase(world, odense, kPerson);
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(nec.telemetry().LinesOf("overview.person_has_two_entries").size(), 1U);
  const auto open = Entries(true);
  ASSERT_EQ(open.size(), 1U);
  ASSERT_EQ(open[0].duplicates(0).parties_size(), 2);
  EXPECT_EQ(open[0].duplicates(0).parties(0).unit(), fyn.id());
  EXPECT_EQ(open[0].duplicates(0).parties(0).answer(), nv1::DUPLICATE_ANSWER_NO_FILE);
  EXPECT_THAT(FilesAt(fyn), IsEmpty());
  const auto file = OnlyFile(vestegnen);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->duplicates_size(), 1);
  EXPECT_THAT(file->duplicates(0).others(), ElementsAre(nv1::DUPLICATE_ANSWER_NO_FILE));
}

// A file that an older version wrote has no name by its person: the newer one gives it that at its
// start.
TEST_F(OneOverviewTest, AFileOfAnOlderVersionIsFoundByItsPerson) {
  world.another_version = [](exchange::Service& service) {
    for (exchange::Aggregate& aggregate : service.aggregates) {
      aggregate.keys = [keys = aggregate.keys](const auto& state, const auto& lookup) {
        auto names = keys(state, lookup);
        std::erase_if(names, [](const std::string& name) { return name.starts_with("person/"); });
        return names;
      };
    }
  };
  vestegnen.Crash();
  vestegnen.Start();
  CaseKnownToPolice(world, ishoej);
  world.another_version = nullptr;
  vestegnen.Crash();
  vestegnen.Start();
  EnrolledCase(world, odense, kPerson);
  ASSERT_TRUE(world.Settle());
  const auto file = OnlyFile(vestegnen);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->duplicates_size(), 1);
}

// Two cases in one district; then one of them comes to another, whose unit is asked as well.
TEST_F(OneOverviewTest, AUnitThatTheCaseComesToIsTold) {
  const auto told = [&](Node& police) {
    int duplicates = 0;
    for (const auto& file : FilesAt(police)) duplicates += file.duplicates_size();
    return duplicates;
  };
  const std::string case_id = CaseKnownToPolice(world, ishoej);
  ASSERT_TRUE(AssessAnew(vestegnen).ok());
  const std::string other_id = EnrolledCase(world, albertslund, kPerson);
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(told(vestegnen), 1);
  EXPECT_EQ(Entries(true)[0].duplicates(0).parties_size(), 1) << "one unit of both is told once";
  ASSERT_TRUE(AskPolice(world, albertslund, other_id).ok());
  const std::string handover = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(told(fyn), 0) << "nothing has moved";
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", handover).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(told(fyn), 1);
  EXPECT_EQ(told(vestegnen), 2) << "now under the file of the case that it still has";
  EXPECT_EQ(Entries(true).size(), 2U);
}

// Two cases, in two districts, each known to its police unit; then the number of one is corrected
// to that of the other.
class DuplicateTest : public testing::Test, protected OverviewWorld {
 protected:
  void SetUp() override {
    case_id = CaseKnownToPolice(world, ishoej);
    other_id = EnrolledCase(world, odense, kAnother);
    ASSERT_TRUE(AskPolice(world, odense, other_id).ok());
    ASSERT_TRUE(world.Settle());
    EXPECT_EQ(Count(), "2: 1465 1+0 1469 1+0");
  }
  void BecomeOne() {
    cv1::CorrectCaseRequest correction;
    correction.set_case_id(other_id);
    correction.mutable_person()->set_cpr_number(kPerson);
    ASSERT_TRUE(Correct(world, odense, correction).ok());
  }
  void Found() {
    BecomeOne();
    ASSERT_TRUE(world.Settle());
  }
  plv1::DuplicateNotice NoticeAt(Node& police) {
    const auto file = OnlyFile(police);
    EXPECT_TRUE(file.ok()) << police.id() << " " << file.status();
    return file.ok() && file->duplicates_size() == 1 ? file->duplicates(0)
                                                     : plv1::DuplicateNotice();
  }
  absl::Status Answer(Node& police, nv1::DuplicateAnswer answer, const std::string& id = "") {
    const auto file = OnlyFile(police);
    if (!file.ok()) return file.status();
    plv1::AnswerDuplicateRequest request;
    request.set_request_id(world.RequestId());
    request.set_security_id(file->security_id());
    request.set_duplicate_id(id.empty() ? NoticeAt(police).duplicate_id() : id);
    request.set_answer(answer);
    absl::StatusOr<plv1::AnswerDuplicateResponse> said = absl::UnavailableError("");
    for (int i = 0; i < 3 && absl::IsUnavailable(said.status()); ++i) {
      if (!police.running()) police.Start();
      said = police.Call<plv1::AnswerDuplicateResponse>(
          "exitbus.police.v1.SecurityService.AnswerDuplicate", request);
    }
    return said.status();
  }
  // What stands at NEC: the only one.
  nv1::Duplicate AtNec() {
    std::vector<nv1::Duplicate> all;
    for (const nv1::OverviewEntry& entry : Entries()) {
      all.insert(all.end(), entry.duplicates().begin(), entry.duplicates().end());
    }
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? nv1::Duplicate() : all.front();
  }

  std::string case_id, other_id;
};

TEST_F(DuplicateTest, BothUnitsAreToldAnswerAndHearEachOther) {
  Found();
  EXPECT_EQ(Count(), "1: 1465 1+0 1469 1+0") << "once in the country";
  EXPECT_EQ(Counted(Now())->in_several_entries(), 1U);
  const plv1::DuplicateNotice notice = NoticeAt(vestegnen);
  EXPECT_FALSE(notice.duplicate_id().empty());
  EXPECT_EQ(NoticeAt(fyn).duplicate_id(), notice.duplicate_id());
  EXPECT_GT(notice.due().seconds(), notice.told().seconds());
  EXPECT_EQ(Entries(true).size(), 1U);
  EXPECT_FALSE(AtNec().settled());

  ASSERT_TRUE(Answer(vestegnen, nv1::DUPLICATE_ANSWER_SAME_PERSON).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(NoticeAt(fyn).others(), ElementsAre(nv1::DUPLICATE_ANSWER_SAME_PERSON));
  EXPECT_THAT(NoticeAt(vestegnen).others(), IsEmpty());
  ASSERT_TRUE(Answer(fyn, nv1::DUPLICATE_ANSWER_ALREADY_KNOWN).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(NoticeAt(vestegnen).others(), ElementsAre(nv1::DUPLICATE_ANSWER_ALREADY_KNOWN));
  const nv1::Duplicate settled = AtNec();
  EXPECT_TRUE(settled.settled());
  ASSERT_EQ(settled.parties_size(), 2);
  EXPECT_EQ(settled.parties(0).unit(), fyn.id());
  EXPECT_EQ(settled.parties(0).answer(), nv1::DUPLICATE_ANSWER_ALREADY_KNOWN);
  EXPECT_EQ(settled.other_overview_ids_size(), 1);
  EXPECT_THAT(Entries(true), IsEmpty());

  world.Skip(absl::Hours(24 * 30));
  EXPECT_THAT(nec.telemetry().LinesOf("duplicate.overdue"), IsEmpty());
  EXPECT_THAT(nec.telemetry().LinesOf("overview.person_has_two_entries"), IsEmpty());
}

TEST_F(DuplicateTest, WhoDoesNotAnswerIsAlarmedOfOnce) {
  Found();
  ASSERT_TRUE(Answer(fyn, nv1::DUPLICATE_ANSWER_NOT_THE_SAME).ok());
  ASSERT_TRUE(world.Settle());
  world.Skip(absl::Hours(24 * 30));
  world.Skip(absl::Hours(24 * 30));
  EXPECT_EQ(nec.telemetry().LinesOf("duplicate.overdue").size(), 1U);
  EXPECT_TRUE(AtNec().overdue());
  ASSERT_TRUE(Answer(vestegnen, nv1::DUPLICATE_ANSWER_NOT_THE_SAME).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_FALSE(AtNec().overdue());
  EXPECT_TRUE(AtNec().settled());
}

TEST_F(DuplicateTest, AnAnswerIsReplacedByAnother) {
  Found();
  ASSERT_TRUE(Answer(fyn, nv1::DUPLICATE_ANSWER_NOT_THE_SAME).ok());
  EXPECT_EQ(RuleOf(Answer(fyn, nv1::DUPLICATE_ANSWER_NOT_THE_SAME)), "duplicate.answered_so");
  EXPECT_EQ(RuleOf(Answer(fyn, nv1::DUPLICATE_ANSWER_SAME_PERSON, "no-such")), "duplicate.unknown");
  EXPECT_EQ(RuleOf(Answer(fyn, nv1::DUPLICATE_ANSWER_NO_FILE)), "duplicate.answer_required");
  ASSERT_TRUE(Answer(fyn, nv1::DUPLICATE_ANSWER_SAME_PERSON).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(AtNec().parties(0).answer(), nv1::DUPLICATE_ANSWER_SAME_PERSON);
  EXPECT_THAT(NoticeAt(vestegnen).others(),
              ElementsAre(nv1::DUPLICATE_ANSWER_NOT_THE_SAME, nv1::DUPLICATE_ANSWER_SAME_PERSON));
}

TEST_F(DuplicateTest, NobodyHearsOfAWithdrawnOne) {
  ASSERT_TRUE(Withdraw(ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  Found();
  EXPECT_EQ(NoticeAt(vestegnen).duplicate_id(), "");
  EXPECT_EQ(NoticeAt(fyn).duplicate_id(), "");
}

TEST_F(DuplicateTest, WhoErasesIsWaitedForNoLonger) {
  Found();
  ASSERT_TRUE(Answer(fyn, nv1::DUPLICATE_ANSWER_SAME_PERSON).ok());
  ASSERT_TRUE(world.Settle());
  Erased(ishoej, case_id);
  EXPECT_TRUE(AtNec().settled());
  EXPECT_EQ(Count(), "1: 1465 1+0");
  Erased(odense, other_id);
  EXPECT_EQ(Count(), "0:");
  ExpectNothingLeft();
}

// The entry where it was found is gone; what its units still say of it is too late.
TEST_F(DuplicateTest, AnAnswerCrossesTheErasure) {
  Found();
  world.Mute(vestegnen, {"nec"});
  ASSERT_TRUE(Answer(vestegnen, nv1::DUPLICATE_ANSWER_SAME_PERSON).ok());
  Erased(odense, other_id);
  ASSERT_TRUE(world.Heal());
  EXPECT_EQ(Entries().size(), 1U);
  EXPECT_THAT(Entries()[0].duplicates(), IsEmpty());
  for (Node* node : All()) {
    EXPECT_THAT(node->telemetry().LinesOf("letter.refused"), IsEmpty()) << node->id();
  }
}

// Its store was put back to before: it finds the two again, and asks under another id.
TEST_F(DuplicateTest, ARestoredOverviewFindsThemAgain) {
  auto backup = nec.store().Snapshot();
  Found();
  ASSERT_TRUE(Answer(fyn, nv1::DUPLICATE_ANSWER_SAME_PERSON).ok());
  ASSERT_TRUE(world.Settle());
  const std::string forgotten = NoticeAt(vestegnen).duplicate_id();
  const std::string counted = Count();
  nec.Restore(std::move(backup));
  world.Pass(absl::Minutes(1));
  recovery::v1::Order order;
  order.set_order_id(world.RequestId());
  order.set_authority(nec.id());
  order.set_operator_("operator-1");
  order.set_reason("the newest backup there is");
  order.mutable_follow_peers();
  const auto followed = nec.engine().TakeOrder(order);
  ASSERT_TRUE(followed.carried_out()) << followed.text();
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Answer(vestegnen, nv1::DUPLICATE_ANSWER_SAME_PERSON, forgotten).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Count(), counted);
  EXPECT_NE(AtNec().duplicate_id(), forgotten);
  EXPECT_EQ(OnlyFile(vestegnen)->duplicates_size(), 2);
}

// Found once and told once, whichever process dies at whichever commit.
TEST(DuplicateCrashTest, EachUnitIsToldOnceAndNothingIsLost) {
  int died = 0;
  for (int victim = 0; victim < 3; ++victim) {
    for (int nth = 1; nth <= 4; ++nth) {
      for (const bool durable : {false, true}) {
        SCOPED_TRACE(absl::StrCat(victim, " ", nth, durable ? " after" : " before"));
        class Once : public DuplicateTest {
         public:
          void TestBody() override {}
          bool Played(int victim, int nth, bool durable) {
            SetUp();
            Node* const all[] = {&nec, &vestegnen, &fyn};
            all[victim]->DieAtCommit(nth, durable);
            BecomeOne();
            EXPECT_TRUE(world.Settle());
            EXPECT_TRUE(Answer(vestegnen, nv1::DUPLICATE_ANSWER_SAME_PERSON).ok());
            EXPECT_TRUE(Answer(fyn, nv1::DUPLICATE_ANSWER_SAME_PERSON).ok());
            EXPECT_TRUE(world.Settle());
            EXPECT_TRUE(AtNec().settled());
            EXPECT_THAT(NoticeAt(vestegnen).others(),
                        ElementsAre(nv1::DUPLICATE_ANSWER_SAME_PERSON));
            EXPECT_THAT(NoticeAt(fyn).others(), ElementsAre(nv1::DUPLICATE_ANSWER_SAME_PERSON));
            return all[victim]->died();
          }
        };
        died += Once().Played(victim, nth, durable) ? 1 : 0;
      }
    }
  }
  EXPECT_GT(died, 12);
}

}  // namespace
}  // namespace exitbus::simulation
