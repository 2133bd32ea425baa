// A person at a temporary place, at the authority in charge, cell by cell: stay.table; until when
// the police answer, and what of it is shown.
#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "services/casework/case_files.h"
#include "services/casework/relocation/relocation.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::kFyn;
using exchange::kIshoej;
using exchange::kVestegnen;
using exchange::Of;
using tables::Inputs;

exchange::LetterPlace From(const exchange::DirectoryEntry& unit,
                           const std::string& subject = "the-file") {
  return {unit.id, pv1::CHANNEL_SECURITY, subject, 1, unit.kind};
}

std::string Told(const std::string& stage, const std::string& more = "",
                 const std::string& id = "fresh") {
  return absl::StrCat("stay { stay_id: \"", id, "\" stage: STAY_STAGE_", stage, " ", more, "}");
}

Inputs All() {
  const std::string told = "<TemporaryRelocationTold, ";
  const std::string there = "municipality: \"0461\" until { seconds: 1773000000 } ";
  Inputs all(CaseFiles(), From(kVestegnen));
  all.Command("RequestTemporaryRelocation", "case_id: \"the-case\"")
      .Message(told + "it has come", Told("REQUESTED"))
      .Message(told + "placed", Told("PLACED", there))
      .Message(told + "of their own accord", Told("PLACED", there, "another"))
      .Message(told + "placed nowhere", Told("PLACED", "municipality: \"9999\" "))
      .Message(told + "on the way back", Told("WAY_BACK", there + "funding: POOL_STAGE_REFUSED "))
      .Message(told + "paid", Told("PLACED", there + "funding: POOL_STAGE_PAID "))
      .Message(told + "ended", Told("ENDED", "end: STAY_END_HOME "))
      .Message(told + "without a stage", Told("UNSPECIFIED"))
      .Message(told + "without an id", Told("ENDED", "", ""))
      .MessageFrom(From(kFyn), told + "by another unit", Told("PLACED", there))
      .MessageFrom(From(kVestegnen, "another-file"), told + "of another case",
                   Told("PLACED", there))
      .Command("EraseCase", "case_id: \"the-case\" reason: ERASURE_REASON_RETENTION_OVER");
  return all;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::CaseFile&>(state);
  if (file.stays().empty()) return "NONE";
  return cv1::StayStage_Name(file.stays().rbegin()->seen().stage())
      .substr(sizeof("STAY_STAGE_") - 1);
}

