// What a police unit does about notices to population registers, cell by cell:
// address_notice.table; and what of it the authority in charge hears.
#include "services/police/address_notice.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "absl/strings/str_cat.h"
#include "exitbus/address/v1/messages.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/police_journal/v1/address.pb.h"
#include "exitbus/police_journal/v1/journal.pb.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "services/police/security_files.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::police {
namespace {

namespace av1 = address::v1;
namespace hv1 = handover::v1;
namespace jv1 = police_journal::v1;
namespace pv1 = policy::v1;
using exchange::DirectoryEntry;
using exchange::kFyn;
using exchange::kIshoej;
using exchange::kOdense;
using exchange::kVestegnen;
using exchange::Of;
using tables::Inputs;

constexpr char kAdult[] = "adult { cpr_number: \"6101900001\" name: \"A\" } ";
constexpr char kChild[] = "children { cpr_number: \"6101150001\" name: \"B\" } ";

// Somebody moves from Ishøj to Odense by an accepted handover; and these other notices there are.
class WithAMove : public exchange::NoLookup {
 public:
  std::vector<std::string> NamesBelow(std::string_view prefix) const override {
    const auto key = [](const std::string& aggregate, const std::string& kind,
                        const std::string& name) {
      return exchange::IndexKey{aggregate, exchange::KindName{kind, name}.Encode()}.Encode();
    };
    if (prefix == key("security", "move", "the-handover/municipality-0461/")) {
      return over ? std::vector<std::string>() : std::vector{kIshoej.id};
    }
    if (prefix == key("address", "waits", "the-handover/")) return waiting;
    if (prefix == key("address", "secures", "the-handover/")) return secures;
    if (prefix == key("address", "comes", "the-handover/")) return comes;
    return {};
  }
  bool Exists(std::string_view key) const override {
    return key.ends_with("mover/the-handover/" + mover);
  }
  bool ExistsBelow(std::string_view prefix) const override {
    return !mover.empty() && prefix.ends_with("mover/the-handover/");
  }
  std::vector<std::string> waiting, secures, comes;
  std::string mover = "6101900001";
  bool over = false;
};

exchange::LetterPlace From(const DirectoryEntry& sender) {
  return {sender.id, pv1::CHANNEL_SECURITY, "fresh", 1, sender.kind};
}

Inputs All() {
  const std::string give = "GiveAddressNotice", report = "<AddressDutyReported, ";
  const auto notice = [](const std::string& more, const std::string& id = "fresh") {
    return absl::StrCat("notice_id: \"", id, "\" municipality: \"municipality-0461\" ", more);
  };
  const auto act = [](const std::string& name, int version) {
    return absl::StrCat("act: ADDRESS_ACT_", name, " version: ", version,
                        " day { seconds: 1772400000 } ");
  };
  const std::string both = absl::StrCat(kAdult, kChild);
  Inputs all(AddressNotices(), From(kOdense));
  all.Command(give, notice(both + "handover_id: \"the-handover\""))
      .Command(give + ", for another child",
               notice(both + "children { cpr_number: \"6101150002\" name: \"C\" }"))
      .Command(give + ", for another move", notice(both + "handover_id: \"another\""))
      .Command(give + ", without the child", notice(kAdult))
      .Command(give + ", of nobody", notice(""))
      .Command(give + ", of one twice",
               notice(absl::StrCat(kAdult, "children { cpr_number: \"6101900001\" name: \"A\" }")))
      .Command(give + ", on a day", notice(both + "moves_on { seconds: 1773000000 }"))
      .Command(give + ", in years", notice(both + "moves_on { seconds: 1866000000 }"))
      .Command(give + ", to another district",
               absl::StrCat("notice_id: \"fresh\" municipality: \"municipality-0183\" ", both))
      .Command(give + ", to a police unit",
               absl::StrCat("notice_id: \"fresh\" municipality: \"police-1465\" ", both))
      .Command(give + ", to another municipality here",
               absl::StrCat("notice_id: \"fresh\" municipality: \"municipality-0430\" ", both))
      .Message(report + "registered", act("REGISTERED", 1))
      .Message(report + "registered, a later version", act("REGISTERED", 2))
      .Message(report + "moved", act("MOVED", 1))
      .Message(report + "moved away", act("MOVED_AWAY", 1) + "moved_to: \"0751\"")
      .Message(report + "moved away, nowhere", act("MOVED_AWAY", 1) + "moved_to: \"9999\"")
      .Message(report + "moved away, not known where", act("MOVED_AWAY", 1))
      .Message(report + "ended by the person", act("ENDED_BY_PERSON", 1))
      .Message(report + "registered ordinarily", act("REGISTERED_ORDINARILY", 1))
      .Message(report + "closed", act("CLOSED", 1))
      .Message(report + "protection renewed", act("PROTECTION_RENEWED", 1))
      .MessageFrom(From(kIshoej), report + "by another municipality", act("REGISTERED", 1))
      .OtherMessages()
      .Command("EndAddressNotice", "notice_id: \"fresh\"")
      .Command("EndAddressNotice, they live elsewhere",
               "notice_id: \"fresh\" lives_elsewhere: true")
      .OtherCommands("notice_id", "fresh");
  return all;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& notice = static_cast<const jv1::AddressNotice&>(state);
  if (!notice.has_seen()) return "NONE";
  return av1::AddressDutyStage_Name(notice.seen().stage())
      .substr(sizeof("ADDRESS_DUTY_STAGE_") - 1);
}

// A notice as it goes on.
class AddressNoticeTest : public testing::Test {
 protected:
  exchange::Decision Happens(const std::string& input) {
    exchange::Decision decision = inputs.Decide(input, *state, Now());
    EXPECT_TRUE(decision.accepted()) << input << ": " << decision.refusal()->reason;
    state = decision.After(*state, inputs.aggregate().evolve);
    return decision;
  }
  void BecomesAs(const std::string& given) {
    const std::string report = "<AddressDutyReported, ";
    state = std::make_shared<jv1::AddressNotice>();
    if (given == "NONE") return;
    Happens("GiveAddressNotice");
    if (given == "REQUESTED") return;
    Happens(report + "registered");
    if (given == "ANEW") Happens("GiveAddressNotice, for another child");
    if (given == "MOVED") Happens(report + "moved");
    if (given == "MOVED_AWAY") Happens(report + "moved away");
    if (given == "ENDED_BY_PERSON") Happens(report + "ended by the person");
    if (given == "ENDED_BY_POLICE") Happens("EndAddressNotice");
    if (given == "CLOSED") {
      Happens("EndAddressNotice");
      Happens(report + "closed");
    }
  }
  exchange::DecisionContext Now() const {
    exchange::DecisionContext context = fyn.DecisionContextFor();
    context.lookup = &lookup;
    return context;
  }
  const jv1::AddressNotice& Notice() const {
    return static_cast<const jv1::AddressNotice&>(*state);
  }
  // What Ishøj hears of the address.
  static std::string Heard(const exchange::Decision& decision) {
    const auto* const told = exchange::Told(decision, kIshoej.id, "AddressProtectionStated");
    if (told == nullptr) return "";
    return hv1::AddressProtection_Name(
               static_cast<const hv1::AddressProtectionStated*>(told)->protection())
        .substr(sizeof("ADDRESS_PROTECTION_") - 1);
  }

