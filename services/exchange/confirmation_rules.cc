// What may be done, and what may not yet, by what others have confirmed since this start.
#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/exchange/confirmation.h"
#include "services/exchange/environment.h"
#include "services/exchange/membership.h"
#include "services/exchange/outgoing.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/time.h"

namespace exitbus::exchange {

std::vector<std::string> Confirmation::ahead_of_us() const {
  std::vector<std::string> peers;
  for (const auto& [peer, claim] : behind_) peers.push_back(peer);
  return peers;
}

std::vector<std::string> Confirmation::unheard() const {
  std::vector<std::string> peers;
  for (const auto& entry : environment_->directory->All()) {
    if (entry->id != environment_->self && Counts(entry->id) && !HasAnswered(entry->id)) {
      peers.push_back(entry->id);
    }
  }
  return peers;
}

bool Confirmation::WaitIsOver() const {
  return environment_->wall_clock->Now() - waiting_since_ >=
         environment_->settings.confirm_wait_max;
}

bool Confirmation::HasAnswered(const std::string& peer) const {
  const auto found = asked_.find(peer);
  return found != asked_.end() && found->second.answered;
}

bool Confirmation::Counts(const std::string& peer) const {
  const MembershipStatus status = MembershipStatusOf(*environment_->directory, peer);
  return (status == MembershipStatus::kInService || status == MembershipStatus::kSuspended) &&
         listed_at_start_.contains(peer);
}

bool Confirmation::WitnessConfirmed() const {
  const auto self = environment_->directory->Find(environment_->self);
  if (self == nullptr) return true;
  bool any_counts = false;
  for (const std::string& witness : self->witnesses) {
    if (HasAnswered(witness)) return true;
    any_counts = any_counts || Counts(witness);
  }
  return !any_counts;
}

std::vector<std::string> Confirmation::Missing(const std::vector<std::string>& counterparts) const {
  std::vector<std::string> missing;
  if (!topics_read_) missing.push_back("the broker");
  for (const std::string& peer : counterparts) {
    if (Counts(peer) && !HasAnswered(peer)) missing.push_back(peer);
  }
  if (!WitnessConfirmed()) {
    missing.push_back(absl::StrCat(
        "one of the witnesses ",
        absl::StrJoin(environment_->directory->Find(environment_->self)->witnesses, ", ")));
  }
  return missing;
}

std::optional<Refusal> Confirmation::Refuses(Needs needs,
                                             const std::vector<std::string>& counterparts) const {
  if (needs == Needs::kNothing) return std::nullopt;
  if (behind()) {
    return RefusedBy(
        kBehind,
        absl::StrCat("This service was put back to an earlier state, or begun empty: ",
                     absl::StrJoin(ahead_of_us(), ", "),
                     " hold more of it than it does itself. What it shows may be out of date. "
                     "Precautions and assessments are still taken; all else waits until operators "
                     "have brought it back (exitctl recovery). Phone them, and who is named."));
  }
  if (accepted_) return std::nullopt;
  const std::vector<std::string> missing = needs != Needs::kTopicsRead ? Missing(counterparts)
                                           : topics_read_              ? std::vector<std::string>()
                                                          : std::vector<std::string>{"the broker"};
  if (missing.empty()) return std::nullopt;
  return RefusedBy(
      kNotConfirmed,
      absl::StrCat("Since its start this service has not heard from ", absl::StrJoin(missing, ", "),
                   ", who may know what it does not. Nothing was changed: repeat with the same "
                   "request_id once they answer, or ask your operators to accept this (exitctl "
                   "recovery accept)."),
      absl::StatusCode::kUnavailable);
}

bool Confirmation::MayStillCome() const { return !behind() && !WaitIsOver(); }

std::string_view Confirmation::HoldsBack(const std::string& peer) const {
  if (behind()) return "behind";
  // Under a number that the peer holds already it would be a fork. One that is away answers when it
  // is back, but for what is said to it no longer than others wait.
  if (!accepted_ && Counts(peer) && !HasAnswered(peer) && !WaitIsOver()) return "unconfirmed";
  return "";
}

bool Confirmation::MayMakeCheckpoint() const {
  return !behind() && (accepted_ || WitnessConfirmed());
}

void Confirmation::Mark(Answer& answer, const std::vector<OutboxKey>& new_rows,
                        std::size_t first) const {
  if (!behind()) return;
  answer.notes.emplace_back("exitbus-store", "behind");
  std::set<std::string> unreached;
  for (std::size_t i = first; i < new_rows.size(); ++i)
    unreached.insert(new_rows[i].correspondence.peer);
  if (unreached.empty()) return;
  answer.notes.emplace_back("exitbus-phone", absl::StrJoin(unreached, ","));
}

}  // namespace exitbus::exchange
