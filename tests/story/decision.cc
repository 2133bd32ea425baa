// Where the person moves: what he and the authority in charge say, what the desk decides, and that
// the chosen municipality learns who it is before it says its final yes, and nobody else does.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/story/checks.h"
#include "tests/story/relocation_calls.h"
#include "tests/story/story.h"

namespace exitbus::story {
namespace {

constexpr char kOdenseCode[] = "0461";

rlv1::PlaceHearing FamilyThere() {
  rlv1::PlaceHearing hearing;
  hearing.set_citizen(rlv1::CITIZEN_ANSWER_YES);
  hearing.set_holder_view(rlv1::HOLDER_VIEW_FOR);
  rlv1::PlaceScore& score = *hearing.add_scores();
  score.set_criterion(rlv1::PLACE_CRITERION_FAMILY_AND_NETWORK);
  score.set_score(4);
  score.set_reason(rlv1::SCORE_REASON_FAMILY_THERE);
  return hearing;
}

rlv1::MunicipalityBalance OdenseIn(const rlv1::RelocationBalance& balance) {
  for (const auto& one : balance.municipalities()) {
    if (one.municipality() == kOdenseCode) return one;
  }
  return {};
}

bool IsHeard(const rlv1::Relocation& seen) {
  return std::any_of(seen.places().begin(), seen.places().end(), [](const auto& place) {
    return place.municipality() == kOdenseCode && place.has_hearing();
  });
}

}  // namespace

absl::Status Story::HearCitizen(Actor* holder) {
  RETURN_IF_ERROR(CheckRefusal(DecideRelocation(*desk_, relocation_, kOdenseCode).status(),
                               "relocation.no_consent"));
  RETURN_IF_ERROR(HearPlaces(*desk_, relocation_, {kOdenseCode}).status());
  say_->Did("desk", "has Odense put to the citizen", desk_->took());
  ASSIGN_OR_RETURN(const auto asked,
                   AwaitPlaces(*holder, relocation_, desk_->sent(),
                               [](const rlv1::Relocation& seen) { return seen.waits_for_us(); }));
  say_->Hop("desk", Nick(holder), "RelocationHearing, by its police unit", asked.took);
  RETURN_IF_ERROR(RecordHearing(*holder, relocation_, kOdenseCode, FamilyThere()).status());
  say_->Did(Nick(holder), "records the citizen's yes: he has family there", holder->took());
  ASSIGN_OR_RETURN(const auto heard, AwaitPlaces(*desk_, relocation_, holder->sent(), &IsHeard));
  say_->Hop(Nick(holder), "desk", "RelocationHeard", heard.took);
  return absl::OkStatus();
}

absl::Status Story::DecidePlace(Actor* holder) {
  RETURN_IF_ERROR(HearCitizen(holder));
  // In a folder that was kept others have moved there before.
  ASSIGN_OR_RETURN(const rlv1::RelocationBalance before, GetRelocationBalance(*desk_));
  received_before_ = OdenseIn(before).received();
  ASSIGN_OR_RETURN(const rlv1::Ranking ranking, RankPlaces(*desk_, relocation_));
  say_->Sees("desk", ShownIn(ranking));
  RETURN_IF_ERROR(Check(ranking.places_size() == 1 && ranking.places(0).known() == 3,
                        "security, family and even distribution are known, and no more", ranking));
  RETURN_IF_ERROR(DecideRelocation(*desk_, relocation_, kOdenseCode).status());
  say_->Did("desk", "decides for Odense", desk_->took());
  ASSIGN_OR_RETURN(const auto decided, AwaitRelocation(*holder, relocation_, desk_->sent(),
                                                       rlv1::RELOCATION_STAGE_DECIDED));
  say_->Hop("desk", Nick(holder), "RelocationDecided, by its police unit", decided.took);
  return Check(decided.view.placements_size() == 1 &&
                   decided.view.placements(0).inquiry_id() == inquiry_ &&
                   !decided.view.placements(0).has_ranking(),
               "it hears which place, and not what was weighed", decided.view);
}

absl::Status Story::MeetPerson(const Handing& handing) {
  const auto& [holder, receiver, id] = handing;
  ASSIGN_OR_RETURN(const auto known,
                   receiver->AwaitHandover(id, receiver->sent(), "it is told who would come",
                                           [](const hv1::Handover& h) { return h.has_person(); }));
  say_->Hop(Nick(holder), Nick(receiver), "HandoverIdentityReleased, before its final yes",
            known.took);
  return Check(known.view.inquiry_id() == inquiry_ &&
                   known.view.stage() == hv1::HANDOVER_STAGE_TERMS_COORDINATED,
               "it knows by its own inquiry what it is asked about", known.view);
}

absl::Status Story::FinalYes(Actor* receiver) {
  ASSIGN_OR_RETURN(const auto accepted, AwaitRelocation(*desk_, relocation_, receiver->sent(),
                                                        rlv1::RELOCATION_STAGE_ACCEPTED));
  say_->Hop(Nick(receiver), "desk", "RelocationPlacementAnswered, by Ishøj and its police",
            accepted.took);
  return absl::OkStatus();
}

// The move is over for who let the case go and for the desk, which counts it.
absl::Status Story::RelocationIsCompleted(Actor* former, absl::Time since) {
  for (Actor* const at : {former, desk_.get()}) {
    RETURN_IF_ERROR(
        AwaitRelocation(*at, relocation_, since, rlv1::RELOCATION_STAGE_COMPLETED).status());
  }
  ASSIGN_OR_RETURN(const rlv1::RelocationBalance balance, GetRelocationBalance(*desk_));
  say_->Sees("desk", ShownIn(balance));
  const rlv1::MunicipalityBalance odense = OdenseIn(balance);
  return Check(odense.received() == received_before_ + 1 && odense.active() == 0,
               "Odense has received one more", balance);
}

}  // namespace exitbus::story
