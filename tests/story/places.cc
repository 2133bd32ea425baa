// Where the person could live: the police say where it is safe, police to police, and a
// municipality that is not told for whom that it has room.
#include "absl/strings/str_cat.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/story/checks.h"
#include "tests/story/relocation_calls.h"
#include "tests/story/story.h"

namespace exitbus::story {
namespace {

constexpr char kOutOfQuestion[] = "0101";  // København
constexpr char kOdenseCode[] = "0461";

rlv1::RelocationPlace PlaceIn(const rlv1::Relocation& request, std::string_view municipality) {
  for (const rlv1::RelocationPlace& place : request.places()) {
    if (place.municipality() == municipality) return place;
  }
  return {};
}

bool IsSafety(const rlv1::Relocation& seen, std::string_view municipality,
              rlv1::PlaceSafety safety) {
  return PlaceIn(seen, municipality).safety() == safety;
}

}  // namespace

absl::Status Story::FindSafePlace() {
  Actor* const police = in_charge_.police;
  rlv1::PlaceStatement statement;
  statement.add_groups(7);
  statement.add_excluded()->set_area(kOutOfQuestion);
  statement.mutable_excluded(0)->set_reason(rlv1::EXCLUSION_REASON_UNSAFE);
  RETURN_IF_ERROR(StatePlaces(*police, relocation_, statement).status());
  say_->Did(Nick(police), "states where the person may not live", police->took());
  RETURN_IF_ERROR(AskPlaces(*desk_, relocation_, {kOutOfQuestion, kOdenseCode}).status());
  say_->Did("desk", "asks the police about København and Odense", desk_->took());
  ASSIGN_OR_RETURN(
      const auto out,
      AwaitPlaces(*desk_, relocation_, desk_->sent(), [](const rlv1::Relocation& seen) {
        return IsSafety(seen, kOutOfQuestion, rlv1::PLACE_SAFETY_NOT_POSSIBLE);
      }));
  say_->Hop(Nick(police), "desk", "ConflictAnswered: København is not possible", out.took);
  RETURN_IF_ERROR(
      Check(PlaceIn(out.view, kOutOfQuestion).excluded() == rlv1::EXCLUSION_REASON_UNSPECIFIED &&
                !out.view.has_statement(),
            "the contact point is not told why", out.view));
  ASSIGN_OR_RETURN(const auto asked, AwaitConflict(*fyn_, desk_->sent()));
  say_->Hop(Nick(police), "fyn", "ConflictInquiry, without a name", asked.took);
  say_->Sees("fyn", ShownIn(asked.view));
  RETURN_IF_ERROR(
      AnswerConflict(*fyn_, asked.view.conflict_id(), rlv1::PLACE_SAFETY_CLEAR).status());
  say_->Did("fyn", "knows of no conflict in Odense", fyn_->took());
  ASSIGN_OR_RETURN(const auto clear,
                   AwaitPlaces(*desk_, relocation_, fyn_->sent(), [](const rlv1::Relocation& seen) {
                     return IsSafety(seen, kOdenseCode, rlv1::PLACE_SAFETY_CLEAR);
                   }));
  say_->Hop("fyn", "desk", absl::StrCat("ConflictAnswered, by ", Nick(police)), clear.took);
  return absl::OkStatus();
}

absl::Status Story::AskForRoom() {
  RETURN_IF_ERROR(Inquire(*desk_, relocation_, kOdenseCode).status());
  say_->Did("desk", "asks Odense whether it has room", desk_->took());
  ASSIGN_OR_RETURN(const auto asked,
                   AwaitInquiry(*odense_, desk_->sent(), "", [](const auto& seen) {
                     return seen.stage() == rlv1::INQUIRY_STAGE_ASKED;
                   }));
  inquiry_ = asked.view.inquiry_id();
  say_->Hop("desk", "odense", "RelocationInquiry, not saying for whom", asked.took);
  say_->Sees("odense", ShownIn(asked.view));
  ASSIGN_OR_RETURN(const absl::Time today, deployment_->Today());
  RETURN_IF_ERROR(GiveRoom(*odense_, inquiry_, today + absl::Hours(24)).status());
  say_->Did("odense", "has room, from tomorrow", odense_->took());
  ASSIGN_OR_RETURN(
      const auto heard,
      AwaitPlaces(*desk_, relocation_, odense_->sent(), [](const rlv1::Relocation& seen) {
        return PlaceIn(seen, kOdenseCode).inquiry() == rlv1::INQUIRY_STAGE_CAPACITY;
      }));
  say_->Hop("odense", "desk", "RelocationAnswered", heard.took);
  say_->Sees("desk", ShownIn(PlaceIn(heard.view, kOdenseCode)));
  return absl::OkStatus();
}

absl::Status Story::InquiryIsOver(absl::Time since) {
  ASSIGN_OR_RETURN(const auto over, AwaitInquiry(*odense_, since, inquiry_, [](const auto& seen) {
                     return seen.stage() == rlv1::INQUIRY_STAGE_ENDED;
                   }));
  return Check(!over.view.has_profile(), "what was asked is gone once it has ended", over.view);
}

}  // namespace exitbus::story
