// A data folder that was put back from a copy, on real processes: its service shows what it has and
// signs nothing, and no case has two holders. And what operators do then, with exitctl.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "adapters/sqlite/sqlite_store.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/ports/store.h"
#include "tests/e2e/environment.h"
#include "tests/e2e/operator.h"
#include "tests/story/health.h"

namespace exitbus::story {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const Member& Ishoj() { return MemberNamed(kIshoj); }
const Member& Odense() { return MemberNamed(kOdense); }

class RestoredTest : public ::testing::Test {
 protected:
  static std::unique_ptr<Actor> At(const Member& member) {
    auto actor = Actor::Make(member, TheDeployment().ClientOf(member));
    EXPECT_TRUE(actor.ok()) << actor.status();
    return *std::move(actor);
  }

  static void AwaitStage(Actor& actor, const std::string& id, hv1::HandoverStage stage) {
    const auto arrived = actor.AwaitHandover(id, absl::Now(), hv1::HandoverStage_Name(stage),
                                             [stage](const auto& h) { return h.stage() == stage; });
    ASSERT_TRUE(arrived.ok()) << arrived.status();
  }

  static std::string DataOf(const Member& member) {
    return TheDeployment().places().Of(member) + "/data";
  }
  static void Replace(const std::string& folder, const std::string& by) {
    std::error_code error;
    fs::remove_all(folder, error);
    fs::copy(by, folder, fs::copy_options::recursive, error);
    ASSERT_FALSE(error) << error.message();
  }
  static void Start(const Member& member) {
    ASSERT_TRUE(TheDeployment().StartService(member).ok());
    ASSERT_TRUE(TheDeployment().AwaitServing(member).ok());
  }

  // From a request to the receiver's acceptance.
  std::string Accepted(const std::string& case_id) {
    const auto requested =
        ishoj_->RequestHandover(case_id, kOdense, hv1::HANDOVER_REASON_RELOCATION);
    EXPECT_TRUE(requested.ok()) << requested.status();
    std::string id = requested->handover_id();
    AwaitStage(*odense_, id, hv1::HANDOVER_STAGE_REQUESTED);
    EXPECT_TRUE(odense_->AgreeTerms(id).ok());
    EXPECT_TRUE(odense_->Accept(id).ok());
    for (Actor* actor : {ishoj_.get(), odense_.get()}) {
      AwaitStage(*actor, id, hv1::HANDOVER_STAGE_ACCEPTED);
    }
    return id;
  }

  // Ishøj's folder is put back to before it offered this handover, which Odense has taken over.
  // What it was until then lies in Right().
  static std::string Right() { return DataOf(Ishoj()) + ".right"; }
  void ForgetThatItWasHandedOver(const std::string& id) {
    const std::string copy = DataOf(Ishoj()) + ".copy";
    ASSERT_TRUE(TheDeployment().KillService(Ishoj()).ok());
    Replace(copy, DataOf(Ishoj()));
    Start(Ishoj());
    ASSERT_TRUE(ishoj_->Offer(id, absl::Now()).ok());
    AwaitStage(*odense_, id, hv1::HANDOVER_STAGE_OFFERED);
    ASSERT_TRUE(odense_->TakeOver(id).ok());
    AwaitStage(*ishoj_, id, hv1::HANDOVER_STAGE_TAKEN_OVER);
    ASSERT_TRUE(TheDeployment().KillService(Ishoj()).ok());
    Replace(Right(), DataOf(Ishoj()));
    Replace(DataOf(Ishoj()), copy);
    Start(Ishoj());
  }

