#include "adapters/system/memory.h"

#include <gtest/gtest.h>

#include <string>

namespace exitbus::adapters {
namespace {

TEST(MemoryTest, GrowsByWhatIsTouched) {
  constexpr std::size_t kTouched = 32 << 20;
  const std::uint64_t before = ResidentBytes();
  ASSERT_GT(before, 0U);
  const std::string touched(kTouched, 'x');
  EXPECT_GE(ResidentBytes(), before + kTouched / 2) << touched.size();
}

}  // namespace
}  // namespace exitbus::adapters
