// What waits for whom, and in which order it is printed.
#include "tools/exitctl/inbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/police/v1/hosted_stay_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/police/v1/stay_service.pb.h"
#include "exitbus/relocation/v1/relocation_service.pb.h"
#include "tools/exitctl/fake_client.h"

namespace exitbus::exitctl {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
namespace rlv1 = relocation::v1;
using testing::HasSubstr;

hv1::Handover Waiting(const std::string& id, hv1::Side whom, int due, bool escalated = false) {
  hv1::Handover handover;
  handover.set_handover_id(id);
  handover.set_side(hv1::SIDE_RECEIVER);
  handover.set_waiting_for(whom);
  handover.mutable_due()->set_seconds(due);
  handover.set_escalated(escalated);
  return handover;
}

FakeClient::Reply HandoverTold(const hv1::Handover& handover) {
  auto message = std::make_unique<hv1::WatchHandoversResponse>();
  *message->mutable_handover() = handover;
  return message;
}

FakeClient::Reply RelocationTold(const std::string& id, bool ours) {
  auto message = std::make_unique<rlv1::WatchRelocationsResponse>();
  message->mutable_relocation()->set_relocation_id(id);
  message->mutable_relocation()->set_waits_for_us(ours);
  message->mutable_relocation()->mutable_due()->set_seconds(1);
  return message;
}

template <class Response = hv1::WatchHandoversResponse>
FakeClient::Reply CaughtUp() {
  auto message = std::make_unique<Response>();
  message->set_marker(watch::v1::MARKER_CAUGHT_UP);
  return message;
}

// Another kind of authority has such things.
FakeClient::Stream NotServed() {
  return StreamOf(Refused(absl::StatusCode::kUnimplemented, "api.unknown_method"));
}

class InboxTest : public testing::Test {
 protected:
  int Print(FakeClient& client) {
    return PrintInbox(client, profile_, Form::kText, {in_, out_, err_});
  }

