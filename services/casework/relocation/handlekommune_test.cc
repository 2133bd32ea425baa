// Who is handlekommune, as it is stated, and as the receiver of a handover hears it.
#include <gtest/gtest.h>

#include <string>

#include "exitbus/casework/v1/case.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/handover/given_testing.h"
#include "services/casework/rules.h"
#include "services/casework/views.h"
#include "services/exchange/deciding_testing.h"
#include "tests/tables/inputs.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::kIshoej;
using exchange::kOdense;
using tables::Inputs;

Inputs InputsFrom(const exchange::DirectoryEntry& other) {
  return Inputs(CaseFiles(), {other.id, pv1::CHANNEL_HANDOVER, "the-handover", 1, other.kind});
}

TEST(HandlekommuneTest, WhoOpensACaseIsItIfItIsAMunicipality) {
  Inputs opening = InputsFrom(kOdense);
  opening.Command("OpenCase", R"(person { cpr_number: "6101900001" name: "Canary Name" })");
  const auto opened = [&](const exchange::DirectoryEntry& self) {
    const exchange::Deciding at(self, {});
    const auto decision = opening.Decide("OpenCase", jv1::CaseFile(), at.DecisionContextFor());
    const auto view = CaseView(*After(jv1::CaseFile(), decision));
    return static_cast<const cv1::Case&>(*view).handlekommune();
  };
  EXPECT_EQ(opened(kIshoej), kIshoej.id);
  EXPECT_EQ(opened({"prison", pv1::AUTHORITY_KIND_KRIMINALFORSORGEN, "", "0183", "", "", "1469"}),
            "")
      << "until somebody states it";
}

// Who has been told of the person is told this too, also when it is stated later.
TEST(HandlekommuneTest, TheReceiverHearsIt) {
  Inputs inputs = InputsFrom(kOdense);
  inputs.Command("StateHandlekommune", R"(handlekommune: "municipality-0461")");
  const exchange::Deciding ishoej(kIshoej, {kOdense});
  const auto told = [&](const char* stage) {
    jv1::CaseFile file = Given("holder", stage);
    file.mutable_handovers(0)->set_inquiry_id("the-inquiry");
    file.mutable_handovers(0)->set_identity_released(std::string_view(stage) != "REQUESTED");
    const auto context = ishoej.DecisionContextFor();
    Decision decision = inputs.Decide("StateHandlekommune", file, context);
    inputs.aggregate().conclude(file, context, decision);
    const auto* const message = exchange::Told(decision, kOdense.id, "HandoverIdentityReleased");
    return message == nullptr
               ? std::string("nothing")
               : static_cast<const hv1::HandoverIdentityReleased*>(message)->handlekommune();
  };
  EXPECT_EQ(told("ACCEPTED"), kOdense.id);
  EXPECT_EQ(told("TERMS_COORDINATED"), "nothing") << "it may say where somebody lives";
  EXPECT_EQ(told("REQUESTED"), "nothing");
  EXPECT_EQ(told("RECALLED"), "nothing");
}

TEST(HandlekommuneTest, TheReceiversRuleFollowsIt) {
  Inputs inputs = InputsFrom(kIshoej);
  const exchange::DirectoryEntry third{
      "a-third", pv1::AUTHORITY_KIND_MUNICIPALITY, "", "0165", "", "", "1469"};
  inputs.Message("<HandoverIdentityReleased", R"(case_id: "the-case" handlekommune: "a-third")")
      .Message("<HandoverIdentityReleased, of a prison",
               R"(case_id: "the-case" handlekommune: "prison")");
  const exchange::Deciding odense(
      kOdense,
      {kIshoej, third, {"prison", pv1::AUTHORITY_KIND_KRIMINALFORSORGEN, "", "", "", "", "1469"}});
  jv1::CaseFile file = Given("receiver", "ACCEPTED");
  jv1::Handover& handover = *file.mutable_handovers(0);
  handover.mutable_chosen_dwelling()->set_kind(cv1::STAY_PLACE_KIND_BOFORM);
  handover.set_receiving_municipality(kOdense.id);
  const auto shown = [](const jv1::CaseFile& at) {
    const auto view = HandoverView(at, "the-handover");
    return static_cast<const hv1::Handover&>(*view).dwelling().handlekommune();
  };
  EXPECT_EQ(shown(file), "") << "nobody has said";
  const auto after = [&](const char* input) {
    return shown(*After(file, inputs.Decide(input, file, odense.DecisionContextFor())));
  };
  EXPECT_EQ(after("<HandoverIdentityReleased"), "a-third");
  EXPECT_EQ(after("<HandoverIdentityReleased, of a prison"), "");
}

}  // namespace
}  // namespace exitbus::casework
