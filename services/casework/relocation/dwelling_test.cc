// Where the person will live, and what the municipalities disagree on, at both sides, cell by cell:
// dwelling.table and dispute.table; what is shown of it, and who is handlekommune then.
#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "exitbus/casework/v1/case.pb.h"
#include "exitbus/handover/v1/handover.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/relocation/dwelling_testing.h"
#include "services/casework/rules.h"
#include "services/casework/views.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::kDesk;
using exchange::kFyn;
using exchange::kIshoej;
using exchange::kOdense;
using exchange::kVestegnen;
using exchange::Of;
using tables::Inputs;

exchange::LetterPlace From(const exchange::DirectoryEntry& other) {
  return {other.id, pv1::CHANNEL_HANDOVER, "the-handover", 1, other.kind};
}

Inputs DwellingsFrom(const exchange::DirectoryEntry& other) {
  const std::string id = R"(handover_id: "the-handover" )";
  Inputs all(CaseFiles(), From(other));
  all.Command("ProposeDwelling", id + R"(dwelling_id: "new" kind: STAY_PLACE_KIND_SAFE_HOUSE)")
      .Command("ProposeDwelling, under a known id", id + kBoform)
      .Command("ProposeDwelling, without an id", id + "kind: STAY_PLACE_KIND_BOFORM")
      .Command("ProposeDwelling, without a kind", id + R"(dwelling_id: "new")")
      .Command("VerifyDwelling", id + R"(dwelling_id: "the-dwelling")")
      .Command("VerifyDwelling, unfit",
               id + R"(dwelling_id: "the-dwelling" unfit: UNFIT_REASON_TAKEN)")
      .Command("VerifyDwelling, of an unknown one", id + R"(dwelling_id: "unheard-of")")
      .Command("ChooseDwelling", id + R"(dwelling_id: "the-dwelling")")
      .Command("ChooseDwelling, another one", id + R"(dwelling_id: "another")")
      .Message("<DwellingChosen", "kind: STAY_PLACE_KIND_BOFORM")
      .Message("<DwellingChosen, an ordinary one",
               "kind: STAY_PLACE_KIND_DWELLING available_from { seconds: 1 }")
      .Message("<DwellingChosen, none any more", "")
      .MessageFrom(From(kFyn), "<DwellingChosen, by somebody else", "");
  return all;
}

Inputs DisputesFrom(const exchange::DirectoryEntry& other) {
  const std::string id = R"(handover_id: "the-handover" )";
  const std::string about = "subject: DISPUTE_SUBJECT_HANDLEKOMMUNE ";
  const std::string acts = "acting: DISPUTE_PARTY_RECEIVING_MUNICIPALITY ";
  const std::string on = absl::Substitute("raised { seconds: $0 } ", Today());
  const std::string later = absl::Substitute("raised { seconds: $0 } ", Today() + 60);
  const auto said = [](const std::string& dispute) {
    return absl::StrCat("dispute { ", dispute, " } ");
  };
  Inputs all(CaseFiles(), From(other));
  all.Command("RaiseDispute", id + about + acts + on)
      .Command("RaiseDispute, about the refund",
               id + "subject: DISPUTE_SUBJECT_REFUND " + acts + on)
      .Command("RaiseDispute, about nothing", id + acts + on)
      .Command("RaiseDispute, without who acts", id + about + on)
      .Command("RaiseDispute, without a day", id + about + acts)
      .Command("RaiseDispute, of a later day", id + about + acts + later)
      .Command("SettleDispute", id + Settled(Today()))
      .Command("SettleDispute, for nobody", id + "settled { seconds: 1 }")
      .Command("SettleDispute, without a day", id + "outcome: DISPUTE_PARTY_FORMER_HANDLEKOMMUNE")
      .Command("SettleDispute, of another reference", id + Settled() + R"(reference: "25-9")")
      .Command("SettleDispute, of the other question",
               id + Settled() + "subject: DISPUTE_SUBJECT_REFUND")
      .Message("<DisputeRaised",
               said(absl::StrCat("number: 1 acting: DISPUTE_PARTY_FORMER_HANDLEKOMMUNE ", about,
                                 absl::Substitute("raised { seconds: $0 }", DaysAgo(8)))))
      .Message("<DisputeRaised, about the refund",
               said(absl::Substitute("number: 1 subject: DISPUTE_SUBJECT_REFUND $0 $1", acts, on)))
      .Message("<DisputeRaised, the second", said(Raised(2)))
      .Message("<DisputeRaised, the third", said(Raised(3)))
      .Message("<DisputeRaised, the eleventh", said(Raised(11)))
      .Message("<DisputeRaised, without a day", said("number: 1 " + about + acts))
      .Message("<DisputeRaised, settled", said(Raised(1) + Settled()))
      .Message("<DisputeSettled", said(Raised(1) + Settled()))
      .Message("<DisputeSettled, of another day", said(Raised(1) + Settled(Today())))
      .Message("<DisputeSettled, of next year", said(Raised(1) + Settled(Today() + 365 * 86400)))
      .Message("<DisputeSettled, for nobody", said(Raised(1)))
      .MessageFrom(From(kFyn), "<DisputeRaised, by somebody else", said(Raised(1)))
      .MessageFrom(From(kFyn), "<DisputeSettled, by somebody else", said(Raised(1)));
  return all;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& handover = static_cast<const jv1::CaseFile&>(state).handovers(0);
  return hv1::HandoverStage_Name(handover.stage()).substr(sizeof("HANDOVER_STAGE_") - 1);
}

