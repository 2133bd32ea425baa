#include "tests/simulation/linking_world.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/exchange/working_days.h"
#include "tests/simulation/places_world.h"

namespace exitbus::simulation {
namespace {

namespace lv1 = relocation::v1;
namespace plv1 = police::v1;

}  // namespace

LinkingWorld::LinkingWorld(int persons, bool daily) {
  for (int i = 0; i < persons; ++i) requests_.push_back(Needed(i));
  if (daily) LeaveInTheMorning(All());
}

void LinkingWorld::Play() {
  for (int day = 0; day < 60 && done_.size() < requests_.size(); ++day) {
    std::vector<std::string> turns = requests_;
    std::shuffle(turns.begin(), turns.end(), chance_);
    for (const std::string& id : turns) Act(id, day);
    Night();
  }
  Night();
  EXPECT_EQ(done_.size(), requests_.size());
}

void LinkingWorld::Act(const std::string& id, int day) {
  const bool first = !asked_.contains(id);
  if (done_.contains(id) || (first ? !Flip(4) : asked_[id] == day || !Flip(2))) return;
  Later();
  if (first) {
    asked_[id] = day;
    return Inquire(id, kAlbertslundCode);
  }
  Decline(InquiryOf(id, kAlbertslundCode));
  world.Pass(absl::Seconds(40));  // the desk hears
  Later();
  Inquire(id, kOdenseCode);
  done_.insert(id);
}

std::map<std::string, std::string> LinkingWorld::Truth() {
  std::map<std::string, std::string> second_of;
  for (const std::string& id : requests_) {
    second_of[InquiryOf(id, kAlbertslundCode)] = InquiryOf(id, kOdenseCode);
  }
  return second_of;
}

bool LinkingWorld::Flip(int of) {
  return std::uniform_int_distribution<int>(0, of - 1)(chance_) == 0;
}

void LinkingWorld::Later() {
  world.Pass(absl::Seconds(std::uniform_int_distribution<int>(5, 120)(chance_)));
}

// Until eight in the morning. What was for the night leaves at six.
void LinkingWorld::Night() {
  const absl::Time six = exchange::NextMorning(world.clock.Now());
  world.clock.AdvanceTo(six);
  world.Pass(absl::Minutes(2));
  world.clock.AdvanceTo(six + absl::Hours(2));
}

template <class Response, class Request>
Response LinkingWorld::Must(Node& node, const std::string& method, Request request) {
  if constexpr (requires { request.set_request_id(""); }) {
    request.set_request_id(world.RequestId());
  }
  const auto answer = node.Call<Response>("exitbus." + method, request);
  EXPECT_TRUE(answer.ok()) << method << ": " << answer.status();
  return answer.value_or(Response());
}

std::string LinkingWorld::Needed(int person) {
  // Not in the order in which they come.
  const int serial = 1 + (person * 7919) % 9973;
  const std::string case_id = EnrolledCase(world, ishoej, absl::StrFormat("610190%04d", serial));
  EXPECT_TRUE(AskPolice(world, ishoej, case_id).ok());
  EXPECT_TRUE(world.Settle());
  const std::string file = NewFile();
  Must<plv1::DeliverAssessmentResponse>(vestegnen, "police.v1.SecurityService.DeliverAssessment",
                                        AssessmentOf(world, file, {"precautions"}));
  std::string id = Nominated(file);
  persons_[id] = {case_id, static_cast<double>(serial), world.clock.Now()};
  EXPECT_TRUE(world.Settle());
  lv1::AssessRelocationRequest assess;
  assess.set_relocation_id(id);
  assess.set_outcome(lv1::ASSESSMENT_OUTCOME_NECESSARY);
  assess.add_grounds(lv1::ASSESSMENT_GROUND_CRITERIA_MET);
  Must<lv1::AssessRelocationResponse>(
      desk, "relocation.v1.RelocationAssessmentService.AssessRelocation", assess);
  Clear(id);
  return id;
}

// All are alike.
std::string LinkingWorld::Nominated(const std::string& security_id) {
  lv1::NominateRelocationRequest request;
  request.set_security_id(security_id);
  lv1::Nomination& nomination = *request.mutable_nomination();
  nomination.add_security(lv1::SECURITY_GROUND_THREAT);
  nomination.add_leaving(lv1::LEAVING_GROUND_NONE);
  nomination.add_elsewhere(lv1::ELSEWHERE_GROUND_NONE);
  nomination.set_age_band(lv1::AGE_BAND_18_TO_24);
  nomination.mutable_profile()->set_household(lv1::HOUSEHOLD_ALONE);
  nomination.mutable_profile()->add_efforts(lv1::EFFORT_NONE);
  nomination.mutable_profile()->set_from_month(202603);
  return Must<lv1::NominateRelocationResponse>(
             vestegnen, "relocation.v1.RelocationNominationService.NominateRelocation", request)
      .relocation()
      .relocation_id();
}

void LinkingWorld::Clear(const std::string& id) {
  lv1::AskPlacesRequest places;
  places.set_relocation_id(id);
  places.add_municipalities(kAlbertslundCode);
  places.add_municipalities(kOdenseCode);
  Must<lv1::AskPlacesResponse>(desk, "relocation.v1.RelocationPlaceService.AskPlaces", places);
  EXPECT_TRUE(world.Settle());
  lv1::StatePlacesRequest state;
  state.set_relocation_id(id);
  state.mutable_statement()->add_groups(7);
  Must<lv1::StatePlacesResponse>(vestegnen, "relocation.v1.RelocationSafetyService.StatePlaces",
                                 state);
  lv1::AnswerPlaceRequest clear;
  clear.set_relocation_id(id);
  clear.set_municipality(kAlbertslundCode);
  clear.set_safety(lv1::PLACE_SAFETY_CLEAR);
  Must<lv1::AnswerPlaceResponse>(vestegnen, "relocation.v1.RelocationSafetyService.AnswerPlace",
                                 clear);
  EXPECT_TRUE(world.Settle());
  KnowOfNoConflict();
  EXPECT_TRUE(world.Settle());
}

std::string LinkingWorld::NewFile() {
  plv1::ListSecurityFilesRequest all;
  all.set_page_size(200);
  const auto listed = Must<plv1::ListSecurityFilesResponse>(
      vestegnen, "police.v1.SecurityService.ListSecurityFiles", all);
  for (const auto& file : listed.files()) {
    if (files_.insert(file.security_id()).second) return file.security_id();
  }
  return "";
}

// Fyn's unit, of what it has been asked and not answered.
void LinkingWorld::KnowOfNoConflict() {
  lv1::ListAskedConflictsRequest all;
  all.set_page_size(200);
  const auto asked = Must<lv1::ListAskedConflictsResponse>(
      fyn, "relocation.v1.ConflictInquiryService.ListAskedConflicts", all);
  for (const lv1::AskedConflict& one : asked.conflicts()) {
    if (one.answer() != lv1::PLACE_SAFETY_ASKED) continue;
    lv1::AnswerConflictInquiryRequest clear;
    clear.set_conflict_id(one.conflict_id());
    clear.set_safety(lv1::PLACE_SAFETY_CLEAR);
    Must<lv1::AnswerConflictInquiryResponse>(
        fyn, "relocation.v1.ConflictInquiryService.AnswerConflictInquiry", clear);
  }
}

void LinkingWorld::Inquire(const std::string& id, const std::string& municipality) {
  lv1::InquireRelocationRequest request;
  request.set_relocation_id(id);
  request.set_municipality(municipality);
  Must<lv1::InquireRelocationResponse>(
      desk, "relocation.v1.RelocationPlaceService.InquireRelocation", request);
}

void LinkingWorld::Decline(const std::string& inquiry_id) {
  lv1::AnswerRelocationInquiryRequest request;
  request.set_inquiry_id(inquiry_id);
  request.set_declined(lv1::DECLINE_CODE_NO_CAPACITY);
  Must<lv1::AnswerRelocationInquiryResponse>(
      albertslund, "relocation.v1.RelocationInquiryService.AnswerRelocationInquiry", request);
  answered_[inquiry_id] = world.clock.Now();
}

std::string LinkingWorld::InquiryOf(const std::string& id, std::string_view municipality) {
  lv1::GetRelocationRequest request;
  request.set_relocation_id(id);
  const auto seen = Must<lv1::GetRelocationResponse>(
      desk, "relocation.v1.RelocationService.GetRelocation", request);
  for (const auto& place : seen.relocation().places()) {
    if (place.municipality() == municipality) return place.inquiry_id();
  }
  return "";
}

}  // namespace exitbus::simulation
