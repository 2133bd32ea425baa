#include "services/evidence/collect.h"

#include <cstdint>
#include <map>
#include <type_traits>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "exitbus/evidence_journal/v1/journal.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/checkpoints.h"
#include "services/exchange/event_store.h"
#include "services/exchange/keys.h"
#include "services/exchange/ports/crypto.h"
#include "services/exchange/ports/store.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/transaction.h"

namespace exitbus::evidence {
namespace {

namespace jv1 = evidence_journal::v1;
namespace sv1 = store::v1;

using exchange::CorrespondenceId;
using exchange::Row;
using exchange::Table;

constexpr std::size_t kNamedBytes = 8;

class Collector {
 public:
  Collector(exchange::Store& store, const exchange::Crypto& crypto, const CollectOptions& options)
      : rows_(&store), crypto_(crypto), options_(options) {}

  absl::StatusOr<v1::EvidenceFile> Collect();

 private:
  // False: damaged, and named as such.
  template <class Proto>
  bool Read(Table table, const Row& row, Proto& proto);

  // As unreadable; by a digest, since a key may be an id.
  void Name(Table table, const Row& row);

  void TakeHead();
  void TakeEntry(const Row& row);
  template <class Proto>
  void TakeCorrespondence(Table table, const Row& row, std::uint64_t (Proto::*through)() const);
  template <class Proto>
  void TakeNumber(Table table, const Row& row);
  void TakeBook(const Row& row);
  bool IsWanted(const std::string& peer) const {
    return options_.only_with.empty() || peer == options_.only_with;
  }
  v1::Correspondence& At(bool sent, const CorrespondenceId& id);

  exchange::Transaction rows_;
  const exchange::Crypto& crypto_;
  const CollectOptions& options_;
  v1::EvidenceFile file_;
  std::map<std::pair<bool, CorrespondenceId>, v1::Correspondence> correspondences_;
};

template <class Proto>
bool Collector::Read(Table table, const Row& row, Proto& proto) {
  if (proto.ParseFromString(row.value)) return true;
  Name(table, row);
  return false;
}

void Collector::Name(Table table, const Row& row) {
  file_.add_unreadable(
      absl::StrCat(std::string(exchange::TableName(table)), " ",
                   absl::BytesToHexString(crypto_.Digest(row.key).substr(0, kNamedBytes))));
}

void Collector::TakeHead() {
  const auto bytes = rows_.Get(Table::kMeta, exchange::kJournalHeadKey);
  sv1::JournalEntry head;
  if (bytes && Read(Table::kMeta, {exchange::kJournalHeadKey, *bytes}, head)) {
    file_.mutable_head()->set_sequence(head.sequence());
    file_.mutable_head()->set_digest(head.previous_digest());
  }
}

void Collector::TakeEntry(const Row& row) {
  const auto key = exchange::NumberKey::Decode(row.key);
  if (!key) return Name(Table::kJournal, row);
  v1::JournalLink& link = *file_.add_journal();
  link.set_sequence(key->number);
  link.set_digest(crypto_.Digest(row.value));
  sv1::JournalEntry entry;
  if (Read(Table::kJournal, row, entry)) link.set_previous_digest(entry.previous_digest());
}

v1::Correspondence& Collector::At(bool sent, const CorrespondenceId& id) {
  v1::Correspondence& correspondence = correspondences_[{sent, id}];
  if (correspondence.peer().empty()) {
    correspondence.set_peer(id.peer);
    correspondence.set_channel(static_cast<policy::v1::Channel>(id.channel));
    correspondence.set_subject_digest(crypto_.Digest(id.subject));
    correspondence.set_sent(sent);
  }
  return correspondence;
}

template <class Proto>
void Collector::TakeCorrespondence(Table table, const Row& row,
                                   std::uint64_t (Proto::*through)() const) {
  const auto id = CorrespondenceId::Decode(row.key);
  if (!id) return Name(table, row);
  Proto stored;
  if (!IsWanted(id->peer) || !Read(table, row, stored)) return;
  v1::Correspondence& correspondence = At(table == Table::kCorrespondencesOut, *id);
  correspondence.set_through((stored.*through)());
  correspondence.set_head_digest(stored.head_digest());
  correspondence.set_stopped(stored.stopped());
  if constexpr (std::is_same_v<Proto, sv1::CorrespondenceOut>) {
    correspondence.set_receipted_through(stored.receipted_through());
  }
}

template <class Proto>
void Collector::TakeNumber(Table table, const Row& row) {
  const auto key = exchange::LetterKey::Decode(row.key);
  if (!key) return Name(table, row);
  Proto stored;
  if (!IsWanted(key->correspondence.peer) || !Read(table, row, stored)) return;
  v1::Number& number = *At(table == Table::kSent, key->correspondence).add_numbers();
  number.set_number(key->number);
  number.set_link_digest(stored.link_digest());
  number.set_journal_sequence(stored.journal_sequence());
  if constexpr (std::is_same_v<Proto, sv1::InboxRow>) number.set_outcome(stored.outcome());
}

void Collector::TakeBook(const Row& row) {
  sv1::StateRow state;
  jv1::Book book;
  if (!Read(Table::kStates, row, state) ||
      !Read(Table::kStates, {row.key, state.sealed_state()}, book)) {
    return;
  }
  if (!book.author().empty() && !IsWanted(book.author())) return;
  for (const jv1::Checkpoint& kept : book.checkpoints()) {
    v1::Checkpoint& checkpoint = book.author().empty() ? *file_.add_own() : *file_.add_received();
    checkpoint.set_author(book.author().empty() ? options_.authority : book.author());
    checkpoint.set_number(kept.number());
    checkpoint.set_digest(kept.digest());
    *checkpoint.mutable_made() = kept.made();
    checkpoint.set_opening(kept.opening());
  }
}

absl::StatusOr<v1::EvidenceFile> Collector::Collect() {
  file_.set_authority(options_.authority);
  *file_.mutable_exported() = exchange::ToProto(options_.now);
  file_.set_only_with(options_.only_with);
  TakeHead();
  rows_.ForEach(Table::kJournal, "", [this](const Row& row) { TakeEntry(row); });
  rows_.ForEach(Table::kCorrespondencesOut, "", [this](const Row& row) {
    TakeCorrespondence(Table::kCorrespondencesOut, row, &sv1::CorrespondenceOut::last_number);
  });
  rows_.ForEach(Table::kCorrespondencesIn, "", [this](const Row& row) {
    TakeCorrespondence(Table::kCorrespondencesIn, row, &sv1::CorrespondenceIn::through);
  });
  rows_.ForEach(Table::kSent, "",
                [this](const Row& row) { TakeNumber<sv1::SentRow>(Table::kSent, row); });
  rows_.ForEach(Table::kInbox, "",
                [this](const Row& row) { TakeNumber<sv1::InboxRow>(Table::kInbox, row); });
  rows_.ForEach(Table::kStates, exchange::StateKey{exchange::kCheckpointAggregate, ""}.Encode(),
                [this](const Row& row) { TakeBook(row); });
  if (!rows_.status().ok()) return rows_.status();
  for (auto& [key, correspondence] : correspondences_) {
    *file_.add_correspondences() = std::move(correspondence);
  }
  return std::move(file_);
}

}  // namespace

absl::StatusOr<v1::EvidenceFile> Collect(exchange::Store& store, const exchange::Crypto& crypto,
                                         const CollectOptions& options) {
  return Collector(store, crypto, options).Collect();
}

}  // namespace exitbus::evidence
