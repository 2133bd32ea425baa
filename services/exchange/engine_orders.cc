// The engine's part in what operators order.
#include "exitbus/recovery/v1/order.pb.h"
#include "exitbus/recovery_journal/v1/journal.pb.h"
#include "services/exchange/engine.h"
#include "services/exchange/orders.h"
#include "services/exchange/settlement.h"
#include "services/exchange/unit_of_work.h"

namespace exitbus::exchange {

recovery::v1::OrderResult Engine::TakeOrder(const recovery::v1::Order& order) {
  UnitOfWork work(&environment_, &changes_);
  recovery::v1::OrderResult result = Execute(work, service_, confirmation_, order);
  ShowStopped(work, service_);
  if (const absl::Status committed = work.Commit(Durability::kDurable); !committed.ok()) {
    result.Clear();
    result.set_text("store.commit_failed: " + std::string(committed.message()));
    return result;
  }
  Perform(std::move(work.actions()));
  commands_.ReleaseWaiting();
  return result;
}

void Engine::FollowActs() {
  UnitOfWork work(&environment_, &changes_);
  standstills_.Follow(ActsOrdered(work, service_));
}

}  // namespace exitbus::exchange
