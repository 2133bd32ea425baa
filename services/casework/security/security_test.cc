// By when somebody here has to have read the precautions: what is told and read is in
// security.table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/handover/given_testing.h"
#include "services/exchange/deciding_testing.h"

namespace exitbus::casework {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
namespace jv1 = casework_journal::v1;
namespace pv1 = policy::v1;
using exchange::Deciding;
using exchange::Of;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kCase[] =
    R"(case_id: "the-case" standing: STANDING_RESPONSIBLE police: "police-1469"
       security_id: "the-security" )";
constexpr char kInTime[] = "due { seconds: 1 }";

jv1::CaseFile Later(const jv1::CaseFile& file, const std::string& event) {
  return *After(file, exchange::Decision().AddEvent(Of<jv1::CaseEvent>(event)));
}

// Once the police unit has told this picture.
jv1::CaseFile Told(const jv1::CaseFile& file, const std::string& picture) {
  const Deciding ishoej({"municipality-0183", pv1::AUTHORITY_KIND_MUNICIPALITY, "", "", "", ""});
  const auto decision =
      CaseFiles().decide_letter(file, {"police-1469", pv1::CHANNEL_SECURITY, "the-security", 1},
                                Of<exchange::v1::Body>(absl::StrCat(
                                    "security_picture_changed { picture { ", picture, " } }")),
                                ishoej.DecisionContextFor());
  return *After(file, decision);
}

jv1::CaseFile Told(const std::string& picture) { return Told(Of<jv1::CaseFile>(kCase), picture); }

TEST(PrecautionsTest, FallDueOnceAndNotWhereSomebodyHasReadThem) {
  const jv1::CaseFile told = Told(absl::StrCat("version: 1 ", kInTime));
  EXPECT_THAT(FallsDue(told, told), ElementsAre(""));
  const jv1::CaseFile read = Later(told, R"(precautions_read { acknowledged_by: "employee-1" })");
  EXPECT_EQ(read.security().acknowledged_by(), "employee-1");
  EXPECT_THAT(FallsDue(told, read), ElementsAre("no effect deadline_over"));
  EXPECT_THAT(FallsDue(read, read), IsEmpty());
  const jv1::CaseFile alarmed =
      Later(told, R"(overdue { alarm: "precautions.overdue" name: "the case" })");
  EXPECT_THAT(FallsDue(alarmed, alarmed), IsEmpty()) << "nobody is alarmed twice";
}

TEST(PrecautionsTest, AreNotDueBeforeTheirTime) {
  const auto later = absl::ToUnixSeconds(Deciding::Now()) + 1;
  const jv1::CaseFile told = Told(absl::StrCat("version: 1 due { seconds: ", later, " }"));
  EXPECT_THAT(FallsDue(told, told), ElementsAre("no effect deadline_over"));
}

TEST(PrecautionsTest, ANewerVersionIsOwedAnew) {
  const jv1::CaseFile first = Told(absl::StrCat("version: 1 ", kInTime));
  const jv1::CaseFile alarmed =
      Later(first, R"(overdue { alarm: "precautions.overdue" name: "the case" })");
  const jv1::CaseFile second = Told(alarmed, absl::StrCat("version: 2 ", kInTime));
  EXPECT_FALSE(second.precautions_owed().overdue());
  EXPECT_THAT(FallsDue(second, second), ElementsAre(""));
}

// Who lets the case go has nothing to read any more, and nothing that its units were told holds.
TEST(PrecautionsTest, EndWithTheCase) {
  jv1::CaseFile told = Told(absl::StrCat("version: 1 ", kInTime));
  told.add_handovers()->set_handover_id("h");
  told.mutable_handovers(0)->set_side(hv1::SIDE_HOLDER);
  const jv1::CaseFile let_go = Later(told, R"(handover_id: "h" taken_over { number: 2 })");
  EXPECT_EQ(let_go.standing(), cv1::STANDING_FORMER);
  EXPECT_THAT(FallsDue(let_go, let_go), IsEmpty());
}

// That somebody here has read them, or has not in time, is for nobody outside to say.
TEST(PrecautionsTest, ThePoliceDoNotSayWhoHasReadThem) {
  const jv1::CaseFile told =
      Told(R"(version: 1 due { seconds: 1 } acknowledged_by: "nobody" overdue: true)");
  EXPECT_EQ(told.security().version(), 1U);
  EXPECT_EQ(told.security().acknowledged_by(), "");
  EXPECT_FALSE(told.security().overdue());
  EXPECT_THAT(FallsDue(told, told), ElementsAre(""));
}

}  // namespace
}  // namespace exitbus::casework
