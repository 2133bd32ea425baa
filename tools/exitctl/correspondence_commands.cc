#include "tools/exitctl/correspondence_commands.h"

#include <functional>
#include <ostream>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "adapters/directory/files.h"
#include "adapters/sqlite/sqlite_store.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/realign.h"
#include "services/exchange/transaction.h"
#include "services/policy/readers.h"
#include "tools/exitctl/orders.h"

namespace exitbus::exitctl {

const char kCorrespondenceHelp[] =
    "exitctl correspondence list --data-folder DIR\n"
    "  those that have stopped: which way, over which exchange, with whom, about which id\n"
    "exitctl correspondence propose --peer ID --exchange NAME --subject ID [--end-handover]\n"
    "                               --out FILE, and what every order says\n"
    "  that it goes on from what each side has taken; with --end-handover (by the holder's side) "
    "that\n"
    "  the handover ends and its holder keeps the case. FILE goes to the other side's operators\n"
    "exitctl correspondence agree FILE --out ANSWER, and what every order says\n"
    "  carries the proposal out here; ANSWER goes back to them\n"
    "exitctl correspondence finish ANSWER, and what every order says\n"
    "  carries it out at who proposed it. Until then nothing has changed there\n"
    "  Every order says: --data-folder DIR --authority ID --by NAME --reason TEXT. It stands in "
    "the\n"
    "  journal. The service must run; the bus is not needed\n";

namespace {

namespace rv1 = recovery::v1;

int List(const CommandLine& line, Terminal terminal) {
  if (!line.Has("--data-folder") || line.words.size() != 2) {
    return Misused("list wants --data-folder", kCorrespondenceHelp, terminal);
  }
  auto store = adapters::OpenSqliteSnapshot(*line.Value("--data-folder") + "/journal.sqlite");
  if (!store.ok()) return Fail(store.status(), terminal);
  exchange::Transaction transaction(store->get());
  const auto stopped = exchange::AllStopped(transaction);
  if (!transaction.status().ok()) return Fail(transaction.status(), terminal);
  for (const auto& one : stopped) {
    terminal.out << (one.sent ? "to   " : "from ") << one.id.peer << "  "
                 << policy::ExchangeName(static_cast<policy::v1::Exchange>(one.id.exchange)) << "  "
                 << one.id.subject << "\n";
  }
  terminal.out << (stopped.empty() ? "none has stopped\n" : "");
  return kDone;
}

int Propose(const CommandLine& line, Terminal terminal) {
  auto order = OrderSaid(line);
  if (!order.ok())
    return Misused(std::string(order.status().message()), kCorrespondenceHelp, terminal);
  if (!line.Has("--peer") || !line.Has("--exchange") || !line.Has("--subject") ||
      !line.Has("--out") || line.words.size() != 2) {
    return Misused("propose wants --peer, --exchange, --subject and --out", kCorrespondenceHelp,
                   terminal);
  }
  rv1::Propose& wish = *order->mutable_propose();
  policy::v1::Exchange exchange{};
  const std::string name = "EXCHANGE_" + absl::AsciiStrToUpper(*line.Value("--exchange"));
  if (!policy::v1::Exchange_Parse(name, &exchange)) {
    return Misused("there is no such exchange; `list` names it", kCorrespondenceHelp, terminal);
  }
  wish.set_peer(*line.Value("--peer"));
  wish.set_exchange(exchange);
  wish.set_subject(*line.Value("--subject"));
  wish.set_end_handover(line.Has("--end-handover"));
  return GiveAndTell(*order, line, terminal);
}

// The order with the other side's file in it.
int Answer(const CommandLine& line, Terminal terminal,
           const std::function<void(rv1::Order&, const std::string&)>& put) {
  auto order = OrderSaid(line);
  if (!order.ok())
    return Misused(std::string(order.status().message()), kCorrespondenceHelp, terminal);
  if (line.words.size() != 3)
    return Misused("it wants the file from the other side", kCorrespondenceHelp, terminal);
  const auto bytes = adapters::ReadFile(line.words[2]);
  if (!bytes.ok()) return Fail(bytes.status(), terminal);
  put(*order, *bytes);
  return GiveAndTell(*order, line, terminal);
}

}  // namespace

int RunCorrespondence(const CommandLine& line, Terminal terminal) {
  const std::string word = line.words.size() > 1 ? line.words[1] : "";
  const auto with = [&](std::set<std::string> known, const auto& run) {
    known.insert("--data-folder");
    if (word != "list") known.insert({"--authority", "--by", "--reason"});
    const absl::Status options = line.CheckOptions(known);
    return options.ok() ? run()
                        : Misused(std::string(options.message()), kCorrespondenceHelp, terminal);
  };
  if (word == "list") return with({}, [&] { return List(line, terminal); });
  if (word == "propose") {
    return with({"--peer", "--exchange", "--subject", "--end-handover", "--out"},
                [&] { return Propose(line, terminal); });
  }
  if (word == "agree") {
    if (!line.Has("--out")) return Misused("agree wants --out", kCorrespondenceHelp, terminal);
    return with({"--out"}, [&] {
      return Answer(line, terminal,
                    [](rv1::Order& order, const std::string& file) { order.set_agree(file); });
    });
  }
  if (word == "finish") {
    return with({}, [&] {
      return Answer(line, terminal,
                    [](rv1::Order& order, const std::string& file) { order.set_finish(file); });
    });
  }
  return Misused("correspondence wants list, propose, agree or finish", kCorrespondenceHelp,
                 terminal);
}

}  // namespace exitbus::exitctl
