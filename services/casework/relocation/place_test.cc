// The decision table of where the person moves, at the authority in charge: place.table, and what
// the handover there names to whom.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "services/casework/case_files.h"
#include "services/casework/handover/given_testing.h"
#include "services/casework/rules.h"
#include "services/exchange/deciding_testing.h"
#include "services/relocation/request_testing.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::casework {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DirectoryEntry;
using exchange::kDesk;
using exchange::kFyn;
using exchange::kIshoej;
using exchange::kOdense;
using exchange::kVestegnen;
using exchange::LetterPlace;
using exchange::Of;
using relocation::kAnother;
using relocation::kTheRequest;
using tables::Inputs;

const DirectoryEntry kSvendborg{
    "municipality-0479", pv1::AUTHORITY_KIND_MUNICIPALITY, "", "0479", "", "", "1465"};

constexpr char kInquiry[] = "the-inquiry";

// The handover to Odense that the decision has led to, at this stage.
void HandOver(const std::string& stage, jv1::CaseFile& file) {
  *file.mutable_handovers() = Given("holder", stage).handovers();
  auto& handover = *file.mutable_handovers(0);
  handover.set_inquiry_id(kInquiry);
  handover.set_identity_released(stage != "REQUESTED");
  handover.set_placed_by(lv1::DECISION_MODE_VOLUNTARY_AGREEMENT);
  handover.set_decision_number(1);
}

// Odense was put to the citizen, and what has come of it.
jv1::CaseFile File(const std::string& given) {
  jv1::CaseFile file = Given("holder", "REQUESTED");
  file.clear_handovers();
  file.clear_corrections();
  file.set_police(kVestegnen.id);
  file.set_security_id("the-file");
  *file.mutable_consent() = Of<cv1::Consent>(
      "given { seconds: 1772000000 } covers: AUTHORITY_KIND_MUNICIPALITY "
      "covers: AUTHORITY_KIND_POLICE");
  if (given == "UNCOVERED") file.mutable_consent()->clear_covers();
  auto& request = *file.add_relocations();
  request = relocation::GivenRequest(given == "WITHDRAWN" ? given : "NECESSARY");
  if (given == "NOT_PUT") return file;
  const bool heard = given != "PUT" && given != "UNCOVERED";
  request.MergeFrom(Of<relocation::jv1::Relocation>(absl::Substitute(
      R"(places { seen { municipality: "0461" $0 } $1 })",
      heard
          ? absl::Substitute("hearing { citizen: CITIZEN_ANSWER_$0 holder_view: HOLDER_VIEW_FOR }",
                             given == "NO" ? "NO" : "YES")
          : "",
      heard ? "" : R"(hearing_owed { parties { authority: "municipality-0183" } })")));
  if (given == "PUT" || given == "UNCOVERED" || given == "NO" || given == "YES") return file;
  const auto decided = [&](const std::string& stage, const std::string& mode) {
    request.MergeFrom(Of<relocation::jv1::Relocation>(absl::Substitute(
        R"(seen { stage: RELOCATION_STAGE_$0
                  placements { municipality: "0461" number: 1 inquiry_id: "$1"
                               mode: DECISION_MODE_$2 } })",
        stage, kInquiry, mode)));
  };
  if (given == "WITHDRAWN") return file;
  if (given == "CENTRAL") {
    decided("DECIDED", "CENTRAL_DECISION");
    return file;
  }
  const bool accepted = given == "ACCEPTED" || given == "OFFERED";
  decided(accepted ? "ACCEPTED" : "DECIDED", "VOLUNTARY_AGREEMENT");
  if (given != "DECIDED") HandOver(given, file);
  return file;
}

LetterPlace From(const std::string& unit) {
  return {unit, pv1::CHANNEL_RELOCATION, "the-file", 1, pv1::AUTHORITY_KIND_POLICE};
}
LetterPlace FromOdense() {
  return {kOdense.id, pv1::CHANNEL_HANDOVER, "the-handover", 1, kOdense.kind};
}

