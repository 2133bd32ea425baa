// How operators follow a letter: by one id at each end, which the other end does not have, and by a
// code that they exchange.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "exitbus/recovery/v1/order.pb.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class TraceTest : public testing::Test {
 protected:
  // What became of each letter here, by its hop id, in order.
  static std::map<std::string, std::vector<std::string>> HopsAt(Node& node) {
    std::map<std::string, std::vector<std::string>> hops;
    for (const exchange::Hop& hop : node.telemetry().hops()) hops[hop.hop_id].push_back(hop.hop);
    return hops;
  }
  // The letters whose last hop this is.
  static std::vector<std::string> LettersThatWere(Node& node, const std::string& last) {
    std::vector<std::string> ids;
    for (const auto& [id, hops] : HopsAt(node)) {
      if (hops.back() == last) ids.push_back(id);
    }
    return ids;
  }

  recovery::v1::OrderResult Trace(Node& node, const std::string& hop_id_or_code) {
    recovery::v1::Order order;
    order.set_order_id(world.RequestId());
    order.set_authority(node.id());
    order.set_operator_("operator-1");
    order.set_reason("the other side asks for a letter");
    order.set_trace(hop_id_or_code);
    return node.engine().TakeOrder(order);
  }
  // What stands behind this word in an answer.
  static std::string Said(const recovery::v1::OrderResult& result, const std::string& word) {
    for (const auto line : absl::StrSplit(result.text(), '\n')) {
      const std::vector<std::string> parts = absl::StrSplit(line, absl::MaxSplits(": ", 1));
      if (parts[0] == word) return std::string(absl::StripAsciiWhitespace(parts[1]));
    }
    return "";
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
};

TEST_F(TraceTest, ALetterHasOneIdFromCreatedToReceiptedAndAnotherAtItsOtherEnd) {
  const std::string case_id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(world.Settle());
  for (Node* node : {&ishoej, &odense}) node->telemetry().Clear();
  ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok());
  ASSERT_TRUE(world.Settle());
  const auto sent = LettersThatWere(ishoej, "receipted");
  const auto came = LettersThatWere(odense, "applied");
  ASSERT_FALSE(sent.empty());
  EXPECT_EQ(came.size(), sent.size());
  for (const std::string& id : sent) {
    EXPECT_THAT(HopsAt(ishoej)[id], ElementsAre("created", "sent", "receipted"));
    EXPECT_EQ(id.size(), 32U);
    EXPECT_THAT(came, testing::Not(testing::Contains(id)));
  }
}

TEST_F(TraceTest, OperatorsOfBothEndsFindALetterByACode) {
  const std::string case_id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(world.Settle());
  for (Node* node : {&ishoej, &odense}) node->telemetry().Clear();
  ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok());
  ASSERT_TRUE(world.Settle());
  const auto letters = LettersThatWere(ishoej, "receipted");
  ASSERT_FALSE(letters.empty());
  const std::string& sent = letters.back();

  const auto asked = Trace(ishoej, sent);
  ASSERT_TRUE(asked.carried_out()) << asked.text();
  EXPECT_THAT(asked.text(), HasSubstr("sent to municipality-0461, channel handover"));
  const std::string code = Said(asked, "code");
  const auto found = Trace(odense, code);
  ASSERT_TRUE(found.carried_out()) << found.text();
  const std::string came = Said(found, "hop id");
  EXPECT_THAT(LettersThatWere(odense, "applied"), testing::Contains(came));
  EXPECT_THAT(found.text(), HasSubstr("received from municipality-0183"));
  EXPECT_EQ(Said(Trace(odense, came), "code"), code) << "either end may begin";

  // Neither end's id opens anything at the other, and no log has the code.
  EXPECT_THAT(Trace(odense, sent).text(), HasSubstr("trace.no_such_letter"));
  EXPECT_THAT(Trace(ishoej, came).text(), HasSubstr("trace.no_such_letter"));
  for (Node* node : {&ishoej, &odense}) {
    EXPECT_EQ(node->telemetry().Text().find(code), std::string::npos);
  }
}

TEST_F(TraceTest, OneThatWaitsIsFoundToo) {
  const std::string case_id = EnrolledCase(world, ishoej);
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(Trace(ishoej, "").text(), HasSubstr("trace.no_such_letter"));
  EXPECT_THAT(Trace(ishoej, id).text(), HasSubstr("trace.no_such_letter"));
  ishoej.telemetry().Clear();
  odense.Crash();
  ASSERT_TRUE(Do(world, ishoej, "RequestRecall", id).ok());
  world.Pass(absl::Seconds(1));
  const auto under_way = LettersThatWere(ishoej, "sent");
  ASSERT_EQ(under_way.size(), 1U);
  EXPECT_THAT(Trace(ishoej, under_way[0]).text(), HasSubstr("code:"));
}

}  // namespace
}  // namespace exitbus::simulation
