// A console on a simulated clock, and authorities that tell it. For tests.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "adapters/memory/memory_bus.h"
#include "adapters/memory/memory_directory.h"
#include "adapters/memory/memory_store.h"
#include "adapters/memory/recording_telemetry.h"
#include "adapters/memory/seeded_random.h"
#include "adapters/memory/simulated_time.h"
#include "adapters/sodium/sodium_crypto.h"
#include "exitbus/operations/v1/operations_service.pb.h"
#include "exitbus/operations/v1/trace.pb.h"
#include "services/console/console.h"
#include "services/console/fakes_testing.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/sealing.h"
#include "services/policy/topics.h"

namespace exitbus::console {

namespace ov1 = operations::v1;
namespace pv1 = policy::v1;

inline constexpr char kIshoj[] = "municipality-0183";
inline constexpr char kOdense[] = "municipality-0461";
inline constexpr char kPolice[] = "police-1469";

class ToldConsole : public testing::Test {
 protected:
  ToldConsole() {
    exchange::BrokerFigures figures;
    figures.brokers = 1;
    for (const auto& [id, kind, code] :
         {std::tuple(kIshoj, pv1::AUTHORITY_KIND_MUNICIPALITY, "0183"),
          std::tuple(kOdense, pv1::AUTHORITY_KIND_MUNICIPALITY, "0461"),
          std::tuple(kPolice, pv1::AUTHORITY_KIND_POLICE, "1469")}) {
      keys_[id] = crypto_->NewSigningKey();
      exchange::DirectoryEntry entry;
      entry.id = id;
      entry.kind = kind;
      entry.name = id;
      entry.code = code;
      entry.identity_key = keys_[id].public_key;
      directory_.Put(entry);
      figures.topics[policy::TraceTopic(kind, code)] = {0, 1, 1};
      for (const std::string& topic : policy::TopicsReadBy(kind, code)) {
        figures.topics[topic] = {0, 1, 1};
      }
    }
    broker_look_.figures = std::move(figures);
    Restart();
  }

  void Kill() {
    process_ = nullptr;  // and with it all that is posted
    console_ = nullptr;
    bus_ = nullptr;
  }

  void Restart() {
    Kill();
    process_ = executor_.NewProcess();
    broker_look_.executor = process_.get();
    bus_ = std::make_unique<adapters::MemoryBus>(&broker_, process_.get());
    exchange::Environment environment = EnvironmentOf("console");
    environment.bus = bus_.get();
    environment.broker_look = &broker_look_;
    environment.executor = process_.get();
    environment.store = &store_;
    environment.telemetry = &telemetry_;
    environment.random = &random_;
    environment.secrets.sealing = {{console_key_, absl::UnixEpoch()}};
    console_ = std::make_unique<Console>(ConsoleOptions{"test", true}, std::move(environment));
    ASSERT_TRUE(console_->Start().ok());
    Pass(absl::Seconds(6));
  }

  exchange::Environment EnvironmentOf(const std::string& self) {
    exchange::Environment environment;
    environment.self = self;
    environment.crypto = crypto_.get();
    environment.random = &random_;
    environment.clock = environment.wall_clock = &clock_;
    environment.directory = &directory_;
    environment.settings.console_key = console_key_.public_key;
    environment.settings.version = "0.2.0";
    return environment;
  }

  void Pass(absl::Duration duration) { executor_.RunFor(duration); }

  // An authority's record, on its topic.
  void Tell(const std::string& authority, ov1::TraceRecord told) {
    exchange::Environment environment = EnvironmentOf(authority);
    environment.self_at_start = directory_.Find(authority);
    environment.secrets.identity_key = keys_.at(authority).secret_key;
    if (!told.has_started()) *told.mutable_started() = exchange::ToProto(begun_);
    broker_.Append(exchange::SealTrace(environment, told));
    executor_.RunUntilIdle();
  }
  void Stand(const std::string& authority, ov1::Standing standing = {}) {
    ov1::TraceRecord told;
    *told.mutable_standing() = std::move(standing);
    *told.mutable_standing()->mutable_taken() = exchange::ToProto(clock_.Now());
    Tell(authority, std::move(told));
  }
  // One hop of the letter with this number at this authority.
  void Hop(const std::string& authority, int letter, pv1::Channel channel, ov1::HopKind kind) {
    ov1::TraceRecord told;
    ov1::Hop& hop = *told.add_hops();
    hop.set_hop_id(HopIdOf(authority, letter));
    hop.set_channel(channel);
    hop.set_kind(kind);
    *hop.mutable_time() = exchange::ToProto(clock_.Now());
    Tell(authority, std::move(told));
  }
  std::string HopIdOf(const std::string& authority, int letter) const {
    return crypto_->Digest(absl::StrCat(authority, letter)).substr(0, 16);
  }
  std::string HexIdOf(const std::string& authority, int letter) const {
    return absl::BytesToHexString(HopIdOf(authority, letter));
  }
  // So many letters of a channel, that have waited so long.
  ov1::Standing Waits(pv1::Channel channel, ov1::Tally* (ov1::ChannelStanding::*which)(),
                      std::uint64_t count, absl::Duration age) const {
    ov1::Standing standing;
    ov1::ChannelStanding& one = *standing.add_channels();
    one.set_channel(channel);
    ov1::Tally& tally = *(one.*which)();
    tally.set_count(count);
    *tally.mutable_oldest() = exchange::ToProto(clock_.Now() - age);
    return standing;
  }

  adapters::SimulatedClock clock_;
  adapters::SimulatedExecutor executor_{&clock_};
  const absl::Time begun_ = clock_.Now();
  const std::unique_ptr<exchange::Crypto> crypto_ = adapters::MakeSodiumCrypto();
  adapters::SeededRandom random_{7};
  adapters::MemoryDirectory directory_;
  adapters::MemoryBroker broker_;
  adapters::MemoryStore store_;
  adapters::RecordingTelemetry telemetry_;
  ToldBroker broker_look_;
  const exchange::KeyPair console_key_ = crypto_->NewSealingKey();
  std::map<std::string, exchange::KeyPair> keys_;
  std::unique_ptr<exchange::Executor> process_;
  std::unique_ptr<adapters::MemoryBus> bus_;
  std::unique_ptr<Console> console_;
};

}  // namespace exitbus::console