void AddCommands(Inputs& inputs) {
  const auto hearing = [](const std::string& code, const std::string& citizen) {
    return absl::Substitute(R"($0 municipality: "$1" hearing { citizen: CITIZEN_ANSWER_$2
                               holder_view: HOLDER_VIEW_FOR })",
                            kTheRequest, code, citizen);
  };
  const auto to = [](const std::string& receiver) {
    return absl::Substitute(
        R"(case_id: "the-case" receiver: "$0" reason: HANDOVER_REASON_RELOCATION
           expected { seconds: 1775000000 })",
        receiver);
  };
  const std::string record = "RecordHearing";
  const std::string handover = R"(handover_id: "the-handover")";
  inputs.Command(record, hearing("0461", "YES"))
      .Command(record + ", a no", hearing("0461", "NO"))
      .Command(record + ", a revoked consent", hearing("0461", "CONSENT_REVOKED"))
      .Command(record + ", of one nobody put", hearing("0751", "NO"))
      .Command("RecordCitizenInformed", kTheRequest)
      .Command("RequestHandover", to(kOdense.id))
      .Command("RequestHandover, elsewhere", to(kSvendborg.id))
      .Command("RecallHandover", handover)
      .Command("RevokeConsent", R"(case_id: "the-case")")
      .Command("WithdrawRelocation",
               absl::StrCat(kTheRequest, "reason: RELOCATION_WITHDRAWAL_REASON_ERROR"));
}

void AddMessages(Inputs& inputs) {
  const auto decision = [](const std::string& id, int number) {
    return absl::Substitute(
        R"($0 municipality: "0461" number: $1 inquiry_id: "another-inquiry"
           mode: DECISION_MODE_VOLUNTARY_AGREEMENT reasons: PLACEMENT_REASON_NO_OTHER)",
        id, number);
  };
  const std::string asked = "<RelocationHearing", decided = "<RelocationDecided",
                    revoked = "<RelocationRevoked";
  inputs.Message(asked, absl::StrCat(kTheRequest, R"(municipalities: "0461")"))
      .Message(asked + ", of no municipality",
               absl::StrCat(kTheRequest, R"(municipalities: "0411")"))
      .Message(asked + ", of an unknown request",
               absl::StrCat(kAnother, R"(municipalities: "0461")"))
      .MessageFrom(From("police-1465"), asked + ", by another unit",
                   absl::StrCat(kTheRequest, R"(municipalities: "0461")"))
      .Message(decided, decision(kTheRequest, 2))
      .Message(decided + ", known", decision(kTheRequest, 1))
      .Message(decided + ", of an unknown request", decision(kAnother, 1))
      .MessageFrom(From("police-1465"), decided + ", by another unit", decision(kTheRequest, 2))
      .Message(revoked, absl::StrCat(kTheRequest, "number: 1 end: PLACEMENT_END_NOT_POSSIBLE"))
      .Message(revoked + ", of an older decision",
               absl::StrCat(kTheRequest, "end: PLACEMENT_END_NOT_POSSIBLE"))
      .MessageFrom(From("police-1465"), revoked + ", by another unit",
                   absl::StrCat(kTheRequest, "number: 1 end: PLACEMENT_END_NOT_POSSIBLE"))
      .Message("<RelocationWithdrawn", kTheRequest)
      .MessageFrom(FromOdense(), "<AgreementTermAgreed", R"(term_id: "term" agreement_version: 1)")
      .MessageFrom(FromOdense(), "<HandoverAccepted", "")
      .MessageFrom(FromOdense(), "<HandoverRejected", "rejection: REJECTION_CODE_STAFF_CONFLICT")
      .MessageFrom(FromOdense(), "<OfferDeclined", "number: 2");
}

Inputs Placing() {
  Inputs inputs(CaseFiles(), From(kVestegnen.id));
  AddCommands(inputs);
  AddMessages(inputs);
  return inputs;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::CaseFile&>(state);
  return lv1::RelocationStage_Name(file.relocations(0).seen().stage())
      .substr(sizeof("RELOCATION_STAGE_") - 1);
}

const exchange::Deciding& AtIshoej() {
  static const auto* const at =
      new exchange::Deciding(kIshoej, {kOdense, kSvendborg, kVestegnen, kFyn, kDesk});
  return *at;
}

// With what is told of it in the end.
Decision Decide(const Inputs& inputs, const std::string& input,
                const google::protobuf::Message& file) {
  const auto context = AtIshoej().DecisionContextFor();
  Decision decision = inputs.Decide(input, file, context);
  if (decision.accepted()) inputs.aggregate().conclude(file, context, decision);
  return decision;
}

