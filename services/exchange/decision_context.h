// Everything a decider may know besides the state and the command. All of it is an argument: a rule
// never asks a clock, a socket or a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/exchange/ports/api.h"
#include "services/exchange/ports/directory.h"

namespace google::protobuf {
class Message;
}

namespace exitbus::exchange::v1 {
class SignedStatement;
class Statement;
}  // namespace exitbus::exchange::v1

namespace exitbus::casework::v1 {
enum IntakeStep : int;
enum Programme : int;
enum ProgrammeOpening : int;
enum RejectionGround : int;
}  // namespace exitbus::casework::v1

namespace exitbus::policy::v1 {
enum AuthorityKind : int;
enum Channel : int;
}  // namespace exitbus::policy::v1

namespace exitbus::exchange {

struct Laws;

// Signs and checks statements about responsibility. Signing is deterministic.
class Statements {
 public:
  virtual ~Statements() = default;
  // Signed by this authority; a serialised SignedStatement.
  virtual std::string Sign(const v1::Statement& statement) const = 0;
  // The statement, if its signature is by `signer`'s identity key; nullopt otherwise.
  virtual std::optional<v1::Statement> Verified(std::string_view signed_statement,
                                                std::string_view signer) const = 0;
  virtual std::string Digest(std::string_view data) const = 0;
};

// Where an authority's books stand: the journal's last entry, and one digest of all
// correspondences' heads, both directions.
struct BooksMark {
  std::uint64_t journal_sequence = 0;
  std::string journal_head;
  std::string correspondences_digest;
};

// The last numbers of the two correspondences with a peer about a subject; 0: there is none.
struct Progress {
  std::uint64_t sent = 0;
  std::uint64_t receipted = 0;  // of those: what their receipts covered by now
  std::uint64_t applied = 0;    // of theirs
};

// Answers to set questions.
class Lookup {
 public:
  virtual ~Lookup() = default;
  // Whether the index has this row: the aggregate's name and one of its `keys` (IndexKey).
  virtual bool Exists(std::string_view index_key) const = 0;
  // Whether any carries one that begins so.
  virtual bool ExistsBelow(std::string_view index_prefix) const = 0;
  // What follows in each that begins so; the first ones, where there are very many.
  virtual std::vector<std::string> NamesBelow(std::string_view index_prefix) const = 0;
  // The same, in order: up to `limit` of those that come after `after`.
  virtual std::vector<std::string> NamesAfter(std::string_view index_prefix, std::string_view after,
                                              std::size_t limit) const = 0;
  // The state of another aggregate of ours, by its name and one of its `keys`; null: nothing is
  // called so, or it cannot be read; then what is being decided is given up.
  virtual std::shared_ptr<const google::protobuf::Message> StateOf(std::string_view aggregate,
                                                                   std::string_view key) const = 0;
  // The same of what others can go on without: one that cannot be read is absent too.
  virtual std::shared_ptr<const google::protobuf::Message> ReadableState(
      std::string_view aggregate, std::string_view key) const {
    return StateOf(aggregate, key);
  }
  // What was kept beside the aggregate of ours that `key` names (Decision::Keep); nullopt: nothing
  // is, or it cannot be read; then what is being decided is given up.
  virtual std::optional<std::string> Attachment(std::string_view aggregate, std::string_view key,
                                                std::string_view name) const = 0;
  // SHA-256, for what others compute too.
  virtual std::string Sha256(std::string_view data) const = 0;
  // The keyed hash that stands for a CPR number in an index.
  virtual std::string PersonKey(std::string_view cpr_number) const = 0;
  // The keyed hashes that stand for a name's words in an index, each once (search.h).
  virtual std::vector<std::string> NameKeys(std::string_view name) const = 0;
  // How far the correspondences with this authority about this subject have come.
  virtual Progress ProgressWith(std::string_view peer, policy::v1::Channel channel,
                                std::string_view subject) const = 0;
  // Where the books stand now, before what is being decided.
  virtual BooksMark MarkBooks() const = 0;
  virtual std::string FreshId() const = 0;  // UUID v4
  // Whether two names are spellings of one: by Unicode's case folding, after normalisation.
  virtual bool IsSameName(std::string_view a, std::string_view b) const = 0;
};

// In working days (ADR: docs/decisions).
struct DeadlineDays {
  int request = 5;
  int terms = 5;
  int offer = 5;
  int acknowledgement = 1;
  int recall_answer = 2;
  int correction = 5;
  int erasure = 5;
  int unit_answer = 5;
};

// What this authority wants before a visitation, and whether two employees decide it.
struct VisitationSettings {
  std::vector<casework::v1::IntakeStep> required;
  bool by_two = false;
  int municipal_exit_min_age = 0;  // in years; 0: any
};

// What an authority makes of a ground for turning somebody away (CF-6).
enum class Exclusion { kExclude, kRedirect, kIgnore };

// How long courses last here before they are looked at, and for how many there is room.
struct CourseSettings {
  std::map<casework::v1::Programme, int> review_after_months;     // none: never
  std::map<casework::v1::RejectionGround, Exclusion> exclusions;  // kExclude where none is said
  std::uint32_t annual_places = 0;                                // 0: none are set
};

// Of a contact point: from when until when it decides alone where a person moves. By default never.
struct CentralDecisions {
  absl::Time from = absl::InfiniteFuture();
  absl::Time until = absl::InfiniteFuture();
  bool At(absl::Time now) const { return from <= now && now < until; }
};

struct DecisionContext {
  absl::Time now;
  const DirectoryEntry* self = nullptr;
  Caller caller;  // of a command; empty for letters and deadlines
  const Directory* directory = nullptr;
  const Lookup* lookup = nullptr;
  const Statements* statements = nullptr;
  DeadlineDays deadline_days;
  CentralDecisions central_decisions;
  const Laws* laws = nullptr;
  // What this authority's own programme opens, beside its own work; null: nothing.
  const std::vector<casework::v1::ProgrammeOpening>* municipal_exit_opens = nullptr;
  const VisitationSettings* visitation = nullptr;  // null: nothing
  // Where a citizen complains, in Danish; empty: nobody has said.
  std::string_view complaint_guidance;
  const CourseSettings* course = nullptr;  // null: nothing
  // Who has departed under a threat is missing so long after the planned arrival.
  absl::Duration missing_after = absl::Hours(4);
  // Who has not left so long after the acceptance is asked about.
  absl::Duration acceptance_life = absl::Hours(60 * 24);
  // What others had sent before this start has been read: who has said nothing has said nothing.
  bool caught_up = true;
};

// Where a letter stands in its correspondence.
struct LetterPlace {
  std::string sender;
  policy::v1::Channel channel;
  std::string subject;
  std::uint64_t number = 0;
  policy::v1::AuthorityKind sender_kind = {};  // as the directory lists it
};

}  // namespace exitbus::exchange
