// A policy test is worth what it notices: every cell of the policy is changed once, and each change
// must show as a difference from the tables.
#include "tests/policy/mutants.h"

#include <cstdio>

#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "tests/policy/altered_contracts.h"

namespace exitbus::tables {
namespace {

void ExpectAllCaught(const char* surface, const std::vector<Mutant>& mutants,
                     std::size_t at_least) {
  std::size_t caught = 0;
  for (const Mutant& mutant : mutants) {
    const AlteredContracts altered(mutant.file, mutant.change);
    const auto* file = altered.pool().FindFileByName(mutant.file);
    ASSERT_NE(file, nullptr) << mutant.what;
    const bool noticed = !mutant.difference(*file).empty();
    EXPECT_TRUE(noticed) << "missed: " << mutant.what;
    if (noticed) ++caught;
  }
  EXPECT_GE(mutants.size(), at_least);
  std::printf("[ separation ] mutants of %s: %zu of %zu caught\n", surface, caught, mutants.size());
}

TEST(Mutants, OfCategoriesAreAllCaught) { ExpectAllCaught("categories", CategoryMutants(), 1000); }
TEST(Mutants, OfMessagesAreAllCaught) { ExpectAllCaught("messages", FlowMutants(), 1000); }
TEST(Mutants, OfFieldsAreAllCaught) { ExpectAllCaught("fields", FieldMutants(), 1000); }
TEST(Mutants, OfMethodsAreAllCaught) { ExpectAllCaught("methods", MethodMutants(), 400); }

// And a policy that was not changed shows none, or "caught" would mean nothing.
TEST(Mutants, UnchangedIsNotCaught) {
  for (const auto& mutants : {CategoryMutants(), FlowMutants(), FieldMutants(), MethodMutants()}) {
    const Mutant& mutant = mutants.front();
    const AlteredContracts unchanged(mutant.file, [](auto&) {});
    EXPECT_EQ(mutant.difference(*unchanged.pool().FindFileByName(mutant.file)), "") << mutant.what;
  }
}

}  // namespace
}  // namespace exitbus::tables