class DwellingTest : public testing::Test {
 protected:
  struct Table {
    Inputs at_holder, at_receiver;
    const Inputs& Of(const std::string& side) const {
      return side == kInCharge ? at_holder : at_receiver;
    }
  };

  Decision Decide(const Table& table, const std::string& side, const std::string& input,
                  const jv1::CaseFile& file) {
    const auto context = (side == kInCharge ? ishoej : odense).DecisionContextFor();
    Decision decision = table.Of(side).Decide(input, file, context);
    if (decision.accepted()) table.Of(side).aggregate().conclude(file, context, decision);
    return decision;
  }
  jv1::CaseFile After(const Table& table, const std::string& side, const std::string& input,
                      const jv1::CaseFile& file) {
    const Decision decision = Decide(table, side, input, file);
    EXPECT_TRUE(decision.accepted()) << input << ": " << decision.refusal()->reason;
    return *casework::After(file, decision);
  }
  void ExpectTable(const char* path, const Table& table, const std::vector<std::string>& given) {
    const auto then = [&](const std::string& side, const std::string& column,
                          const std::string& input) {
      const jv1::CaseFile file = File(side, column);
      return tables::Said(Decide(table, side, input, file), table.Of(side).aggregate(), file,
                          &StageOf);
    };
    const std::string mistakes = tables::MistakesIn(
        path, {{{kInCharge, given}, {kChosen, given}}, table.at_holder.Names(), then});
    EXPECT_TRUE(mistakes.empty()) << mistakes;
  }
  static hv1::Handover Shown(const jv1::CaseFile& file) {
    const auto view = HandoverView(file, "the-handover");
    return static_cast<const hv1::Handover&>(*view);
  }
  static cv1::Case CaseShown(const jv1::CaseFile& file) {
    return static_cast<const cv1::Case&>(*CaseView(file));
  }
  static jv1::CaseFile TakenOver(const jv1::CaseFile& file) {
    jv1::CaseEvent event;
    event.set_handover_id("the-handover");
    event.mutable_taken_over()->set_receiver(kOdense.id);
    Decision decision;
    decision.AddEvent(event);
    return *casework::After(file, decision);
  }

  const exchange::Deciding ishoej{kIshoej, {kOdense, kVestegnen, kFyn, kDesk}};
  const exchange::Deciding odense{kOdense, {kIshoej, kVestegnen, kFyn, kDesk}};
  const Table dwellings{DwellingsFrom(kOdense), DwellingsFrom(kIshoej)};
  const Table disputes{DisputesFrom(kOdense), DisputesFrom(kIshoej)};
};

TEST_F(DwellingTest, EachCellOfTheDwellingIsAsTheTableSays) {
  ExpectTable("services/casework/relocation/dwelling.table", dwellings,
              {"TERMS_COORDINATED", "UNDECIDED", "ACCEPTED", "PROPOSED", "UNFIT", "VERIFIED",
               "CHOSEN", "TWENTY", "OFFERED", "UNDER_WAY", "ENDED", "TAKEN_OVER"});
}

