// The address duty from the police's notice to its end: at the police unit, at the population
// register and at the authority in charge, whose threatened person does not depart before.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/address/v1/register_service.pb.h"
#include "services/exchange/proto_time.h"
#include "tests/simulation/address_world.h"
#include "tests/simulation/colleagues.h"

namespace exitbus::simulation {
namespace {

namespace av1 = address::v1;
namespace hv1 = handover::v1;
using testing::IsEmpty;
using testing::SizeIs;

class AddressTest : public testing::Test, protected AddressWorld {
 protected:
  std::string Given() {
    const auto given = Give();
    EXPECT_TRUE(given.ok()) << given.status();
    EXPECT_TRUE(world.Settle());
    return given.value_or("");
  }
  std::string Registered() {
    const std::string notice = Given();
    EXPECT_TRUE(Record(notice, av1::ADDRESS_ACT_REGISTERED).ok());
    EXPECT_TRUE(world.Settle());
    return notice;
  }
  av1::AddressNotice Notice() {
    const auto notices = NoticesAt(fyn);
    EXPECT_THAT(notices, SizeIs(1));
    return notices.empty() ? av1::AddressNotice() : notices.front();
  }
  av1::AddressDuty Duty() {
    const auto duties = DutiesAt(odense);
    EXPECT_THAT(duties, SizeIs(1));
    return duties.empty() ? av1::AddressDuty() : duties.front();
  }
  void ExpectStage(av1::AddressDutyStage stage) {
    EXPECT_EQ(av1::AddressDutyStage_Name(Notice().stage()), av1::AddressDutyStage_Name(stage));
    ExpectNoticesAgreed();
  }
};

TEST_F(AddressTest, WhoIsUnderAThreatDepartsOnceTheRegisterHasDoneItsPart) {
  AcceptedOnly();
  EXPECT_EQ(RuleOf(Depart()), "handover.address_not_secured");
  const std::string notice = Given();
  ExpectStage(av1::ADDRESS_DUTY_STAGE_REQUESTED);
  EXPECT_EQ(Protection(), hv1::ADDRESS_PROTECTION_PENDING);
  EXPECT_EQ(RuleOf(Depart()), "handover.address_not_secured");
  EXPECT_THAT(Duty().children(), SizeIs(1));
  ASSERT_TRUE(Record(notice, av1::ADDRESS_ACT_REGISTERED).ok());
  ASSERT_TRUE(world.Settle());
  ExpectStage(av1::ADDRESS_DUTY_STAGE_REGISTERED);
  EXPECT_EQ(Protection(), hv1::ADDRESS_PROTECTION_SECURED);
  EXPECT_TRUE(Depart().ok());
  ASSERT_TRUE(world.Settle());
  ExpectSound();
}

TEST_F(AddressTest, OrOnceThePoliceStateThatNoNoticeIsNeeded) {
  AcceptedOnly();
  Given();
  ASSERT_TRUE(NeedNoNotice().ok()) << "a register that sleeps keeps nobody in danger";
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Protection(), hv1::ADDRESS_PROTECTION_SECURED);
  EXPECT_TRUE(Depart().ok());
  ASSERT_TRUE(world.Settle());
  ExpectSound();
}

TEST_F(AddressTest, APartnersNoticeIsWaitedForTooAndIsNotEnough) {
  AcceptedOnly();
  const auto partner = Give(fyn, NoticeOf("6101900009"));
  ASSERT_TRUE(partner.ok()) << partner.status();
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Record(*partner, av1::ADDRESS_ACT_REGISTERED).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Protection(), hv1::ADDRESS_PROTECTION_UNSPECIFIED) << "not his own";
  Registered();
  EXPECT_EQ(Protection(), hv1::ADDRESS_PROTECTION_SECURED);
  EXPECT_EQ(RuleOf(Give().status()), "address.notice_stands");
  ASSERT_TRUE(End(*partner).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Record(*partner, av1::ADDRESS_ACT_REGISTERED_ORDINARILY).ok());
  ASSERT_TRUE(world.Settle());
  ExpectNoticesAgreed();
}

