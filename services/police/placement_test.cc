// The decision table of where the candidate moves, at the police unit: placement.table; and what a
// take-over makes of it.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "services/exchange/deciding_testing.h"
#include "services/police/parts.h"
#include "services/police/security_files.h"
#include "services/relocation/request_testing.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::police {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::kDesk;
using exchange::kFyn;
using exchange::kIshoej;
using exchange::kOdense;
using exchange::kVestegnen;
using exchange::Of;
using relocation::kAnother;
using relocation::kTheRequest;
using tables::Inputs;

constexpr char kPlacement[] =
    R"(placements { municipality: "0461" number: 1 inquiry_id: "the-inquiry"
                    mode: DECISION_MODE_VOLUNTARY_AGREEMENT $0 })";

// Odense is considered: whether it is clear, and what was decided.
jv1::SecurityFile File(const std::string& given) {
  auto file = Of<jv1::SecurityFile>(
      R"(security_id: "the-file" standing: POLICE_STANDING_IN_CHARGE holder: "municipality-0183"
         assessment { version: 1 })");
  auto& request = *file.add_relocations();
  const bool going = !relocation::GivenStages().contains(given);
  request = relocation::GivenRequest(going ? "NECESSARY" : given);
  if (given == "NOMINATED") return file;
  const std::string safety = given == "NOT_CLEAR" || given == "UNSAFE" ? "NOT_POSSIBLE" : "CLEAR";
  const std::string heard = "hearing { citizen: CITIZEN_ANSWER_YES holder_view: HOLDER_VIEW_FOR }";
  request.MergeFrom(Of<relocation::jv1::Relocation>(
      absl::Substitute(R"(places { seen { municipality: "0461" safety: PLACE_SAFETY_$0 $1 } })",
                       safety, given == "CLEAR" || given == "NOT_CLEAR" ? "" : heard)));
  const auto decided = [&](const std::string& stage, const std::string& more) {
    request.MergeFrom(Of<relocation::jv1::Relocation>(absl::StrCat(
        "seen { stage: RELOCATION_STAGE_", stage, " ", absl::Substitute(kPlacement, more), " }")));
  };
  if (given == "DECIDED" || given == "UNSAFE") decided("DECIDED", "");
  if (given == "ACCEPTED") decided("ACCEPTED", "accepted { seconds: 1772784000 }");
  if (given == "REVOKED") decided("NECESSARY", "end: PLACEMENT_END_REVOKED");
  if (given == "COMPLETED") decided("COMPLETED", "");
  return file;
}

exchange::LetterPlace FromDesk(const std::string& desk) {
  return {desk, pv1::CHANNEL_RELOCATION, "the-request", 1, pv1::AUTHORITY_KIND_CONTACT_POINT};
}
exchange::LetterPlace From(const std::string& municipality) {
  return {municipality, pv1::CHANNEL_RELOCATION, "the-file", 1, pv1::AUTHORITY_KIND_MUNICIPALITY};
}

