// Precautions of who is threatened go from one on duty to the next until somebody has read them,
// and the police unit knows whom to phone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/readiness/v1/readiness_service.pb.h"
#include "tests/simulation/programme_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr absl::Duration kTick = absl::Seconds(2);  // what is due is done

class OnDutyTest : public testing::Test, protected ProgrammeWorld {
 protected:
  void SetUp() override { world.Pass(kTick); }  // each has looked around once
  void Publish(Node& node, const std::vector<std::string>& on_duty) {
    readiness::v1::PublishContactsRequest request;
    request.set_request_id(world.RequestId());
    readiness::v1::Contact& main = *request.add_contacts();
    main.set_purpose(readiness::v1::CONTACT_PURPOSE_MAIN);
    main.set_unit("main");
    main.set_phone("1");
    for (const std::string& unit : on_duty) {
      readiness::v1::Contact& contact = *request.add_contacts();
      contact.set_purpose(readiness::v1::CONTACT_PURPOSE_PRECAUTIONS);
      contact.set_unit(unit);
      contact.set_phone("2");
      contact.set_round_the_clock(true);
    }
    const auto published = node.Call<readiness::v1::PublishContactsResponse>(
        "exitbus.readiness.v1.ReadinessService.PublishContacts", request);
    EXPECT_TRUE(published.ok()) << published.status();
    EXPECT_TRUE(world.Settle());
  }
  std::string Threatened() {
    std::string id = CaseKnownToPolice(world, ishoej);
    EXPECT_TRUE(Assess(world, vestegnen).ok());
    world.Pass(kTick);
    return id;
  }
  std::string Asked(const std::string& id) {
    return GetCase(ishoej, id)->security().asked().unit();
  }
  void Minutes(int minutes) {
    world.Skip(absl::Minutes(minutes));
    world.Pass(kTick);
  }
  std::vector<std::string> ToPhone() {
    std::vector<std::string> units;
    const auto file = OnlyFile(vestegnen);
    for (const auto& recipient : file->precautions_recipients()) {
      for (const auto& contact : recipient.call()) units.push_back(contact.unit());
    }
    return units;
  }
};

TEST_F(OnDutyTest, EveryQuarterOfAnHourTheNextIsAsked) {
  Publish(ishoej, {"first", "second"});
  const std::string id = Threatened();
  EXPECT_EQ(Asked(id), "first");
  EXPECT_THAT(ToPhone(), ElementsAre("first", "second"));
  Minutes(16);
  EXPECT_EQ(Asked(id), "second");
  Minutes(16);
  EXPECT_EQ(Asked(id), "first") << "once more, since there is no other";
  EXPECT_THAT(ishoej.telemetry().LinesOf("precautions.overdue"), IsEmpty());
  Minutes(30);
  EXPECT_EQ(ishoej.telemetry().LinesOf("precautions.overdue").size(), 1U);
  EXPECT_EQ(vestegnen.telemetry().LinesOf("precautions.overdue").size(), 1U);
  EXPECT_THAT(ToPhone(), ElementsAre("first", "second"));
}

TEST_F(OnDutyTest, AfterAnOutageEachHasHisTimeAllTheSame) {
  Publish(ishoej, {"first", "second"});
  const std::string id = Threatened();
  ishoej.Crash();
  world.Skip(absl::Hours(2));
  ishoej.Start();
  world.Pass(absl::Seconds(30));
  EXPECT_EQ(Asked(id), "second");
  Minutes(14);
  EXPECT_EQ(Asked(id), "second");
  Minutes(2);
  EXPECT_EQ(Asked(id), "first");
}

TEST_F(OnDutyTest, OnceSomebodyHasReadThemNobodyIsAsked) {
  Publish(ishoej, {"first", "second"});
  const std::string id = Threatened();
  cv1::AcknowledgePrecautionsRequest request;
  request.set_version(GetCase(ishoej, id)->security().version());
  ASSERT_EQ((Do<cv1::AcknowledgePrecautionsRequest, cv1::AcknowledgePrecautionsResponse>(
                ishoej, id, kCaseMethods + "AcknowledgePrecautions", request)),
            "");
  EXPECT_EQ(Asked(id), "");
  EXPECT_THAT(ToPhone(), IsEmpty());
  Minutes(60);
  EXPECT_EQ(Asked(id), "");
  EXPECT_THAT(ishoej.telemetry().LinesOf("precautions.passed_on"), IsEmpty());
  ASSERT_TRUE(Assess(world, vestegnen, {"others"}).ok());
  world.Pass(kTick);
  EXPECT_EQ(Asked(id), "first") << "what is new is unread";
}

// That anybody is asked says that the police are in the case.
TEST_F(OnDutyTest, AUnitSeesNothingOfIt) {
  Publish(ishoej, {"canary-on-duty"});
  const std::string id = Threatened();
  ASSERT_TRUE(Involve(world, ishoej, id, policy::v1::FUNCTION_JOBCENTRE).ok());
  ASSERT_EQ(Asked(id), "canary-on-duty");
  const Speaking unit(ishoej, "jobcentre", "employee-9");
  const Case seen = *GetCase(ishoej, id);
  EXPECT_FALSE(seen.has_security()) << seen.security().ShortDebugString();
}

TEST_F(OnDutyTest, WhereNobodyIsPublishedTheAlarmIsAllThereIs) {
  const std::string id = Threatened();
  EXPECT_EQ(ishoej.telemetry().LinesOf("precautions.nobody_on_duty").size(), 1U);
  Minutes(61);
  EXPECT_EQ(Asked(id), "");
  EXPECT_THAT(ToPhone(), IsEmpty());
  EXPECT_EQ(ishoej.telemetry().LinesOf("precautions.overdue").size(), 1U);
}

}  // namespace
}  // namespace exitbus::simulation
