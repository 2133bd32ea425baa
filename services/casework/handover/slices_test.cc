// A dossier part in slices: each one letter holds, all of them make the part again, and what is not
// all of them is never taken for it.
#include "services/casework/handover/slices.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/handover/given_testing.h"
#include "services/policy/values.h"

namespace exitbus::casework {
namespace {

namespace jv1 = casework_journal::v1;
using google::protobuf::RepeatedPtrField;
using handover::v1::DossierPart;

DossierPart PartOf(int measures, int precautions, int statements, std::size_t bytes) {
  DossierPart part;
  part.set_legal_basis(policy::v1::LEGAL_BASIS_FVL28);
  part.set_stage(v1::CASE_STAGE_ENROLLED);
  part.set_overview_id("overview");
  part.mutable_visitation()->set_affiliation("affiliation");
  part.mutable_agreement()->set_template_("EVU-2018-1");
  part.mutable_agreement()->set_version(3);
  for (int i = 0; i < measures; ++i) {
    v1::Measure& measure = *part.mutable_agreement()->add_measures();
    measure.set_measure_id("m-" + std::to_string(i));
    measure.set_description(std::string(bytes, 'm'));
  }
  for (int i = 0; i < precautions; ++i) {
    part.add_precautions(std::to_string(i) + std::string(bytes, 'p'));
  }
  for (int i = 0; i < statements; ++i) {
    part.add_statements(std::to_string(i) + std::string(bytes, 's'));
  }
  return part;
}

RepeatedPtrField<DossierPart> Received(const std::vector<DossierPart>& parts) {
  return {parts.begin(), parts.end()};
}

// As at a take-over.
DossierPart PutTogether(const std::vector<DossierPart>& parts) {
  DossierPart whole;
  for (const DossierPart& part : parts) {
    DossierPart rest = part;
    rest.clear_agreement();
    rest.clear_slice();
    rest.clear_slices();
    whole.MergeFrom(rest);
    TakeInAgreement(part, *whole.mutable_agreement());
  }
  return whole;
}

TEST(SlicesTest, WhatOneLetterHoldsIsNotDivided) {
  const DossierPart part = PartOf(50, 5, 5, 5'000);
  const auto parts = Sliced(part);
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].SerializeAsString(), part.SerializeAsString());
  EXPECT_TRUE(IsWhole(Received(parts)));
}

TEST(SlicesTest, EachFitsAndAllOfThemAreThePart) {
  for (const DossierPart& part :
       {PartOf(200, 0, 0, 9'900), PartOf(0, 500, 0, 10), PartOf(0, 500, 0, 9'900),
        PartOf(1, 0, 5'000, 10), PartOf(150, 150, 60, 9'900), PartOf(200, 200, 2'000, 300)}) {
    const auto parts = Sliced(part);
    EXPECT_GT(parts.size(), 1U);
    for (const DossierPart& slice : parts) {
      EXPECT_LE(slice.ByteSizeLong(), kSliceBytesMax + 100);
      EXPECT_EQ(slice.legal_basis(), part.legal_basis());
      EXPECT_EQ(slice.slices(), parts.size());
      EXPECT_LE(slice.precautions_size(), 200);
      EXPECT_LE(slice.statements_size(), 2'000);
    }
    EXPECT_TRUE(IsWhole(Received(parts)));
    EXPECT_EQ(PutTogether(parts).SerializeAsString(), part.SerializeAsString());
  }
}

TEST(SlicesTest, WhatIsNotAllOfThemOnceIsNotWhole) {
  const auto sliced = Sliced(PartOf(200, 0, 0, 9'900));
  ASSERT_EQ(sliced.size(), 4U);
  using Parts = std::vector<DossierPart>;
  const std::vector<std::pair<const char*, std::function<void(Parts&)>>> rows = {
      {"nothing", [](Parts& parts) { parts.clear(); }},
      {"the first missing", [](Parts& parts) { parts.erase(parts.begin()); }},
      {"one missing", [](Parts& parts) { parts.erase(parts.begin() + 2); }},
      {"the last missing", [](Parts& parts) { parts.pop_back(); }},
      {"one twice", [](Parts& parts) { parts.insert(parts.begin() + 1, parts[1]); }},
      {"one twice, for another", [](Parts& parts) { parts[2] = parts[1]; }},
      {"two changed places", [](Parts& parts) { std::swap(parts[1], parts[2]); }},
      {"one counts others", [](Parts& parts) { parts[1].set_slices(5); }},
      {"one on another ground",
       [](Parts& parts) { parts[1].set_legal_basis(policy::v1::LEGAL_BASIS_RHL); }},
      {"a whole one behind", [](Parts& parts) { parts.push_back(PartOf(1, 0, 0, 1)); }},
      {"a whole one before", [](Parts& parts) { parts.insert(parts.begin(), PartOf(1, 0, 0, 1)); }},
      {"two whole ones",
       [](Parts& parts) {
         parts = {PartOf(1, 0, 0, 1), PartOf(1, 0, 0, 1)};
       }},
      {"a whole one that says to be a slice",
       [](Parts& parts) {
         parts = {PartOf(1, 0, 0, 1)};
         parts[0].set_slice(1);
       }},
      {"a measure twice",
       [](Parts& parts) {
         *parts[3].mutable_agreement()->mutable_measures(0) = parts[1].agreement().measures(0);
       }},
      {"more measures than an agreement has",
       [](Parts& parts) {
         for (int i = 0; i < 100; ++i) {
           parts[3].mutable_agreement()->add_measures()->set_measure_id("n-" + std::to_string(i));
         }
       }},
  };
  for (const auto& [name, change] : rows) {
    Parts parts = sliced;
    change(parts);
    EXPECT_FALSE(IsWhole(Received(parts))) << name;
  }
}

TEST(SlicesTest, WhatNoDossierHoldsIsRefusedBeforeItIsOffered) {
  jv1::CaseFile file = Given("holder", "ACCEPTED");
  for (int i = 0; i < 900; ++i) file.add_precautions(std::string(9'900, 'p'));
  EXPECT_EQ(Then(file, "OfferHandover"), "refused handover.dossier_too_large");
  file.mutable_precautions()->DeleteSubrange(100, 800);
  EXPECT_NE(Then(file, "OfferHandover"), "refused handover.dossier_too_large");
}

TEST(SlicesTest, NobodyFillsAFileWithParts) {
  jv1::CaseFile file = Given("receiver", "ACCEPTED");
  jv1::Handover& handover = *file.mutable_handovers(0);
  while (handover.dossier_size() + 1 < static_cast<int>(kPartsMax)) *handover.add_dossier() = {};
  EXPECT_EQ(Then(file, "<DossierPart"), "ACCEPTED");
  *handover.add_dossier() = {};
  EXPECT_EQ(Then(file, "<DossierPart"), "refused dossier.too_many_parts");
}

}  // namespace
}  // namespace exitbus::casework