TEST_F(DwellingTest, EachCellOfADisputeIsAsTheTableSays) {
  ExpectTable("services/casework/relocation/dispute.table", disputes,
              {"TERMS_COORDINATED", "ACCEPTED", "UNKNOWN", "SAME", "RAISED", "SETTLED", "TEN",
               "OFFERED", "TAKEN_OVER", "MOVED_RAISED", "CLOSED", "CLOSED_RAISED", "ENDED"});
}

// Both sides show what follows; which dwelling it is the chosen municipality alone.
TEST_F(DwellingTest, BothSidesShowWhatFollowsFromTheKind) {
  const auto there = Shown(After(dwellings, kChosen, "ChooseDwelling", File(kChosen, "VERIFIED")));
  const auto here =
      Shown(After(dwellings, kInCharge, "<DwellingChosen", File(kInCharge, "ACCEPTED")));
  EXPECT_EQ(here.dwelling().SerializeAsString(), there.dwelling().SerializeAsString());
  EXPECT_EQ(here.dwelling().stage(), cv1::DWELLING_STAGE_CHOSEN);
  EXPECT_EQ(here.dwelling().kind(), cv1::STAY_PLACE_KIND_BOFORM);
  EXPECT_EQ(here.dwelling().handlekommune(), kIshoej.id);
  EXPECT_EQ(here.dwelling().refund(), cv1::FUNDING_CLASS_FORMER_MUNICIPALITY);
  EXPECT_TRUE(here.dwellings().empty());
  EXPECT_EQ(there.dwellings(0).dwelling_id(), "the-dwelling");
  EXPECT_EQ(Shown(File(kChosen, "PROPOSED")).dwelling().stage(), cv1::DWELLING_STAGE_PROPOSED);
  EXPECT_EQ(Shown(File(kChosen, "UNFIT")).dwelling().stage(), cv1::DWELLING_STAGE_PROPOSED);
  EXPECT_EQ(Shown(File(kChosen, "VERIFIED")).dwelling().stage(), cv1::DWELLING_STAGE_VERIFIED);
  EXPECT_EQ(Shown(File(kChosen, "VERIFIED")).dwelling().handlekommune(), "") << "not known yet";
}

TEST_F(DwellingTest, ALaterChoiceReplacesTheFormer) {
  const jv1::CaseFile after =
      After(dwellings, kChosen, "ChooseDwelling, another one", File(kChosen, "CHOSEN"));
  const auto shown = Shown(after);
  EXPECT_FALSE(shown.dwellings(0).has_chosen());
  EXPECT_TRUE(shown.dwellings(1).has_chosen());
  EXPECT_EQ(shown.dwelling().handlekommune(), kOdense.id);
  EXPECT_EQ(shown.dwelling().refund(), cv1::FUNDING_CLASS_RESIDENCE_MUNICIPALITY);
}

// The rule sets who is handlekommune when the case is taken over, at both sides.
TEST_F(DwellingTest, ATakeOverSetsTheHandlekommune) {
  for (const char* const side : {kInCharge, kChosen}) {
    const jv1::CaseFile boform = TakenOver(File(side, "CHOSEN"));
    EXPECT_EQ(boform.handlekommune(), kIshoej.id) << "it stays with the former one";
    EXPECT_EQ(CaseShown(boform).dwelling().refund(), cv1::FUNDING_CLASS_FORMER_MUNICIPALITY);
    EXPECT_EQ(CaseShown(boform).handlekommune(), side == kChosen ? kIshoej.id : "");
    jv1::CaseFile file = File(side, "CHOSEN");
    file.mutable_handovers(0)->mutable_chosen_dwelling()->set_kind(cv1::STAY_PLACE_KIND_DWELLING);
    EXPECT_EQ(TakenOver(file).handlekommune(), kOdense.id);
    EXPECT_EQ(TakenOver(File(side, "ACCEPTED")).handlekommune(), "") << "not known";
    for (const auto reason : {hv1::HANDOVER_REASON_CUSTODY, hv1::HANDOVER_REASON_RELEASE}) {
      file = File(side, "ACCEPTED");
      file.mutable_handovers(0)->set_reason(reason);
      EXPECT_EQ(TakenOver(file).handlekommune(), kIshoej.id) << "nobody lives in a prison";
    }
  }
}

