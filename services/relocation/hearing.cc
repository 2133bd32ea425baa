#include "services/relocation/hearing.h"

#include <set>

#include "services/exchange/obligation.h"
#include "services/exchange/working_days.h"

namespace exitbus::relocation {
namespace {

using exchange::BadInput;

constexpr int kHearingDays = 5;  // working days
constexpr std::uint32_t kScoreMax = 5;

bool IsTheirs(v1::PlaceCriterion criterion) {
  return criterion == v1::PLACE_CRITERION_FAMILY_AND_NETWORK ||
         criterion == v1::PLACE_CRITERION_WORK_AND_EDUCATION ||
         criterion == v1::PLACE_CRITERION_SOCIAL_EFFORT;
}

// Whether it is a reason of that criterion's, or that nothing is known.
bool IsReasonOf(v1::ScoreReason reason, v1::PlaceCriterion criterion) {
  switch (reason) {
    case v1::SCORE_REASON_NOT_KNOWN:
      return true;
    case v1::SCORE_REASON_FAMILY_THERE:
    case v1::SCORE_REASON_NETWORK_THERE:
    case v1::SCORE_REASON_NOBODY_THERE:
      return criterion == v1::PLACE_CRITERION_FAMILY_AND_NETWORK;
    case v1::SCORE_REASON_WORK_OFFERED:
    case v1::SCORE_REASON_EDUCATION_OFFERED:
    case v1::SCORE_REASON_WORK_LIKELY:
    case v1::SCORE_REASON_WORK_UNLIKELY:
      return criterion == v1::PLACE_CRITERION_WORK_AND_EDUCATION;
    case v1::SCORE_REASON_EFFORT_OFFERED:
    case v1::SCORE_REASON_EFFORT_OFFERED_IN_PART:
    case v1::SCORE_REASON_EFFORT_NOT_OFFERED:
      return criterion == v1::PLACE_CRITERION_SOCIAL_EFFORT;
    default:
      return false;
  }
}

}  // namespace

std::optional<exchange::Refusal> FaultIn(const v1::PlaceScore& score) {
  if (!IsTheirs(score.criterion())) {
    return BadInput("relocation.score_not_theirs",
                    "Score FAMILY_AND_NETWORK, WORK_AND_EDUCATION and SOCIAL_EFFORT. The police "
                    "answer for security, the contact point for even distribution.");
  }
  const bool known = score.reason() != v1::SCORE_REASON_NOT_KNOWN;
  if (known ? score.score() == 0 || score.score() > kScoreMax : score.score() != 0) {
    return BadInput("relocation.score_out_of_range",
                    "Score from 1 to 5. What is not known has no score, or is left out.");
  }
  if (!IsReasonOf(score.reason(), score.criterion())) {
    return BadInput("relocation.reason_of_another_criterion",
                    "Say by one of the criterion's own reasons why it is scored so.");
  }
  return std::nullopt;
}

std::optional<exchange::Refusal> FaultIn(const v1::PlaceHearing& hearing) {
  if (hearing.citizen() == v1::CITIZEN_ANSWER_UNSPECIFIED) {
    return BadInput("relocation.citizen_answer_required",
                    "Say what the citizen answers: YES or NO.");
  }
  if (hearing.holder_view() == v1::HOLDER_VIEW_UNSPECIFIED) {
    return BadInput("relocation.holder_view_required",
                    "Say what the authority in charge thinks of it: FOR, AGAINST or NONE.");
  }
  std::set<int> scored;
  for (const v1::PlaceScore& score : hearing.scores()) {
    if (auto fault = FaultIn(score)) return fault;
    if (!scored.insert(score.criterion()).second) {
      return BadInput("relocation.scored_twice", "Score each criterion once.");
    }
  }
  return std::nullopt;
}

bool IsPut(const jv1::Place& place) {
  return place.has_hearing_owed() || place.seen().has_hearing();
}

std::vector<std::string> NotPut(const jv1::Relocation& one, const MunicipalityCodes& these) {
  return Without(these, [&](const std::string& municipality) {
    const jv1::Place* const place = FindPlace(one, municipality);
    return place != nullptr && IsPut(*place);
  });
}

jv1::HearingAsked Put(const jv1::Relocation& one, const std::vector<std::string>& municipalities,
                      absl::Time now) {
  jv1::HearingAsked asked;
  asked.set_relocation_id(one.seen().relocation_id());
  asked.mutable_municipalities()->Assign(municipalities.begin(), municipalities.end());
  *asked.mutable_next() =
      exchange::OwedBy(one.seen().holder(), one.seen().relocation_id(),
                       exchange::EndOfDay(exchange::AddWorkingDays(now, kHearingDays)));
  return asked;
}

jv1::Heard Hear(const jv1::Relocation& one, std::string_view municipality,
                v1::PlaceHearing hearing) {
  jv1::Heard heard;
  heard.set_relocation_id(one.seen().relocation_id());
  heard.set_municipality(std::string(municipality));
  *heard.mutable_hearing() = std::move(hearing);
  return heard;
}

// The authority in charge meets a place here for the first time.
void Evolve(const jv1::HearingAsked& asked, jv1::Relocation& one) {
  for (const std::string& municipality : asked.municipalities()) {
    jv1::Place* place = FindPlace(one, municipality);
    if (place == nullptr) {
      place = one.add_places();
      place->mutable_seen()->set_municipality(municipality);
    }
    *place->mutable_hearing_owed() = asked.next();
  }
}

void Evolve(const jv1::Heard& heard, jv1::Relocation& one) {
  jv1::Place* const place = FindPlace(one, heard.municipality());
  if (place == nullptr) return;
  *place->mutable_seen()->mutable_hearing() = heard.hearing();
  place->clear_hearing_owed();
}

bool SaysYes(const jv1::Place& place) {
  return place.seen().hearing().citizen() == v1::CITIZEN_ANSWER_YES;
}

}  // namespace exitbus::relocation
