// Deadlines and the contact point: each wait of a handover on working days, what passes it, who is
// told, the nudge, and an answer that comes after all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/contact_point/v1/handover_desk.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace dv1 = contact_point::v1;
namespace hv1 = handover::v1;

constexpr char kDesk[] = "exitbus.contact_point.v1.HandoverDeskService.";

class DeskTest : public testing::Test {
 protected:
  DeskTest()
      : ishoej(world.Municipality("0183")),
        albertslund(world.Municipality("0165")),
        odense(world.Municipality("0461")),
        desk(world.ContactPoint()),
        case_id(EnrolledCase(world, ishoej)) {
    EXPECT_TRUE(world.Settle());
  }

  std::vector<dv1::MonitoredHandover> Monitored(bool escalated_only = false) {
    dv1::ListMonitoredHandoversRequest request;
    request.set_escalated_only(escalated_only);
    const auto answer = desk.Call<dv1::ListMonitoredHandoversResponse>(
        absl::StrCat(kDesk, "ListMonitoredHandovers"), request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    if (!answer.ok()) return {};
    return {answer->handovers().begin(), answer->handovers().end()};
  }

  absl::Status Nudge(const std::string& contact_id) {
    dv1::NudgeHandoverRequest request;
    request.set_request_id(world.RequestId());
    request.set_contact_id(contact_id);
    return desk.Call<dv1::NudgeHandoverResponse>(absl::StrCat(kDesk, "NudgeHandover"), request)
        .status();
  }

  // Lets the wait that `node` sees in this handover pass, to the second.
  void PassTheDeadline(Node& node, const std::string& id, hv1::Side waiting_for, int days) {
    const auto before = GetHandover(node, id);
    ASSERT_TRUE(before.ok()) << before.status();
    ASSERT_EQ(before->waiting_for(), waiting_for);
    const absl::Time due = exchange::FromProto(before->due());
    EXPECT_LE(due, exchange::AddWorkingDays(world.domain_clock.Now(), days));
    EXPECT_GT(due, exchange::AddWorkingDays(world.domain_clock.Now() - absl::Minutes(10), days));
    world.Skip(due - world.domain_clock.Now() - absl::Minutes(1));
    EXPECT_FALSE(GetHandover(node, id)->escalated());
    world.Skip(absl::Minutes(2));
    ASSERT_TRUE(world.Settle());
    EXPECT_TRUE(GetHandover(node, id)->escalated());
  }

  void ExpectEscalated(hv1::Side waiting_for) {
    const auto open = Monitored(true);
    ASSERT_EQ(open.size(), 1U);
    EXPECT_EQ(open[0].escalations(open[0].escalations_size() - 1).waiting_for(), waiting_for);
    EXPECT_EQ(open[0].holder(), ishoej.id());
    EXPECT_EQ(open[0].receiver(), odense.id());
  }

  void ExpectAnswered() {
    ASSERT_TRUE(world.Settle());
    EXPECT_TRUE(Monitored(true).empty());
  }

  World world;
  Node& ishoej;
  Node& albertslund;
  Node& odense;
  Node& desk;
  std::string case_id;
};

TEST_F(DeskTest, EachOfTheFiveWaitsEscalatesAndIsAnsweredAfterAll) {
  const std::string id = Request(world, ishoej, case_id, odense)->handover_id();
  ASSERT_TRUE(world.Settle());
  PassTheDeadline(ishoej, id, hv1::SIDE_RECEIVER, 5);
  ExpectEscalated(hv1::SIDE_RECEIVER);
  EXPECT_TRUE(GetHandover(odense, id)->escalated());
  ASSERT_TRUE(Do(world, odense, "ObjectToTerm", id).ok());
  ExpectAnswered();

  PassTheDeadline(odense, id, hv1::SIDE_HOLDER, 5);
  ExpectEscalated(hv1::SIDE_HOLDER);
  ASSERT_TRUE(Do(world, ishoej, "ProposeTerms", id).ok());
  ExpectAnswered();

  ASSERT_TRUE(Do(world, odense, "AgreeTerms", id).ok());
  ASSERT_TRUE(Do(world, odense, "AcceptHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  PassTheDeadline(ishoej, id, hv1::SIDE_RECEIVER, 5);
  ExpectEscalated(hv1::SIDE_RECEIVER);
  EXPECT_EQ(GetCase(ishoej, case_id)->standing(), cv1::STANDING_RESPONSIBLE) << "no clock moves it";

  ASSERT_TRUE(Do(world, ishoej, "RequestRecall", id).ok());
  ExpectAnswered();
  PassTheDeadline(ishoej, id, hv1::SIDE_RECEIVER, 2);
  ExpectEscalated(hv1::SIDE_RECEIVER);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ExpectAnswered();
  ASSERT_EQ(Monitored().size(), 1U);
  EXPECT_EQ(Monitored()[0].stage(), dv1::MONITORED_STAGE_TAKEN_OVER);

  PassTheDeadline(odense, id, hv1::SIDE_HOLDER, 1);
  ExpectEscalated(hv1::SIDE_HOLDER);
  ASSERT_TRUE(Do(world, ishoej, "AcknowledgeHandover", id).ok());
  ExpectAnswered();
  EXPECT_EQ(Monitored()[0].escalations_size(), 5);
}

TEST_F(DeskTest, NudgesWhoIsWaitedForAndMovesNothing) {
  const std::string id = Request(world, ishoej, case_id, odense)->handover_id();
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(Monitored().size(), 1U) << "across districts it is known from the request on";
  const std::string contact_id = Monitored()[0].contact_id();
  EXPECT_NE(contact_id, id) << "ids of different readers never join";
  EXPECT_EQ(RuleOf(Nudge(contact_id)), "desk.nothing_waited_for");
  PassTheDeadline(ishoej, id, hv1::SIDE_RECEIVER, 5);
  ASSERT_TRUE(Nudge(contact_id).ok());
  ASSERT_TRUE(Nudge(contact_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(odense, id)->nudges(), 2);
  EXPECT_EQ(GetHandover(ishoej, id)->nudges(), 0);
  EXPECT_EQ(GetHandover(odense, id)->stage(), hv1::HANDOVER_STAGE_REQUESTED);
  ASSERT_EQ(Monitored()[0].escalations_size(), 1);
  ASSERT_EQ(Monitored()[0].escalations(0).nudges_size(), 2);
  EXPECT_EQ(Monitored()[0].escalations(0).nudges(0).authority(), odense.id());
  EXPECT_EQ(Monitored()[0].escalations(0).nudges(0).employee(), "employee-1");

  dv1::RecordNoteRequest note;
  note.set_request_id(world.RequestId());
  note.set_contact_id(contact_id);
  note.set_text("Odense answers on Monday");
  ASSERT_TRUE(desk.Call<dv1::RecordNoteResponse>(absl::StrCat(kDesk, "RecordNote"), note).ok());
  EXPECT_EQ(Monitored()[0].notes(0).text(), "Odense answers on Monday");

  ASSERT_TRUE(Do(world, odense, "RejectHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Monitored()[0].stage(), dv1::MONITORED_STAGE_ENDED);
  EXPECT_TRUE(Monitored(true).empty());
  EXPECT_EQ(RuleOf(Nudge(contact_id)), "desk.nothing_waited_for");
}

TEST_F(DeskTest, WithinADistrictItHearsOnlyOfWhatEscalates) {
  const std::string id = Request(world, ishoej, case_id, albertslund)->handover_id();
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(Monitored().empty());
  PassTheDeadline(ishoej, id, hv1::SIDE_RECEIVER, 5);
  ASSERT_EQ(Monitored(true).size(), 1U);
  ASSERT_TRUE(Nudge(Monitored()[0].contact_id()).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(albertslund, id)->nudges(), 1);
  ASSERT_TRUE(Do(world, ishoej, "RecallHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(Monitored(true).empty());
}

TEST_F(DeskTest, LearnsOfATakeOverWithItsSlip) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(Monitored().size(), 1U);
  EXPECT_EQ(Monitored()[0].stage(), dv1::MONITORED_STAGE_TAKEN_OVER);
  EXPECT_EQ(exchange::FromProto(Monitored()[0].taken_over()),
            exchange::StartOfDay(exchange::FromProto(GetHandover(odense, id)->taken_over())))
      << "the day, which is all it needs to know";
}

TEST_F(DeskTest, NeverHearsOfAPerson) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  for (const auto& followed : Monitored()) {
    const std::string text = followed.DebugString();
    EXPECT_THAT(text, testing::Not(testing::HasSubstr("Canary")));
    EXPECT_THAT(text, testing::Not(testing::HasSubstr(case_id)));
    EXPECT_THAT(text, testing::Not(testing::HasSubstr(id)));
  }
}

}  // namespace
}  // namespace exitbus::simulation