TEST_F(AddressTest, WhatIsAskedForLastIsWaitedFor) {
  AcceptedOnly();
  Registered();
  const auto partner = Give(fyn, NoticeOf("6101900009"));
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Protection(), hv1::ADDRESS_PROTECTION_PENDING);
  ASSERT_TRUE(Record(*partner, av1::ADDRESS_ACT_REGISTERED).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Protection(), hv1::ADDRESS_PROTECTION_SECURED);
  ExpectNoticesAgreed();
}

TEST_F(AddressTest, TheSamePersonsOnAnotherDayStayRegistered) {
  AcceptedOnly();
  const std::string notice = Registered();
  ASSERT_TRUE(Give(notice).ok());
  ASSERT_TRUE(world.Settle());
  ExpectStage(av1::ADDRESS_DUTY_STAGE_REGISTERED);
  EXPECT_EQ(Protection(), hv1::ADDRESS_PROTECTION_SECURED);
  ASSERT_TRUE(Give(notice, 2).ok()) << "a child is born";
  ASSERT_TRUE(world.Settle());
  ExpectStage(av1::ADDRESS_DUTY_STAGE_REQUESTED);
  EXPECT_EQ(Protection(), hv1::ADDRESS_PROTECTION_PENDING);
  EXPECT_THAT(Duty().children(), SizeIs(2));
}

