#include "tools/exitctl/recovery_commands.h"

#include <ostream>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "adapters/sqlite/sqlite_store.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/confirmation.h"
#include "services/exchange/proto_time.h"
#include "tools/exitctl/orders.h"

namespace exitbus::exitctl {

const char kRecoveryHelp[] =
    "exitctl recovery status --data-folder DIR\n"
    "  whether other authorities hold more of this one than its store does: who, how many "
    "letters,\n"
    "  and when they took the newest of them\n"
    "exitctl recovery accept --data-folder DIR --authority ID --by NAME --reason TEXT\n"
    "  until the next start, changes wait no more for authorities that have not been heard. Order "
    "it\n"
    "  only where you know that the store is the newest there is. It stands in the journal with "
    "your\n"
    "  name. The service must run\n"
    "exitctl recovery follow --data-folder DIR --authority ID --by NAME --reason TEXT\n"
    "  where no newer store is to be had: the store follows what the others hold. Each "
    "correspondence\n"
    "  goes on from there, each case is where the signed statements say, and what is lost is "
    "listed.\n"
    "  Keep the list, and a copy of the folder first\n";

namespace {

namespace rv1 = recovery::v1;

int Status(const CommandLine& line, Terminal terminal) {
  if (!line.Has("--data-folder"))
    return Misused("status wants --data-folder", kRecoveryHelp, terminal);
  auto store = adapters::OpenSqliteSnapshot(*line.Value("--data-folder") + "/journal.sqlite");
  if (!store.ok()) return Fail(store.status(), terminal);
  const auto peers = exchange::PeersAhead(**store);
  if (!peers.ok()) return Fail(peers.status(), terminal);
  for (const auto& [peer, behind] : *peers) {
    terminal.out << peer << " holds " << behind.letters() << " letters or checkpoints that are not "
                 << "here (" << behind.why() << "), the newest of "
                 << (behind.has_newest()
                         ? absl::FormatTime(absl::RFC3339_sec, exchange::FromProto(behind.newest()),
                                            absl::UTCTimeZone())
                         : "an unknown time")
                 << "\n";
  }
  terminal.out << (peers->empty() ? "no authority was heard to hold more than this store\n"
                                  : "this store is behind: it changes nothing until it is brought "
                                    "back\n");
  return peers->empty() ? kDone : kRefused;
}

int Ordered(const CommandLine& line, Terminal terminal, bool follow) {
  auto order = OrderSaid(line);
  if (!order.ok()) return Misused(std::string(order.status().message()), kRecoveryHelp, terminal);
  if (follow) {
    order->mutable_follow_peers();
  } else {
    order->mutable_accept_unheard();
  }
  return GiveAndTell(*order, line, terminal);
}

}  // namespace

int RunRecovery(const CommandLine& line, Terminal terminal) {
  const std::string word = line.words.size() == 2 ? line.words[1] : "";
  const auto with = [&](const std::set<std::string>& known, const auto& run) {
    const absl::Status options = line.CheckOptions(known);
    return options.ok() ? run(line, terminal)
                        : Misused(std::string(options.message()), kRecoveryHelp, terminal);
  };
  if (word == "status") return with({"--data-folder"}, Status);
  if (word == "accept" || word == "follow") {
    return with(
        {"--data-folder", "--authority", "--by", "--reason"},
        [&](const CommandLine& said, Terminal on) { return Ordered(said, on, word == "follow"); });
  }
  return Misused("recovery wants status, accept or follow", kRecoveryHelp, terminal);
}

}  // namespace exitbus::exitctl
