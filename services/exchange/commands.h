// The calls of the authority's own systems: queued, carried out as many at once as fit into one
// work, answered when that is committed. One that must not be decided before others have confirmed
// where this store stands waits for them a little, instead of being refused.
//
// Thread safety: Handle may be called from any thread; everything else happens on the executor's.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/exchange/call_queue.h"
#include "services/exchange/calls.h"

namespace exitbus::exchange {

class ChangeIndex;
class RefusedCalls;
struct Environment;
struct PostCommitActions;

class Commands {
 public:
  // A batch takes what is there, at most this many; it never waits for more.
  static constexpr std::size_t kBatchMax = 64;
  // It ends once it has touched so many rows of the store, some 20 ms of work, so that others have
  // their turn soon. A longest list is a batch of its own.
  static constexpr std::size_t kRowsMax = 1000;

  // All outlive it. `perform` does what a commit leaves to be done.
  Commands(const Environment* environment, const Service* service, const ChangeIndex* changes,
           RefusedCalls* refused, std::function<void(PostCommitActions)> perform);

  void Handle(Call call);
  // Tries anew what was held.
  void ReleaseWaiting();

 private:
  // Calls that are carried out in one unit of work.
  struct Batch;

  void Run();
  void RunSoon();  // queue_mutex_ held
  // The next call, if there is one and it still fits.
  std::optional<Call> NextFor(const Batch& batch);
  void ExecuteIn(Batch& batch, Call call);
  // Commits, then answers. An error: it could not be committed, and nothing happened.
  absl::Status Finish(Batch& batch);
  // Whether the call waits for what others have to say, instead of being answered so.
  bool Waits(Call& call, const Answer& answer);

  const Environment* environment_;
  const ChangeIndex* changes_;
  RefusedCalls* refused_;
  std::function<void(PostCommitActions)> perform_;
  std::map<std::string, BoundMethod, std::less<>> methods_;
  std::vector<Call> waiting_;

  std::mutex queue_mutex_;
  CallQueue queue_;             // guarded by queue_mutex_
  bool run_is_posted_ = false;  // guarded by queue_mutex_
};

}  // namespace exitbus::exchange