  const DirectoryEntry faaborg{
      "municipality-0430", pv1::AUTHORITY_KIND_MUNICIPALITY, "", "0430", "", "", "1465"};
  const exchange::Deciding fyn{kFyn, {kIshoej, kOdense, kVestegnen, faaborg}};
  const Inputs inputs = All();
  WithAMove lookup;
  std::shared_ptr<const google::protobuf::Message> state = std::make_shared<jv1::AddressNotice>();
};

TEST_F(AddressNoticeTest, EachCellIsAsTheTableSays) {
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    BecomesAs(given);
    // What is not there is nobody's to end: no decider is asked.
    if (given == "NONE" && input.starts_with("End")) {
      return "refused " + exchange::NotThere().reason;
    }
    return tables::Said(inputs.Decide(input, *state, Now()), inputs.aggregate(), *state, &StageOf);
  };
  const std::string mistakes =
      tables::MistakesIn("services/police/address_notice.table",
                         {{{"unit of the place",
                            {"NONE", "REQUESTED", "REGISTERED", "ANEW", "MOVED", "MOVED_AWAY",
                             "ENDED_BY_POLICE", "ENDED_BY_PERSON", "CLOSED"}}},
                          inputs.Names(),
                          then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST_F(AddressNoticeTest, TheAuthorityInChargeHearsWhatAllNoticesComeTo) {
  EXPECT_EQ(Heard(Happens("GiveAddressNotice")), "PENDING");
  lookup.waiting = {"fresh", "another"};
  EXPECT_EQ(Heard(Happens("<AddressDutyReported, registered")), "PENDING") << "for the other one";
  lookup.waiting = {};
  EXPECT_EQ(Heard(Happens("GiveAddressNotice")), "SECURED");
  EXPECT_EQ(Heard(Happens("<AddressDutyReported, ended by the person")), "UNSPECIFIED");
}

TEST_F(AddressNoticeTest, AnothersNoticeSecuresNobodysMove) {
  lookup.mover = "6101900009";
  Happens("GiveAddressNotice");
  EXPECT_EQ(Heard(Happens("<AddressDutyReported, registered")), "UNSPECIFIED");
  lookup.secures = {"another"};
  EXPECT_EQ(Heard(Happens("EndAddressNotice")), "SECURED") << "his own stands";
}

// Before the other unit has told whose move it is, no notice can be the right one.
TEST_F(AddressNoticeTest, ForAMoveOfNobodyKnownNoNoticeIsGiven) {
  lookup.mover = "";
  EXPECT_EQ(exchange::OutcomeOf(inputs.Decide("GiveAddressNotice", *state, Now())),
            "refused address.move_unknown");
}

TEST_F(AddressNoticeTest, TheMoveIsForgottenOnceItIsOver) {
  BecomesAs("REGISTERED");
  Happens("<AddressDutyReported, moved");
  EXPECT_EQ(Notice().seen().handover_id(), "the-handover") << "it may still come to nothing";
  lookup.over = true;
  Happens("<AddressDutyReported, moved");
  EXPECT_EQ(Notice().seen().handover_id(), "");
  EXPECT_EQ(Heard(Happens("<AddressDutyReported, ended by the person")), "");
}

// A register that says of itself that there is nothing to do is believed where this unit has said
// so.
TEST_F(AddressNoticeTest, AStandingNoticeIsClosedByNobody) {
  BecomesAs("REGISTERED");
  const std::string closed = "<AddressDutyReported, closed";
  EXPECT_EQ(exchange::OutcomeOf(inputs.Decide(closed, *state, Now())),
            "refused letter.out_of_turn");
  Happens("GiveAddressNotice, on a day");
  EXPECT_EQ(exchange::OutcomeOf(inputs.Decide(closed, *state, Now())),
            "refused letter.out_of_turn");
  lookup.over = true;
  Happens(closed);
  EXPECT_EQ(StageOf(*state), "CLOSED") << "of a move that is called off";
}

TEST_F(AddressNoticeTest, EachStageIsSomebodysToGoOn) {
  const auto owing = [&](const std::string& given) {
    BecomesAs(given);
    return Notice().next().parties().empty() ? "" : Notice().next().parties(0).authority();
  };
  EXPECT_EQ(owing("REQUESTED"), kOdense.id);
  EXPECT_EQ(owing("REGISTERED"), kOdense.id);
  EXPECT_EQ(owing("MOVED_AWAY"), kFyn.id);
  EXPECT_EQ(owing("ENDED_BY_POLICE"), kOdense.id);
  EXPECT_EQ(owing("CLOSED"), "");
  EXPECT_EQ(owing("ENDED_BY_PERSON"), kFyn.id);
  Happens("EndAddressNotice");
  EXPECT_EQ(StageOf(*state), "ENDED_BY_PERSON") << "it is seen, and who ended it stays so";
  EXPECT_TRUE(Notice().next().parties().empty());
}

TEST_F(AddressNoticeTest, OfAClosedOneNobodyIsNamed) {
  BecomesAs("CLOSED");
  EXPECT_FALSE(Notice().seen().has_adult());
  EXPECT_EQ(Notice().seen().children_size(), 0);
  EXPECT_TRUE(inputs.aggregate().deadlines(*state).empty());
  EXPECT_EQ(inputs.aggregate().keys(*state, lookup).size(), 1U) << "its id, and nobody's number";
}

// What follows of the file, whatever was decided on it.
class AddressFollowsTest : public AddressNoticeTest {
 protected:
  exchange::Decision Follows(const std::string& event, bool incoming, const std::string& transfer,
                             const std::string& more = "") {
    const auto file = Of<jv1::SecurityFile>(
        absl::StrCat(R"(security_id: "the-file" standing: POLICE_STANDING_)",
                     incoming ? "RECEIVING" : "IN_CHARGE", R"( holder: "municipality-0183" )", more,
                     R"(transfers { incoming: )", incoming ? "true" : "false",
                     R"( seen { handover_id: "the-handover" holder: "municipality-0183"
                   receiver: "municipality-0461" stage: TRANSFER_STAGE_)",
                     transfer, " }"));
    exchange::Decision decision;
    decision.AddEvent(Of<jv1::SecurityEvent>(event));
    files.conclude(file, Now(), decision);
    return decision;
  }
  std::vector<std::string> RegistersTold(const exchange::Decision& decision) {
    std::vector<std::string> told;
    for (const exchange::Notification& notification : decision.notifications()) {
      if (notification.to.relation != pv1::RELATION_POPULATION_REGISTER) continue;
      told.push_back(absl::StrCat(notification.to.authority, " ", notification.to.subject));
    }
    return told;
  }
  const exchange::Aggregate files = SecurityFiles();
};

TEST_F(AddressFollowsTest, WhoDoesNotComeIsRegisteredNowhere) {
  lookup.comes = {"one", "two"};
  const std::vector<std::string> both = {"municipality-0461 one", "municipality-0461 two"};
  const std::string ended = R"(transfer_ended { handover_id: "the-handover" })";
  EXPECT_EQ(RegistersTold(Follows(ended, true, "ACCEPTED }")), both);
  EXPECT_EQ(RegistersTold(Follows(ended, false, "OFFERED }")), both);
  EXPECT_TRUE(RegistersTold(Follows(ended, true, "ENDED }")).empty()) << "once";
  EXPECT_TRUE(RegistersTold(Follows(ended, true,
                                    "OFFERED } journey { seen { stage: JOURNEY_STAGE_ARRIVED } }"))
                  .empty())
      << "who is there, is the officers' to judge";
  EXPECT_TRUE(RegistersTold(Follows(R"(transfer_advanced { handover_id: "the-handover"
                                                           stage: TRANSFER_STAGE_OFFERED })",
                                    true, "ACCEPTED }"))
                  .empty());
}

