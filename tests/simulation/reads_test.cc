// How often a store is asked: each time is a way to a store that lies elsewhere.
#include <gtest/gtest.h>

#include <functional>

#include "adapters/memory/memory_store.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;

struct Reads {
  std::int64_t times = 0;  // the store was asked, be it for many rows
  std::int64_t rows = 0;   // that were asked for by name
};

class ReadsTest : public testing::Test {
 protected:
  Reads At(Node& node, const std::function<void()>& what) {
    EXPECT_TRUE(world.Settle());
    const adapters::MemoryStore& store = node.store();
    const Reads before{store.reads(), store.rows_read()};
    what();
    const Reads after{store.reads() - before.times, store.rows_read() - before.rows};
    return after;
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  Node& nec = world.Nec();
  const std::string case_id = EnrolledCase(world, ishoej);
};

TEST_F(ReadsTest, AReadAsksAFewTimes) {
  const Reads reads = At(ishoej, [&] { EXPECT_TRUE(GetCase(ishoej, case_id).ok()); });
  EXPECT_LE(reads.times, 4);
}

TEST_F(ReadsTest, AChangeAsksLessOftenThanForEachRow) {
  const Reads reads =
      At(ishoej, [&] { EXPECT_TRUE(Request(world, ishoej, case_id, odense).ok()); });
  EXPECT_LE(reads.times, 20);
  EXPECT_GT(reads.rows, 20);
}

TEST_F(ReadsTest, AListAsksForItsStatesTogether) {
  constexpr int kCases = 40;
  for (int i = 0; i < kCases; ++i) {
    EnrolledCase(world, ishoej, std::to_string(6101910000 + i));
  }
  const Reads reads = At(ishoej, [&] {
    EXPECT_TRUE(ishoej
                    .Call<cv1::ListCasesResponse>("exitbus.casework.v1.CaseService.ListCases",
                                                  cv1::ListCasesRequest())
                    .ok());
  });
  EXPECT_GE(reads.rows, 2 * kCases);
  EXPECT_LE(reads.times, 10 + kCases);
}

TEST_F(ReadsTest, TwoLettersInAskAFewTimes) {
  const Reads reads = At(odense, [&] {
    EXPECT_TRUE(Request(world, ishoej, case_id, odense).ok());
    EXPECT_TRUE(world.Settle());
  });
  EXPECT_GT(reads.times, 0);
  EXPECT_LE(reads.times, 20);
}

}  // namespace
}  // namespace exitbus::simulation
