// Documents of a case at one authority: stored in slices, read by who may read their category, gone
// with the case.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "exitbus/account/v1/account.pb.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework/v1/intake_service.pb.h"
#include "tests/simulation/colleagues.h"
#include "tests/simulation/document_world.h"

namespace exitbus::simulation {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class DocumentTest : public testing::Test, protected DocumentWorld {};

TEST_F(DocumentTest, IsStoredInSlicesAndReadBackByteForByte) {
  const std::string content = Content(2 * kSlice + 5);
  const std::string id = Store(ishoej, content);
  EXPECT_EQ(Read(ishoej, id, 3), content);
  EXPECT_THAT(Listed(ishoej), ElementsAre("MEASURES COMPLETE"));
  EXPECT_EQ(SlicesAt(ishoej), 3U);
  EXPECT_FALSE(LiesInTheClear(ishoej));
  EXPECT_TRUE(absl::IsNotFound(ReadSlice(ishoej, id, 4).status()));
  const auto one = List(ishoej)->documents(0);
  EXPECT_EQ(one.salted_sha256(), world.crypto->Sha256(one.salt() + content));
}

TEST_F(DocumentTest, TheLargestOneIsStored) {
  const std::string content = Content(std::size_t{5} << 20);
  const std::string id = Store(ishoej, content);
  EXPECT_EQ(Read(ishoej, id, 27), content);
}

TEST_F(DocumentTest, ASliceIsRepeatedWithItsRequestIdAndOtherwiseComesInItsOrder) {
  const std::string content = Content(2 * kSlice);
  const std::string id = Begin(ishoej, content)->document_id();
  const auto second = SliceOf(case_id, id, content, 2);
  EXPECT_EQ(RuleOf(Send(ishoej, second).status()), "document.slice_out_of_order");
  const auto first = SliceOf(case_id, id, content, 1);
  ASSERT_TRUE(Send(ishoej, first).ok());
  EXPECT_EQ(Send(ishoej, first)->slices_here(), 1U) << "the first outcome";
  auto other = SliceOf(case_id, id, content, 2);
  other.set_request_id("anew");
  other.mutable_content()->back() = '!';
  EXPECT_EQ(RuleOf(Send(ishoej, other).status()), "document.digest_differs");
  auto right = SliceOf(case_id, id, content, 2);
  right.set_request_id("right");
  EXPECT_EQ(Send(ishoej, right)->stage(), cv1::DOCUMENT_STAGE_COMPLETE);
  EXPECT_EQ(Read(ishoej, id, 2), content);
}

TEST_F(DocumentTest, AnUploadThatIsNotFinishedWithinADayIsDropped) {
  const std::string content = Content(2 * kSlice);
  const std::string id = Begin(ishoej, content)->document_id();
  ASSERT_TRUE(Send(ishoej, SliceOf(case_id, id, content, 1)).ok());
  ASSERT_EQ(SlicesAt(ishoej), 1U);
  world.Skip(absl::Hours(23));
  EXPECT_THAT(Listed(ishoej), ElementsAre("MEASURES UPLOADING"));
  world.Skip(absl::Hours(2));
  EXPECT_THAT(Listed(ishoej), IsEmpty());
  EXPECT_EQ(SlicesAt(ishoej), 0U);
  EXPECT_TRUE(absl::IsNotFound(Send(ishoej, SliceOf(case_id, id, content, 2)).status()));
}

// Of a category that a unit may read, and of one that it may not; the other units see neither.
TEST_F(DocumentTest, AUnitReadsWhatItIsGivenAndNothingTellsOfTheRest) {
  const std::string given = Store(ishoej, Content(10));
  Store(ishoej, Content(20));
  const std::string secret = Store(ishoej, Content(30), pv1::CATEGORY_CLARIFICATION_FORM,
                                   cv1::DOCUMENT_KIND_CLARIFICATION_FORM);
  EXPECT_EQ(RuleOf(Give(ishoej, given, {pv1::FUNCTION_EDUCATION_GUIDANCE})),
            "document.unit_not_involved");
  for (const auto unit : {pv1::FUNCTION_EDUCATION_GUIDANCE, pv1::FUNCTION_HEALTH_CENTRE}) {
    ASSERT_TRUE(Involve(world, ishoej, case_id, unit).ok());
  }
  EXPECT_EQ(RuleOf(Give(ishoej, secret, {pv1::FUNCTION_EDUCATION_GUIDANCE})),
            "document.unit_may_not_read");
  EXPECT_EQ(RuleOf(Give(ishoej, given, {pv1::FUNCTION_MENTOR})), "document.unit_may_not_read");
  ASSERT_TRUE(Give(ishoej, given, {pv1::FUNCTION_EDUCATION_GUIDANCE}).ok());
  const auto read_by = [&](const char* unit, const std::string& id) {
    const Speaking speaking(ishoej, unit, "employee-2");
    return ReadSlice(ishoej, id, 1);
  };
  const auto listed_by = [&](const char* unit) {
    const Speaking speaking(ishoej, unit, "employee-2");
    return Listed(ishoej);
  };
  EXPECT_THAT(listed_by("education-guidance"), ElementsAre("MEASURES COMPLETE"));
  EXPECT_TRUE(read_by("education-guidance", given).ok());
  EXPECT_TRUE(absl::IsNotFound(read_by("education-guidance", secret).status()));
  EXPECT_THAT(listed_by("health-centre"), IsEmpty());
  EXPECT_TRUE(absl::IsNotFound(read_by("health-centre", given).status()));
  {
    const Speaking speaking(ishoej, "education-guidance", "employee-2");
    EXPECT_TRUE(List(ishoej)->documents(0).units().empty()) << "whom else it is given to";
  }
  ASSERT_TRUE(Release(world, ishoej, case_id, pv1::FUNCTION_EDUCATION_GUIDANCE).ok());
  ASSERT_TRUE(Involve(world, ishoej, case_id, pv1::FUNCTION_EDUCATION_GUIDANCE).ok());
  EXPECT_THAT(listed_by("education-guidance"), IsEmpty()) << "it went with the part in the case";
}

TEST_F(DocumentTest, TheCitizenIsShownThoseThatAreMarkedForHim) {
  const std::string marked = Store(ishoej, Content(10));
  Store(ishoej, Content(20));
  ASSERT_TRUE(Give(ishoej, marked, {}, true).ok());
  cv1::ListDocumentsRequest for_citizen;
  for_citizen.set_case_id(case_id);
  for_citizen.set_for_citizen(true);
  const auto shown =
      ishoej.Call<cv1::ListDocumentsResponse>(kDocuments + "ListDocuments", for_citizen);
  ASSERT_TRUE(shown.ok()) << shown.status();
  ASSERT_EQ(shown->documents().documents_size(), 1);
  EXPECT_EQ(shown->documents().documents(0).document_id(), marked);
  EXPECT_EQ(Listed(ishoej).size(), 2U);
  cv1::RecordShownToCitizenRequest record;
  record.set_request_id(world.RequestId());
  record.set_case_id(case_id);
  ASSERT_TRUE(ishoej
                  .Call<cv1::RecordShownToCitizenResponse>(
                      "exitbus.casework.v1.IntakeService.RecordShownToCitizen", record)
                  .ok());
  EXPECT_THAT(GetCase(ishoej, case_id)->intake().shown(0).documents(), ElementsAre(marked));
}

TEST_F(DocumentTest, SurvivesADeathAtEachCommit) {
  const std::string content = Content(kSlice + 1);
  for (const bool durable : {false, true}) {
    const std::string id = Begin(ishoej, content)->document_id();
    ishoej.DieAtCommit(0, durable);
    const auto first = SliceOf(case_id, id, content, 1);
    auto sent = Send(ishoej, first);
    for (int i = 0; i < 3 && absl::IsUnavailable(sent.status()); ++i) {
      world.Pass(absl::Seconds(10));
      sent = Send(ishoej, first);  // repeated, as a careful client does
    }
    ASSERT_TRUE(sent.ok()) << sent.status();
    EXPECT_TRUE(ishoej.died());
    ASSERT_TRUE(Send(ishoej, SliceOf(case_id, id, content, 2)).ok());
    EXPECT_EQ(Read(ishoej, id, 2), content);
  }
}

TEST_F(DocumentTest, WhoMayNotReadItsCategorySeesNothingOfIt) {
  const std::string content = Content(10);
  // Health is read on consent alone, also what was stored while there was one.
  const std::string id =
      Store(ishoej, content, pv1::CATEGORY_HEALTH, cv1::DOCUMENT_KIND_ASSESSMENT);
  Store(ishoej, content);
  EXPECT_THAT(Listed(ishoej), ElementsAre("HEALTH COMPLETE", "MEASURES COMPLETE"));
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  EXPECT_THAT(Listed(ishoej), ElementsAre("MEASURES COMPLETE"));
  const auto withheld = List(ishoej)->withheld();
  EXPECT_THAT(withheld, testing::Contains(pv1::CATEGORY_HEALTH));
  const absl::Status hidden = ReadSlice(ishoej, id, 1).status();
  const absl::Status absent = ReadSlice(ishoej, "unheard-of", 1).status();
  EXPECT_EQ(hidden, absent);
  EXPECT_EQ(RuleOf(hidden), "resource.not_found");
  EXPECT_EQ(Remove(ishoej, id), Remove(ishoej, "unheard-of"));
  EXPECT_EQ(Send(ishoej, SliceOf(case_id, id, content, 1)).status(),
            Send(ishoej, SliceOf(case_id, "unheard-of", content, 1)).status());
  EXPECT_EQ(RuleOf(Begin(ishoej, content, pv1::CATEGORY_SENTENCE).status()),
            "document.category_not_yours");
  const Speaking unit(ishoej, "jobcentre", "employee-9");
  EXPECT_EQ(List(ishoej).status().code(), absl::StatusCode::kNotFound) << "not involved";
}

TEST_F(DocumentTest, TheAccountSaysWhoReadWhichDocument) {
  const std::string id =
      Store(ishoej, Content(kSlice + 5), pv1::CATEGORY_HEALTH, cv1::DOCUMENT_KIND_ASSESSMENT);
  {
    const Speaking reader(ishoej, "exit-coordinator", "employee-7");
    Read(ishoej, id, 2);
  }
  cv1::GetAccountRequest request;
  request.set_case_id(case_id);
  request.set_page_size(200);
  const auto account =
      ishoej.Call<cv1::GetAccountResponse>("exitbus.casework.v1.CaseService.GetAccount", request);
  ASSERT_TRUE(account.ok()) << account.status();
  int read = 0;
  for (const auto& entry : account->entries()) {
    if (entry.kind() != kDocuments + "ReadDocument") continue;
    ++read;
    EXPECT_EQ(entry.document_id(), id);
    EXPECT_EQ(entry.employee(), "employee-7");
    EXPECT_EQ(entry.times(), 2U);
    EXPECT_THAT(entry.categories(), testing::Contains(pv1::CATEGORY_HEALTH));
  }
  EXPECT_EQ(read, 1);
}

TEST_F(DocumentTest, WhatIsRemovedHasNoRowLeft) {
  const std::string id = Store(ishoej, Content(kSlice + 5));
  ASSERT_EQ(SlicesAt(ishoej), 2U);
  ASSERT_TRUE(Remove(ishoej, id).ok());
  EXPECT_EQ(SlicesAt(ishoej), 0U);
  EXPECT_THAT(Listed(ishoej), IsEmpty());
}

}  // namespace
}  // namespace exitbus::simulation
