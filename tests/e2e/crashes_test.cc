// The story's crash step twenty times, at other moments each time, on one deployment.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/e2e/state_folder.h"
#include "tests/story/story.h"

namespace exitbus::story {
namespace {

constexpr int kRounds = 20;
constexpr int kMoments = 6;

// Every moment for both, in changing company; now and then a little later than at once, so that
// letters are on their way.
Crashes CrashesOf(int round) {
  const int broker = round % kMoments;
  const int receiver = (round + round / kMoments) % kMoments;
  return {{static_cast<Moment>(broker)},
          {static_cast<Moment>(receiver)},
          absl::Milliseconds(7 * (round % 4))};
}

TEST(CrashesTest, NothingIsLostAndNothingHappensTwice) {
  const auto state = FreshState("crashes");
  ASSERT_TRUE(state.ok()) << state.status();
  Narrator say(&std::cout);
  auto deployment = Deployment::Prepare(*state, [&](std::string_view what) { say.Progress(what); });
  ASSERT_TRUE(deployment.ok()) << deployment.status();
  absl::Status status = (*deployment)->Start();
  EXPECT_TRUE(status.ok()) << status;
  for (int round = 0; status.ok() && round < kRounds; ++round) {
    auto story = Story::Make(deployment->get(), &say);
    status = story.ok() ? (*story)->PlayRelocation(CrashesOf(round)) : story.status();
    EXPECT_TRUE(status.ok()) << "round " << round << ": " << status;
  }
  const absl::Status stopped = (*deployment)->Stop();
  EXPECT_TRUE(stopped.ok()) << stopped;
}

}  // namespace
}  // namespace exitbus::story
