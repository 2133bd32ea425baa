#include "adapters/system/thread_executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <vector>

#include "adapters/system/system_clock.h"

namespace exitbus::adapters {
namespace {

using testing::ElementsAre;

// Waits until everything posted before has run.
void Settle(ThreadExecutor& executor) {
  std::promise<void> reached;
  executor.Post([&] { reached.set_value(); });
  reached.get_future().wait();
}

TEST(ThreadExecutorTest, RunsInTheOrderPostedOnOneThread) {
  ThreadExecutor executor;
  std::vector<int> ran;
  std::thread::id first;
  std::promise<void> go;
  executor.Post([&, wait = go.get_future().share()] {
    wait.wait();
    first = std::this_thread::get_id();
    ran.push_back(1);
    executor.Post([&] { ran.push_back(3); });
  });
  executor.Post([&] { ran.push_back(2); });
  go.set_value();
  Settle(executor);
  Settle(executor);
  EXPECT_THAT(ran, ElementsAre(1, 2, 3));
  EXPECT_NE(first, std::this_thread::get_id());
}

TEST(ThreadExecutorTest, DelayedTasksRunInOrderAndNotEarly) {
  ThreadExecutor executor;
  const SystemClock clock;
  const absl::Time start = clock.Now();
  std::vector<int> ran;
  std::promise<void> done;
  executor.PostAfter(absl::Milliseconds(40), [&] {
    ran.push_back(2);
    done.set_value();
  });
  executor.PostAfter(absl::Milliseconds(20), [&] { ran.push_back(1); });
  executor.PostAfter(absl::InfiniteDuration(), [&] { ran.push_back(3); });
  executor.PostAfter(-absl::Hours(1), [&] { ran.push_back(0); });
  done.get_future().wait();
  EXPECT_GE(clock.Now() - start, absl::Milliseconds(39));
  EXPECT_THAT(ran, ElementsAre(0, 1, 2));
}

TEST(ThreadExecutorTest, PostsFromManyThreadsAllRunOneAtATime) {
  ThreadExecutor executor;
  int count = 0;  // unguarded on purpose: the executor runs one task at a time
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) executor.Post([&] { ++count; });
    });
  }
  for (std::thread& thread : threads) thread.join();
  Settle(executor);
  executor.Stop();
  EXPECT_EQ(count, 4000);
}

TEST(ThreadExecutorTest, StopRunsWhatIsDueAndDropsTheRest) {
  ThreadExecutor executor;
  std::promise<void> go;
  std::vector<int> ran;
  auto held = std::make_shared<int>(0);
  executor.Post([&, wait = go.get_future().share()] {
    wait.wait();
    ran.push_back(1);
  });
  executor.Post([&] {
    ran.push_back(2);
    executor.Post([&] { ran.push_back(3); });
  });
  executor.PostAfter(absl::Hours(1), [&ran, held] { ran.push_back(4); });
  go.set_value();
  executor.Stop();
  ASSERT_GE(ran.size(), 2u);
  EXPECT_EQ(ran[0], 1);
  EXPECT_EQ(ran[1], 2);
  EXPECT_EQ(held.use_count(), 1);
  const std::size_t count = ran.size();
  executor.Post([&ran, held] { ran.push_back(5); });
  executor.PostAfter(absl::ZeroDuration(), [&ran, held] { ran.push_back(5); });
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_EQ(ran.size(), count);
}

TEST(ThreadExecutorTest, ATaskIsFreedBeforeTheNextRuns) {
  ThreadExecutor executor;
  auto held = std::make_shared<int>(0);
  long uses = 0;
  std::promise<void> go;
  executor.Post([wait = go.get_future().share()] { wait.wait(); });
  executor.Post([held] {});
  executor.Post([&] { uses = held.use_count(); });
  go.set_value();
  Settle(executor);
  EXPECT_EQ(uses, 1);
}

TEST(ThreadExecutorDeathTest, StoppingOnItsOwnThreadIsAProgrammersError) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(
      {
        ThreadExecutor executor;
        executor.Post([&] { executor.Stop(); });
        Settle(executor);
      },
      "stopped on its own thread");
}

}  // namespace
}  // namespace exitbus::adapters
