#include <ostream>

#include "adapters/directory/files.h"
#include "adapters/sqlite/sqlite_store.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/realign.h"
#include "services/exchange/transaction.h"
#include "services/policy/readers.h"
#include "tools/exitctl/handlers.h"
#include "tools/exitctl/orders.h"

namespace exitbus::exitctl {

namespace rv1 = recovery::v1;

absl::StatusOr<int> ListStopped(const Invocation& on) {
  const Terminal terminal = on.terminal;
  ASSIGN_OR_RETURN(auto store,
                   adapters::OpenSqliteSnapshot(adapters::JournalIn(on.said["--data-folder"])));
  exchange::Transaction transaction(store.get());
  const auto stopped = exchange::AllStopped(transaction);
  if (!transaction.status().ok()) return transaction.status();
  for (const auto& one : stopped) {
    terminal.out << (one.sent ? "to   " : "from ") << one.id.peer << "  "
                 << policy::ChannelName(static_cast<policy::v1::Channel>(one.id.channel)) << "  "
                 << one.id.subject << "\n";
  }
  terminal.out << (stopped.empty() ? "none has stopped\n" : "");
  return kDone;
}

absl::StatusOr<int> TraceLetter(const Invocation& on) {
  rv1::Order order = OrderSaid(on.said);
  order.set_trace(on.said["HOP-ID-OR-CODE"]);
  return GiveAndTell(order, on);
}

absl::StatusOr<int> ProposeSettlement(const Invocation& on) {
  rv1::Order order = OrderSaid(on.said);
  rv1::Propose& wish = *order.mutable_propose();
  const policy::v1::Channel channel = ChannelNamed(on.said["--channel"]);
  if (channel == policy::v1::CHANNEL_UNSPECIFIED) {
    return Misused("there is no such channel; `list` names it", on);
  }
  wish.set_peer(on.said["--peer"]);
  wish.set_channel(channel);
  wish.set_subject(on.said["--subject"]);
  wish.set_end_handover(on.said.Has("--end-handover"));
  return GiveAndTell(order, on);
}

absl::StatusOr<int> AgreeToSettlement(const Invocation& on) {
  ASSIGN_OR_RETURN(const auto proposal, adapters::ReadFile(on.said["FILE"]));
  rv1::Order order = OrderSaid(on.said);
  order.set_agree(proposal);
  return GiveAndTell(order, on);
}

absl::StatusOr<int> FinishSettlement(const Invocation& on) {
  ASSIGN_OR_RETURN(const auto answer, adapters::ReadFile(on.said["ANSWER"]));
  rv1::Order order = OrderSaid(on.said);
  order.set_finish(answer);
  return GiveAndTell(order, on);
}

}  // namespace exitbus::exitctl
