#include <ostream>

#include "absl/time/time.h"
#include "adapters/sqlite/sqlite_store.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/confirmation.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/proto_time.h"
#include "tools/exitctl/handlers.h"
#include "tools/exitctl/orders.h"

namespace exitbus::exitctl {

namespace rv1 = recovery::v1;

absl::StatusOr<int> RecoveryStatus(const Invocation& on) {
  const Terminal terminal = on.terminal;
  ASSIGN_OR_RETURN(auto store,
                   adapters::OpenSqliteSnapshot(adapters::JournalIn(on.said["--data-folder"])));
  ASSIGN_OR_RETURN(const auto peers, exchange::PeersAhead(*store));
  for (const auto& [peer, behind] : peers) {
    terminal.out << peer << " holds " << behind.letters() << " letters or checkpoints that are not "
                 << "here (" << behind.why() << "), the newest of "
                 << (behind.has_newest()
                         ? absl::FormatTime(absl::RFC3339_sec, exchange::FromProto(behind.newest()),
                                            absl::UTCTimeZone())
                         : "an unknown time")
                 << "\n";
  }
  terminal.out << (peers.empty() ? "no authority was heard to hold more than this store\n"
                                 : "this store is behind: it changes nothing until it is brought "
                                   "back\n");
  return peers.empty() ? kDone : kRefused;
}

absl::StatusOr<int> AcceptUnheard(const Invocation& on) {
  rv1::Order order = OrderSaid(on.said);
  order.mutable_accept_unheard();
  return GiveAndTell(order, on);
}

absl::StatusOr<int> FollowPeers(const Invocation& on) {
  rv1::Order order = OrderSaid(on.said);
  order.mutable_follow_peers();
  return GiveAndTell(order, on);
}

}  // namespace exitbus::exitctl
