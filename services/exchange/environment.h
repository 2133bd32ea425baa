// What the parts of the engine share: who we are and the ports, fixed for the process's life.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/exchange/decision_context.h"
#include "services/exchange/laws.h"
#include "services/exchange/ports/crypto.h"

namespace exitbus::exchange {

class BrokerLook;
class Bus;
class Clock;
class Confirmation;
class DamagedRows;
class Directory;
class Executor;
class PeerKeys;
class Publisher;
class Random;
class Standstills;
struct Service;
class Store;
class Telemetry;
class Tracer;
class Unicode;
class Vault;

// Opens what was sealed to its public half. The newest is announced; all of them open.
struct SealingKey {
  KeyPair pair;
  absl::Time created = absl::UnixEpoch();
};

// This authority's secrets.
struct Secrets {
  SecretBytes identity_key;         // Ed25519 secret key
  std::vector<SealingKey> sealing;  // newest first, at least one
  SecretBytes index_key;            // 32 bytes; a key for each use is derived from it (KeyFor)
};

struct Settings {
  DeadlineDays deadline_days;
  CentralDecisions central_decisions;
  Laws laws;
  std::vector<casework::v1::ProgrammeOpening> municipal_exit_opens;
  VisitationSettings visitation;
  CourseSettings course;
  std::string complaint_guidance;
  absl::Duration missing_after = absl::Hours(4);
  absl::Duration acceptance_life = absl::Hours(60 * 24);
  absl::Duration unlinking_delay_max = absl::Minutes(10);
  // Blind letters (policy.v1.Flow) leave in the morning. False: at once.
  bool blind_letters_daily = true;
  std::size_t queue_length_max = 1000;
  double refused_calls_a_second_max = 5;  // of one client system, in the long run
  // For how long after a start a change waits for who has not been heard, before it is refused.
  absl::Duration confirm_wait_max = absl::Seconds(20);
  // X25519 public key of the exchange's console, 32 bytes. Empty: it is told nothing.
  std::string console_key;
  std::string version;  // of this program, as the console shows it
};

struct Environment {
  std::string self;  // authority id
  // As the directory listed us at the start; what counts when it no longer does.
  std::shared_ptr<const DirectoryEntry> self_at_start{};
  Settings settings;
  Secrets secrets;
  Store* store = nullptr;
  Vault* vault = nullptr;
  Bus* bus = nullptr;
  BrokerLook* broker_look = nullptr;  // the console's
  Crypto* crypto = nullptr;
  Random* random = nullptr;
  const Unicode* unicode = nullptr;
  Clock* clock = nullptr;       // the domain's time
  Clock* wall_clock = nullptr;  // Kafka's, TLS's and back-off's time
  Executor* executor = nullptr;
  Directory* directory = nullptr;
  Telemetry* telemetry = nullptr;
  Tracer* tracer = nullptr;              // which `telemetry` passes through; null: nobody is told
  bool disk_full = false;                // the engine's: only what protects people is changed
  bool caught_up = false;                // the topics are read to where they ended at the start
  Confirmation* confirmation = nullptr;  // the engine's; null: nobody is asked
  const PeerKeys* peer_keys = nullptr;   // the engine's; null: the directory's keys
  DamagedRows* damaged = nullptr;        // the engine's
  Publisher* publisher = nullptr;        // the engine's
  const Standstills* standstills = nullptr;  // the engine's; null: nothing is stopped
  const Service* service = nullptr;          // the engine's: all that it is put together of
};

}  // namespace exitbus::exchange
