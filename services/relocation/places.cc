#include "services/relocation/places.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"

namespace exitbus::relocation {
namespace {

// In working days.
constexpr int kSafetyDays = 2;
constexpr int kPoliceDays = 5;

jv1::Place* InquiryIn(jv1::Relocation& one, std::string_view inquiry_id) {
  return exchange::FindIn(*one.mutable_places(), [&](const jv1::Place& place) {
    return place.seen().inquiry_id() == inquiry_id;
  });
}

void End(jv1::Place& place) {
  place.mutable_seen()->set_inquiry(v1::INQUIRY_STAGE_ENDED);
  place.mutable_seen()->clear_capacity();
  place.clear_next();
}

}  // namespace

const jv1::Place* FindPlace(const jv1::Relocation& one, std::string_view municipality) {
  return exchange::FindIn(one.places(), [&](const jv1::Place& place) {
    return place.seen().municipality() == municipality;
  });
}

jv1::Place* FindPlace(jv1::Relocation& one, std::string_view municipality) {
  return const_cast<jv1::Place*>(FindPlace(std::as_const(one), municipality));
}

bool IsClear(const jv1::Place& place) { return place.seen().safety() == v1::PLACE_SAFETY_CLEAR; }

bool IsClear(const jv1::Relocation& one, std::string_view municipality) {
  const jv1::Place* const place = FindPlace(one, municipality);
  return place != nullptr && IsClear(*place);
}

std::vector<std::string> Without(const MunicipalityCodes& these,
                                 const std::function<bool(const std::string&)>& is_known) {
  std::vector<std::string> left;
  for (const std::string& municipality : these) {
    if (!is_known(municipality) &&
        std::find(left.begin(), left.end(), municipality) == left.end()) {
      left.push_back(municipality);
    }
  }
  return left;
}

std::vector<std::string> NotConsidered(const jv1::Relocation& one, const MunicipalityCodes& these) {
  return Without(these, [&](const std::string& municipality) {
    return FindPlace(one, municipality) != nullptr;
  });
}

absl::Time SafetyDue(absl::Time now) {
  return exchange::EndOfDay(exchange::AddWorkingDays(now, kSafetyDays));
}

absl::Time PoliceDue(absl::Time now) {
  return exchange::EndOfDay(exchange::AddWorkingDays(now, kPoliceDays));
}

bool IsAnAnswer(v1::PlaceSafety safety) {
  return safety == v1::PLACE_SAFETY_CLEAR || safety == v1::PLACE_SAFETY_NOT_POSSIBLE ||
         safety == v1::PLACE_SAFETY_UNKNOWN;
}

jv1::PlacesAsked AskAbout(std::string_view relocation_id,
                          const std::vector<std::string>& municipalities, std::string_view unit,
                          absl::Time due) {
  jv1::PlacesAsked asked;
  asked.set_relocation_id(std::string(relocation_id));
  asked.mutable_municipalities()->Assign(municipalities.begin(), municipalities.end());
  *asked.mutable_next() = exchange::OwedBy(unit, relocation_id, due);
  return asked;
}

jv1::PlaceAnswered Answer(const jv1::Relocation& one, std::string_view municipality,
                          v1::PlaceSafety safety) {
  jv1::PlaceAnswered answered;
  answered.set_relocation_id(one.seen().relocation_id());
  answered.set_municipality(std::string(municipality));
  answered.set_safety(safety);
  return answered;
}

void Evolve(const jv1::PlacesAsked& asked, jv1::Relocation& one) {
  for (const std::string& municipality : asked.municipalities()) {
    jv1::Place& place = *one.add_places();
    place.mutable_seen()->set_municipality(municipality);
    place.mutable_seen()->set_safety(v1::PLACE_SAFETY_ASKED);
    *place.mutable_next() = asked.next();
  }
}

void Evolve(const jv1::PlacesStated& stated, jv1::Relocation& one) {
  *one.mutable_seen()->mutable_statement() = stated.statement();
}

// Where the municipality is waited for, that goes on: whether the place is safe was said before.
void Evolve(const jv1::PlaceAnswered& answered, jv1::Relocation& one) {
  jv1::Place* const place = FindPlace(one, answered.municipality());
  if (place == nullptr) return;
  v1::RelocationPlace& seen = *place->mutable_seen();
  if (seen.inquiry() != v1::INQUIRY_STAGE_ASKED) place->clear_next();
  if (answered.safety() != v1::PLACE_SAFETY_CLEAR) place->clear_hearing_owed();
  if (answered.has_next()) *place->mutable_next() = answered.next();
  if (!answered.conflict_id().empty() && answered.conflict_id() != seen.conflict_id()) {
    place->set_inquiries(place->inquiries() + 1);
  }
  seen.set_safety(answered.safety());
  seen.set_excluded(answered.excluded());
  seen.set_conflict_id(answered.conflict_id());
  place->set_unit(answered.unit());
}

void Evolve(const jv1::InquiryMade& made, jv1::Relocation& one) {
  jv1::Place* const place = FindPlace(one, made.municipality());
  if (place == nullptr) return;
  v1::RelocationPlace& seen = *place->mutable_seen();
  seen.set_inquiry_id(made.inquiry_id());
  seen.set_inquiry(v1::INQUIRY_STAGE_ASKED);
  seen.clear_capacity();
  seen.clear_declined();
  *place->mutable_next() = made.next();
  place->set_asked(made.next().parties(0).authority());
  place->set_inquiries(place->inquiries() + 1);
}

void Evolve(const jv1::InquiryAnswered& answered, jv1::Relocation& one) {
  jv1::Place* const place = InquiryIn(one, answered.inquiry_id());
  if (place == nullptr) return;
  v1::RelocationPlace& seen = *place->mutable_seen();
  seen.clear_capacity();
  if (answered.has_capacity()) *seen.mutable_capacity() = answered.capacity();
  seen.set_declined(answered.declined());
  seen.set_inquiry(answered.has_capacity() ? v1::INQUIRY_STAGE_CAPACITY
                                           : v1::INQUIRY_STAGE_DECLINED);
  place->clear_next();
}

void Evolve(const jv1::InquiryEnded& ended, jv1::Relocation& one) {
  if (jv1::Place* const place = InquiryIn(one, ended.inquiry_id())) End(*place);
}

void Evolve(const jv1::InquiryStale& stale, jv1::Relocation& one) {
  jv1::Place* const place = InquiryIn(one, stale.inquiry_id());
  if (place != nullptr) place->mutable_seen()->set_inquiry(v1::INQUIRY_STAGE_STALE);
}

void EndAll(jv1::Relocation& one) {
  for (jv1::Place& place : *one.mutable_places()) {
    if (IsOpen(place.seen())) End(place);
    place.clear_next();
    place.clear_hearing_owed();
  }
}

bool IsOpen(const v1::RelocationPlace& place) {
  return place.inquiry() == v1::INQUIRY_STAGE_ASKED ||
         place.inquiry() == v1::INQUIRY_STAGE_CAPACITY;
}

v1::RelocationPlace Shown(const jv1::Place& place) {
  v1::RelocationPlace shown = place.seen();
  if (place.has_hearing_owed()) {
    *shown.mutable_hearing_due() = place.hearing_owed().due();
    shown.set_hearing_overdue(exchange::IsOverdue(place.hearing_owed()));
  }
  if (!place.has_next()) return shown;
  shown.set_waiting_for(place.next().parties(0).authority());
  exchange::ShowDue(place.next(), shown);
  if (shown.overdue() && shown.inquiry() == v1::INQUIRY_STAGE_ASKED) {
    shown.set_inquiry(v1::INQUIRY_STAGE_NO_ANSWER);
  }
  return shown;
}

void AddOwed(const jv1::Relocation& one, std::vector<exchange::NamedObligation>& owed) {
  for (const jv1::Place& place : one.places()) {
    const std::string name =
        absl::StrCat(one.seen().relocation_id(), ":", place.seen().municipality());
    owed.push_back({name, &place.next()});
    owed.push_back({absl::StrCat(name, ":hearing"), &place.hearing_owed()});
  }
}

}  // namespace exitbus::relocation
