#include "services/exchange/commands.h"

#include <google/protobuf/message.h>

#include <utility>

#include "services/exchange/admission.h"
#include "services/exchange/confirmation.h"
#include "services/exchange/environment.h"
#include "services/exchange/not_now.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/refused_calls.h"
#include "services/exchange/standstills.h"
#include "services/exchange/unit_of_work.h"

namespace exitbus::exchange {
namespace {

Answer Unavailable(const absl::Status& why) {
  if (absl::IsResourceExhausted(why)) return {nullptr, DiskFull()};
  return {nullptr, RefusedBy("service.store_unavailable",
                             "Nothing was changed. Repeat with the same request_id.",
                             absl::StatusCode::kUnavailable)};
}

}  // namespace

struct Commands::Batch {
  UnitOfWork work;
  std::vector<Call> calls = {};
  std::vector<Answer> answers = {};
};

Commands::Commands(const Environment* environment, const Service* service,
                   const ChangeIndex* changes, RefusedCalls* refused,
                   std::function<void(PostCommitActions)> perform)
    : environment_(environment),
      changes_(changes),
      refused_(refused),
      perform_(std::move(perform)) {
  for (const Aggregate& aggregate : service->aggregates) {
    for (const Method& method : aggregate.methods) methods_[method.name] = {&aggregate, &method};
  }
}

void Commands::Handle(Call call) {
  call.request->DiscardUnknownFields();  // of a newer contract: nobody here has judged them
  const auto self = environment_->directory->Find(environment_->self);
  if (auto refusal = refused_->TurnAway(call.caller)) {
    return call.done({nullptr, *std::move(refusal)});
  }
  if (auto refusal = RefuseAdmission(call, self.get(), environment_->settings.laws)) {
    refused_->Note(call.method, call.caller, *refusal);
    return call.done({nullptr, *std::move(refusal)});
  }
  const std::lock_guard<std::mutex> lock(queue_mutex_);
  if (queue_.size() >= environment_->settings.queue_length_max) {
    return call.done({nullptr, RefusedBy("service.queue_full", "Repeat in a moment.",
                                         absl::StatusCode::kResourceExhausted)});
  }
  queue_.Push(std::move(call));
  RunSoon();
}

void Commands::RunSoon() {
  if (queue_.empty() || std::exchange(run_is_posted_, true)) return;
  environment_->executor->Post([this] { Run(); });
}

std::optional<Call> Commands::NextFor(const Batch& batch) {
  const std::size_t rows = batch.work.transaction().rows_touched();
  if (batch.calls.size() >= kBatchMax || rows >= kRowsMax) return std::nullopt;
  const std::lock_guard<std::mutex> lock(queue_mutex_);
  // The first one goes, whatever it costs.
  return queue_.Pop(batch.calls.empty() ? SIZE_MAX : kRowsMax - rows);
}

void Commands::Run() {
  std::vector<Call> calls;
  {
    Batch batch{UnitOfWork(environment_, changes_)};
    while (auto call = NextFor(batch)) {
      const std::size_t rows = batch.work.transaction().rows_touched();
      ExecuteIn(batch, *std::move(call));
      const std::lock_guard<std::mutex> lock(queue_mutex_);
      queue_.Charge(batch.work.transaction().rows_touched() - rows);
    }
    {
      const std::lock_guard<std::mutex> lock(queue_mutex_);
      run_is_posted_ = false;
      RunSoon();
    }
    if (batch.calls.empty() || Finish(batch).ok()) return;
    calls = std::move(batch.calls);
  }
  // One bad item must not take the others with it.
  for (Call& call : calls) {
    Batch alone{UnitOfWork(environment_, changes_)};
    ExecuteIn(alone, std::move(call));
    const absl::Status done = Finish(alone);
    if (!done.ok()) alone.calls.front().done(Unavailable(done));
  }
}

void Commands::ExecuteIn(Batch& batch, Call call) {
  const auto bound = methods_.find(call.method);
  const std::size_t rows_before = batch.work.actions().new_rows.size();
  batch.answers.push_back(bound == methods_.end() ? Answer{nullptr, NotServed()}
                                                  : Execute(batch.work, bound->second, call));
  environment_->confirmation->Mark(batch.answers.back(), batch.work.actions().new_rows,
                                   rows_before);
  environment_->standstills->Mark(batch.answers.back());
  batch.calls.push_back(std::move(call));
}

absl::Status Commands::Finish(Batch& batch) {
  auto& [work, calls, answers] = batch;
  if (absl::Status failed = work.Commit(Durability::kDurable); !failed.ok()) return failed;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (Waits(calls[i], answers[i])) continue;
    if (answers[i].reply == nullptr) {
      refused_->Note(calls[i].method, calls[i].caller, answers[i].refusal);
    }
    calls[i].done(std::move(answers[i]));
  }
  perform_(std::move(work.actions()));
  return absl::OkStatus();
}

bool Commands::Waits(Call& call, const Answer& answer) {
  if (answer.refusal.reason != kNotConfirmed || !environment_->confirmation->MayStillCome() ||
      waiting_.size() >= environment_->settings.queue_length_max) {
    return false;
  }
  waiting_.push_back(std::move(call));
  return true;
}

void Commands::ReleaseWaiting() {
  if (waiting_.empty()) return;
  const std::lock_guard<std::mutex> lock(queue_mutex_);
  queue_.PutBack(std::exchange(waiting_, {}));
  RunSoon();
}

}  // namespace exitbus::exchange
