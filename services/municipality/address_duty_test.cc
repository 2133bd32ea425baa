// What the population register has to do, cell by cell: address_duty.table; until when, and what is
// left in the end.
#include "services/municipality/address_duty.h"

#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "exitbus/address/v1/messages.pb.h"
#include "exitbus/address/v1/register_service.pb.h"
#include "exitbus/municipality_journal/v1/address.pb.h"
#include "services/address/duty.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::municipality {
namespace {

namespace av1 = address::v1;
namespace jv1 = municipality_journal::v1;
namespace pv1 = policy::v1;
using exchange::DirectoryEntry;
using exchange::FromProto;
using exchange::kFyn;
using exchange::kIshoej;
using exchange::kOdense;
using exchange::kVestegnen;
using tables::Inputs;

// These tests stand at 2 March 2026.
constexpr char kSoon[] = " moves_on { seconds: 1773000000 }";
constexpr char kToday[] = " day { seconds: 1772400000 }";
constexpr char kYearsAgo[] = " day { seconds: 1672400000 }";
constexpr char kAdult[] = "adult { cpr_number: \"6101900001\" name: \"A\" } ";
constexpr char kChild[] = "children { cpr_number: \"6101150001\" name: \"B\" } ";

exchange::LetterPlace From(const DirectoryEntry& unit) {
  return {unit.id, pv1::CHANNEL_SECURITY, "the-notice", 1, unit.kind};
}

std::string Act(const std::string& act, const std::string& more = "") {
  return absl::StrCat("notice_id: \"the-notice\" act: ADDRESS_ACT_", act, more);
}

Inputs All() {
  const std::string record = "RecordRegistration, ";
  const std::string away = absl::StrCat(kToday, " moved_to: ");
  Inputs all(AddressDuties(), From(kFyn));
  all.Message("<AddressNoticeGiven", absl::StrCat(kAdult, kChild, "version: 1", kSoon))
      .Message("<AddressNoticeGiven, another day", absl::StrCat(kAdult, kChild, "version: 2"))
      .Message("<AddressNoticeGiven, another child",
               absl::StrCat(kAdult, kChild, "children { cpr_number: \"6101150002\" name: \"C\" }",
                            " version: 9", kSoon))
      .Message("<AddressNoticeGiven, of nobody", "version: 2")
      .Message("<AddressNoticeGiven, without the child", absl::StrCat(kAdult, "version: 2"))
      .Message(
          "<AddressNoticeGiven, of one twice",
          absl::StrCat(kAdult, "children { cpr_number: \"6101900001\" name: \"A\" } version: 2"))
      .MessageFrom(From(kVestegnen), "<AddressNoticeGiven, by another district's unit",
                   absl::StrCat(kAdult, "version: 2"))
      .Message("<AddressNoticeEnded", "")
      .Message("<AddressNoticeEnded, they live elsewhere", "lives_elsewhere: true")
      .Message("<AddressNoticeEnded, they do not come", "do_not_come: true")
      .MessageFrom(From(kVestegnen), "<AddressNoticeEnded, by another district's unit", "")
      .OtherMessages()
      .Command(record + "registered", Act("REGISTERED"))
      .Command(record + "moved", Act("MOVED", kToday))
      .Command(record + "moved, years ago", Act("MOVED", kYearsAgo))
      .Command(record + "protection renewed", Act("PROTECTION_RENEWED"))
      .Command(record + "moved away", Act("MOVED_AWAY", away + "\"0751\""))
      .Command(record + "moved away, not known where", Act("MOVED_AWAY", kToday))
      .Command(record + "moved away, here", Act("MOVED_AWAY", away + "\"0461\""))
      .Command(record + "moved away, nowhere", Act("MOVED_AWAY", away + "\"9999\""))
      .Command(record + "ended by the person", Act("ENDED_BY_PERSON"))
      .Command(record + "registered ordinarily", Act("REGISTERED_ORDINARILY"))
      .Command(record + "closed", Act("CLOSED"))
      .Command(record + "nothing", Act("UNSPECIFIED"))
      .OtherCommands("notice_id", "the-notice");
  return all;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& duty = static_cast<const jv1::AddressDuty&>(state);
  if (!duty.has_seen()) return "NONE";
  return av1::AddressDutyStage_Name(duty.seen().stage()).substr(sizeof("ADDRESS_DUTY_STAGE_") - 1);
}

// A duty as it goes on.
class AddressDutyTest : public testing::Test {
 protected:
  void Happens(const std::string& input) {
    const exchange::Decision decision = inputs.Decide(input, *state, Now());
    ASSERT_TRUE(decision.accepted()) << input << ": " << decision.refusal()->reason;
    state = decision.After(*state, inputs.aggregate().evolve);
  }
  void BecomesAs(const std::string& given) {
    const std::string record = "RecordRegistration, ";
    state = std::make_shared<jv1::AddressDuty>();
    if (given == "NONE") return;
    Happens("<AddressNoticeGiven");
    if (given == "REQUESTED") return;
    Happens(record + "registered");
    if (given == "ANEW") Happens("<AddressNoticeGiven, another child");
    if (given == "MOVED") Happens(record + "moved");
    if (given == "MOVED_AWAY") Happens(record + "moved away");
    if (given == "ENDED_BY_PERSON") Happens(record + "ended by the person");
    if (given == "ENDED_BY_POLICE") Happens("<AddressNoticeEnded");
    if (given == "CLOSED") Happens("<AddressNoticeEnded, they live elsewhere");
  }
  exchange::DecisionContext Now() const {
    exchange::DecisionContext context = odense.DecisionContextFor();
    context.now += absl::Hours(24) * day;
    return context;
  }
  const jv1::AddressDuty& Duty() const { return static_cast<const jv1::AddressDuty&>(*state); }
  absl::Time Due() const { return FromProto(Duty().next().due()); }

