// Where the people of the country may move: safe, with room, and wanted.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "exitbus/relocation/v1/conflict_service.pb.h"
#include "exitbus/relocation/v1/decision_service.pb.h"
#include "exitbus/relocation/v1/inquiry_service.pb.h"
#include "services/exchange/proto_time.h"
#include "tests/simulation/country.h"

namespace exitbus::simulation {
namespace {

namespace lv1 = relocation::v1;

constexpr char kRelocation[] = "exitbus.relocation.v1.Relocation";
constexpr int kPlacesAsked = 3;
constexpr int kSearchesMax = 4;

}  // namespace

// Of those that nobody has ruled out yet, or nobody knows how it is with them.
void Country::Search(Mover& mover) {
  Node& unit = UnitOf(mover.from);
  if (mover.searches++ == 0) {
    lv1::StatePlacesRequest state;
    state.set_relocation_id(mover.relocation);
    state.set_etag(At(unit, mover.relocation).etag());
    state.mutable_statement()->add_groups(static_cast<std::uint32_t>(1 + random_() % 40));
    EXPECT_TRUE(Ask<lv1::StatePlacesResponse>(
                    unit, absl::StrCat(kRelocation, "SafetyService.StatePlaces"), state)
                    .ok());
  }
  std::set<std::string> asked;
  while (asked.size() < kPlacesAsked) {
    const std::string& code = all_.codes()[random_() % all_.codes().size()];
    if (code != mover.from) asked.insert(code);
  }
  lv1::AskPlacesRequest request;
  request.set_relocation_id(mover.relocation);
  request.mutable_municipalities()->Assign(asked.begin(), asked.end());
  (void)Ask<lv1::AskPlacesResponse>(desk_, absl::StrCat(kRelocation, "PlaceService.AskPlaces"),
                                    request);
}

void Country::FindPlace(Mover& mover, const Relocation& seen) {
  const bool one_is_asked =
      std::any_of(seen.places().begin(), seen.places().end(), [](const Place& place) {
        return place.inquiry() == lv1::INQUIRY_STAGE_ASKED ||
               place.inquiry() == lv1::INQUIRY_STAGE_CAPACITY;
      });
  bool goes_on = false;
  for (const Place& place : seen.places()) {
    goes_on |= Consider(mover, place, one_is_asked);
  }
  if (goes_on) return;
  if (mover.searches < kSearchesMax && !Chance(3)) return Search(mover);
  lv1::WithdrawRelocationRequest request;
  request.set_relocation_id(mover.relocation);
  request.set_reason(lv1::RELOCATION_WITHDRAWAL_REASON_NO_LONGER_NEEDED);
  (void)Ask<lv1::WithdrawRelocationResponse>(
      UnitOf(mover.from), absl::StrCat(kRelocation, "WithdrawalService.WithdrawRelocation"),
      request);
}

bool Country::Consider(const Mover& mover, const Place& place, bool another_is_asked) {
  if (place.safety() == lv1::PLACE_SAFETY_ASKED) {
    AnswerConflict(place);
    return true;
  }
  if (place.safety() == lv1::PLACE_SAFETY_UNKNOWN) {
    lv1::AnswerPlaceRequest request;
    request.set_relocation_id(mover.relocation);
    request.set_municipality(place.municipality());
    request.set_safety(lv1::PLACE_SAFETY_CLEAR);
    (void)Ask<lv1::AnswerPlaceResponse>(
        UnitOf(mover.from), absl::StrCat(kRelocation, "SafetyService.AnswerPlace"), request);
    return true;
  }
  return place.safety() == lv1::PLACE_SAFETY_CLEAR && ConsiderRoom(mover, place, another_is_asked);
}

bool Country::ConsiderRoom(const Mover& mover, const Place& place, bool another_is_asked) {
  switch (place.inquiry()) {
    case lv1::INQUIRY_STAGE_UNSPECIFIED: {
      if (another_is_asked) return true;
      lv1::InquireRelocationRequest request;
      request.set_relocation_id(mover.relocation);
      request.set_municipality(place.municipality());
      return Ask<lv1::InquireRelocationResponse>(
                 desk_, absl::StrCat(kRelocation, "PlaceService.InquireRelocation"), request)
          .ok();
    }
    case lv1::INQUIRY_STAGE_ASKED:
    case lv1::INQUIRY_STAGE_STALE:
      AnswerInquiry(place);
      return true;
    case lv1::INQUIRY_STAGE_NO_ANSWER:
      EndInquiry(mover, place);
      return true;
    case lv1::INQUIRY_STAGE_CAPACITY:
      return ConsiderWish(mover, place);
    default:
      return false;
  }
}

void Country::EndInquiry(const Mover& mover, const Place& place) {
  lv1::EndRelocationInquiryRequest request;
  request.set_relocation_id(mover.relocation);
  request.set_municipality(place.municipality());
  (void)Ask<lv1::EndRelocationInquiryResponse>(
      desk_, absl::StrCat(kRelocation, "PlaceService.EndRelocationInquiry"), request);
}

bool Country::ConsiderWish(const Mover& mover, const Place& place) {
  if (!place.has_hearing() && !place.has_hearing_due()) {
    lv1::HearPlacesRequest request;
    request.set_relocation_id(mover.relocation);
    request.add_municipalities(place.municipality());
    (void)Ask<lv1::HearPlacesResponse>(
        desk_, absl::StrCat(kRelocation, "DecisionService.HearPlaces"), request);
    return true;
  }
  if (!place.has_hearing()) {
    lv1::RecordHearingRequest request;
    request.set_relocation_id(mover.relocation);
    request.set_municipality(place.municipality());
    request.mutable_hearing()->set_citizen(Chance(90) ? lv1::CITIZEN_ANSWER_YES
                                                      : lv1::CITIZEN_ANSWER_NO);
    request.mutable_hearing()->set_holder_view(lv1::HOLDER_VIEW_FOR);
    (void)Ask<lv1::RecordHearingResponse>(Municipality(mover.from),
                                          absl::StrCat(kRelocation, "HearingService.RecordHearing"),
                                          request);
    return true;
  }
  if (place.hearing().citizen() != lv1::CITIZEN_ANSWER_YES) {
    EndInquiry(mover, place);
    return false;
  }
  lv1::DecideRelocationRequest request;
  request.set_relocation_id(mover.relocation);
  request.set_municipality(place.municipality());
  request.add_reasons(lv1::PLACEMENT_REASON_RANKED_FIRST);
  (void)Ask<lv1::DecideRelocationResponse>(
      desk_, absl::StrCat(kRelocation, "DecisionService.DecideRelocation"), request);
  return true;
}

void Country::AnswerConflict(const Place& place) {
  Node& unit = UnitOf(place.municipality());
  lv1::ListAskedConflictsRequest open;
  open.set_open_only(true);
  open.set_page_size(200);
  const auto asked = Ask<lv1::ListAskedConflictsResponse>(
      unit, "exitbus.relocation.v1.ConflictInquiryService.ListAskedConflicts", open);
  if (!asked.ok()) return;
  for (const lv1::AskedConflict& one : asked->conflicts()) {
    if (one.answer() != lv1::PLACE_SAFETY_ASKED) continue;
    lv1::AnswerConflictInquiryRequest request;
    request.set_conflict_id(one.conflict_id());
    request.set_safety(Chance(80)   ? lv1::PLACE_SAFETY_CLEAR
                       : Chance(70) ? lv1::PLACE_SAFETY_NOT_POSSIBLE
                                    : lv1::PLACE_SAFETY_UNKNOWN);
    (void)Ask<lv1::AnswerConflictInquiryResponse>(
        unit, "exitbus.relocation.v1.ConflictInquiryService.AnswerConflictInquiry", request);
  }
}

// Some have room, some have none, and some do not answer.
void Country::AnswerInquiry(const Place& place) {
  if (Chance(10)) return;
  Node& municipality = Municipality(place.municipality());
  lv1::ListMunicipalityInquiriesRequest open;
  open.set_open_only(true);
  open.set_page_size(200);
  const auto asked = Ask<lv1::ListMunicipalityInquiriesResponse>(
      municipality, absl::StrCat(kRelocation, "InquiryService.ListMunicipalityInquiries"), open);
  if (!asked.ok()) return;
  for (const lv1::MunicipalityInquiry& one : asked->inquiries()) {
    lv1::AnswerRelocationInquiryRequest request;
    request.set_inquiry_id(one.inquiry_id());
    if (Chance(75)) {
      request.mutable_capacity()->set_households(1);
      *request.mutable_capacity()->mutable_from() =
          exchange::ToProto(world.domain_clock.Now() + absl::Hours(24 * 7));
    } else {
      request.set_declined(lv1::DECLINE_CODE_NO_CAPACITY);
    }
    (void)Ask<lv1::AnswerRelocationInquiryResponse>(
        municipality, absl::StrCat(kRelocation, "InquiryService.AnswerRelocationInquiry"), request);
  }
}

}  // namespace exitbus::simulation
