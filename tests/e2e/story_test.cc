// The story, from nothing, with its crash step.
#include "tests/story/story.h"

#include <gtest/gtest.h>

#include <iostream>

#include "tests/e2e/state_folder.h"

namespace exitbus::story {
namespace {

absl::Status PlayIn(const std::string& state, Narrator& say) {
  auto deployment = Deployment::Prepare(state, [&](std::string_view what) { say.Progress(what); });
  if (!deployment.ok()) return deployment.status();
  absl::Status played = (*deployment)->Start();
  if (played.ok()) {
    auto story = Story::Make(deployment->get(), &say);
    played = story.ok() ? (*story)->Play() : story.status();
  }
  // As tools/demo does in the folder that it keeps, with a person made up anew.
  if (played.ok()) {
    auto again = Story::Make(deployment->get(), &say);
    played = again.ok() ? (*again)->PlayRelocation({}) : again.status();
  }
  // The last one: it takes the clock of all four years on.
  if (played.ok()) {
    auto course = Story::Make(deployment->get(), &say);
    played = course.ok() ? (*course)->PlayCourse() : course.status();
  }
  const absl::Status stopped = (*deployment)->Stop();
  return played.ok() ? stopped : played;
}

TEST(StoryTest, EveryOutcomeIsAsItMustBe) {
  const auto state = FreshState("story");
  ASSERT_TRUE(state.ok()) << state.status();
  Narrator say(&std::cout);
  const absl::Status played = PlayIn(*state, say);
  EXPECT_TRUE(played.ok()) << played;
  for (const Member& member : Cast()) {
    EXPECT_EQ(TailOf(Places{*state}.Of(member) + "/pid"), "") << member.id << " was not ended";
  }
}

}  // namespace
}  // namespace exitbus::story
