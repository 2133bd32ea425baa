// What a prison owes by the Køreplan, day by day; and that a breach of terms reaches who answers
// for the case, whoever that is by then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "services/exchange/working_days.h"
#include "tests/simulation/supervision_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace kv1 = kriminalforsorgen::v1;
using testing::IsEmpty;

constexpr absl::Duration kDay = absl::Hours(24);

class CustodyTest : public testing::Test, protected SupervisionWorld {
 protected:
  std::string State(const std::string& id, absl::Time imprisoned, absl::Time parole) {
    kv1::StateCustodyRequest request;
    *request.mutable_imprisoned() = exchange::ToProto(imprisoned);
    *request.mutable_possible_parole() = exchange::ToProto(parole);
    return Do<kv1::StateCustodyRequest, kv1::StateCustodyResponse>(
        kif, id, kRelease + "StateCustody", request);
  }
  std::string Contact(
      const std::string& id, const Node& municipality,
      readiness::v1::ContactPurpose purpose = readiness::v1::CONTACT_PURPOSE_RELEASE) {
    kv1::RecordMunicipalityContactedRequest request;
    request.set_municipality(municipality.id());
    request.set_purpose(purpose);
    return Do<kv1::RecordMunicipalityContactedRequest, kv1::RecordMunicipalityContactedResponse>(
        kif, id, kRelease + "RecordMunicipalityContacted", request);
  }
  std::size_t Alarms() { return kif.telemetry().LinesOf("custody.overdue").size(); }
  std::string Report(absl::Time breached) {
    kv1::ReportBreachRequest request;
    request.set_request_id(world.RequestId());
    request.set_supervision_id(Supervised().supervision_id());
    *request.mutable_breached() = exchange::ToProto(breached);
    const auto answer = kif.Call<kv1::ReportBreachResponse>(kSupervised + "ReportBreach", request);
    return answer.ok() ? "" : RuleOf(answer.status());
  }
};

TEST_F(CustodyTest, ThePlanIsOwedFourWeeksAfterTheImprisonment) {
  const std::string id = Opened(kif, cv1::PROGRAMME_GOD_LOESLADELSE);
  const absl::Time imprisoned = Now();
  ASSERT_EQ(State(id, imprisoned, imprisoned + 3 * 365 * kDay), "");
  EXPECT_EQ(exchange::FromProto(GetCase(kif, id)->custody().plan_due()), imprisoned + 28 * kDay);
  Days(27);
  EXPECT_EQ(Alarms(), 0U);
  Days(2);
  EXPECT_EQ(Alarms(), 1U);
  EXPECT_TRUE(GetCase(kif, id)->custody().plan_overdue());
  ASSERT_EQ(Plan(id, imprisoned + 3 * 365 * kDay, cv1::RELEASE_CHANGE_UNSPECIFIED), "");
  EXPECT_FALSE(GetCase(kif, id)->custody().has_plan_due());
  EXPECT_EQ(Alarms(), 1U);
}

// A year before parole is possible; of who is imprisoned for less, at once.
TEST_F(CustodyTest, AMunicipalityHearsAYearBeforeParole) {
  const std::string id = Opened(kif, cv1::PROGRAMME_GOD_LOESLADELSE);
  const absl::Time imprisoned = Now();
  const absl::Time parole = exchange::AddMonths(imprisoned, 24);
  ASSERT_EQ(State(id, imprisoned, parole), "");
  ASSERT_EQ(Plan(id, parole, cv1::RELEASE_CHANGE_UNSPECIFIED), "");
  EXPECT_EQ(exchange::FromProto(GetCase(kif, id)->custody().contact_due()),
            exchange::AddMonths(parole, -12));
  Days(360);
  EXPECT_EQ(Alarms(), 0U);
  Days(10);
  EXPECT_EQ(Alarms(), 1U);
  EXPECT_EQ(Contact(id, vestegnen), "custody.no_municipality");
  ASSERT_EQ(Contact(id, ishoej, readiness::v1::CONTACT_PURPOSE_BENEFITS), "");
  EXPECT_TRUE(GetCase(kif, id)->custody().has_contact_due()) << "who plans releases has not heard";
  ASSERT_EQ(Contact(id, ishoej), "");
  EXPECT_FALSE(GetCase(kif, id)->custody().has_contact_due());
  EXPECT_EQ(GetCase(kif, id)->custody().contacted(0).municipality(), ishoej.id());
  ASSERT_EQ(State(id, imprisoned, Now() + 100 * kDay), "") << "stated anew, it has heard";
  EXPECT_FALSE(GetCase(kif, id)->custody().has_contact_due());
}

