// The decision table of a monitored handover, cell by cell: monitored.table.
#include "services/contact_point/monitored.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/substitute.h"
#include "services/contact_point/desk.h"
#include "services/exchange/deciding_testing.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::contact_point {
namespace {

namespace pv1 = policy::v1;
using exchange::Of;

constexpr char kHolder[] = "municipality-0183";
constexpr char kReceiver[] = "municipality-0461";

exchange::LetterPlace From(const char* sender) {
  return {sender, pv1::CHANNEL_HANDOVER, "the-contact", 1};
}

std::string Slip(const char* signer) {
  const auto statement = Of<exchange::v1::Statement>(absl::Substitute(
      R"(slip { holder: "$0" receiver: "$1" reader: "contact-point" reader_subject: "the-contact"
                from_number: 1 number: 2 })",
      kHolder, kReceiver));
  return "number: 2 slip: " + tables::Quoted(exchange::NamedStatements(signer).Sign(statement));
}

tables::Inputs All() {
  const std::string parties =
      absl::Substitute(R"(holder: "$0" receiver: "$1")", kHolder, kReceiver);
  const auto waits = [&](const char* side, int due = 3) {
    return absl::Substitute("$0 due { seconds: $1 } waiting_for: SIDE_$2", parties, due, side);
  };
  const auto answered = [&](int due) {
    return waits("RECEIVER", due) + " answered { seconds: 4 }";
  };
  tables::Inputs all(MonitoredHandovers(), From(kHolder));
  all.Message("<HandoverRequested", absl::StrCat("receiver: \"", kReceiver, "\""))
      .Message("<HandoverEscalated", waits("RECEIVER"))
      .Message("<HandoverEscalated, of an earlier wait", waits("RECEIVER", 1))
      .Message("<HandoverEscalated, answered", answered(2))
      .Message("<HandoverEscalated, an earlier wait answered", answered(1))
      .MessageFrom(From(kReceiver), "<HandoverEscalated, by the receiver", waits("HOLDER"))
      .MessageFrom(From("municipality-0751"), "<HandoverEscalated, by a stranger", waits("HOLDER"))
      .Message("<HandoverRecalled", "")
      .MessageFrom(From(kReceiver), "<HandoverRecalled, by the receiver", "")
      .MessageFrom(From(kReceiver), "<HandoverRejected", "")
      .Message("<HandoverRejected, by the holder", "")
      .MessageFrom(From(kReceiver), "<OfferDeclined", "")
      .Message("<OfferDeclined, by the holder", "")
      .MessageFrom(From(kReceiver), "<CaseTakenOver", Slip(kHolder))
      .MessageFrom(From(kReceiver), "<CaseTakenOver, without a slip", "number: 2")
      .MessageFrom(From(kReceiver), "<CaseTakenOver, slip signed by itself", Slip(kReceiver))
      .Message("<CaseTakenOver, by the holder", Slip(kHolder))
      .Message("<ErasureOrdered", "number: 1")
      .MessageFrom(From(kReceiver), "<ErasureOrdered, by the receiver", "number: 2")
      .MessageFrom(From("municipality-0751"), "<ErasureOrdered, by a stranger", "number: 2")
      .Command("RecordNote", R"(text: "Odense answers on Monday")")
      .Command("RecordNote, without a text", "")
      .Command("RecordNote, too long", absl::StrCat("text: \"", std::string(2001, 'n'), "\""))
      .OtherMessages()
      .OtherCommands("contact_id", "the-contact");
  return all;
}

const std::map<std::string, std::string> kGiven = {
    {"OPEN", "stage: MONITORED_STAGE_OPEN"},
    {"OVERDUE", "stage: MONITORED_STAGE_OPEN escalations { waiting_for: SIDE_RECEIVER WAS_DUE }"},
    {"ANSWERED",
     "stage: MONITORED_STAGE_OPEN "
     "escalations { waiting_for: SIDE_RECEIVER WAS_DUE answered { seconds: 3 } }"},
    {"TAKEN_OVER", "stage: MONITORED_STAGE_TAKEN_OVER"},
    {"OVERDUE_AFTER",
     "stage: MONITORED_STAGE_TAKEN_OVER escalations { waiting_for: SIDE_HOLDER WAS_DUE }"},
    {"ENDED", "stage: MONITORED_STAGE_ENDED"}};

