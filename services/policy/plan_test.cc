#include "services/policy/plan.h"

#include <algorithm>
#include <string>

#include "exitbus/casework/v1/document.pb.h"
#include "exitbus/testing/v1/policy_samples.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace exitbus::policy {
namespace {

using google::protobuf::util::MessageDifferencer;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::v1::SampleBody;
using testing::v1::SampleNotice;

const Viewer kNec{v1::READER_NEC_OVERVIEW, v1::LEVEL_CORE};
const Viewer kContactPoint{v1::READER_CONTACT_POINT};
const Viewer kOperator{v1::READER_OPERATOR};
const Viewer kMunicipality{v1::READER_MUNICIPALITY, v1::LEVEL_FULL, {v1::CONDITION_LEGAL_BASIS}};

SampleNotice FullNotice() {
  SampleNotice notification;
  notification.set_case_id("case-1");
  notification.mutable_person()->set_cpr_number("0101619999");
  notification.mutable_person()->set_name("Test Testesen");
  notification.mutable_person()->set_initials("TT");
  for (int i = 0; i < 2; ++i) {
    auto* measure = notification.add_measures();
    measure->add_kinds(v1::CATEGORY_FAMILY);
    measure->add_kinds(v1::CATEGORY_MENTOR);
    measure->set_report("in confidence");
    measure->add_hours(i);
    measure->add_parts()->set_report("deeper still");
  }
  notification.set_on_nec_list(false);
  notification.mutable_decided()->set_seconds(1000);
  notification.add_meetings()->set_seconds(2000);
  notification.add_meetings()->set_seconds(3000);
  notification.mutable_health()->set_diagnosis("diagnosis");
  notification.mutable_withdrawn()->set_reason("free text");
  notification.mutable_withdrawn()->set_code(7);
  notification.mutable_urgent();
  return notification;
}

const SampleNotice& NotificationIn(const Projection& projection) {
  return static_cast<const SampleNotice&>(*projection.message);
}

TEST(Project, CopiesWhatTheReaderMaySeeAndNamesTheRest) {
  const Projection projection = Project(FullNotice(), kNec);
  SampleNotice expected;
  expected.mutable_person()->set_cpr_number("0101619999");
  expected.mutable_person()->set_name("Test Testesen");
  expected.mutable_person()->set_initials("TT");
  expected.mutable_decided()->set_seconds(1000);
  expected.add_meetings()->set_seconds(2000);
  expected.add_meetings()->set_seconds(3000);
  expected.mutable_withdrawn()->set_code(7);
  EXPECT_TRUE(MessageDifferencer::Equals(NotificationIn(projection), expected))
      << projection.message->DebugString();
  EXPECT_THAT(projection.withheld, ElementsAre(v1::CATEGORY_CASE_ID, v1::CATEGORY_NEC_LIST_STATUS,
                                               v1::CATEGORY_PRECAUTIONS, v1::CATEGORY_HEALTH,
                                               v1::CATEGORY_MEASURES, v1::CATEGORY_BREACH));
  EXPECT_THAT(projection.released, ElementsAre(v1::CATEGORY_CPR_NUMBER, v1::CATEGORY_NAME,
                                               v1::CATEGORY_CASE_STATE, v1::CATEGORY_BREACH));
  EXPECT_THAT(projection.released_fields,
              ElementsAre("decided", "meetings", "person.cpr_number", "person.initials",
                          "person.name", "withdrawn.code"));
}

TEST(Project, CopiesRepeatedSubmessagesElementByElement) {
  const Projection projection = Project(FullNotice(), kMunicipality);
  EXPECT_TRUE(MessageDifferencer::Equals(NotificationIn(projection), FullNotice()))
      << projection.message->DebugString();
  EXPECT_THAT(projection.withheld, IsEmpty());

  const Viewer police{v1::READER_POLICE};
  const SampleNotice seen = NotificationIn(Project(FullNotice(), police));
  ASSERT_EQ(seen.measures_size(), 2);
  EXPECT_EQ(seen.measures(1).kinds_size(), 2);
  EXPECT_THAT(seen.measures(1).hours(), ElementsAre(1));
  EXPECT_EQ(seen.measures(1).report(), "");
  EXPECT_EQ(seen.measures(1).parts_size(), 0);
}

TEST(Project, LeavesASubmessageUnsetWhereNothingInItMayBeSeen) {
  const Projection projection = Project(FullNotice(), kContactPoint);
  const SampleNotice& seen = NotificationIn(projection);
  EXPECT_TRUE(seen.has_person());
  EXPECT_EQ(seen.person().initials(), "TT");
  EXPECT_FALSE(seen.has_health());
  EXPECT_EQ(seen.measures_size(), 0);
  EXPECT_EQ(seen.end_case(), SampleNotice::END_NOT_SET);
  EXPECT_FALSE(seen.has_urgent());
}

TEST(Project, TakesConditionsIntoAccount) {
  Viewer receiver{v1::READER_RECEIVER};
  EXPECT_FALSE(NotificationIn(Project(FullNotice(), receiver)).has_person());
  receiver.satisfied.Add(v1::CONDITION_AFTER_ACCEPTANCE);
  EXPECT_EQ(NotificationIn(Project(FullNotice(), receiver)).person().name(), "Test Testesen");
  EXPECT_EQ(NotificationIn(Project(FullNotice(), receiver)).health().diagnosis(), "");
  receiver.satisfied.Add(v1::CONDITION_LEGAL_BASIS);
  EXPECT_EQ(NotificationIn(Project(FullNotice(), receiver)).health().diagnosis(), "diagnosis");
}

TEST(Project, NamesWithheldCategoriesOnlyOfWhatWasSet) {
  SampleNotice notification;
  notification.mutable_decided();
  notification.mutable_health();
  EXPECT_THAT(Project(notification, kContactPoint).withheld, IsEmpty());
  notification.mutable_health()->set_diagnosis("diagnosis");
  EXPECT_THAT(Project(notification, kContactPoint).withheld, ElementsAre(v1::CATEGORY_HEALTH));
}

TEST(Project, LeavesNoShellOfWhatIsLeftOut) {
  SampleNotice notification;
  notification.mutable_person()->set_cpr_number("0101619999");
  EXPECT_FALSE(NotificationIn(Project(notification, kContactPoint)).has_person());
  notification.mutable_person()->clear_cpr_number();  // empty from the start
  EXPECT_TRUE(NotificationIn(Project(notification, kContactPoint)).has_person());
}

TEST(WithheldFrom, FollowsTheContractAndNotTheData) {
  const auto withheld = WithheldFrom(*SampleNotice::descriptor(), kContactPoint);
  EXPECT_THAT(withheld, Contains(v1::CATEGORY_HEALTH));
  EXPECT_THAT(withheld, Contains(v1::CATEGORY_MEASURES));
  EXPECT_THAT(withheld, Not(Contains(v1::CATEGORY_WEEKLY_INCIDENT)));
  EXPECT_TRUE(std::is_sorted(withheld.begin(), withheld.end()));
}

TEST(Project, KeepsAnExplicitFalse) {
  SampleNotice notification;
  notification.set_on_nec_list(false);
  EXPECT_TRUE(NotificationIn(Project(notification, kMunicipality)).has_on_nec_list());
  EXPECT_FALSE(NotificationIn(Project(notification, kNec)).has_on_nec_list());
}

TEST(Project, WithholdsWhatHasNoCategoryFromEveryone) {
  SampleNotice notification;
  notification.set_unlabelled("who knows");
  (*notification.mutable_remarks())["key"] = "value";
  const Projection projection = Project(notification, kMunicipality);
  EXPECT_EQ(projection.message->ByteSizeLong(), 0u);
  EXPECT_THAT(projection.withheld, ElementsAre(v1::CATEGORY_UNSPECIFIED));
}

TEST(Project, DropsUnknownFieldsOnEveryLevel) {
  testing::v1::SampleNoticeOfTomorrow tomorrow;
  tomorrow.set_case_id("case-1");
  tomorrow.set_whereabouts("Secret Street 1");
  SampleNotice notification;
  ASSERT_TRUE(notification.ParseFromString(tomorrow.SerializeAsString()));
  ASSERT_TRUE(notification.mutable_decided()->ParseFromString(tomorrow.SerializeAsString()));
  ASSERT_TRUE(notification.mutable_person()->ParseFromString(tomorrow.SerializeAsString()));
  const std::string bytes = Project(notification, kMunicipality).message->SerializeAsString();
  EXPECT_THAT(notification.SerializeAsString(), HasSubstr("Secret Street"));
  EXPECT_THAT(bytes, Not(HasSubstr("Secret Street")));
  EXPECT_THAT(bytes, HasSubstr("case-1"));
}

TEST(Project, ReachesThroughTheOneofOfABody) {
  SampleBody body;
  body.set_message_id("message-1");
  *body.mutable_notice() = FullNotice();
  const Projection projection = Project(body, kOperator);
  const auto& seen = static_cast<const SampleBody&>(*projection.message);
  EXPECT_EQ(seen.message_id(), "message-1");
  EXPECT_EQ(seen.kind_case(), SampleBody::KIND_NOT_SET);
}

TEST(AssertProjected, AcceptsWhatProjectMade) {
  for (const Viewer& viewer : {kNec, kContactPoint, kOperator, kMunicipality}) {
    EXPECT_TRUE(AssertProjected(*Project(FullNotice(), viewer).message, viewer).ok());
  }
}

TEST(AssertProjected, CatchesALeakAndNamesItWithoutItsValue) {
  SampleNotice notification;
  notification.mutable_health()->set_diagnosis("diagnosis 123");
  const absl::Status status = AssertProjected(notification, kNec);
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(std::string(status.message()), HasSubstr("health"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("123")));
}

TEST(AssertProjected, CatchesALeakDeepInside) {
  const Viewer police{v1::READER_POLICE};
  SampleNotice notification = NotificationIn(Project(FullNotice(), police));
  ASSERT_TRUE(AssertProjected(notification, police).ok());
  notification.mutable_measures(1)->add_parts()->set_report("x");
  EXPECT_THAT(std::string(AssertProjected(notification, police).message()),
              HasSubstr("measures.parts.report"));
}

TEST(AssertProjected, CatchesUnknownFieldsAndUnlabelledOnes) {
  SampleNotice notification;
  notification.set_unlabelled("who knows");
  EXPECT_FALSE(AssertProjected(notification, kMunicipality).ok());

  testing::v1::SampleNoticeOfTomorrow tomorrow;
  tomorrow.set_whereabouts("Secret Street 1");
  ASSERT_TRUE(notification.ParseFromString(tomorrow.SerializeAsString()));
  EXPECT_FALSE(AssertProjected(notification, kMunicipality).ok());
  notification.Clear();
  ASSERT_TRUE(notification.mutable_decided()->ParseFromString(tomorrow.SerializeAsString()));
  EXPECT_FALSE(AssertProjected(notification, kMunicipality).ok());
}

// A message that says itself what it is of.
casework::v1::CaseDocuments OfHealthAndMeasures() {
  casework::v1::CaseDocuments documents;
  for (const v1::Category category : {v1::CATEGORY_HEALTH, v1::CATEGORY_MEASURES}) {
    auto* document = documents.add_documents();
    document->set_document_id("d");
    document->set_category(category);
    document->set_heading("Plan");
  }
  return documents;
}

const Viewer kWithoutConsent{v1::READER_MUNICIPALITY};

TEST(NamesCategory, WhoMayNotSeeItSeesNothingOfTheMessage) {
  const auto documents = OfHealthAndMeasures();
  const Projection all = Project(documents, kMunicipality);
  EXPECT_TRUE(MessageDifferencer::Equals(*all.message, documents));
  EXPECT_THAT(all.released,
              ElementsAre(v1::CATEGORY_HEALTH, v1::CATEGORY_MEASURES, v1::CATEGORY_DOCUMENT));
  const Projection part = Project(documents, kWithoutConsent);
  const auto& seen = static_cast<const casework::v1::CaseDocuments&>(*part.message);
  ASSERT_EQ(seen.documents_size(), 1);
  EXPECT_EQ(seen.documents(0).category(), v1::CATEGORY_MEASURES);
  EXPECT_THAT(part.withheld, ElementsAre(v1::CATEGORY_HEALTH));
  EXPECT_TRUE(AssertProjected(seen, kWithoutConsent).ok());
  EXPECT_THAT(std::string(AssertProjected(documents, kWithoutConsent).message()),
              HasSubstr("may not see CATEGORY_HEALTH"));
}

TEST(NamesCategory, SaysWhetherAllOfItIsKeptBackAndWhatMayBe) {
  const auto documents = OfHealthAndMeasures();
  EXPECT_TRUE(IsKeptBack(documents.documents(0), kWithoutConsent));
  EXPECT_FALSE(IsKeptBack(documents.documents(1), kWithoutConsent));
  EXPECT_FALSE(IsKeptBack(documents, kWithoutConsent)) << "a list is nobody's document";
  EXPECT_TRUE(IsKeptBack(casework::v1::Document(), kMunicipality)) << "it says nothing";
  const auto withheld = WithheldFrom(*documents.GetDescriptor(), kWithoutConsent);
  EXPECT_THAT(withheld, Contains(v1::CATEGORY_HEALTH));
  EXPECT_THAT(withheld, Not(Contains(v1::CATEGORY_MEASURES)));
}

}  // namespace
}  // namespace exitbus::policy
