// Whom to turn to: what is published, who hears it, and what is answered of whom.
#include "services/readiness/readiness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/directory/v1/directory.pb.h"
#include "exitbus/readiness/v1/readiness_service.pb.h"
#include "exitbus/readiness_journal/v1/readiness.pb.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/named_states_testing.h"
#include "services/exchange/proto_time.h"
#include "services/readiness/contacts.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::readiness {
namespace {

namespace jv1 = readiness_journal::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DirectoryEntry;
using exchange::Of;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kMain[] = R"(contacts { purpose: CONTACT_PURPOSE_MAIN unit: "Borgerservice"
                                       phone: "43577777" })";
constexpr char kExit[] = R"(contacts { purpose: CONTACT_PURPOSE_EXIT unit: "Exitenheden"
                                       phone: "43577778" })";

constexpr char kJoint[] = R"(contacts { purpose: CONTACT_PURPOSE_JOINT_EXIT_UNIT
                                        unit: "Exitenhed Fyn" phone: "43577780" })";
constexpr char kOnDuty[] = R"(contacts { purpose: CONTACT_PURPOSE_PRECAUTIONS unit: "Vagten"
                                         phone: "43577779" round_the_clock: true })";

DirectoryEntry Gone() {
  DirectoryEntry gone{
      "municipality-0100", pv1::AUTHORITY_KIND_MUNICIPALITY, "", "0100", "", "", "1469"};
  gone.status = directory::v1::AUTHORITY_STATUS_REMOVED;
  gone.replaced_by = exchange::kOdense.id;
  return gone;
}

DirectoryEntry Suspended() {
  DirectoryEntry suspended{
      "municipality-0300", pv1::AUTHORITY_KIND_MUNICIPALITY, "", "0300", "", "", ""};
  suspended.status = directory::v1::AUTHORITY_STATUS_SUSPENDED;
  return suspended;
}

// Ishøj, among its police unit, another municipality with its own, one that is gone and one that is
// suspended.
const exchange::Deciding& Ishoej() {
  static const auto* const ishoej = new exchange::Deciding(
      exchange::kIshoej,
      {exchange::kOdense, exchange::kVestegnen, exchange::kFyn, Gone(), Suspended()});
  return *ishoej;
}

// What it knows, and whom it has written to.
class Known : public exchange::NamedStates {
 public:
  Known() : NamedStates(ReadinessLists()) {}
  void Publishes(const std::string& authority, const std::string& contacts) {
    auto readiness = std::make_shared<jv1::Readiness>();
    readiness->set_authority(authority);
    *readiness->mutable_list() = Of<v1::ContactList>(contacts + "published { seconds: 1 }");
    Put(readiness);
  }
  exchange::Progress ProgressWith(std::string_view peer, pv1::Channel,
                                  std::string_view) const override {
    return {.sent = std::count(written_to.begin(), written_to.end(), peer) > 0 ? 1U : 0U};
  }

  std::vector<std::string> written_to;
};

