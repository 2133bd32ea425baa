// A data folder that was put back from a copy, on real processes: its service shows what it has and
// signs nothing, and no case has two holders.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "tests/e2e/environment.h"
#include "tests/e2e/operator.h"
#include "tests/story/health.h"

namespace exitbus::story {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
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

  // Exit status 0 or not, and what was said.
  static std::pair<bool, std::string> Exitctl(std::vector<std::string> words) {
    words.insert(words.begin(), Deployment::Program("exitctl"));
    const std::string log = TheDeployment().places().state + "/restored.log";
    const bool ok = RunTool(words, log).ok();
    return {ok, adapters::ReadFile(log).value_or("")};
  }

  std::unique_ptr<Actor> ishoj_ = At(Ishoj());
  std::unique_ptr<Actor> odense_ = At(Odense());
};

TEST_F(RestoredTest, ACopyThatIsPutBackIsFoundOutAndSignsNothing) {
  const std::string case_id = EnrolledCase(*ishoj_, "6301809001");
  const auto requested = ishoj_->RequestHandover(case_id, kOdense, hv1::HANDOVER_REASON_RELOCATION);
  ASSERT_TRUE(requested.ok()) << requested.status();
  const std::string id = requested->handover_id();
  AwaitStage(*odense_, id, hv1::HANDOVER_STAGE_REQUESTED);
  ASSERT_TRUE(odense_->AgreeTerms(id).ok());
  ASSERT_TRUE(odense_->Accept(id).ok());
  AwaitStage(*ishoj_, id, hv1::HANDOVER_STAGE_ACCEPTED);
  AwaitStage(*odense_, id, hv1::HANDOVER_STAGE_ACCEPTED);

  const std::string copy = DataOf(Ishoj()) + ".copy";
  const std::string right = DataOf(Ishoj()) + ".right";
  ASSERT_TRUE(TheDeployment().KillService(Ishoj()).ok());
  Replace(copy, DataOf(Ishoj()));
  Start(Ishoj());
  ASSERT_TRUE(ishoj_->Offer(id, absl::Now()).ok());
  AwaitStage(*odense_, id, hv1::HANDOVER_STAGE_OFFERED);
  ASSERT_TRUE(odense_->TakeOver(id).ok());
  AwaitStage(*ishoj_, id, hv1::HANDOVER_STAGE_TAKEN_OVER);
  ASSERT_TRUE(TheDeployment().KillService(Ishoj()).ok());
  Replace(right, DataOf(Ishoj()));
  Replace(DataOf(Ishoj()), copy);

  const Log log(Ishoj());
  Start(Ishoj());
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
  const auto [accepted, why] =
      Exitctl({"recovery", "accept", "--data-folder", DataOf(Ishoj()), "--authority", kIshoj,
               "--by", "operator-1", "--reason", "tried"});
  EXPECT_FALSE(accepted);
  EXPECT_THAT(why, HasSubstr("order.store_is_behind"));

  ASSERT_TRUE(TheDeployment().KillService(Ishoj()).ok());
  Replace(DataOf(Ishoj()), right);
  Start(Ishoj());
  EXPECT_EQ(ishoj_->GetCase(case_id)->standing(), cv1::STANDING_FORMER);
  EnrolledCase(*ishoj_, "6301809002");
  EXPECT_EQ(AskHealth(TheDeployment().ClientOf(Ishoj()), "exitbus.store"), Health::kServing);
}

}  // namespace
}  // namespace exitbus::story
