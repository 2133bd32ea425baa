// What is asked in the story: of the contact point money of the pool and a relocation, of a
// municipality that it helps somebody.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/pool/v1/pool_service.pb.h"
#include "exitbus/relocation/v1/conflict_service.pb.h"
#include "exitbus/relocation/v1/inquiry_service.pb.h"
#include "exitbus/relocation/v1/relocation_service.pb.h"
#include "services/exchange/working_days.h"
#include "tests/separation/letters_story.h"

namespace exitbus::simulation {
namespace {

namespace ev1 = exchange::v1;
namespace pool = exitbus::pool::v1;
namespace rlv1 = relocation::v1;

constexpr char kOdenseCode[] = "0461";

rlv1::Nomination Complete() {
  rlv1::Nomination nomination;
  nomination.add_security(rlv1::SECURITY_GROUND_ATTACK);
  nomination.add_leaving(rlv1::LEAVING_GROUND_NONE);
  nomination.add_elsewhere(rlv1::ELSEWHERE_GROUND_NONE);
  nomination.set_age_band(rlv1::AGE_BAND_18_TO_24);
  nomination.mutable_profile()->set_household(rlv1::HOUSEHOLD_COUPLE);
  nomination.mutable_profile()->add_efforts(rlv1::EFFORT_NONE);
  nomination.mutable_profile()->set_from_month(202606);
  return nomination;
}

}  // namespace

void LetterStory::Apply() {
  pool::SubmitPoolApplicationRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id_);
  request.set_measure(pool::POOL_MEASURE_TATTOO_REMOVAL);
  request.add_grounds(pool::POOL_GROUND_VISIBLE_AFFILIATION);
  request.set_budget_year(exchange::MonthOf(world.domain_clock.Now()).year());
  request.set_applied_dkk(24000);
  const auto applied = ishoej.Call<pool::SubmitPoolApplicationResponse>(
      "exitbus.pool.v1.PoolService.SubmitPoolApplication", request);
  ASSERT_TRUE(applied.ok()) << applied.status();
  ids_["application"] = applied->application().application_id();
  ASSERT_TRUE(world.Settle());
}

void LetterStory::Nominate() {
  const auto file = OnlyFile(vestegnen);
  ASSERT_TRUE(file.ok()) << file.status();
  rlv1::NominateRelocationRequest request;
  request.set_request_id(world.RequestId());
  request.set_security_id(file->security_id());
  *request.mutable_nomination() = Complete();
  const auto nominated = vestegnen.Call<rlv1::NominateRelocationResponse>(
      "exitbus.relocation.v1.RelocationNominationService.NominateRelocation", request);
  ASSERT_TRUE(nominated.ok()) << nominated.status();
  ids_["relocation"] = nominated->relocation().relocation_id();
  ASSERT_TRUE(world.Settle());
}

void LetterStory::Consider() {
  const auto call = [&]<class Response>(Node& node, const char* method, auto request) {
    request.set_request_id(world.RequestId());
    const auto done = node.Call<Response>(absl::StrCat("exitbus.relocation.v1.", method), request);
    EXPECT_TRUE(done.ok()) << method << ": " << done.status();
    EXPECT_TRUE(world.Settle());
  };
  rlv1::AssessRelocationRequest needed;
  needed.set_relocation_id(ids_["relocation"]);
  needed.set_outcome(rlv1::ASSESSMENT_OUTCOME_NECESSARY);
  needed.add_grounds(rlv1::ASSESSMENT_GROUND_CRITERIA_MET);
  call.operator()<rlv1::AssessRelocationResponse>(
      desk, "RelocationAssessmentService.AssessRelocation", needed);
  rlv1::StatePlacesRequest stated;
  stated.set_relocation_id(ids_["relocation"]);
  stated.mutable_statement()->add_groups(7);
  call.operator()<rlv1::StatePlacesResponse>(vestegnen, "RelocationSafetyService.StatePlaces",
                                             stated);
  rlv1::AskPlacesRequest asked;
  asked.set_relocation_id(ids_["relocation"]);
  asked.add_municipalities(kOdenseCode);
  call.operator()<rlv1::AskPlacesResponse>(desk, "RelocationPlaceService.AskPlaces", asked);
  const auto conflicts = fyn.Call<rlv1::ListAskedConflictsResponse>(
      "exitbus.relocation.v1.ConflictInquiryService.ListAskedConflicts",
      rlv1::ListAskedConflictsRequest());
  ASSERT_TRUE(conflicts.ok() && conflicts->conflicts_size() == 1) << conflicts.status();
  ids_["conflict"] = conflicts->conflicts(0).conflict_id();
  rlv1::AnswerConflictInquiryRequest clear;
  clear.set_conflict_id(ids_["conflict"]);
  clear.set_safety(rlv1::PLACE_SAFETY_CLEAR);
  call.operator()<rlv1::AnswerConflictInquiryResponse>(
      fyn, "ConflictInquiryService.AnswerConflictInquiry", clear);
  rlv1::InquireRelocationRequest inquired;
  inquired.set_relocation_id(ids_["relocation"]);
  inquired.set_municipality(kOdenseCode);
  call.operator()<rlv1::InquireRelocationResponse>(desk, "RelocationPlaceService.InquireRelocation",
                                                   inquired);
  const auto inquiries = odense.Call<rlv1::ListMunicipalityInquiriesResponse>(
      "exitbus.relocation.v1.RelocationInquiryService.ListMunicipalityInquiries",
      rlv1::ListMunicipalityInquiriesRequest());
  ASSERT_TRUE(inquiries.ok() && inquiries->inquiries_size() == 1) << inquiries.status();
  ids_["inquiry"] = inquiries->inquiries(0).inquiry_id();
}