TEST_F(CustodyTest, OfAShortTimeAMunicipalityHearsAtOnce) {
  const std::string id = Opened(kif, cv1::PROGRAMME_GOD_LOESLADELSE);
  ASSERT_EQ(State(id, Now(), Now() + 100 * kDay), "");
  EXPECT_LE(exchange::FromProto(GetCase(kif, id)->custody().contact_due()), Now() + 5 * kDay);
}

// What was stated late alarms nobody at once.
TEST_F(CustodyTest, OfWhoIsInCustodyForLongThePlanIsOwedTheNextDay) {
  const std::string id = Opened(kif, cv1::PROGRAMME_GOD_LOESLADELSE);
  ASSERT_EQ(State(id, Now() - 100 * kDay, Now() + 3 * 365 * kDay), "");
  EXPECT_EQ(Alarms(), 0U);
  EXPECT_TRUE(GetCase(kif, id)->custody().has_plan_due());
  Days(7);
  EXPECT_EQ(Alarms(), 1U);
}

TEST_F(CustodyTest, StatedAnewItIsOwedByTheSameDay) {
  const std::string id = Opened(kif, cv1::PROGRAMME_GOD_LOESLADELSE);
  const absl::Time imprisoned = Now();
  const absl::Time parole = imprisoned + 3 * 365 * kDay;
  ASSERT_EQ(State(id, imprisoned, parole), "");
  Days(29);
  ASSERT_EQ(Alarms(), 1U);
  ASSERT_EQ(State(id, imprisoned, parole + kDay), "");
  EXPECT_TRUE(GetCase(kif, id)->custody().plan_overdue());
  ASSERT_EQ(State(id, imprisoned - kDay, parole), "");
  EXPECT_FALSE(GetCase(kif, id)->custody().plan_overdue()) << "another day, another plan";
}

// Who let the case go owes nothing in it.
TEST_F(CustodyTest, NothingIsOwedOnceTheCaseHasMoved) {
  const std::string id = EnrolledCase(world, kif);
  ASSERT_EQ(State(id, Now(), Now() + 3 * 365 * kDay), "");
  TakenOver(kif, id, ishoej);
  Days(3 * 365);
  EXPECT_EQ(Alarms(), 0U);
  EXPECT_FALSE(GetCase(ishoej, id)->has_custody()) << "how long he was in prison stays there";
}

TEST_F(CustodyTest, ABreachIsHeardAsABareFact) {
  const std::string id = Released();
  const absl::Time breached = Now() - kDay;
  EXPECT_EQ(Report(Now() + kDay), "breach.when");
  ASSERT_EQ(Report(breached), "");
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Report(breached), "breach.reported");
  const Case seen = *GetCase(ishoej, id);
  ASSERT_EQ(seen.breaches_size(), 1);
  EXPECT_EQ(exchange::FromProto(seen.breaches(0).breached()), exchange::StartOfDay(breached));
  EXPECT_EQ(seen.breaches(0).reported_by(), kif.id());
  EXPECT_EQ(seen.stage(), cv1::CASE_STAGE_ENROLLED) << "nothing follows from it here";
  ExpectNothingRefused();
}

TEST_F(CustodyTest, ABreachThatCrossesATakeOverIsNotLost) {
  const std::string id = Released();
  const std::string handover = Offered(world, ishoej, id, odense);
  ishoej.Crash();  // it does not hear of the breach before the case has gone
  ASSERT_EQ(Report(Now() - kDay), "");
  ASSERT_TRUE(simulation::Do(world, odense, "TakeOverCase", handover).ok());
  ishoej.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(odense, id)->breaches_size(), 1);
}

}  // namespace
}  // namespace exitbus::simulation
