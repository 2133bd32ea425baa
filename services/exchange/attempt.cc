#include "services/exchange/attempt.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "services/exchange/unit_of_work.h"

namespace exitbus::exchange {

void PostCommitActions::Add(PostCommitActions&& more) {
  // A member that is not named here does not build.
  auto& [rows, receipted, receipts, streams, peers_followed, stopped, states, answered_for,
         ordered_something, retried_peers, erasing, awaiting, failed, keys, said] = more;
  std::move(rows.begin(), rows.end(), std::back_inserter(new_rows));
  std::move(receipted.begin(), receipted.end(), std::back_inserter(receipted_rows));
  receipts_due.merge(receipts);
  changed_streams.merge(streams);
  followed.merge(peers_followed);
  stopped_changed.merge(stopped);
  changed.merge(states);
  accepted |= answered_for;
  ordered |= ordered_something;
  retried.merge(retried_peers);
  erases |= erasing;
  awaits |= awaiting;
  for (auto& [peer, ids] : failed) failed_records[peer].merge(ids);
  for (auto& [peer, key] : keys) announced_keys[peer] = std::move(key);
  std::move(said.begin(), said.end(), std::back_inserter(learnt));
}

Attempt::Attempt(Transaction& transaction, PostCommitActions* actions)
    : transaction_(transaction),
      actions_(actions),
      writes_before_(transaction.BeginAttempt()),
      unreadable_before_(transaction.unreadable_) {
  if (actions_ != nullptr) before_ = std::exchange(*actions_, {});
}

Attempt::Attempt(UnitOfWork& work) : Attempt(work.transaction(), &work.actions()) {}

Attempt::~Attempt() {
  if (!ended_) End(false);
}

bool Attempt::Keep() {
  const bool keep = transaction_.unreadable_ == unreadable_before_;
  End(keep);
  return keep;
}

void Attempt::End(bool keep) {
  ended_ = true;
  transaction_.EndAttempt(writes_before_, keep);
  transaction_.unreadable_ = unreadable_before_;
  if (actions_ == nullptr) return;
  if (keep) before_.Add(std::move(*actions_));
  *actions_ = std::move(before_);
}

}  // namespace exitbus::exchange