class ReadinessTest : public testing::Test {
 protected:
  exchange::DecisionContext Context() const {
    exchange::DecisionContext context = Ishoej().DecisionContextFor();
    context.lookup = &known;
    context.now = now;
    return context;
  }
  const exchange::Method& MethodNamed(const std::string& name) const {
    return *std::find_if(lists.methods.begin(), lists.methods.end(),
                         [&](const exchange::Method& method) {
                           return method.name == "exitbus.readiness.v1.ReadinessService." + name;
                         });
  }
  void Happens(const Decision& decision) {
    for (const auto& event : decision.events()) lists.evolve(own, *event);
  }
  std::vector<std::string> Publish(const std::string& contacts) {
    const auto request = Of<v1::PublishContactsRequest>(contacts);
    return Told(MethodNamed("PublishContacts").decide(own, request, Context()));
  }
  std::vector<std::string> Look() {
    return Told(lists.decide_deadline(own, lists.singleton->deadline, Context()));
  }
  // "<source> <units>", or "nobody" where it is not there.
  std::string Validate(const std::string& authority, const std::string& purpose = "EXIT") {
    const auto request = Of<v1::ValidateRecipientRequest>(
        absl::StrCat("authority: '", authority, "' purpose: CONTACT_PURPOSE_", purpose));
    const auto view = MethodNamed("ValidateRecipient").view(own, request, Context());
    if (view == nullptr) return "not there";
    return Said(static_cast<const v1::Recipient&>(*view));
  }
  static std::string Said(const v1::Recipient& recipient) {
    std::string said = v1::ContactSource_Name(recipient.source()).substr(15);
    for (const v1::Contact& contact : recipient.contacts()) {
      absl::StrAppend(&said, " ", contact.unit());
    }
    return said;
  }
  std::vector<std::string> List(const std::string& request) {
    const auto view =
        MethodNamed("ListRecipients").view(own, Of<v1::ListRecipientsRequest>(request), Context());
    std::vector<std::string> listed;
    for (const v1::Recipient& one : static_cast<const v1::Recipients&>(*view).recipients()) {
      listed.push_back(absl::StrCat(one.authority(), " ", Said(one)));
    }
    return listed;
  }

  exchange::Aggregate lists = ReadinessLists();
  Known known;
  jv1::Readiness own;
  absl::Time now = exchange::Deciding::Now();

 private:
  std::vector<std::string> Told(const Decision& decision) {
    EXPECT_EQ(exchange::OutcomeOf(decision), "");
    Happens(decision);
    std::vector<std::string> told;
    for (const auto& each : decision.notifications()) told.push_back(each.to.authority);
    return told;
  }
};

