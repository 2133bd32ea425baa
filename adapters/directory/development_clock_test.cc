#include "adapters/directory/development_clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/directory/files.h"
#include "adapters/memory/simulated_time.h"
#include "adapters/memory/test_folder.h"

namespace exitbus::adapters {
namespace {

using testing::HasSubstr;

class DevelopmentClockTest : public testing::Test {
 protected:
  void Set(absl::Duration offset, double rate) {
    config::v1::DevelopmentClock clock;
    clock.mutable_anchor()->set_seconds(absl::ToUnixSeconds(wall_.Now()));
    clock.mutable_offset()->set_seconds(absl::ToInt64Seconds(offset));
    clock.set_rate(rate);
    ASSERT_TRUE(WriteDevelopmentClock(file_, clock).ok());
  }

  const TestFolder folder_;
  const std::string file_ = folder_.path() + "/clock";
  SimulatedClock wall_;
};

TEST_F(DevelopmentClockTest, ShowsTheMachinesClockWithOffsetAndRate) {
  Set(absl::Hours(24), 60);
  const absl::Time start = wall_.Now();
  const auto clock = DevelopmentClock::Open(file_, &wall_);
  ASSERT_TRUE(clock.ok()) << clock.status();
  EXPECT_EQ((*clock)->Now(), start + absl::Hours(24));
  wall_.Advance(absl::Minutes(1));
  EXPECT_EQ((*clock)->Now(), start + absl::Hours(25));
}

TEST_F(DevelopmentClockTest, AChangeCountsWhenItIsReadAndNeverBackwards) {
  Set(absl::Hours(24), 1);
  const auto clock = DevelopmentClock::Open(file_, &wall_);
  ASSERT_TRUE(clock.ok()) << clock.status();
  EXPECT_EQ((*clock)->Refresh().value(), false);
  Set(absl::Hours(48), 1);
  EXPECT_EQ((*clock)->Now(), wall_.Now() + absl::Hours(24));
  EXPECT_EQ((*clock)->Refresh().value(), true);
  EXPECT_EQ((*clock)->Now(), wall_.Now() + absl::Hours(48));
  Set(absl::Hours(1), 1);
  const auto back = (*clock)->Refresh();
  EXPECT_TRUE(absl::IsFailedPrecondition(back.status()));
  EXPECT_THAT(std::string(back.status().message()), HasSubstr("would set the clock back"));
  EXPECT_EQ((*clock)->Now(), wall_.Now() + absl::Hours(48));
}

TEST_F(DevelopmentClockTest, MistakesAreNamedAndChangeNothing) {
  EXPECT_TRUE(absl::IsNotFound(DevelopmentClock::Open(file_, &wall_).status()));
  Set(absl::Hours(24), 1);
  const auto clock = DevelopmentClock::Open(file_, &wall_);
  ASSERT_TRUE(clock.ok()) << clock.status();
  ASSERT_TRUE(ReplaceFile(file_, "rate: -1 offset { seconds: -5 }").ok());
  const std::string why((*clock)->Refresh().status().message());
  for (const char* part : {"anchor", "rate: is -1", "offset: is out of range"}) {
    EXPECT_THAT(why, HasSubstr(part));
  }
  EXPECT_EQ((*clock)->Now(), wall_.Now() + absl::Hours(24));
}

}  // namespace
}  // namespace exitbus::adapters