Inputs Placing() {
  Inputs inputs(SecurityFiles(), FromDesk(kDesk.id));
  const std::string asked = "<RelocationHearing", decided = "<RelocationDecided",
                    revoked = "<RelocationRevoked", heard = "<RelocationHeard",
                    final = "<RelocationPlacementAnswered";
  const auto decision = [](const std::string& municipality, int number) {
    return absl::Substitute(
        R"(municipality: "$0" number: $1 inquiry_id: "another-inquiry"
           mode: DECISION_MODE_VOLUNTARY_AGREEMENT reasons: PLACEMENT_REASON_NO_OTHER)",
        municipality, number);
  };
  const auto says = [](const std::string& id, const std::string& municipality,
                       const std::string& citizen) {
    return absl::Substitute(R"($0 municipality: "$1" hearing { citizen: CITIZEN_ANSWER_$2
                               holder_view: HOLDER_VIEW_NONE })",
                            id, municipality, citizen);
  };
  const std::string other = "contact-point-2";
  inputs.Message(asked, R"(municipalities: "0461")")
      .Message(asked + ", of one nobody asked about", R"(municipalities: "0751")")
      .MessageFrom(FromDesk(other), asked + ", by another contact point",
                   R"(municipalities: "0461")")
      .Message(decided, decision("0461", 2))
      .Message(decided + ", known", decision("0461", 1))
      .Message(decided + ", for one nobody asked about", decision("0751", 2))
      .Message(decided + ", for nowhere", decision("", 2))
      .MessageFrom(FromDesk(other), decided + ", by another contact point", decision("0461", 2))
      .Message(revoked, "number: 1 end: PLACEMENT_END_REVOKED")
      .Message(revoked + ", of another decision", "number: 2 end: PLACEMENT_END_REVOKED")
      .Message(revoked + ", for no reason", "number: 1")
      .MessageFrom(FromDesk(other), revoked + ", by another contact point",
                   "number: 1 end: PLACEMENT_END_REVOKED")
      .MessageFrom(From(kIshoej.id), heard, says(kTheRequest, "0461", "NO"))
      .MessageFrom(From(kIshoej.id), heard + ", of nothing",
                   says(kTheRequest, "0461", "UNSPECIFIED"))
      .MessageFrom(From(kIshoej.id), heard + ", of one nobody asked about",
                   says(kTheRequest, "0751", "NO"))
      .MessageFrom(From(kIshoej.id), heard + ", of an unknown request",
                   says(kAnother, "0461", "NO"))
      .MessageFrom(From("municipality-0751"), heard + ", by a stranger",
                   says(kTheRequest, "0461", "NO"))
      .MessageFrom(From(kIshoej.id), final, absl::StrCat(kTheRequest, "number: 1"))
      .MessageFrom(From(kIshoej.id), final + ", rejected",
                   absl::StrCat(kTheRequest, "number: 1 end: PLACEMENT_END_HANDOVER_REJECTED"))
      .MessageFrom(From(kIshoej.id), final + ", of an unknown request",
                   absl::StrCat(kAnother, "number: 1"))
      .MessageFrom(From("municipality-0751"), final + ", by a stranger",
                   absl::StrCat(kTheRequest, "number: 1"))
      .MessageFrom(From(kIshoej.id), "<RelocationWithdrawn", kTheRequest);
  return inputs;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::SecurityFile&>(state);
  return lv1::RelocationStage_Name(file.relocations(0).seen().stage())
      .substr(sizeof("RELOCATION_STAGE_") - 1);
}

TEST(PlacementTest, WhatIsPassedOnIsAsTheTableSays) {
  const exchange::Deciding at(kVestegnen, {kIshoej, kOdense, kFyn, kDesk});
  const Inputs inputs = Placing();
  const auto then = [&](const std::string&, const std::string& name, const std::string& input) {
    const jv1::SecurityFile file = File(name);
    return tables::Said(inputs.Decide(input, file, at.DecisionContextFor()), inputs.aggregate(),
                        file, &StageOf);
  };
  const std::string mistakes =
      tables::MistakesIn("services/police/placement.table",
                         {{{"police unit",
                            {"NOMINATED", "NOT_CLEAR", "CLEAR", "HEARD", "REVOKED", "DECIDED",
                             "UNSAFE", "ACCEPTED", "COMPLETED", "WITHDRAWN"}}},
                          inputs.Names(),
                          then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

// What the unit makes of a take-over by `to`: what happens, whom it tells, what it reports.
std::string MovedTo(const std::string& given, const std::string& to) {
  const exchange::Deciding at(kVestegnen, {kIshoej, kOdense, kFyn, kDesk});
  const jv1::SecurityFile file = File(given);
  exchange::Decision decision;
  EndRelocation(file, to, at.DecisionContextFor(), decision);
  return tables::Said(decision, SecurityFiles(), file, &StageOf);
}

TEST(PlacementTest, ATakeOverThereCompletesIt) {
  const std::string completed =
      "COMPLETED: relocation completed, tells RelocationCompleted to the contact point";
  EXPECT_EQ(MovedTo("ACCEPTED", kOdense.id), completed);
  EXPECT_EQ(MovedTo("DECIDED", kOdense.id), completed) << "before the final yes was heard of";
  EXPECT_EQ(MovedTo("REVOKED", kOdense.id), completed) << "it was too late to revoke it";
}

// The unit's people have to know at once.
TEST(PlacementTest, ATakeOverWhereItIsNotSafeAlarms) {
  EXPECT_EQ(MovedTo("UNSAFE", kOdense.id),
            "COMPLETED: relocation completed, tells RelocationCompleted to the contact point, "
            "reports relocation.moved_to_place_not_clear");
}

TEST(PlacementTest, ATakeOverElsewhereEndsIt) {
  for (const std::string given : {"CLEAR", "HEARD", "DECIDED", "ACCEPTED"}) {
    EXPECT_TRUE(MovedTo(given, "municipality-0183").starts_with("WITHDRAWN: relocation withdrawn"))
        << MovedTo(given, "municipality-0183");
  }
  EXPECT_TRUE(MovedTo("CLEAR", kOdense.id).starts_with("WITHDRAWN")) << "nothing was decided";
}

}  // namespace
}  // namespace exitbus::police