TEST(ReadinessTableTest, EachCellIsAsTheTableSays) {
  constexpr char kPath[] = "services/readiness/readiness.table";
  tables::Inputs inputs(ReadinessLists(), {"municipality-0461", pv1::CHANNEL_DIRECTORY, "readiness",
                                           1, pv1::AUTHORITY_KIND_MUNICIPALITY});
  inputs.FromTable(kPath).OtherMessages();
  const Known nothing;
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    jv1::Readiness before;
    if (given == "PUBLISHED")
      before = Of<jv1::Readiness>(absl::StrCat("list {", kMain, " published {} }"));
    exchange::DecisionContext context = Ishoej().DecisionContextFor();
    context.lookup = &nothing;
    return tables::Said(
        inputs.Decide(input, before, context), inputs.aggregate(), before,
        [](const google::protobuf::Message& state) {
          const auto& readiness = static_cast<const jv1::Readiness&>(state);
          return std::string(readiness.list().contacts().empty() ? "NONE" : "PUBLISHED");
        });
  };
  const std::string mistakes =
      tables::MistakesIn(kPath, {{{"readiness", {"NONE", "PUBLISHED"}}}, inputs.Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST_F(ReadinessTest, IsToldToAllWhoAreThere) {
  EXPECT_THAT(Publish(kMain),
              ElementsAre("municipality-0300", "municipality-0461", "police-1465", "police-1469"));
}

TEST_F(ReadinessTest, WhoJoinsLaterIsToldInTheMorning) {
  Look();
  Publish(kMain);
  known.written_to = {"municipality-0300", "municipality-0461", "police-1469"};
  EXPECT_EQ(exchange::OutcomeOf(lists.decide_deadline(own, lists.singleton->deadline, Context())),
            "no effect look_not_due");
  now += absl::Hours(24);
  EXPECT_THAT(Look(), ElementsAre("police-1465"));
}

// ACT-03, ACT-04: before the main contact of who was asked for.
TEST_F(ReadinessTest, TheDistrictsJointUnitIsListedByItsPoliceUnitForAll) {
  known.Publishes("municipality-0461", kMain);
  EXPECT_EQ(Validate("municipality-0461", "JOINT_EXIT_UNIT"), "MAIN Borgerservice");
  known.Publishes("police-1465", absl::StrCat(kExit, kJoint));
  EXPECT_EQ(Validate("municipality-0461", "JOINT_EXIT_UNIT"), "DISTRICT_POLICE Exitenhed Fyn");
  EXPECT_EQ(Validate("police-1465", "JOINT_EXIT_UNIT"), "LISTED Exitenhed Fyn");
  EXPECT_EQ(Validate("municipality-0461"), "MAIN Borgerservice");
}

// CF-14.
TEST_F(ReadinessTest, WhoReplacesOneThatIsGoneIsSaid) {
  const auto request = Of<v1::ValidateRecipientRequest>("authority: 'municipality-0100'");
  const auto view = MethodNamed("ValidateRecipient").view(own, request, Context());
  ASSERT_NE(view, nullptr);
  const auto& recipient = static_cast<const v1::Recipient&>(*view);
  EXPECT_EQ(recipient.standing(), v1::RECIPIENT_STANDING_REMOVED);
  EXPECT_EQ(recipient.replaced_by(), "municipality-0461");
}

// CF-14, ACT-12.
TEST_F(ReadinessTest, AUnitIsTurnedToWhileItIsThere) {
  constexpr char kOfItsTime[] = R"(contacts {
      purpose: CONTACT_PURPOSE_EXIT unit: "Exitenheden" phone: "1"
      administration: "Socialforvaltningen" from { seconds: 1000 } until { seconds: 2000 } })";
  known.Publishes("municipality-0461", absl::StrCat(kMain, kOfItsTime));
  const auto asked_at = [&](std::int64_t seconds) {
    now = absl::FromUnixSeconds(seconds);
    return Validate("municipality-0461");
  };
  EXPECT_EQ(asked_at(999), "MAIN Borgerservice");
  EXPECT_EQ(asked_at(1000), "LISTED Exitenheden");
  EXPECT_EQ(asked_at(1999), "LISTED Exitenheden");
  EXPECT_EQ(asked_at(2000), "MAIN Borgerservice");
  const auto of_no_time = Of<v1::PublishContactsRequest>(
      R"(contacts { purpose: CONTACT_PURPOSE_MAIN unit: "Borgerservice" phone: "1"
                    from { seconds: 2 } until { seconds: 2 } })");
  EXPECT_EQ(exchange::OutcomeOf(MethodNamed("PublishContacts").decide(own, of_no_time, Context())),
            "refused readiness.ends_before_it_begins");
}

// A store there may have been put back to before.
TEST_F(ReadinessTest, OnceAWeekAllAreToldAnew) {
  Look();
  Publish(kMain);
  known.written_to = {"municipality-0300", "municipality-0461", "police-1465", "police-1469"};
  for (int day = 1; day < 7; ++day) {
    now += absl::Hours(24);
    EXPECT_THAT(Look(), IsEmpty()) << day;
  }
  now += absl::Hours(24);
  EXPECT_THAT(Look(),
              ElementsAre("municipality-0300", "municipality-0461", "police-1465", "police-1469"));
  now += absl::Hours(24);
  EXPECT_THAT(Look(), IsEmpty());
}

TEST_F(ReadinessTest, WhoHasPublishedNothingTellsNobodyInTheMorning) {
  EXPECT_THAT(Look(), IsEmpty());
}

TEST_F(ReadinessTest, AClockThatIsAheadIsNotBelieved) {
  exchange::v1::Body body;
  *body.mutable_readiness_published() =
      Of<v1::ReadinessPublished>(absl::StrCat(kMain, "published { seconds: 4000000000 }"));
  jv1::Readiness odense;
  const Decision decision = lists.decide_letter(odense,
                                                {"municipality-0461", pv1::CHANNEL_DIRECTORY,
                                                 "readiness", 1, pv1::AUTHORITY_KIND_MUNICIPALITY},
                                                body, Context());
  for (const auto& event : decision.events()) lists.evolve(odense, *event);
  EXPECT_EQ(odense.authority(), "municipality-0461");
  EXPECT_EQ(exchange::FromProto(odense.list().published()), now);
}

