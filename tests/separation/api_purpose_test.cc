// Every call says who asks and what for, and that is never an investigation (retsplejeloven § 115).
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/separation/matrix.h"
#include "tests/separation/raw_caller.h"
#include "tests/separation/tally.h"

namespace exitbus::story {
namespace {

struct Said {
  const char* employee;
  const char* purpose;
  absl::StatusCode code;
  const char* rule;
};

constexpr Said kSaid[] = {
    {"", "exit-support", absl::StatusCode::kInvalidArgument, "caller.purpose_required"},
    {"tester", "", absl::StatusCode::kInvalidArgument, "caller.purpose_required"},
    {"tester", "efterforskning", absl::StatusCode::kPermissionDenied,
     "caller.purpose_investigation"},
    {"tester", "EFTERFORSKNING", absl::StatusCode::kPermissionDenied,
     "caller.purpose_investigation"},
    {"tester", "Investigation", absl::StatusCode::kPermissionDenied,
     "caller.purpose_investigation"},
};

TEST(ApiPurposeTest, NoMethodIsServedWithoutOneOrForInvestigation) {
  IssueCallersCertificates();
  int tried = 0;
  for (const auto& [caller, at] : Callers()) {
    const RawCaller client(OptionsOf(caller, *at));
    for (const auto* method : AllMethods()) {
      if (IsWatch(*method)) continue;
      // To nothing in particular: the right to the method is all that counts here.
      const Expected expected = Expect(*method, caller, {at, "", {}, {}, {}});
      if (expected != Expected::kAllowed && expected != Expected::kAbsent) continue;
      for (const Said& said : kSaid) {
        const RawAnswer answer = client.Call(method->full_name(), "", said.employee, said.purpose);
        EXPECT_EQ(answer.code, static_cast<int>(said.code)) << method->full_name();
        EXPECT_EQ(answer.Rule(), said.rule) << method->full_name() << ", " << said.purpose;
        ++tried;
      }
    }
  }
  EXPECT_GT(tried, 500);
  Tally::Count("API: method × caller × purpose", tried, tried);
}

}  // namespace
}  // namespace exitbus::story