TEST_F(AddressFollowsTest, ThatNoneIsNeededIsSaidAnewOnceThereIsAThreat) {
  const auto assessed = [](const std::string& level) {
    return absl::StrCat("assessment_made { assessment { threat_level: THREAT_LEVEL_", level,
                        " } }");
  };
  const std::string low = "assessment { version: 1 threat_level: THREAT_LEVEL_LOW } ";
  const std::string high = "assessment { version: 1 threat_level: THREAT_LEVEL_HIGH } ";
  const std::string stated = "ACCEPTED no_notice_needed: true }";
  EXPECT_EQ(Heard(Follows(assessed("HIGH"), true, stated, low)), "UNSPECIFIED");
  EXPECT_EQ(Heard(Follows(assessed("HIGH"), true, stated)), "UNSPECIFIED") << "none was known";
  EXPECT_EQ(Heard(Follows(assessed("LOW"), true, stated, low)), "");
  EXPECT_EQ(Heard(Follows(assessed("HIGH"), true, stated, high)), "") << "it was said all the same";
  EXPECT_EQ(Heard(Follows(assessed("HIGH"), true, "ACCEPTED }", low)), "") << "it was never said";
  lookup.secures = {"one"};
  EXPECT_EQ(Heard(Follows(assessed("HIGH"), true, stated, low)), "SECURED") << "by a notice";
}

}  // namespace
}  // namespace exitbus::police