TEST_F(ReadinessTest, AnAnswerSaysWhoseContactItIs) {
  EXPECT_EQ(Validate("municipality-0461"), "UNSPECIFIED") << "the directory alone knows it";
  known.Publishes("police-1465", kMain);
  EXPECT_EQ(Validate("municipality-0461"), "DISTRICT_POLICE Borgerservice");
  known.Publishes("police-1465", absl::StrCat(kMain, kExit));
  EXPECT_EQ(Validate("municipality-0461"), "DISTRICT_POLICE Exitenheden");
  EXPECT_EQ(Validate("municipality-0461", "BENEFITS"), "UNSPECIFIED") << "exit is all they do";
  known.Publishes("municipality-0461", kMain);
  EXPECT_EQ(Validate("municipality-0461"), "MAIN Borgerservice");
  known.Publishes("municipality-0461", absl::StrCat(kMain, kExit));
  EXPECT_EQ(Validate("municipality-0461"), "LISTED Exitenheden");
  EXPECT_EQ(Validate("municipality-0461", "HOUSING"), "MAIN Borgerservice");
  EXPECT_EQ(Validate("municipality-0461", "UNSPECIFIED"), "LISTED Borgerservice Exitenheden");
  EXPECT_EQ(Validate("nobody"), "not there");
}

TEST_F(ReadinessTest, WhoIsGoneIsSaidToBeGoneAndNotListed) {
  known.Publishes("municipality-0100", kMain);
  EXPECT_EQ(Validate("municipality-0100"), "UNSPECIFIED");
  EXPECT_THAT(List("kind: AUTHORITY_KIND_MUNICIPALITY"),
              ElementsAre("municipality-0183 UNSPECIFIED", "municipality-0300 UNSPECIFIED",
                          "municipality-0461 UNSPECIFIED"));
}

// With its key somebody else may have published a telephone of his own.
TEST_F(ReadinessTest, OfWhoIsSuspendedNoContactIsGiven) {
  known.Publishes("municipality-0300", absl::StrCat(kMain, kOnDuty));
  EXPECT_EQ(Validate("municipality-0300"), "UNSPECIFIED");
  EXPECT_THAT(ContactsFor("municipality-0300", v1::CONTACT_PURPOSE_PRECAUTIONS, Context()),
              IsEmpty());
  known.Publishes("municipality-0461", absl::StrCat(kMain, kOnDuty));
  EXPECT_EQ(ContactsFor("municipality-0461", v1::CONTACT_PURPOSE_PRECAUTIONS, Context()).size(),
            1U);
}

// Another may have spoken in its name since.
TEST_F(ReadinessTest, WhatIsPublishedAgainIsToldAgain) {
  const auto first = Publish(kMain);
  EXPECT_EQ(Publish(kMain), first);
}

TEST_F(ReadinessTest, ADistrictIsSeenWithWhoKnowsExitWell) {
  Look();
  Publish(absl::StrCat(kMain, R"(contacts { purpose: CONTACT_PURPOSE_EXPERTISE
                                            unit: "SSP" mailbox: "ssp@example.dk"
                                            knows: "boligplacering" })"));
  known.Put(std::make_shared<jv1::Readiness>(own));
  EXPECT_THAT(List(R"(purpose: CONTACT_PURPOSE_EXPERTISE district: "1469" listed_only: true)"),
              ElementsAre("municipality-0183 LISTED SSP"));
  EXPECT_THAT(List(R"(purpose: CONTACT_PURPOSE_EXPERTISE district: "1465" listed_only: true)"),
              IsEmpty());
}

}  // namespace
}  // namespace exitbus::readiness
