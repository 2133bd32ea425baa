#include "tests/simulation/places_world.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"

namespace exitbus::simulation {
namespace {

namespace lv1 = relocation::v1;

// The newest that is not over; null: none.
template <class All, class IsOver>
auto Newest(const All& all, IsOver is_over) -> const typename All::value_type* {
  const typename All::value_type* newest = nullptr;
  for (const auto& one : all) {
    const bool newer = newest == nullptr || one.asked().seconds() >= newest->asked().seconds();
    if (!is_over(one) && newer) newest = &one;
  }
  return newest;
}

}  // namespace

void LeaveInTheMorning(const std::vector<Node*>& nodes) {
  for (Node* node : nodes) {
    node->environment().settings.blind_letters_daily = true;
    node->Crash();
    node->Start();
  }
}

PlacesWorld::PlacesWorld(std::uint64_t seed, bool daily) : RelocationWorld(seed) {
  if (daily) LeaveInTheMorning(All());
  id = Nominate().value_or("");
  EXPECT_TRUE(world.Settle());
  EXPECT_TRUE(Assess(id, lv1::ASSESSMENT_OUTCOME_NECESSARY).ok());
  EXPECT_TRUE(world.Settle());
}

absl::Status PlacesWorld::State(const std::vector<std::string>& unsafe) {
  lv1::StatePlacesRequest request;
  request.set_relocation_id(id);
  request.set_etag(At(vestegnen, id).etag());
  request.mutable_statement()->add_groups(7);
  for (const std::string& area : unsafe) {
    lv1::ExcludedArea& excluded = *request.mutable_statement()->add_excluded();
    excluded.set_area(area);
    excluded.set_reason(lv1::EXCLUSION_REASON_UNSAFE);
  }
  return Insist<lv1::StatePlacesResponse>(vestegnen, "RelocationSafetyService.StatePlaces", request)
      .status();
}

absl::Status PlacesWorld::AnswerPlace(const std::string& municipality, lv1::PlaceSafety safety) {
  lv1::AnswerPlaceRequest request;
  request.set_relocation_id(id);
  request.set_municipality(municipality);
  request.set_safety(safety);
  return Insist<lv1::AnswerPlaceResponse>(vestegnen, "RelocationSafetyService.AnswerPlace", request)
      .status();
}

absl::Status PlacesWorld::AskPlaces(const std::vector<std::string>& municipalities) {
  lv1::AskPlacesRequest request;
  request.set_relocation_id(id);
  request.mutable_municipalities()->Assign(municipalities.begin(), municipalities.end());
  return Insist<lv1::AskPlacesResponse>(desk, "RelocationPlaceService.AskPlaces", request).status();
}

absl::Status PlacesWorld::Inquire(const std::string& municipality) {
  lv1::InquireRelocationRequest request;
  request.set_relocation_id(id);
  request.set_municipality(municipality);
  return Insist<lv1::InquireRelocationResponse>(desk, "RelocationPlaceService.InquireRelocation",
                                                request)
      .status();
}

absl::Status PlacesWorld::EndInquiry(const std::string& municipality) {
  lv1::EndRelocationInquiryRequest request;
  request.set_relocation_id(id);
  request.set_municipality(municipality);
  return Insist<lv1::EndRelocationInquiryResponse>(
             desk, "RelocationPlaceService.EndRelocationInquiry", request)
      .status();
}

absl::Status PlacesWorld::AnswerConflict(lv1::PlaceSafety safety) {
  const auto all = ConflictsAt(fyn);
  const auto* const asked = Newest(all, [](const auto& one) { return one.has_ended(); });
  if (asked == nullptr) return absl::NotFoundError("nothing was asked");
  lv1::AnswerConflictInquiryRequest request;
  request.set_conflict_id(asked->conflict_id());
  request.set_safety(safety);
  return Insist<lv1::AnswerConflictInquiryResponse>(
             fyn, "ConflictInquiryService.AnswerConflictInquiry", request)
      .status();
}

absl::Status PlacesWorld::Answer(Node& municipality, lv1::AnswerRelocationInquiryRequest request) {
  const auto all = InquiriesAt(municipality);
  const auto* const asked =
      Newest(all, [](const auto& one) { return one.stage() == lv1::INQUIRY_STAGE_ENDED; });
  if (asked == nullptr) return absl::NotFoundError("nothing was asked");
  request.set_inquiry_id(asked->inquiry_id());
  return Insist<lv1::AnswerRelocationInquiryResponse>(
             municipality, "RelocationInquiryService.AnswerRelocationInquiry", request)
      .status();
}

absl::Status PlacesWorld::GiveRoom(Node& municipality) {
  lv1::AnswerRelocationInquiryRequest request;
  request.mutable_capacity()->set_households(1);
  *request.mutable_capacity()->mutable_from() =
      exchange::ToProto(world.domain_clock.Now() + absl::Hours(24 * 7));
  return Answer(municipality, request);
}

absl::Status PlacesWorld::Decline(Node& municipality) {
  lv1::AnswerRelocationInquiryRequest request;
  request.set_declined(lv1::DECLINE_CODE_NO_CAPACITY);
  return Answer(municipality, request);
}

std::vector<lv1::AskedConflict> PlacesWorld::ConflictsAt(Node& unit) {
  const auto answer = Insist<lv1::ListAskedConflictsResponse>(
      unit, "ConflictInquiryService.ListAskedConflicts", lv1::ListAskedConflictsRequest());
  if (!answer.ok()) return {};
  return {answer->conflicts().begin(), answer->conflicts().end()};
}

std::vector<lv1::MunicipalityInquiry> PlacesWorld::InquiriesAt(Node& municipality) {
  const auto answer = Insist<lv1::ListMunicipalityInquiriesResponse>(
      municipality, "RelocationInquiryService.ListMunicipalityInquiries",
      lv1::ListMunicipalityInquiriesRequest());
  if (!answer.ok()) return {};
  return {answer->inquiries().begin(), answer->inquiries().end()};
}

lv1::RelocationPlace PlacesWorld::PlaceAt(Node& node, const std::string& municipality) {
  const lv1::Relocation seen = At(node, id);
  for (const lv1::RelocationPlace& place : seen.places()) {
    if (place.municipality() == municipality) return place;
  }
  return {};
}

void PlacesWorld::Sleep(absl::Duration time) {
  world.clock.Advance(time);
  world.Pass(absl::Minutes(3));
}

void PlacesWorld::PassNights(int nights) {
  for (int i = 0; i < nights; ++i) {
    Sleep(exchange::NextMorning(world.clock.Now()) - world.clock.Now());
  }
}

void PlacesWorld::ClearOdense() {
  EXPECT_TRUE(State().ok());
  EXPECT_TRUE(AskPlaces({kOdenseCode}).ok());
  PassNights(fyn.environment().settings.blind_letters_daily ? 1 : 0);
  EXPECT_TRUE(world.Settle());
  EXPECT_TRUE(AnswerConflict(lv1::PLACE_SAFETY_CLEAR).ok());
  EXPECT_TRUE(world.Settle());
}

void PlacesWorld::AskOdense() {
  ClearOdense();
  EXPECT_TRUE(Inquire(kOdenseCode).ok());
  PassNights(odense.environment().settings.blind_letters_daily ? 1 : 0);
  EXPECT_TRUE(world.Settle());
}

}  // namespace exitbus::simulation