// The register owes the move within five days after it, both are alarmed, and the protection is to
// be renewed a month before its year is over.
TEST_F(AddressTest, WhatTheRegisterOwesIsMetOrOverdue) {
  OfferedOnly();
  const std::string notice = Given();
  Sleep(absl::Hours(24 * 4));
  EXPECT_TRUE(Notice().overdue());
  EXPECT_TRUE(Duty().overdue());
  EXPECT_THAT(odense.telemetry().LinesOf("address.overdue"), SizeIs(1));
  EXPECT_THAT(fyn.telemetry().LinesOf("address.overdue"), SizeIs(1));
  ASSERT_TRUE(Record(notice, av1::ADDRESS_ACT_REGISTERED).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_FALSE(Notice().overdue());
  ASSERT_TRUE(Depart().ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Arrive(odense).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(TakeOver().ok());
  ASSERT_TRUE(world.Settle());
  Sleep(absl::Hours(24 * 7));
  EXPECT_TRUE(Duty().overdue()) << "five days after the move";
  EXPECT_THAT(fyn.telemetry().LinesOf("address.overdue"), SizeIs(2));
  ASSERT_TRUE(Record(notice, av1::ADDRESS_ACT_MOVED).ok());
  ASSERT_TRUE(world.Settle());
  ExpectStage(av1::ADDRESS_DUTY_STAGE_MOVED);
  EXPECT_FALSE(Notice().overdue());
  EXPECT_EQ(Notice().handover_id(), "") << "it has nothing to do with a case any more";
  const absl::Time until = exchange::FromProto(Duty().protected_until());
  EXPECT_EQ(exchange::FromProto(Duty().due()), until - absl::Hours(24 * 30));
  ASSERT_TRUE(Record(notice, av1::ADDRESS_ACT_PROTECTION_RENEWED).ok());
  EXPECT_GT(exchange::FromProto(Duty().protected_until()), until);
  ExpectNoticesAgreed();
}

TEST_F(AddressTest, WhoDoesNotComeIsRegisteredNowhere) {
  AcceptedOnly();
  Registered();
  ASSERT_TRUE(Do(world, odense, "RejectHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  ExpectStage(av1::ADDRESS_DUTY_STAGE_CLOSED);
  EXPECT_THAT(PlantedAt(odense), IsEmpty());
  EXPECT_THAT(PlantedAt(fyn), IsEmpty());
  ExpectSound();
}

// The old municipality's register sees in its own books that they have moved away.
TEST_F(AddressTest, WhoHasMovedLeavesTheOldRegister) {
  av1::GiveAddressNoticeRequest request = NoticeOf(kMover);
  request.set_municipality(holder.id());
  request.clear_moves_on();
  request.clear_handover_id();
  const auto old = Give(vestegnen, request);
  ASSERT_TRUE(old.ok()) << old.status();
  ASSERT_TRUE(world.Settle());
  ASSERT_THAT(DutiesAt(holder), SizeIs(1));
  OfferedOnly();
  ASSERT_TRUE(NeedNoNotice().ok());
  ASSERT_TRUE(TakeOver().ok());
  ASSERT_TRUE(world.Settle());
  av1::RecordRegistrationRequest away;
  away.set_notice_id(*old);
  away.set_act(av1::ADDRESS_ACT_MOVED_AWAY);
  *away.mutable_day() = exchange::ToProto(world.clock.Now());
  {
    const Speaking clerk(holder, "population-register", "clerk");
    ASSERT_TRUE(Insist<av1::RecordRegistrationResponse>(
                    holder, "exitbus.address.v1.PopulationRegisterService.RecordRegistration", away)
                    .ok());
  }
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(NoticesAt(vestegnen).front().stage(), av1::ADDRESS_DUTY_STAGE_MOVED_AWAY);
  av1::EndAddressNoticeRequest end;
  end.set_notice_id(*old);
  ASSERT_TRUE(Insist<av1::EndAddressNoticeResponse>(
                  vestegnen, "exitbus.address.v1.AddressNoticeService.EndAddressNotice", end)
                  .ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(DutiesAt(holder).front().stage(), av1::ADDRESS_DUTY_STAGE_CLOSED);
  EXPECT_EQ(NoticesAt(vestegnen).front().stage(), av1::ADDRESS_DUTY_STAGE_CLOSED);
  EXPECT_FALSE(DutiesAt(holder).front().has_adult());
  ExpectSound();
}

TEST_F(AddressTest, AThreatThatComesUpAsksForTheAddressAgain) {
  OfferedOnly();
  ASSERT_TRUE(NeedNoNotice().ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Protection(), hv1::ADDRESS_PROTECTION_SECURED);
  ASSERT_TRUE(AssessAnew(vestegnen).ok());
  ASSERT_TRUE(world.Settle());
  ExpectNoticesAgreed();
}

TEST_F(AddressTest, ItOutlivesTheCase) {
  OfferedOnly();
  const std::string notice = Registered();
  ASSERT_TRUE(TakeOver().ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Record(notice, av1::ADDRESS_ACT_MOVED).ok());
  ASSERT_TRUE(Withdraw(odense, case_id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Erase(odense, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(FilesAt(fyn), IsEmpty());
  EXPECT_EQ(Notice().stage(), av1::ADDRESS_DUTY_STAGE_MOVED);
  EXPECT_EQ(Duty().stage(), av1::ADDRESS_DUTY_STAGE_MOVED);
  ASSERT_TRUE(Record(notice, av1::ADDRESS_ACT_ENDED_BY_PERSON).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Notice().stage(), av1::ADDRESS_DUTY_STAGE_ENDED_BY_PERSON) << "the police hear it";
  ASSERT_TRUE(Record(notice, av1::ADDRESS_ACT_REGISTERED_ORDINARILY).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Notice().stage(), av1::ADDRESS_DUTY_STAGE_CLOSED);
  EXPECT_THAT(PlantedAt(odense), IsEmpty());
  EXPECT_THAT(PlantedAt(fyn), IsEmpty());
}

TEST_F(AddressTest, WhoMovesOnIsThePolicesToGiveNoticeOf) {
  OfferedOnly();
  const std::string notice = Registered();
  ASSERT_TRUE(TakeOver().ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Record(notice, av1::ADDRESS_ACT_MOVED).ok());
  ASSERT_TRUE(Record(notice, av1::ADDRESS_ACT_MOVED_AWAY).ok());
  ASSERT_TRUE(world.Settle());
  ExpectStage(av1::ADDRESS_DUTY_STAGE_MOVED_AWAY);
  EXPECT_EQ(Notice().moved_to(), "0751");
  Sleep(absl::Hours(24 * 7));
  EXPECT_TRUE(Notice().overdue()) << "the next municipality has no notice";
  ASSERT_TRUE(End(notice).ok());
  ASSERT_TRUE(world.Settle());
  ExpectStage(av1::ADDRESS_DUTY_STAGE_CLOSED);
  EXPECT_FALSE(Notice().overdue());
}

// The clerk knows of no case, and who works on cases of no notice.
TEST_F(AddressTest, TheRegisterAndTheCaseworkersDoNotSeeEachOther) {
  OfferedOnly();
  const std::string notice = Given();
  av1::GetAddressDutyRequest get;
  get.set_notice_id(notice);
  const char rpc[] = "exitbus.address.v1.PopulationRegisterService.GetAddressDuty";
  for (const char* function : {"exit-coordinator", "auditor", "jobcentre", "citizen-service",
                               "family-centre", "mentor", "operator"}) {
    const Speaking as(odense, function, "somebody");
    EXPECT_FALSE(odense.Call<av1::GetAddressDutyResponse>(rpc, get).ok()) << function;
  }
  const Speaking clerk(odense, "population-register", "clerk");
  EXPECT_TRUE(odense.Call<av1::GetAddressDutyResponse>(rpc, get).ok());
  EXPECT_FALSE(GetHandover(odense, handover).ok());
  EXPECT_FALSE(GetCase(odense, case_id).ok());
}

// Both can say who was shown, or sent, what of those whom a notice names.
TEST_F(AddressTest, EachAccountsForWhatItShowedAndSent) {
  OfferedOnly();
  const std::string notice = Registered();
  ASSERT_FALSE(NoticesAt(fyn).empty());
  ASSERT_FALSE(DutiesAt(odense).empty());
  const auto says = [](const auto& answer, policy::v1::Function function, const Node& told) {
    bool seen = false, sent = false;
    for (const account::v1::AccountEntry& entry : answer.entries()) {
      seen |= entry.function() == function && entry.categories_size() > 0;
      sent |= entry.authority() == told.id();
    }
    return seen && sent;
  };
  av1::GetNoticeAccountRequest at_unit;
  at_unit.set_notice_id(notice);
  const auto units = Insist<av1::GetNoticeAccountResponse>(
      fyn, "exitbus.address.v1.AddressNoticeService.GetNoticeAccount", at_unit);
  ASSERT_TRUE(units.ok()) << units.status();
  EXPECT_TRUE(says(*units, policy::v1::FUNCTION_CASE_OFFICER, odense)) << units->DebugString();
  const Speaking clerk(odense, "population-register", "clerk");
  av1::GetDutyAccountRequest at_register;
  at_register.set_notice_id(notice);
  const auto registers = Insist<av1::GetDutyAccountResponse>(
      odense, "exitbus.address.v1.PopulationRegisterService.GetDutyAccount", at_register);
  ASSERT_TRUE(registers.ok()) << registers.status();
  EXPECT_TRUE(says(*registers, policy::v1::FUNCTION_POPULATION_REGISTER, fyn))
      << registers->DebugString();
}

TEST_F(AddressTest, AUnitGivesNoticeInItsOwnDistrictForAMoveOfSomebodyItKnows) {
  Agreed();
  ASSERT_TRUE(Do(world, odense, "AcceptHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(RuleOf(Give().status()), "address.move_unknown") << "nobody has told whose it is";
  av1::GiveAddressNoticeRequest request = NoticeOf(kMover);
  request.set_handover_id("another-handover");
  EXPECT_EQ(RuleOf(Give(fyn, request).status()), "address.move_unknown");
  request.clear_handover_id();
  EXPECT_EQ(RuleOf(Give(vestegnen, request).status()), "address.not_of_this_district");
  EXPECT_TRUE(Give(fyn, request).ok()) << "somebody lives there";
}

}  // namespace
}  // namespace exitbus::simulation
