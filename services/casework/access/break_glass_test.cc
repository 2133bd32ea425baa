// When an exception falls due: who may ask for, approve and end one is in access.table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/casework/handover/given_testing.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

namespace cv1 = casework::v1;
namespace jv1 = casework_journal::v1;
namespace pv1 = policy::v1;
using exchange::Deciding;
using exchange::ToProto;

// Given to the jobcentre's employee-2 a moment ago.
jv1::CaseFile WithBreakGlass() {
  jv1::CaseFile file;
  file.set_case_id("the-case");
  file.set_standing(cv1::STANDING_RESPONSIBLE);
  cv1::BreakGlass& one = *file.add_break_glass();
  one.set_break_glass_id("exception");
  one.set_employee("employee-2");
  one.set_function(pv1::FUNCTION_JOBCENTRE);
  *one.mutable_until() = ToProto(Deciding::Now() + absl::Minutes(30));
  return file;
}

TEST(BreakGlassTest, EndsWhenItsTimeIsOver) {
  const jv1::CaseFile running = WithBreakGlass();
  jv1::CaseFile ended = running;
  *ended.mutable_break_glass(0)->mutable_ended() = ToProto(Deciding::Now());
  EXPECT_THAT(FallsDue(running, running), testing::ElementsAre("no effect break_glass_over"))
      << "not yet";
  EXPECT_THAT(FallsDue(running, ended), testing::ElementsAre("no effect break_glass_over"));
  jv1::CaseFile due = running;
  *due.mutable_break_glass(0)->mutable_until() = ToProto(Deciding::Now());
  EXPECT_THAT(FallsDue(due, due), testing::ElementsAre(""));
}

}  // namespace
}  // namespace exitbus::casework
