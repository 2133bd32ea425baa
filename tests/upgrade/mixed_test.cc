// A deployment of two releases: the last one's processes and today's exchange cases over one
// broker, and today's go on with the stores of the last one's (tools/test long upgrade).
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <set>
#include <string>

#include "services/exchange/ports/status_macros.h"
#include "tests/e2e/state_folder.h"
#include "tests/story/books.h"
#include "tests/story/operations.h"
#include "tests/upgrade/recorded_story.h"
#include "tests/upgrade/released_contracts.h"

namespace exitbus::upgrade {
namespace {

using story::Deployment;
using story::Member;

constexpr absl::Duration kSettled = absl::Seconds(90);

// Who is still run by the last release.
struct Mix {
  std::string name;
  std::set<std::string> of_release;
  // Against the order that CHANGELOG.md says: some of what today's tell these is refused by them.
  bool refuses = false;
  bool to_older = false;  // RecordedStory::Make
};
void PrintTo(const Mix& mix, std::ostream* out) { *out << mix.name; }

std::string Given(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? "" : value;
}

class MixedTest : public ::testing::TestWithParam<Mix> {
 protected:
  void SetUp() override {
    const std::string bin = Given("EXITBUS_RELEASE_BIN");
    ASSERT_FALSE(bin.empty())
        << "where the release's programs lie; tools/test long upgrade says it";
    const auto contracts = ReleasedContracts::Load(Given("EXITBUS_RELEASE_CONTRACTS"));
    ASSERT_TRUE(contracts.ok()) << contracts.status();
    const auto state = story::FreshState("upgrade_" + GetParam().name);
    ASSERT_TRUE(state.ok()) << state.status();
    auto made = Deployment::Prepare(
        *state, [](std::string_view what) { std::cout << "  … " << what << std::endl; });
    ASSERT_TRUE(made.ok()) << made.status();
    deployment = *std::move(made);
    for (const Member& member : story::Cast()) {
      if (!GetParam().of_release.contains(member.id)) continue;
      deployment->SetBuild(member,
                           {bin, [contracts = *contracts](config::v1::ServiceConfig& config) {
                              return contracts.LeaveKnown(config);
                            }});
    }
    const absl::Status started = deployment->Start();
    ASSERT_TRUE(started.ok()) << started;
  }

  void TearDown() override {
    if (!deployment) return;
    const absl::Status stopped = deployment->Stop();
    EXPECT_TRUE(stopped.ok()) << stopped;
  }

  // Those of the last release are stopped, and today's begin on what they left, by the same
  // configuration.
  void Upgrade() {
    for (const Member& member : story::Cast()) {
      if (!GetParam().of_release.contains(member.id)) continue;
      const absl::Status stopped = deployment->StopService(member);
      ASSERT_TRUE(stopped.ok()) << stopped;
      deployment->SetThisBuild(member);
      const absl::Status started = deployment->StartService(member);
      ASSERT_TRUE(started.ok()) << started;
    }
    for (const Member& member : story::Cast()) {
      const absl::Status serves = deployment->AwaitServing(member);
      ASSERT_TRUE(serves.ok()) << serves;
    }
  }

  absl::Status BothEndsAgree() { return story::CompareBooks(*deployment, kSettled).status(); }

  // Each letter has its answer, though some were refused.
  absl::Status NothingWaits() {
    if (!story::AwaitAllReceipted(*deployment, kSettled)) {
      return absl::DeadlineExceededError("letters are not receipted");
    }
    for (const Member& member : story::Cast()) {
      ASSIGN_OR_RETURN(const story::Books books,
                       story::ReadBooks(deployment->places().journal(member)));
      if (books.parked + books.dead_letters > 0) {
        return absl::InternalError(member.id + ": letters are parked or dead");
      }
    }
    return absl::OkStatus();
  }

  std::unique_ptr<Deployment> deployment;
};

TEST_P(MixedTest, NothingIsLostOrDoubled) {
  const auto story = RecordedStory::Make(deployment.get(), GetParam().to_older);
  ASSERT_TRUE(story.ok()) << story.status();
  const absl::Status played = (*story)->Play();
  ASSERT_TRUE(played.ok()) << played;
  Upgrade();
  const absl::Status gone_on = (*story)->GoOn();
  ASSERT_TRUE(gone_on.ok()) << gone_on;
  const absl::Status sound = GetParam().refuses ? NothingWaits() : BothEndsAgree();
  ASSERT_TRUE(sound.ok()) << sound;
  const auto evidence = story::VerifyEvidence(*deployment);
  ASSERT_TRUE(evidence.ok()) << evidence.status();
  std::cout << "[ upgrade ] " << *evidence << std::endl;
}

// In the order of an update: police units, NEC and the contact point, then municipalities, then
// Kriminalforsorgen.
INSTANTIATE_TEST_SUITE_P(
    Mixes, MixedTest,
    ::testing::Values(Mix{"all",
                          {story::kKif, story::kIshoj, story::kOdense, story::kNec,
                           story::kVestegnen, story::kFyn, story::kContactPoint}},
                      Mix{"holders", {story::kKif, story::kIshoj, story::kOdense}},
                      Mix{"first_holder", {story::kKif, story::kIshoj}},
                      Mix{"second_holder", {story::kKif, story::kOdense}, false, true},
                      Mix{"custody", {story::kKif}},
                      Mix{"national", {story::kNec, story::kContactPoint}},
                      Mix{"police", {story::kVestegnen, story::kFyn}, true}),
    [](const auto& mix) { return mix.param.name; });

}  // namespace
}  // namespace exitbus::upgrade
