#include "adapters/memory/simulated_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace exitbus::adapters {
namespace {

using testing::ElementsAre;

class SimulatedExecutorTest : public testing::Test {
 protected:
  exchange::Executor::Task Note(int what) {
    return [this, what] { ran_.push_back(what); };
  }

  SimulatedClock clock_;
  SimulatedExecutor executor_{&clock_};
  std::vector<int> ran_;
};

TEST_F(SimulatedExecutorTest, RunsInTheOrderPosted) {
  executor_.Post([this] {
    ran_.push_back(1);
    executor_.Post(Note(3));
  });
  executor_.Post(Note(2));
  EXPECT_THAT(ran_, ElementsAre());
  executor_.RunUntilIdle();
  EXPECT_THAT(ran_, ElementsAre(1, 2, 3));
}

TEST_F(SimulatedExecutorTest, RunsDelayedTasksAtTheirTime) {
  const absl::Time start = clock_.Now();
  absl::Time ran_at;
  executor_.PostAfter(absl::Seconds(20), Note(2));
  executor_.PostAfter(absl::Seconds(10), [&] {
    ran_.push_back(1);
    ran_at = clock_.Now();
  });
  executor_.RunUntilIdle();
  EXPECT_THAT(ran_, ElementsAre());
  EXPECT_EQ(clock_.Now(), start);
  executor_.RunFor(absl::Seconds(15));
  EXPECT_THAT(ran_, ElementsAre(1));
  EXPECT_EQ(ran_at, start + absl::Seconds(10));
  EXPECT_EQ(clock_.Now(), start + absl::Seconds(15));
  EXPECT_EQ(executor_.pending(), 1u);
  executor_.RunFor(absl::Seconds(5));
  EXPECT_THAT(ran_, ElementsAre(1, 2));
}

TEST_F(SimulatedExecutorTest, RunUntilStopsAtTheMoment) {
  const absl::Time start = clock_.Now();
  executor_.PostAfter(absl::Seconds(1), Note(1));
  executor_.PostAfter(absl::Seconds(2), Note(2));
  EXPECT_TRUE(executor_.RunUntil([this] { return !ran_.empty(); }, absl::Hours(1)));
  EXPECT_EQ(clock_.Now(), start + absl::Seconds(1));
  EXPECT_FALSE(executor_.RunUntil([this] { return ran_.size() == 3; }, absl::Hours(1)));
  EXPECT_EQ(clock_.Now(), start + absl::Seconds(1) + absl::Hours(1));
}

TEST_F(SimulatedExecutorTest, ACrashedProcessRunsNothingMore) {
  std::unique_ptr<exchange::Executor> process = executor_.NewProcess();
  process->Post(Note(1));
  executor_.RunUntilIdle();
  process->Post(Note(2));
  process->PostAfter(absl::Seconds(1), Note(3));
  executor_.Post(Note(4));
  process.reset();
  executor_.RunFor(absl::Seconds(2));
  EXPECT_THAT(ran_, ElementsAre(1, 4));
}

TEST_F(SimulatedExecutorTest, TheClockNeverGoesBack) {
  const absl::Time start = clock_.Now();
  clock_.AdvanceTo(start - absl::Hours(1));
  EXPECT_EQ(clock_.Now(), start);
}

}  // namespace
}  // namespace exitbus::adapters