jv1::Monitored Monitored(const std::string& given) {
  if (given == "NONE") return {};
  return Of<jv1::Monitored>(absl::Substitute(
      R"(contact_id: "the-contact" holder: "$0" receiver: "$1" $2)", kHolder, kReceiver,
      absl::StrReplaceAll(kGiven.at(given), {{"WAS_DUE", "due { seconds: 2 }"}})));
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& monitored = static_cast<const jv1::Monitored&>(state);
  if (monitored.has_erasure()) return "ERASED";
  return v1::MonitoredStage_Name(monitored.stage()).substr(sizeof("MONITORED_STAGE_") - 1);
}

TEST(MonitoredTest, EachCellIsAsTheTableSays) {
  const exchange::Deciding desk(
      {"contact-point", pv1::AUTHORITY_KIND_CONTACT_POINT, "", "national", "", ""});
  const tables::Inputs all = All();
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    const jv1::Monitored monitored = Monitored(given);
    return tables::Said(all.Decide(input, monitored, desk.DecisionContextFor()), all.aggregate(),
                        monitored, &StageOf);
  };
  const std::vector<std::string> given = {"NONE",       "OPEN",          "OVERDUE", "ANSWERED",
                                          "TAKEN_OVER", "OVERDUE_AFTER", "ENDED"};
  const std::string mistakes = tables::MistakesIn("services/contact_point/monitored.table",
                                                  {{{"contact point", given}}, all.Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

// Within a district nothing is known here until something is late; who is waited for knows the id.
class UnheardOfTest : public testing::Test {
 protected:
  // What comes of it, which happens.
  std::string Told(const char* sender, const std::string& body) {
    const exchange::Decision decision = monitored.decide_letter(
        *state, From(sender), Of<exchange::v1::Body>(body), desk.DecisionContextFor());
    std::string said = tables::Said(decision, monitored, *state, &StageOf);
    state = decision.After(*state, monitored.evolve);
    return said;
  }

  const exchange::Deciding desk{
      {"contact-point", pv1::AUTHORITY_KIND_CONTACT_POINT, "", "national", "", ""}};
  const exchange::Aggregate monitored = MonitoredHandovers();
  std::shared_ptr<const google::protobuf::Message> state = std::make_shared<jv1::Monitored>();
  const std::string late = absl::Substitute(
      R"(handover_escalated { holder: "$0" receiver: "$1" waiting_for: SIDE_RECEIVER
                              due { seconds: 1 } })",
      kHolder, kReceiver);
};

TEST_F(UnheardOfTest, WhoOrdersItsErasureSilencesNobodyElse) {
  EXPECT_THAT(Told(kReceiver, "erasure_ordered {}"),
              testing::HasSubstr("tells ErasureConfirmed to the holder"));
  EXPECT_EQ(Told(kReceiver, late), "no effect erased") << "an order overtakes what it is about";
  EXPECT_EQ(Told(kHolder, late), "OPEN: begun and escalated");
  EXPECT_EQ(Told(kReceiver, "erasure_ordered {}"), "waits") << "until it has taken the case over";
  EXPECT_EQ(Told(kHolder, late), "answered and escalated");
}

TEST_F(UnheardOfTest, EachOrderKeepsTheOrderersOwnLettersAway) {
  for (const char* sender : {kReceiver, kHolder}) {
    EXPECT_THAT(Told(sender, "erasure_ordered {}"),
                testing::HasSubstr("tells ErasureConfirmed to the holder"));
  }
  for (const char* sender : {kReceiver, kHolder}) {
    for (const std::string& body :
         {late, std::string("handover_requested {}"), std::string("handover_rejected {}"),
          std::string("case_taken_over {}")}) {
      EXPECT_EQ(Told(sender, body), "no effect erased") << sender << " " << body;
    }
  }
}

}  // namespace
}  // namespace exitbus::contact_point