  // What Odense sends Ishøj about this from now on belongs to another history than Ishøj holds. Its
  // file is altered past the store's port: whoever opens it by that takes it over.
  static void Fork(const std::string& handover_id) {
    const std::string key =
        exchange::CorrespondenceId{policy::v1::CHANNEL_HANDOVER, kIshoj, handover_id}.Encode();
    sqlite3* journal = nullptr;
    ASSERT_EQ(sqlite3_open_v2(adapters::JournalIn(DataOf(Odense())).c_str(), &journal,
                              SQLITE_OPEN_READWRITE, nullptr),
              SQLITE_OK);
    sqlite3_busy_timeout(journal, 5000);
    store::v1::CorrespondenceOut out;
    const auto run = [&](const std::string& sql, const std::string& value) {
      sqlite3_stmt* statement = nullptr;
      ASSERT_EQ(sqlite3_prepare_v2(journal, sql.c_str(), -1, &statement, nullptr), SQLITE_OK);
      sqlite3_bind_blob(statement, 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
      sqlite3_bind_blob(statement, 2, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
      if (sqlite3_step(statement) == SQLITE_ROW) {
        EXPECT_TRUE(out.ParseFromArray(sqlite3_column_blob(statement, 0),
                                       sqlite3_column_bytes(statement, 0)));
      }
      EXPECT_EQ(sqlite3_finalize(statement), SQLITE_OK);
    };
    const std::string table(exchange::TableName(exchange::Table::kCorrespondencesOut));
    run("SELECT value FROM " + table + " WHERE key = ?1", "");
    ASSERT_FALSE(out.head_digest().empty());
    out.set_head_digest(std::string(out.head_digest().size(), 'x'));
    run("UPDATE " + table + " SET value = ?2 WHERE key = ?1", out.SerializeAsString());
    EXPECT_EQ(sqlite3_changes(journal), 1);
    sqlite3_close_v2(journal);
  }

  // Exit status 0 or not, and what was said.
  static std::pair<bool, std::string> Exitctl(std::vector<std::string> words) {
    words.insert(words.begin(), Deployment::Program("exitctl"));
    const std::string log = TheDeployment().places().state + "/restored.log";
    const bool ok = RunTool(words, log).ok();
    return {ok, adapters::ReadFile(log).value_or("")};
  }

  // As this authority's operators give an order.
  static std::pair<bool, std::string> Order(const Member& member, std::vector<std::string> words) {
    words.insert(words.end(), {"--data-folder", DataOf(member), "--authority", member.id, "--by",
                               "operator-1", "--reason", "agreed by phone"});
    return Exitctl(std::move(words));
  }
  static std::string Stopped(const Member& member) {
    return Exitctl({"correspondence", "list", "--data-folder", DataOf(member)}).second;
  }

  std::unique_ptr<Actor> ishoj_ = At(Ishoj());
  std::unique_ptr<Actor> odense_ = At(Odense());
};

TEST_F(RestoredTest, ACopyThatIsPutBackIsFoundOutAndSignsNothing) {
  const std::string case_id = EnrolledCase(*ishoj_, "6301809001");
  const std::string id = Accepted(case_id);
  const Log log(Ishoj());
  ForgetThatItWasHandedOver(id);
  // It is asked before it is told, and answers when it was.
  const auto offered = ishoj_->Offer(id, absl::Now());
  EXPECT_EQ(RuleOf(offered.status()), "store.behind_its_peers") << offered.status();
  EXPECT_THAT(std::string(offered.status().message()), HasSubstr(kOdense));
  EXPECT_EQ(ishoj_->GetCase(case_id)->standing(), cv1::STANDING_RESPONSIBLE);
  EXPECT_EQ(odense_->GetCase(case_id)->standing(), cv1::STANDING_RESPONSIBLE);
  EXPECT_TRUE(log.Await("store.behind"));
  EXPECT_TRUE(Operator::Eventually([] {
    return AskHealth(TheDeployment().ClientOf(Ishoj()), "exitbus.store") == Health::kNotServing;
  }));
  const auto [none, status] = Exitctl({"recovery", "status", "--data-folder", DataOf(Ishoj())});
  EXPECT_FALSE(none);
  EXPECT_THAT(status, HasSubstr(kOdense));
  const auto [accepted, why] = Order(Ishoj(), {"recovery", "accept"});
  EXPECT_FALSE(accepted);
  EXPECT_THAT(why, HasSubstr("order.store_is_behind"));

  ASSERT_TRUE(TheDeployment().KillService(Ishoj()).ok());
  Replace(DataOf(Ishoj()), Right());
  Start(Ishoj());
  EXPECT_EQ(ishoj_->GetCase(case_id)->standing(), cv1::STANDING_FORMER);
  EnrolledCase(*ishoj_, "6301809002");
  EXPECT_EQ(AskHealth(TheDeployment().ClientOf(Ishoj()), "exitbus.store"), Health::kServing);
}

TEST_F(RestoredTest, WhereNoNewerCopyIsToBeHadTheStoreFollowsWhatTheOthersHold) {
  const std::string case_id = EnrolledCase(*ishoj_, "6301809003");
  const std::string id = Accepted(case_id);
  ForgetThatItWasHandedOver(id);
  std::pair<bool, std::string> followed;
  EXPECT_TRUE(Operator::Eventually([&] {  // once all that are ahead have answered
    followed = Order(Ishoj(), {"recovery", "follow"});
    return followed.first;
  })) << followed.second;
  EXPECT_THAT(followed.second, HasSubstr("sent to " + std::string(kOdense)));
  EXPECT_EQ(ishoj_->GetCase(case_id)->standing(), cv1::STANDING_FORMER);
  EXPECT_EQ(odense_->GetCase(case_id)->standing(), cv1::STANDING_RESPONSIBLE);
  EXPECT_TRUE(Exitctl({"recovery", "status", "--data-folder", DataOf(Ishoj())}).first);
  // Both go on with each other.
  ASSERT_TRUE(ishoj_->Acknowledge(id).ok());
  AwaitStage(*odense_, id, hv1::HANDOVER_STAGE_ACKNOWLEDGED);
  EXPECT_THAT(Stopped(Ishoj()), HasSubstr("none has stopped"));
}

TEST_F(RestoredTest, AStoppedCorrespondenceGoesOnOnceTheOperatorsOfBothHaveAgreed) {
  const std::string id = Accepted(EnrolledCase(*ishoj_, "6301809004"));
  ASSERT_TRUE(ishoj_->Offer(id, absl::Now()).ok());
  AwaitStage(*odense_, id, hv1::HANDOVER_STAGE_OFFERED);
  Fork(id);
  hv1::DeclineOfferRequest decline;
  decline.set_request_id("decline-" + id);
  decline.set_handover_id(id);
  decline.set_rejection(hv1::REJECTION_CODE_NO_CAPACITY);
  ASSERT_TRUE(odense_->Call("exitbus.handover.v1.HandoverService.DeclineOffer", decline).ok());
  EXPECT_TRUE(Operator::Eventually([&] {
    return Stopped(Ishoj()).find("from " + std::string(kOdense) + "  handover  " + id) !=
           std::string::npos;
  }));
  EXPECT_EQ(ishoj_->GetHandover(id)->stage(), hv1::HANDOVER_STAGE_OFFERED);

  const std::string proposal = TheDeployment().places().state + "/proposal";
  const std::string answer = TheDeployment().places().state + "/answer";
  const auto proposed = Order(Ishoj(), {"correspondence", "propose", "--peer", kOdense, "--channel",
                                        "handover", "--subject", id, "--out", proposal});
  ASSERT_TRUE(proposed.first) << proposed.second;
  const auto agreed = Order(Odense(), {"correspondence", "agree", proposal, "--out", answer});
  ASSERT_TRUE(agreed.first) << agreed.second;
  const auto finished = Order(Ishoj(), {"correspondence", "finish", answer});
  ASSERT_TRUE(finished.first) << finished.second;
  AwaitStage(*ishoj_, id, hv1::HANDOVER_STAGE_OFFER_DECLINED);
  for (const Member* member : {&Ishoj(), &Odense()}) {  // Odense once its letters are receipted
    EXPECT_TRUE(Operator::Eventually(
        [member] { return Stopped(*member).find("none has stopped") != std::string::npos; }));
  }
  const auto again = Order(Ishoj(), {"correspondence", "finish", answer});
  EXPECT_FALSE(again.first);
  EXPECT_THAT(again.second, HasSubstr("settlement.done_before"));
}

}  // namespace
}  // namespace exitbus::story