class StayTest : public testing::Test {
 protected:
  void Happens(const std::string& input) {
    const exchange::Decision decision = inputs.Decide(input, *state, Now());
    EXPECT_TRUE(decision.accepted()) << input << ": " << decision.refusal()->reason;
    state = decision.After(*state, inputs.aggregate().evolve);
  }
  void BecomesAs(const std::string& given) {
    auto file = std::make_shared<jv1::CaseFile>(Of<jv1::CaseFile>(
        R"(case_id: "the-case" number: 1 standing: STANDING_RESPONSIBLE
           stage: CASE_STAGE_WITHDRAWN responsible: "municipality-0183" police: "police-1469"
           security_id: "the-file")"));
    if (given == "UNASKED") file->clear_police();
    state = file;
    const std::string told = "<TemporaryRelocationTold, ";
    if (given == "REQUESTED" || given == "UNHEARD") Happens("RequestTemporaryRelocation");
    if (given == "UNHEARD") PassTheHour();
    if (given == "PLACED" || given == "FORMER") Happens(told + "placed");
    if (given == "WAY_BACK") Happens(told + "on the way back");
    if (given == "PAID" || given == "ENDED_PAID") Happens(told + "paid");
    if (given == "ENDED") Happens(told + "ended");
    if (given == "ENDED_PAID") {
      file = std::make_shared<jv1::CaseFile>(File());
      file->mutable_stays(0)->mutable_seen()->set_stage(cv1::STAY_STAGE_ENDED);
      state = file;
    }
    if (given != "FORMER") return;
    file = std::make_shared<jv1::CaseFile>(File());
    file->set_standing(cv1::STANDING_FORMER);
    file->set_responsible("municipality-0461");
    state = file;
  }
  // Whatever falls due does.
  std::vector<std::string> PassTheHour() {
    std::vector<std::string> alarms;
    exchange::DecisionContext later = Now();
    later.now += absl::Hours(1);
    for (const exchange::Deadline& deadline : inputs.aggregate().deadlines(*state)) {
      const auto decision = inputs.aggregate().decide_deadline(*state, deadline.name, later);
      for (const auto& [severity, event] : decision.reports()) alarms.push_back(event);
      state = decision.After(*state, inputs.aggregate().evolve);
    }
    return alarms;
  }
  exchange::DecisionContext Now() const { return ishoej.DecisionContextFor(); }
  const jv1::CaseFile& File() const { return static_cast<const jv1::CaseFile&>(*state); }

  const exchange::Deciding ishoej{kIshoej, {kVestegnen, kFyn}};
  const Inputs inputs = All();
  std::shared_ptr<const google::protobuf::Message> state;
};

TEST_F(StayTest, EachCellIsAsTheTableSays) {
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    BecomesAs(given);
    return tables::Said(inputs.Decide(input, *state, Now()), inputs.aggregate(), *state, &StageOf);
  };
  const std::string mistakes =
      tables::MistakesIn("services/casework/relocation/stay.table",
                         {{{"authority in charge",
                            {"UNASKED", "NONE", "REQUESTED", "UNHEARD", "PLACED", "PAID",
                             "WAY_BACK", "ENDED", "ENDED_PAID", "FORMER"}}},
                          inputs.Names(),
                          then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST_F(StayTest, ThePoliceAnswerWithinTheHour) {
  BecomesAs("REQUESTED");
  Happens("<TemporaryRelocationTold, it has come");
  EXPECT_EQ(PassTheHour(), std::vector<std::string>{"stay.request_unanswered"});
  EXPECT_TRUE(StaysOf(File()).front().overdue());
  Happens("<TemporaryRelocationTold, placed");
  EXPECT_FALSE(StaysOf(File()).front().overdue());
  EXPECT_TRUE(StaysOf(File()).front().has_requested()) << "by whom it was asked for stays known";
  BecomesAs("REQUESTED");
  Happens("<TemporaryRelocationTold, placed");
  EXPECT_TRUE(PassTheHour().empty());
}

// Asked anew it is the same request, and the hour runs again.
TEST_F(StayTest, WhatTheyHaveNotHeardIsAskedForAnew) {
  BecomesAs("UNHEARD");
  Happens("RequestTemporaryRelocation");
  EXPECT_EQ(File().stays_size(), 1);
  EXPECT_FALSE(StaysOf(File()).front().overdue());
  EXPECT_EQ(PassTheHour(), std::vector<std::string>{"stay.request_unanswered"});
}

// With a request that the police have not answered: who takes the case over waits for them, and who
// has let it go does not any more.
TEST_F(StayTest, WhoAnswersForTheCaseWaits) {
  BecomesAs("NONE");
  Happens("<TemporaryRelocationTold, it has come");
  EXPECT_EQ(PassTheHour(), std::vector<std::string>{"stay.request_unanswered"});
  BecomesAs("REQUESTED");
  auto file = std::make_shared<jv1::CaseFile>(File());
  file->set_standing(cv1::STANDING_FORMER);
  state = file;
  EXPECT_TRUE(PassTheHour().empty());
}

TEST_F(StayTest, ACaseHasNoEndOfStays) {
  BecomesAs("ENDED");
  auto file = std::make_shared<jv1::CaseFile>(File());
  while (file->stays_size() < 100) *file->add_stays() = file->stays(0);
  state = file;
  const auto outcome = [&](const std::string& input) {
    return exchange::OutcomeOf(inputs.Decide(input, *state, Now()));
  };
  EXPECT_EQ(outcome("RequestTemporaryRelocation"), "refused stay.too_many_of_case");
  EXPECT_EQ(outcome("<TemporaryRelocationTold, of their own accord"),
            "refused stay.too_many_of_case");
  EXPECT_EQ(outcome("<TemporaryRelocationTold, ended"), "");
}

}  // namespace
}  // namespace exitbus::casework
