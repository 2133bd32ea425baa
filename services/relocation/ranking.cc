#include "services/relocation/ranking.h"

#include <algorithm>
#include <tuple>

#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/relocation/places.h"

namespace exitbus::relocation {
namespace {

constexpr std::uint32_t kHundredths = 100;

v1::PlaceScore Score(v1::PlaceCriterion criterion, std::uint32_t score, v1::ScoreReason reason,
                     v1::ScoreSource source) {
  v1::PlaceScore scored;
  scored.set_criterion(criterion);
  scored.set_score(score);
  scored.set_reason(reason);
  scored.set_source(source);
  return scored;
}

// What those who were heard say of it; who says nothing knows nothing.
v1::PlaceScore Heard(const v1::PlaceHearing& hearing, v1::PlaceCriterion criterion) {
  const auto* const said = exchange::FindIn(hearing.scores(), [&](const v1::PlaceScore& score) {
    return score.criterion() == criterion;
  });
  return said != nullptr ? *said
                         : Score(criterion, 0, v1::SCORE_REASON_NOT_KNOWN,
                                 v1::SCORE_SOURCE_AUTHORITY_IN_CHARGE);
}

// The more it has, the less it speaks for it: each step is twice as many as the one before.
v1::PlaceScore Distribution(std::uint32_t received) {
  const auto score = [&](std::uint32_t points, v1::ScoreReason reason) {
    return Score(v1::PLACE_CRITERION_EVEN_DISTRIBUTION, points, reason, v1::SCORE_SOURCE_BALANCE);
  };
  if (received == 0) return score(5, v1::SCORE_REASON_RECEIVED_NONE);
  if (received == 1) return score(4, v1::SCORE_REASON_RECEIVED_SOME);
  if (received < 4) return score(3, v1::SCORE_REASON_RECEIVED_SOME);
  if (received < 8) return score(2, v1::SCORE_REASON_RECEIVED_MANY);
  return score(1, v1::SCORE_REASON_RECEIVED_MANY);
}

v1::RankedPlace Ranked(const v1::RelocationPlace& place, std::uint32_t received) {
  v1::RankedPlace ranked;
  ranked.set_municipality(place.municipality());
  ranked.set_received(received);
  *ranked.add_scores() =
      Score(v1::PLACE_CRITERION_SECURITY, 5, v1::SCORE_REASON_FOUND_CLEAR, v1::SCORE_SOURCE_POLICE);
  for (const auto criterion :
       {v1::PLACE_CRITERION_FAMILY_AND_NETWORK, v1::PLACE_CRITERION_WORK_AND_EDUCATION,
        v1::PLACE_CRITERION_SOCIAL_EFFORT}) {
    *ranked.add_scores() = Heard(place.hearing(), criterion);
  }
  *ranked.add_scores() = Distribution(received);
  std::uint32_t sum = 0;
  for (const v1::PlaceScore& score : ranked.scores()) {
    if (score.score() == 0) continue;
    sum += score.score();
    ranked.set_known(ranked.known() + 1);
  }
  ranked.set_mean(kHundredths * sum / ranked.known());
  return ranked;
}

}  // namespace

v1::Ranking Rank(const relocation_journal::v1::Relocation& one,
                 const std::function<std::uint32_t(const std::string& municipality)>& received,
                 absl::Time now) {
  v1::Ranking ranking;
  *ranking.mutable_made() = exchange::ToProto(now);
  for (const auto& place : one.places()) {
    if (!IsClear(place)) continue;
    *ranking.add_places() = Ranked(place.seen(), received(place.seen().municipality()));
  }
  std::sort(ranking.mutable_places()->begin(), ranking.mutable_places()->end(),
            [](const v1::RankedPlace& a, const v1::RankedPlace& b) {
              return std::forward_as_tuple(b.mean(), b.known(), a.municipality()) <
                     std::forward_as_tuple(a.mean(), a.known(), b.municipality());
            });
  return ranking;
}

}  // namespace exitbus::relocation
