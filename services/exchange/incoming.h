// Letters in their order: each correspondence is applied number by number along its hash chain,
// what comes early is parked, what comes twice is recognised, and a chain that differs from the one
// held here (a fork, a sender restored from a backup) stops that correspondence and raises an
// alarm.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "services/exchange/decision_context.h"
#include "services/exchange/keys.h"
#include "services/exchange/ports/store.h"

namespace exitbus::exchange::v1 {
class Body;
class Letter;
class Link;
class RefusedLetter;
}  // namespace exitbus::exchange::v1

namespace exitbus::store::v1 {
class CorrespondenceIn;
}

namespace exitbus::exchange {

class UnitOfWork;
class Transaction;
struct Environment;

// What became of a letter whose turn it was.
struct LetterOutcome {
  bool parked = false;
  std::string refused_by;  // the rule; empty: applied
  // Index keys: what a parked letter waits for; by what an applied one's state is found now.
  std::set<std::string> keys;
};

// Decides and appends within the current transaction.
using ApplyLetter = std::function<LetterOutcome(const LetterPlace&, const v1::Body&)>;

class Incoming {
 public:
  // At most this many letters wait in one correspondence; more are left to their sender, who sends
  // again what is not receipted.
  static constexpr std::size_t kParkedMax = 1000;
  // And this much of one peer's, in all of them.
  static constexpr std::uint64_t kParkedBytesMax = 64 << 20;
  // Correspondences that one peer may begin with us in a day.
  static constexpr std::uint64_t kNewSubjectsPerDayMax = 5000;

  // Within a unit of work, which outlives it.
  Incoming(UnitOfWork& work, ApplyLetter apply) : work_(work), apply_(std::move(apply)) {}

  // Takes a verified letter addressed to us; `link` is the letter's.
  void Take(const v1::Link& link, const v1::Letter& letter);

  // After something happened to a subject: what waited for it may go now.
  void Retry(const std::string& subject);
  // After something else than letters changed states: what waited for them, by their index keys,
  // may go now.
  void RetryWaitingFor(std::set<std::string> keys);
  // After a start: all that waits; it may be that of a newer version, which knows what that is.
  void RetryAll();

 private:
  void TakeAtItsPlace(const CorrespondenceId& id, const v1::Link& link, const v1::Letter& letter);
  // Applies what is next after `in`; it waits no more. False: it waits, or the correspondence has
  // stopped.
  bool Advance(const CorrespondenceId& id, store::v1::CorrespondenceIn in, const v1::Link& link,
               const v1::Letter& letter);
  bool IsFork(const CorrespondenceId& id, const store::v1::CorrespondenceIn& in,
              const std::string& link, std::uint64_t number);
  void Stop(const CorrespondenceId& id, std::string_view why);
  // Whether this correspondence may go on or begin: a peer begins a bounded number of them a day.
  bool MayTake(const CorrespondenceId& id);
  // Whether it lies there now, and did not before.
  bool Park(const CorrespondenceId& id, std::uint64_t number, const v1::Letter& letter);
  void WaitFor(const CorrespondenceId& id, const std::set<std::string>& keys, bool is_new);
  // Applies parked letters as long as the next number is there. Whether any was applied.
  bool Drain(const CorrespondenceId& id);
  // The next number. Whether it was there and was applied.
  bool DrainNext(const CorrespondenceId& id);
  // What waits for the same state under another subject, such as the next handover for the end of
  // the last one.
  void RetryWaiting();
  // Of the correspondence that this row says waits.
  void RetryCorrespondence(const std::string& waiting);
  // A row that has no key of its table's.
  void Damaged(Table table, const std::string& key);
  LetterOutcome Open(const CorrespondenceId& id, const v1::Letter& letter, std::uint64_t number,
                     const std::string& commitment);
  void Hop(std::string_view hop, const LetterKey& letter, std::string_view failure);

  UnitOfWork& work_;
  ApplyLetter apply_;
  std::set<std::string> touched_;  // index keys of the states that have changed
};

// What waits for its turn in a correspondence is forgotten; its sender has it still.
void ForgetParked(Transaction& transaction, const CorrespondenceId& id);
// Sets the gauge of what all that waits for its turn occupies.
void MeasureParked(const Environment& environment, Transaction& transaction);
// Of refused letters the last are kept, and told in receipts.
inline constexpr int kRefusedKept = 16;
void KeepLastRefused(google::protobuf::RepeatedPtrField<v1::RefusedLetter>& refused);

}  // namespace exitbus::exchange