TEST_F(DwellingTest, WhoActsMeanwhileIsShownAndTheOutcomeCounts) {
  for (const char* const side : {kInCharge, kChosen}) {
    jv1::CaseFile file = After(disputes, side, "RaiseDispute", TakenOver(File(side, "CHOSEN")));
    EXPECT_EQ(Shown(file).dwelling().acting(), kOdense.id);
    EXPECT_EQ(file.handlekommune(), kIshoej.id) << "as ever, until it is settled";
    const auto said = After(disputes, side, "<DisputeRaised", file);
    EXPECT_EQ(Shown(said).disputes_size(), 1) << "both raised it: it is one";
    jv1::CaseEvent event;
    event.set_handover_id("the-handover");
    *event.mutable_dispute_noted()->mutable_dispute() = file.handovers(0).disputes(0);
    event.mutable_dispute_noted()->set_receiving_municipality(kOdense.id);
    cv1::Dispute& settled = *event.mutable_dispute_noted()->mutable_dispute();
    settled.set_outcome(cv1::DISPUTE_PARTY_RECEIVING_MUNICIPALITY);
    settled.mutable_settled()->set_seconds(1);
    const auto after = *casework::After(file, Decision().AddEvent(event));
    EXPECT_EQ(after.handlekommune(), kOdense.id);
    EXPECT_EQ(Shown(after).dwelling().acting(), "");
    EXPECT_EQ(Shown(after).dwelling().refund(), cv1::FUNDING_CLASS_FORMER_MUNICIPALITY);
  }
}

// What people have stated since stands against a dispute of another question, and against one that
// was settled before.
TEST_F(DwellingTest, AnOutcomeCountsOnce) {
  jv1::CaseFile file = TakenOver(File(kChosen, "SETTLED"));
  file.set_handlekommune(kOdense.id);
  file = After(disputes, kChosen, "RaiseDispute, about the refund", file);
  jv1::CaseEvent event;
  event.set_handover_id("the-handover");
  jv1::DisputeNoted& noted = *event.mutable_dispute_noted();
  noted.set_receiving_municipality(kOdense.id);
  *noted.mutable_dispute() = file.handovers(0).disputes(1);
  noted.mutable_dispute()->set_outcome(cv1::DISPUTE_PARTY_FORMER_HANDLEKOMMUNE);
  noted.mutable_dispute()->mutable_settled()->set_seconds(1);
  file = *casework::After(file, Decision().AddEvent(event));
  EXPECT_EQ(file.handlekommune(), kOdense.id);
  EXPECT_EQ(Shown(file).dwelling().refund(), cv1::FUNDING_CLASS_FORMER_MUNICIPALITY);
  *noted.mutable_dispute() = file.handovers(0).disputes(0);
  noted.mutable_dispute()->set_reference("25-1");
  EXPECT_EQ(casework::After(file, Decision().AddEvent(event))->handlekommune(), kOdense.id);
}

// One that is none makes room, so that twenty mistakes end nothing.
TEST_F(DwellingTest, AnUnfitDwellingMakesRoom) {
  jv1::CaseFile file = File(kChosen, "TWENTY");
  file.mutable_handovers(0)->mutable_dwellings(3)->set_unfit(cv1::UNFIT_REASON_TAKEN);
  const auto shown = Shown(After(dwellings, kChosen, "ProposeDwelling", file));
  ASSERT_EQ(shown.dwellings_size(), 20);
  EXPECT_EQ(shown.dwellings(3).dwelling_id(), "new");
}

// A prison is no municipality that could act.
TEST_F(DwellingTest, NoPrisonIsAPartyToADispute) {
  const exchange::DirectoryEntry prison{
      kOdense.id, pv1::AUTHORITY_KIND_KRIMINALFORSORGEN, "", "0461", "", "", "1465"};
  const exchange::Deciding at(kIshoej, {prison});
  EXPECT_EQ(exchange::OutcomeOf(disputes.at_holder.Decide(
                "RaiseDispute", File(kInCharge, "ACCEPTED"), at.DecisionContextFor())),
            "refused dispute.one_municipality");
  EXPECT_EQ(exchange::OutcomeOf(disputes.at_holder.Decide(
                "<DisputeRaised", File(kInCharge, "ACCEPTED"), at.DecisionContextFor())),
            "refused letter.out_of_turn");
}

}  // namespace
}  // namespace exitbus::casework