TEST(PlaceTest, WhatBecomesOfItIsAsTheTableSays) {
  const Inputs inputs = Placing();
  const auto then = [&](const std::string&, const std::string& name, const std::string& input) {
    const jv1::CaseFile file = File(name);
    if (input == "RecallHandover" && file.handovers().empty()) return std::string("none is there");
    return tables::Said(Decide(inputs, input, file), inputs.aggregate(), file, &StageOf);
  };
  const std::string mistakes = tables::MistakesIn(
      "services/casework/relocation/place.table",
      {{{"authority in charge",
         {"NOT_PUT", "PUT", "UNCOVERED", "NO", "YES", "DECIDED", "CENTRAL", "REQUESTED",
          "TERMS_COORDINATED", "ACCEPTED", "OFFERED", "WITHDRAWN"}}},
       inputs.Names(),
       then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

// The chosen municipality knows by its own inquiry what it is asked about; nobody else is told.
TEST(PlaceTest, TheHandoverNamesTheInquiryToTheChosenOneAlone) {
  const Decision decision =
      Placing().Decide("RequestHandover", File("DECIDED"), AtIshoej().DecisionContextFor());
  int requests = 0;
  for (const auto& told : decision.notifications()) {
    const auto* const message =
        google::protobuf::DynamicCastToGenerated<hv1::HandoverRequested>(told.message.get());
    if (message == nullptr) continue;
    ++requests;
    const bool to_chosen = told.to.authority == kOdense.id;
    EXPECT_EQ(message->inquiry_id(), to_chosen ? kInquiry : "") << told.to.authority;
    EXPECT_EQ(message->placed_by(),
              to_chosen ? lv1::DECISION_MODE_VOLUNTARY_AGREEMENT : lv1::DECISION_MODE_UNSPECIFIED)
        << told.to.authority;
  }
  EXPECT_GE(requests, 2);
  const Decision elsewhere = Placing().Decide("RequestHandover, elsewhere", File("DECIDED"),
                                              AtIshoej().DecisionContextFor());
  const auto* const asked = static_cast<const hv1::HandoverRequested*>(
      Told(elsewhere, kSvendborg.id, "HandoverRequested"));
  ASSERT_NE(asked, nullptr);
  EXPECT_EQ(asked->inquiry_id(), "");
}

TEST(PlaceTest, ACentralDecisionIsExplainedToTheCitizenFirst) {
  const Inputs inputs = Placing();
  const jv1::CaseFile file = File("CENTRAL");
  const auto context = AtIshoej().DecisionContextFor();
  EXPECT_EQ(OutcomeOf(inputs.Decide("RequestHandover", file, context)),
            "refused relocation.citizen_not_informed");
  const auto informed =
      inputs.Decide("RecordCitizenInformed", file, context).After(file, inputs.aggregate().evolve);
  EXPECT_EQ(OutcomeOf(inputs.Decide("RecordCitizenInformed", *informed, context)),
            "refused relocation.citizen_informed");
  const Decision asked = inputs.Decide("RequestHandover", *informed, context);
  const auto* const message =
      static_cast<const hv1::HandoverRequested*>(Told(asked, kOdense.id, "HandoverRequested"));
  ASSERT_NE(message, nullptr);
  EXPECT_EQ(message->placed_by(), lv1::DECISION_MODE_CENTRAL_DECISION);
}

// By a decision that has ended, or one made again under the same inquiry, nothing is answered
// twice.
TEST(PlaceTest, AnOlderHandoverAnswersNoNewDecision) {
  const Inputs inputs = Placing();
  const jv1::CaseFile file = File("REQUESTED");
  const auto rejected = std::static_pointer_cast<const jv1::CaseFile>(
      Decide(inputs, "<HandoverRejected", file).After(file, inputs.aggregate().evolve));
  EXPECT_EQ(StageOf(*rejected), "NECESSARY");
  jv1::CaseFile again = *rejected;
  again.mutable_relocations(0)->MergeFrom(Of<relocation::jv1::Relocation>(absl::Substitute(
      R"(seen { stage: RELOCATION_STAGE_DECIDED
                placements { municipality: "0461" number: 2 inquiry_id: "$0"
                             mode: DECISION_MODE_VOLUNTARY_AGREEMENT } })",
      kInquiry)));
  const Decision other = Decide(inputs, "RecordHearing", again);
  EXPECT_EQ(StageOf(*other.After(again, inputs.aggregate().evolve)), "DECIDED");
}

}  // namespace
}  // namespace exitbus::casework
