#include "tests/simulation/random/run.h"

#include <gtest/gtest-spi.h>

#include "absl/strings/str_cat.h"
#include "services/exchange/keys.h"
#include "tests/simulation/random/acts.h"
#include "tests/simulation/random/faults.h"
#include "tests/simulation/random/oracle.h"

namespace exitbus::simulation {
namespace {

constexpr absl::Duration kAfterwards = absl::Minutes(10);
constexpr std::uint64_t kHashBegins = 14695981039346656037U;

void Work(Crowd& crowd, const RunOptions& options) {
  World& world = crowd.at.world;
  Begin(crowd);
  LetStrike(crowd, options);
  const absl::Time until = world.clock.Now() + options.minutes * absl::Minutes(1);
  while (world.clock.Now() < until && !crowd.report.failed()) {
    ActOnce(crowd);
    if (!crowd.Chance(40)) world.Pass(absl::Seconds(crowd.Below(6)));
    LookNow(crowd);
  }
}

// Its letters without a receipt: to whom, over which channel, and whether they are parked there.
std::string Waiting(Crowd& crowd, Node& node) {
  std::string all;
  for (const auto& [bytes, value] : node.store().rows(exchange::Table::kOutbox)) {
    const auto key = exchange::OutboxKey::Decode(bytes);
    if (!key) continue;
    absl::StrAppend(&all, key->correspondence.peer, " channel ", key->correspondence.channel,
                    " number ", key->number, " of ", key->correspondence.subject);
    for (Node* const peer : crowd.nodes) {
      if (peer->id() != key->correspondence.peer) continue;
      for (const auto& [parked, letter] : peer->store().rows(exchange::Table::kParked)) {
        const auto there = exchange::ParkedKey::Decode(parked);
        const bool is_it = there && there->correspondence.peer == node.id() &&
                           there->correspondence.channel == key->correspondence.channel &&
                           there->correspondence.subject == key->correspondence.subject &&
                           there->number == key->number;
        if (is_it) absl::StrAppend(&all, " (parked there)");
      }
    }
    absl::StrAppend(&all, "; ");
  }
  return all;
}

// Everything is healed, and has to drain.
void Drain(Crowd& crowd) {
  World& world = crowd.at.world;
  HealAll(crowd);
  for (int i = 0; i < 2; ++i) {
    world.Pass(kAfterwards);  // what strikes for a while ends by then
    for (Node* const node : crowd.nodes) node->Start();
    if (world.Settle()) continue;
    for (Node* const node : crowd.nodes) {
      if (node->unreceipted() == 0) continue;
      crowd.Break("I2", absl::StrCat(node->id(), " still has ", node->unreceipted(),
                                     " unreceipted letters after a day: ", Waiting(crowd, *node)));
    }
    return;
  }
}

void CountLetters(Crowd& crowd) {
  for (Node* const node : crowd.nodes) {
    for (const auto& [key, value] : node->store().rows(exchange::Table::kDisclosures)) {
      store::v1::DisclosureRow row;
      if (row.ParseFromString(value) && row.recipient() != "caller" && !row.recipient().empty()) {
        ++crowd.report.letters[row.kind()];
      }
    }
  }
}

bool FailsAlike(const RunOptions& options, const RunReport& report) {
  const RunReport again = RunAtRandom(options);
  return again.failed() &&
         again.violations.front().invariant == report.violations.front().invariant;
}

}  // namespace

RunReport RunAtRandom(const RunOptions& options) {
  // The worlds' own steps expect what faults may prevent; what counts is the oracle's.
  testing::TestPartResultArray unheard;
  const testing::ScopedFakeTestPartResultReporter hush(
      testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &unheard);
  Crowd crowd(options);
  crowd.report.hash = kHashBegins;
  const absl::Time begun = crowd.at.world.clock.Now();
  Work(crowd, options);
  if (!crowd.report.failed()) Drain(crowd);
  if (!crowd.report.failed()) LookAtTheEnd(crowd);
  CountLetters(crowd);
  crowd.report.simulated_hours = absl::ToDoubleHours(crowd.at.world.clock.Now() - begun);
  return std::move(crowd.report);
}

RunOptions Shrink(const RunOptions& options, const RunReport& report, int runs_max) {
  RunOptions smallest = options;
  int runs = 0;
  for (int minutes = options.minutes / 2; minutes > 0 && runs < runs_max; minutes /= 2) {
    RunOptions shorter = smallest;
    shorter.minutes = minutes;
    ++runs;
    if (!FailsAlike(shorter, report)) break;
    smallest = shorter;
  }
  for (const std::string& fault : report.on) {
    if (runs++ >= runs_max) break;
    RunOptions fewer = smallest;
    fewer.without.insert(fault);
    if (FailsAlike(fewer, report)) smallest = fewer;
  }
  return smallest;
}

}  // namespace exitbus::simulation
