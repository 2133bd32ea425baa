#include "adapters/api/caller.h"

#include <string>

#include "gtest/gtest.h"

namespace exitbus::adapters {
namespace {

TEST(CallerTest, ReadsAuthoritySystemAndFunction) {
  const auto result =
      CallerFromCommonName("municipality-0183.casesystem.exit_coordinator", "municipality-0183");
  const auto* caller = std::get_if<exchange::Caller>(&result);
  ASSERT_NE(caller, nullptr);
  EXPECT_EQ(caller->authority, "municipality-0183");
  EXPECT_EQ(caller->system, "casesystem");
  EXPECT_EQ(caller->function, "exit_coordinator");
  EXPECT_TRUE(caller->employee.empty());
}

TEST(CallerTest, RefusesAnotherAuthority) {
  const auto result =
      CallerFromCommonName("municipality-0461.casesystem.mentor", "municipality-0183");
  const auto* refusal = std::get_if<exchange::Refusal>(&result);
  ASSERT_NE(refusal, nullptr);
  EXPECT_EQ(refusal->code, absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(refusal->reason, "caller.wrong_authority");
}

TEST(CallerTest, RefusesMalformedNames) {
  for (const char* name :
       {"", "municipality-0183", "municipality-0183.a", "municipality-0183.a.b.c",
        "municipality-0183..mentor", ".a.b", "municipality-0183.a.B", "municipality-0183.a b.c",
        "municipality-0183.a.b\n"}) {
    const auto result = CallerFromCommonName(name, "municipality-0183");
    const auto* refusal = std::get_if<exchange::Refusal>(&result);
    ASSERT_NE(refusal, nullptr) << name;
    EXPECT_EQ(refusal->code, absl::StatusCode::kUnauthenticated) << name;
    EXPECT_EQ(refusal->reason, "caller.malformed_certificate_name") << name;
  }
}

}  // namespace
}  // namespace exitbus::adapters
