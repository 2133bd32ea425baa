// A threat at night: the person is brought to a safe house in another district before anybody has
// decided who pays, and stays there until he moves for good.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/proto_time.h"
#include "tests/story/checks.h"
#include "tests/story/stay_calls.h"
#include "tests/story/story.h"

namespace exitbus::story {
namespace {

namespace pov1 = pool::v1;
namespace rv1 = relocation::v1;

constexpr char kNyborgCode[] = "0450";  // in Fyn's district
constexpr std::uint64_t kAppliedDkk = 24'000;

plv1::PlaceTemporarilyRequest SafeHouse(const std::string& security_id, absl::Time now) {
  plv1::PlaceTemporarilyRequest where;
  where.set_security_id(security_id);
  where.set_municipality(kNyborgCode);
  where.set_address("Opdigtet Krisebolig 4");
  where.set_kind(cv1::STAY_PLACE_KIND_SAFE_HOUSE);
  *where.mutable_until() = exchange::ToProto(now + absl::Hours(20 * 24));
  where.set_payer(cv1::STAY_PAYER_POLICE);
  where.set_applied_dkk(kAppliedDkk);
  return where;
}

bool IsPlaced(const cv1::Case& seen) {
  const auto& stays = seen.temporary_relocations();
  return !stays.empty() && stays.rbegin()->stage() == cv1::STAY_STAGE_PLACED;
}

bool SaysNot(const google::protobuf::Message& view, const std::vector<std::string>& texts) {
  const std::string bytes = view.SerializeAsString();
  return std::none_of(texts.begin(), texts.end(), [&](const std::string& text) {
    return !text.empty() && absl::StrContains(bytes, text);
  });
}

}  // namespace

absl::Status Story::AwayTonight(Actor* holder) {
  Actor* const police = in_charge_.police;
  RETURN_IF_ERROR(AskForAPlace(*holder, case_id_).status());
  say_->Did(Nick(holder), "asks the police to bring the person somewhere else, tonight",
            holder->took());
  ASSIGN_OR_RETURN(const auto asked, AwaitStay(*police, in_charge_.file, holder->sent(),
                                               "it is asked for", [](const plv1::Stay& seen) {
                                                 return seen.stage() == cv1::STAY_STAGE_REQUESTED;
                                               }));
  say_->Hop(Nick(holder), Nick(police), "TemporaryRelocationRequested", asked.took);
  ASSIGN_OR_RETURN(const absl::Time now, deployment_->Today());
  ASSIGN_OR_RETURN(stay_, PlaceTemporarily(*police, SafeHouse(in_charge_.file, now)));
  say_->Did(Nick(police), "places him in a safe house in Fyn; who pays is decided later",
            police->took());
  return HearWhereHeIs(holder, police->sent());
}

// Each hears what is for him: the unit there who comes and where to, the authority in charge the
// municipality, the desk what it may cost.
absl::Status Story::HearWhereHeIs(Actor* holder, absl::Time since) {
  Actor* const police = in_charge_.police;
  ASSIGN_OR_RETURN(const auto there, AwaitHosted(*fyn_, since));
  hosted_ = there.view.stay_id();
  say_->Hop(Nick(police), Nick(fyn_.get()), "StayPlaced, police to police", there.took);
  say_->Sees(Nick(fyn_.get()), ShownIn(there.view));
  RETURN_IF_ERROR(Check(hosted_ == stay_.hosted_id() && there.view.address() == stay_.address() &&
                            there.view.has_assessment() &&
                            SaysNot(there.view, {case_id_, stay_.stay_id(), in_charge_.file}),
                        "it knows who comes, and no case", there.view));
  ASSIGN_OR_RETURN(const auto desk,
                   AwaitApplication(*desk_, stay_.applications(0).application_id(), since));
  say_->Hop(Nick(police), "desk", "PoolApplicationSubmitted, without a place", desk.took);
  say_->Sees("desk", ShownIn(desk.view));
  say_->SeesNot("desk", {"name", "CPR number", "municipality", "address", "the case's id"});
  RETURN_IF_ERROR(Check(SaysNot(desk.view, {case_id_, person_.name(), person_.cpr_number(),
                                            stay_.address(), kNyborgCode}),
                        "the desk learns no place and nobody", desk.view));
  ASSIGN_OR_RETURN(const auto told, holder->AwaitCase(case_id_, since, "he is placed", &IsPlaced));
  say_->Hop(Nick(police), Nick(holder), "TemporaryRelocationTold", told.took);
  say_->Sees(Nick(holder), ShownIn(*told.view.temporary_relocations().rbegin()));
  return Check(SaysNot(told.view, {stay_.address()}), "the address stays with the police",
               told.view);
}

absl::Status Story::BeKeptSafe() {
  Actor* const police = in_charge_.police;
  RETURN_IF_ERROR(AnswerHosted(*fyn_, hosted_, rv1::PLACE_SAFETY_CLEAR).status());
  say_->Did(Nick(fyn_.get()), "has read it; he is safe there", fyn_->took());
  ASSIGN_OR_RETURN(const auto read, AwaitStay(*police, in_charge_.file, fyn_->sent(), "it is read",
                                              [](const plv1::Stay& seen) {
                                                return seen.answer() == rv1::PLACE_SAFETY_CLEAR;
                                              }));
  say_->Hop(Nick(fyn_.get()), Nick(police), "StayAnswered", read.took);
  RETURN_IF_ERROR(GrantAndPay(*desk_, stay_.applications(0).application_id(), kAppliedDkk));
  say_->Did("desk", "grants it and pays, within hours", desk_->took());
  ASSIGN_OR_RETURN(
      const auto paid,
      AwaitStay(*police, in_charge_.file, desk_->sent(), "it is paid", [](const plv1::Stay& seen) {
        return seen.applications(0).stage() == pov1::POOL_STAGE_PAID;
      }));
  say_->Hop("desk", Nick(police), "PoolApplicationDecided, PoolGrantPaid", paid.took);
  stay_ = paid.view;
  return absl::OkStatus();
}

// He has moved for good: who placed him ends it, and the unit there keeps nothing.
absl::Status Story::LeaveTheShelter() {
  Actor* const police = in_charge_.police;
  RETURN_IF_ERROR(EndStay(*police, stay_.stay_id(), cv1::STAY_END_PERMANENT).status());
  say_->Did(Nick(police), "ends the stay: he has moved for good", police->took());
  ASSIGN_OR_RETURN(const auto erased,
                   AwaitStay(*police, in_charge_.file, police->sent(), "it is erased there",
                             [](const plv1::Stay& seen) { return seen.host_erased(); }));
  say_->Hop(Nick(police), Nick(fyn_.get()), "StayEnded, and back that all is erased", erased.took);
  ASSIGN_OR_RETURN(const plv1::HostedStay left, GetHosted(*fyn_, hosted_));
  RETURN_IF_ERROR(Check(!left.has_person() && left.address().empty() && !left.has_assessment(),
                        "nobody is named there any more", left));
  return AccountForStay(*police, stay_, kAppliedDkk - 1'500).status();
}

}  // namespace exitbus::story