  const exchange::Deciding odense{kOdense, {kFyn, kVestegnen}};
  const Inputs inputs = All();
  std::shared_ptr<const google::protobuf::Message> state = std::make_shared<jv1::AddressDuty>();
  int day = 0;
};

TEST_F(AddressDutyTest, EachCellIsAsTheTableSays) {
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    BecomesAs(given);
    // What is not there is nobody's to record: no decider is asked.
    if (given == "NONE" && !input.starts_with('<')) return "refused " + exchange::NotThere().reason;
    return tables::Said(inputs.Decide(input, *state, Now()), inputs.aggregate(), *state, &StageOf);
  };
  const std::string mistakes =
      tables::MistakesIn("services/municipality/address_duty.table",
                         {{{"population register",
                            {"NONE", "REQUESTED", "REGISTERED", "ANEW", "MOVED", "MOVED_AWAY",
                             "ENDED_BY_POLICE", "ENDED_BY_PERSON", "CLOSED"}}},
                          inputs.Names(),
                          then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST_F(AddressDutyTest, EachActHasItsOwnTime) {
  const absl::Time now = odense.Now();
  BecomesAs("REQUESTED");
  EXPECT_EQ(Due(), exchange::AddWorkingDays(now, 1));
  BecomesAs("REGISTERED");
  EXPECT_EQ(Due(), exchange::EndOfDay(absl::FromUnixSeconds(1773000000)) + absl::Hours(24 * 5));
  const absl::Time until = FromProto(Duty().seen().protected_until());
  EXPECT_EQ(until, exchange::StartOfDay(now) + absl::Hours(24 * 365));
  BecomesAs("MOVED");
  EXPECT_EQ(Due(), until - absl::Hours(24 * 30));
  day = 300;
  Happens("RecordRegistration, protection renewed");
  EXPECT_EQ(Due(), until + absl::Hours(24) * (300 - 30));
  Happens("RecordRegistration, ended by the person");
  EXPECT_EQ(Due(), exchange::EndOfDay(Now().now) + absl::Hours(24 * 5));
  Happens("RecordRegistration, registered ordinarily");
  EXPECT_FALSE(Duty().next().has_due());
}

// Who is registered, is anew what the police say, and lives here still does.
TEST_F(AddressDutyTest, WhoHasMovedStaysMoved) {
  BecomesAs("MOVED");
  Happens("<AddressNoticeGiven, another child");
  EXPECT_EQ(StageOf(*state), "REQUESTED");
  Happens("RecordRegistration, registered");
  EXPECT_EQ(StageOf(*state), "MOVED");
  EXPECT_EQ(Duty().seen().children_size(), 2);
}

TEST_F(AddressDutyTest, TheNextMoveIsAwaitedAgain) {
  BecomesAs("MOVED");
  Happens("<AddressNoticeGiven, another day");
  EXPECT_EQ(StageOf(*state), "MOVED");
  EXPECT_FALSE(address::AwaitsMove(Duty().seen())) << "no day is planned";
  Happens("<AddressNoticeGiven, another child");
  Happens("RecordRegistration, registered");
  EXPECT_TRUE(address::AwaitsMove(Duty().seen()));
  Happens("RecordRegistration, moved");
  EXPECT_FALSE(address::AwaitsMove(Duty().seen()));
}

// The unit may not have heard that they are registered when it asked anew.
TEST_F(AddressDutyTest, WhoStaysRegisteredIsReportedAnew) {
  BecomesAs("REGISTERED");
  const auto again = inputs.Decide("<AddressNoticeGiven, another day", *state, Now());
  const auto* const told = exchange::Told(again, kFyn.id, "AddressDutyReported");
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(static_cast<const av1::AddressDutyReported*>(told)->version(), 2U);
}

// Of a notice that was refused nothing is left, and who gave it is to know.
TEST_F(AddressDutyTest, TheEndOfWhatIsNotHereIsConfirmed) {
  const auto ended = inputs.Decide("<AddressNoticeEnded", *state, Now());
  const auto* const told = exchange::Told(ended, kFyn.id, "AddressDutyReported");
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(static_cast<const av1::AddressDutyReported*>(told)->act(), av1::ADDRESS_ACT_CLOSED);
}

TEST_F(AddressDutyTest, OfAClosedOneNobodyIsNamed) {
  for (const char* given : {"CLOSED", "ENDED_BY_PERSON"}) {
    BecomesAs(given);
    if (std::string(given) != "CLOSED") Happens("RecordRegistration, registered ordinarily");
    EXPECT_FALSE(Duty().seen().has_adult());
    EXPECT_EQ(Duty().seen().children_size(), 0);
    EXPECT_TRUE(inputs.aggregate().deadlines(*state).empty());
    EXPECT_TRUE(inputs.aggregate().open_counterparts(*state).empty());
  }
}

TEST_F(AddressDutyTest, TheRegistersPeopleAloneSeeIt) {
  BecomesAs("REGISTERED");
  const auto& visibility = inputs.aggregate().visibility;
  for (int reader = 1; reader <= pv1::Reader_MAX; ++reader) {
    EXPECT_EQ(visibility(*state, static_cast<pv1::Reader>(reader), Now()).visible(),
              reader == pv1::READER_POPULATION_REGISTER)
        << reader;
  }
}

}  // namespace
}  // namespace exitbus::municipality
