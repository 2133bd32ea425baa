// Whom to turn to, across the authorities: published once, known to all, also to who joins later.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/readiness/v1/readiness_service.pb.h"
#include "tests/simulation/overview_world.h"

namespace exitbus::simulation {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kMethods = "exitbus.readiness.v1.ReadinessService.";

class ReadinessTest : public testing::Test, protected OverviewWorld {
 protected:
  void SetUp() override { world.Pass(absl::Seconds(2)); }  // each has looked around once
  absl::Status Publish(Node& node, readiness::v1::ContactPurpose purpose, const std::string& unit) {
    readiness::v1::PublishContactsRequest request;
    request.set_request_id(world.RequestId());
    for (const auto which : {readiness::v1::CONTACT_PURPOSE_MAIN, purpose}) {
      readiness::v1::Contact& contact = *request.add_contacts();
      contact.set_purpose(which);
      contact.set_unit(which == purpose ? unit : "main");
      contact.set_phone("12345678");
    }
    const auto answer =
        node.Call<readiness::v1::PublishContactsResponse>(kMethods + "PublishContacts", request);
    EXPECT_TRUE(world.Settle());
    return answer.status();
  }
  // "<source> <units>".
  std::string AskOf(Node& node, const Node& of, readiness::v1::ContactPurpose purpose) {
    readiness::v1::ValidateRecipientRequest request;
    request.set_authority(of.id());
    request.set_purpose(purpose);
    const auto answer = node.Call<readiness::v1::ValidateRecipientResponse>(
        kMethods + "ValidateRecipient", request);
    if (!answer.ok()) return std::string(answer.status().message());
    return Said(answer->recipient());
  }
  std::vector<std::string> InDistrict(Node& node, const std::string& district) {
    readiness::v1::ListRecipientsRequest request;
    request.set_purpose(readiness::v1::CONTACT_PURPOSE_EXIT);
    request.set_kind(policy::v1::AUTHORITY_KIND_MUNICIPALITY);
    request.set_district(district);
    const auto answer =
        node.Call<readiness::v1::ListRecipientsResponse>(kMethods + "ListRecipients", request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    std::vector<std::string> listed;
    for (const auto& one : answer->recipients().recipients()) {
      listed.push_back(absl::StrCat(one.authority(), " ", Said(one)));
    }
    return listed;
  }

 private:
  static std::string Said(const readiness::v1::Recipient& recipient) {
    std::string said =
        readiness::v1::ContactSource_Name(recipient.source()).substr(sizeof("CONTACT_SOURCE_") - 1);
    for (const auto& contact : recipient.contacts()) absl::StrAppend(&said, " ", contact.unit());
    return said;
  }
};

TEST_F(ReadinessTest, WhatOneHasPublishedAllKnow) {
  ASSERT_TRUE(Publish(ishoej, readiness::v1::CONTACT_PURPOSE_EXIT, "exit").ok());
  for (Node* const node : All()) {
    EXPECT_EQ(AskOf(*node, ishoej, readiness::v1::CONTACT_PURPOSE_EXIT), "LISTED exit")
        << node->id();
    EXPECT_EQ(AskOf(*node, ishoej, readiness::v1::CONTACT_PURPOSE_HOUSING), "MAIN main");
    EXPECT_THAT(node->telemetry().LinesOf("letter.refused"), IsEmpty());
  }
  ASSERT_TRUE(Publish(ishoej, readiness::v1::CONTACT_PURPOSE_HOUSING, "housing").ok());
  EXPECT_EQ(AskOf(odense, ishoej, readiness::v1::CONTACT_PURPOSE_EXIT), "MAIN main")
      << "it replaces what was said before";
}

// For a municipality that has said nothing one turns to its district's police unit (ACT-07).
TEST_F(ReadinessTest, AUnitSeesItsDistrictsReadiness) {
  ASSERT_TRUE(Publish(vestegnen, readiness::v1::CONTACT_PURPOSE_EXIT, "local exit unit").ok());
  EXPECT_THAT(InDistrict(vestegnen, "1469"),
              ElementsAre("municipality-0165 DISTRICT_POLICE local exit unit",
                          ishoej.id() + " DISTRICT_POLICE local exit unit"));
  ASSERT_TRUE(Publish(ishoej, readiness::v1::CONTACT_PURPOSE_EXIT, "exit").ok());
  EXPECT_THAT(InDistrict(vestegnen, "1469"),
              ElementsAre("municipality-0165 DISTRICT_POLICE local exit unit",
                          ishoej.id() + " LISTED exit"));
}

TEST_F(ReadinessTest, WhoJoinsLaterIsToldWithinADay) {
  ASSERT_TRUE(Publish(ishoej, readiness::v1::CONTACT_PURPOSE_EXIT, "exit").ok());
  Node& joined = world.Municipality("0101");
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(AskOf(joined, ishoej, readiness::v1::CONTACT_PURPOSE_EXIT), "UNSPECIFIED");
  world.Skip(absl::Hours(24));
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(AskOf(joined, ishoej, readiness::v1::CONTACT_PURPOSE_EXIT), "LISTED exit");
}

TEST_F(ReadinessTest, ItIsThereAfterACrash) {
  ASSERT_TRUE(Publish(ishoej, readiness::v1::CONTACT_PURPOSE_EXIT, "exit").ok());
  for (Node* const node : {&ishoej, &odense}) {
    node->Crash();
    node->Start();
  }
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(AskOf(odense, ishoej, readiness::v1::CONTACT_PURPOSE_EXIT), "LISTED exit");
  EXPECT_EQ(AskOf(ishoej, ishoej, readiness::v1::CONTACT_PURPOSE_EXIT), "LISTED exit");
}

}  // namespace
}  // namespace exitbus::simulation