void LetterStory::AddRequests(const Node& reader, const std::string& subject,
                              std::vector<std::pair<std::string, ev1::Body>>& all) {
  const auto add = [&](const char* name) -> ev1::Body& {
    return all.emplace_back(name, ev1::Body()).second;
  };
  auto& referred = *add("CaseReferred").mutable_case_referred()->mutable_referral();
  referred.mutable_person()->set_cpr_number("6101900099");
  referred.mutable_person()->set_name("Canary Name");
  referred.mutable_reach()->set_way(casework::v1::CONTACT_WAY_DIGITAL_POST);
  referred.set_urgency(referral::v1::REFERRAL_URGENCY_URGENT);
  referred.mutable_basis()->mutable_agreed()->set_seconds(1'600'000'000);

  auto& applied = *add("PoolApplicationSubmitted").mutable_pool_application_submitted();
  applied.set_measure(pool::POOL_MEASURE_ACUTE_RELOCATION);
  applied.add_grounds(pool::POOL_GROUND_THREAT);
  applied.set_budget_year(exchange::MonthOf(world.domain_clock.Now()).year());
  applied.set_applied_dkk(1000000);

  auto& proposed = *add("RelocationProposed").mutable_relocation_proposed();
  proposed.set_relocation_id(subject);
  *proposed.mutable_nomination() = Complete();
  for (const std::uint32_t version : {1U, 2U}) {
    auto& nominated = *add(version == 1 ? "RelocationNominated" : "RelocationNominated(again)")
                           .mutable_relocation_nominated();
    nominated.set_relocation_id(version == 1 ? subject : ids_["relocation"]);
    nominated.set_holder(ishoej.id());
    nominated.set_version(version);
    *nominated.mutable_nomination() = Complete();
  }
  auto& assessed = *add("RelocationAssessed").mutable_relocation_assessed();
  assessed.set_relocation_id(ids_["relocation"]);
  assessed.set_outcome(rlv1::ASSESSMENT_OUTCOME_NOT_NECESSARY);
  assessed.add_grounds(rlv1::ASSESSMENT_GROUND_GROUNDS_INSUFFICIENT);
  auto& withdrawn = *add("RelocationWithdrawn").mutable_relocation_withdrawn();
  withdrawn.set_relocation_id(ids_["relocation"]);
  withdrawn.set_reason(rlv1::RELOCATION_WITHDRAWAL_REASON_ERROR);
  AddPlaces(reader, all);
}

void LetterStory::AddPlaces(const Node& reader,
                            std::vector<std::pair<std::string, ev1::Body>>& all) {
  const auto add = [&](const char* name) -> ev1::Body& {
    return all.emplace_back(name, ev1::Body()).second;
  };
  add("RelocationPlacesAsked").mutable_relocation_places_asked()->add_municipalities("0751");
  auto& conflict = *add("ConflictInquiry").mutable_conflict_inquiry();
  conflict.set_municipality(&reader == &fyn ? kOdenseCode : "0165");
  conflict.add_groups(7);
  auto& answered = *add("ConflictAnswered").mutable_conflict_answered();
  answered.set_municipality(kOdenseCode);
  answered.set_safety(rlv1::PLACE_SAFETY_NOT_POSSIBLE);
  *add("RelocationInquiry").mutable_relocation_inquiry()->mutable_profile() = Complete().profile();
  add("RelocationAnswered")
      .mutable_relocation_answered()
      ->set_declined(rlv1::DECLINE_CODE_NO_CAPACITY);
  AddDecision(all);
}

void LetterStory::AddDecision(std::vector<std::pair<std::string, ev1::Body>>& all) {
  const auto add = [&](const char* name) -> ev1::Body& {
    return all.emplace_back(name, ev1::Body()).second;
  };
  auto& hearing = *add("RelocationHearing").mutable_relocation_hearing();
  hearing.add_municipalities(kOdenseCode);
  hearing.set_relocation_id(ids_["relocation"]);
  auto& heard = *add("RelocationHeard").mutable_relocation_heard();
  heard.set_municipality(kOdenseCode);
  heard.set_relocation_id(ids_["relocation"]);
  heard.mutable_hearing()->set_citizen(rlv1::CITIZEN_ANSWER_NO);
  heard.mutable_hearing()->set_holder_view(rlv1::HOLDER_VIEW_AGAINST);
  auto& decided = *add("RelocationDecided").mutable_relocation_decided();
  decided.set_municipality(kOdenseCode);
  decided.set_mode(rlv1::DECISION_MODE_VOLUNTARY_AGREEMENT);
  decided.add_reasons(rlv1::PLACEMENT_REASON_NO_OTHER);
  decided.set_inquiry_id("some-inquiry");
  decided.set_relocation_id(ids_["relocation"]);
  decided.set_number(1);
  auto& revoked = *add("RelocationRevoked").mutable_relocation_revoked();
  revoked.set_number(1);
  revoked.set_end(rlv1::PLACEMENT_END_REVOKED);
  revoked.set_relocation_id(ids_["relocation"]);
  auto& answered = *add("RelocationPlacementAnswered").mutable_relocation_placement_answered();
  answered.set_number(1);
  answered.set_end(rlv1::PLACEMENT_END_HANDOVER_REJECTED);
  answered.set_relocation_id(ids_["relocation"]);
  add("RelocationCompleted").mutable_relocation_completed()->set_number(1);
  auto& raised = *add("DisputeRaised").mutable_dispute_raised()->mutable_dispute();
  raised.set_number(1);
  raised.set_subject(casework::v1::DISPUTE_SUBJECT_HANDLEKOMMUNE);
  raised.set_acting(casework::v1::DISPUTE_PARTY_RECEIVING_MUNICIPALITY);
  raised.mutable_raised()->set_seconds(1);
}

}  // namespace exitbus::simulation