  Profile profile_;
  std::istringstream in_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(InboxTest, TheInboxHoldsWhatWaitsForUsTheMostUrgentFirst) {
  FakeClient client =
      ClientOf(NotServed(),
               StreamOf(HandoverTold(Waiting("later", hv1::SIDE_RECEIVER, 3000)),
                        HandoverTold(Waiting("sooner", hv1::SIDE_RECEIVER, 2000)),
                        HandoverTold(Waiting("theirs", hv1::SIDE_HOLDER, 1000)),
                        HandoverTold(Waiting("nobodys", hv1::SIDE_UNSPECIFIED, 0)),
                        HandoverTold(Waiting("overdue", hv1::SIDE_RECEIVER, 4000, true)),
                        HandoverTold(Waiting("answered", hv1::SIDE_RECEIVER, 1)),
                        HandoverTold(Waiting("answered", hv1::SIDE_HOLDER, 1)), CaughtUp()),
               NotServed(), NotServed(), NotServed(), NotServed(),
               StreamOf(RelocationTold("moving", true), RelocationTold("not-ours", false),
                        CaughtUp<rlv1::WatchRelocationsResponse>()),
               NotServed(), NotServed(), NotServed(), NotServed());
  EXPECT_EQ(Print(client), kDone);
  const std::string text = out_.str();
  EXPECT_LT(text.find("overdue"), text.find("sooner"));
  EXPECT_LT(text.find("sooner"), text.find("later"));
  EXPECT_LT(text.find("later"), text.find("moving"));
  for (const char* other : {"theirs", "nobodys", "answered", "not-ours"}) {
    EXPECT_THAT(text, testing::Not(HasSubstr(other)));
  }
}

hv1::Handover Travelling(const std::string& id, hv1::Side side, rlv1::JourneyStage stage,
                         bool missing) {
  hv1::Handover handover = Waiting(id, side, 0);
  handover.set_waiting_for(hv1::SIDE_UNSPECIFIED);
  handover.set_side(side);
  handover.mutable_journey()->set_stage(stage);
  handover.mutable_journey()->mutable_due()->set_seconds(2500);
  handover.mutable_journey()->set_overdue(missing);
  return handover;
}

TEST_F(InboxTest, WhoIsMissingIsTheMostUrgentOfAll) {
  const auto on_the_road = rlv1::JOURNEY_STAGE_UNDER_WAY;
  FakeClient client = ClientOf(
      NotServed(),
      StreamOf(HandoverTold(Waiting("sooner", hv1::SIDE_RECEIVER, 2000)),
               HandoverTold(Travelling("expected", hv1::SIDE_RECEIVER, on_the_road, false)),
               HandoverTold(Travelling("sent", hv1::SIDE_HOLDER, on_the_road, false)),
               HandoverTold(Travelling("missed", hv1::SIDE_HOLDER, on_the_road, true)), CaughtUp()),
      NotServed(), NotServed(), NotServed(), NotServed(), NotServed(), NotServed(), NotServed());
  EXPECT_EQ(Print(client), kDone);
  const std::string text = out_.str();
  EXPECT_NE(text.find("missed"), std::string::npos);
  EXPECT_LT(text.find("missed"), text.find("sooner"));
  EXPECT_LT(text.find("sooner"), text.find("expected"));
  EXPECT_EQ(text.find("sent"), std::string::npos);
}

FakeClient::Reply FileTold(const std::string& id, int due, bool answered) {
  auto message = std::make_unique<police::v1::WatchSecurityFilesResponse>();
  auto& file = *message->mutable_file();
  file.set_security_id(id);
  file.set_standing(police::v1::POLICE_STANDING_FORMER);
  auto& notice = *file.add_duplicates();
  notice.mutable_due()->set_seconds(due);
  if (answered) notice.set_answer(nec::v1::DUPLICATE_ANSWER_SAME_PERSON);
  return message;
}

// Also of a case that has left the district: whoever was told answers.
TEST_F(InboxTest, ThePolicesInboxHoldsWhatNecAsks) {
  FakeClient client =
      ClientOf(NotServed(), NotServed(), NotServed(), NotServed(),
               StreamOf(FileTold("later", 3000, false), FileTold("sooner", 2000, false),
                        FileTold("answered", 1000, true),
                        CaughtUp<police::v1::WatchSecurityFilesResponse>()),
               NotServed(), NotServed(), NotServed(), NotServed(), NotServed(), NotServed());
  EXPECT_EQ(Print(client), kDone);
  const std::string text = out_.str();
  EXPECT_NE(text.find("sooner"), std::string::npos);
  EXPECT_LT(text.find("sooner"), text.find("later"));
  EXPECT_THAT(text, testing::Not(HasSubstr("answered")));
}

cv1::SecurityPicture Precautions(cv1::ThreatLevel level, int due, const std::string& read_by) {
  cv1::SecurityPicture picture;
  picture.set_version(1);
  picture.set_threat_level(level);
  picture.mutable_due()->set_seconds(due);
  picture.set_acknowledged_by(read_by);
  return picture;
}

FakeClient::Reply CaseWith(const std::string& id, const cv1::SecurityPicture& precautions,
                           cv1::Standing standing = cv1::STANDING_RESPONSIBLE) {
  auto message = std::make_unique<cv1::WatchCasesResponse>();
  message->mutable_case_()->set_case_id(id);
  message->mutable_case_()->set_standing(standing);
  *message->mutable_case_()->mutable_security() = precautions;
  return message;
}

hv1::Handover ReceivedWith(const std::string& id, const cv1::SecurityPicture& precautions) {
  hv1::Handover handover = Waiting(id, hv1::SIDE_HOLDER, 0);
  *handover.mutable_security() = precautions;
  return handover;
}

TEST_F(InboxTest, TheInboxHoldsPrecautionsThatNobodyHasReadTheThreatenedFirst) {
  const auto low = cv1::THREAT_LEVEL_LOW, high = cv1::THREAT_LEVEL_HIGH;
  FakeClient client = ClientOf(
      StreamOf(CaseWith("calm", Precautions(low, 1000, "")),
               CaseWith("threatened-later", Precautions(high, 4000, "")),
               CaseWith("threatened", Precautions(high, 3000, "")),
               CaseWith("known", Precautions(high, 1000, "employee-1")),
               CaseWith("let-go", Precautions(high, 1000, ""), cv1::STANDING_FORMER),
               CaseWith("untold", {}), CaseWith("was-read", Precautions(high, 1000, "")),
               CaseWith("was-read", Precautions(high, 1000, "employee-1")),
               CaughtUp<cv1::WatchCasesResponse>()),
      StreamOf(HandoverTold(Waiting("to-accept", hv1::SIDE_RECEIVER, 1)),
               HandoverTold(ReceivedWith("to-come", Precautions(high, 2000, ""))),
               HandoverTold(ReceivedWith("unhurried", Precautions(low, 2000, ""))),
               HandoverTold(ReceivedWith("known-too", Precautions(low, 2000, "employee-1"))),
               CaughtUp()));
  EXPECT_EQ(Print(client), kDone);
  const std::string text = out_.str();
  EXPECT_LT(text.find("threatened "), text.find("threatened-later"));
  EXPECT_LT(text.find("threatened-later"), text.find("calm"));
  EXPECT_LT(text.find("to-come"), text.find("to-accept"));
  EXPECT_LT(text.find("to-accept"), text.find("unhurried"));
  EXPECT_NE(text.find("unhurried"), std::string::npos);
  EXPECT_THAT(text, HasSubstr("PRECAUTIONS DUE"));
  EXPECT_THAT(text, HasSubstr("1970-01-01 00:16"));
  for (const char* other : {"known", "let-go", "untold", "was-read"}) {
    EXPECT_THAT(text, testing::Not(HasSubstr(other)));
  }
}

FakeClient::Reply CaseThatWaits(const std::string& id, cv1::NextActKind kind, std::int64_t due,
                                bool overdue = false) {
  auto message = std::make_unique<cv1::WatchCasesResponse>();
  message->mutable_case_()->set_case_id(id);
  message->mutable_case_()->set_standing(cv1::STANDING_RESPONSIBLE);
  cv1::NextAct& act = *message->mutable_case_()->add_next_acts();
  act.set_kind(kind);
  if (due != 0) act.mutable_due()->set_seconds(due);
  act.set_overdue(overdue);
  return message;
}

TEST_F(InboxTest, TheInboxHoldsCasesInWhichSomethingIsToDoTheFirstDueFirst) {
  FakeClient client =
      ClientOf(StreamOf(CaseThatWaits("some-day", cv1::NEXT_ACT_KIND_SIGN_AGREEMENT, 0),
                        CaseThatWaits("next-week", cv1::NEXT_ACT_KIND_HOLD_MEETING, 2000),
                        CaseThatWaits("today", cv1::NEXT_ACT_KIND_ANSWER_QUESTION, 1000),
                        CaseThatWaits("runs", cv1::NEXT_ACT_KIND_END_MEASURE, 500),
                        CaseThatWaits("late", cv1::NEXT_ACT_KIND_END_MEASURE, 600, true),
                        CaseThatWaits("to-hand-on", cv1::NEXT_ACT_KIND_ACT_ON_HANDOVER, 700),
                        CaughtUp<cv1::WatchCasesResponse>()),
               StreamOf(CaughtUp()));
  EXPECT_EQ(Print(client), kDone);
  const std::string text = out_.str();
  EXPECT_LT(text.find("late"), text.find("today"));
  EXPECT_LT(text.find("today"), text.find("next-week"));
  EXPECT_LT(text.find("next-week"), text.find("some-day"));
  EXPECT_NE(text.find("some-day"), std::string::npos);
  EXPECT_THAT(text, HasSubstr("sign agreement"));
  for (const char* other : {"runs", "to-hand-on"}) {
    EXPECT_THAT(text, testing::Not(HasSubstr(other)));
  }
}

FakeClient::Reply FileToldTo(const std::string& id, cv1::ThreatLevel level, bool overdue) {
  auto message = std::make_unique<police::v1::WatchSecurityFilesResponse>();
  auto& file = *message->mutable_file();
  file.set_security_id(id);
  file.set_standing(police::v1::POLICE_STANDING_IN_CHARGE);
  file.mutable_assessment()->set_threat_level(level);
  auto& recipient = *file.add_precautions_recipients();
  recipient.mutable_due()->set_seconds(1000);
  recipient.set_overdue(overdue);
  return message;
}

// Within the hour they wait for the other side only.
TEST_F(InboxTest, ThePolicesInboxHoldsWhoHasNotReadPrecautionsInTime) {
  FakeClient client = ClientOf(NotServed(), NotServed(), NotServed(), NotServed(),
                               StreamOf(FileToldTo("second", cv1::THREAT_LEVEL_LOW, true),
                                        FileToldTo("first", cv1::THREAT_LEVEL_HIGH, true),
                                        FileToldTo("in-time", cv1::THREAT_LEVEL_HIGH, false),
                                        CaughtUp<police::v1::WatchSecurityFilesResponse>()),
                               NotServed());
  EXPECT_EQ(Print(client), kDone);
  const std::string text = out_.str();
  EXPECT_LT(text.find("first"), text.find("second"));
  EXPECT_NE(text.find("second"), std::string::npos);
  EXPECT_THAT(text, testing::Not(HasSubstr("in-time")));
}

TEST_F(InboxTest, TheInboxHoldsWhatIsAskedOfTheGangList) {
  const auto with = [](const std::string& id, bool answered) {
    FakeClient::Reply reply = FileToldTo(id, cv1::THREAT_LEVEL_NONE, false);
    auto& file = *static_cast<police::v1::WatchSecurityFilesResponse&>(**reply).mutable_file();
    if (!answered) file.mutable_nec_inquiry()->mutable_due()->set_seconds(1000);
    return reply;
  };
  FakeClient client = ClientOf(NotServed(), NotServed(), NotServed(), NotServed(),
                               StreamOf(with("asked", false), with("has-said", true),
                                        CaughtUp<police::v1::WatchSecurityFilesResponse>()),
                               NotServed());
  EXPECT_EQ(Print(client), kDone);
  EXPECT_THAT(out_.str(), testing::AllOf(HasSubstr("asked"), testing::Not(HasSubstr("has-said"))));
}

TEST_F(InboxTest, TheInboxHoldsWeeklyReportsThatAreMissing) {
  const auto with = [](FakeClient::Reply reply) {
    auto& message = static_cast<cv1::WatchCasesResponse&>(**reply);
    message.mutable_case_()->mutable_weekly_reports()->add_missing();
    return reply;
  };
  FakeClient client = ClientOf(StreamOf(with(CaseWith("unreported", {})), CaseWith("on-time", {}),
                                        with(CaseWith("let-go", {}, cv1::STANDING_FORMER)),
                                        CaughtUp<cv1::WatchCasesResponse>()));
  EXPECT_EQ(Print(client), kDone);
  EXPECT_THAT(out_.str(), HasSubstr("unreported"));
  EXPECT_THAT(out_.str(), testing::Not(testing::ContainsRegex("on-time|let-go")));
}

template <class Response>
FakeClient::Reply StayTold(const std::string& id, casework::v1::StayStage stage,
                           relocation::v1::PlaceSafety answer, int due) {
  auto message = std::make_unique<Response>();
  auto& stay = *message->mutable_stay();
  stay.set_stay_id(id);
  stay.set_stage(stage);
  stay.set_answer(answer);
  if (due > 0) stay.mutable_due()->set_seconds(due);
  return message;
}

// Before everything else that the police have to do.
TEST_F(InboxTest, ThePolicesInboxHoldsWhoIsAtATemporaryPlace) {
  using Placed = police::v1::WatchStaysResponse;
  using Hosted = police::v1::WatchHostedStaysResponse;
  const auto clear = rlv1::PLACE_SAFETY_CLEAR, asked = rlv1::PLACE_SAFETY_ASKED;
  FakeClient client =
      ClientOf(NotServed(), NotServed(),
               StreamOf(StayTold<Placed>("ends", casework::v1::STAY_STAGE_PLACED, clear, 90000),
                        StayTold<Placed>("asked-for", casework::v1::STAY_STAGE_REQUESTED, {}, 3600),
                        StayTold<Placed>("not-safe", casework::v1::STAY_STAGE_PLACED,
                                         rlv1::PLACE_SAFETY_NOT_POSSIBLE, 3500),
                        StayTold<Placed>("over", casework::v1::STAY_STAGE_ENDED,
                                         rlv1::PLACE_SAFETY_NOT_POSSIBLE, 0),
                        CaughtUp<Placed>()),
               StreamOf(StayTold<Hosted>("unread", casework::v1::STAY_STAGE_PLACED, asked, 3600),
                        StayTold<Hosted>("read", casework::v1::STAY_STAGE_PLACED, clear, 3600),
                        CaughtUp<Hosted>()),
               NotServed());
  EXPECT_EQ(Print(client), kDone);
  const std::string text = out_.str();
  EXPECT_LT(text.find("not-safe"), text.find("ends"));
  EXPECT_LT(text.find("asked-for"), text.find("unread"));
  EXPECT_NE(text.find("ends"), std::string::npos);
  EXPECT_EQ(text.find("over"), std::string::npos);
  EXPECT_EQ(text.find("\"read\""), std::string::npos);
}

}  // namespace
}  // namespace exitbus::exitctl
