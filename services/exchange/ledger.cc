#include "services/exchange/ledger.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "absl/strings/str_cat.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/deadlines.h"
#include "services/exchange/keys.h"
#include "services/exchange/ports/crypto.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/transaction.h"
#include "services/exchange/vault.h"

namespace exitbus::exchange {
namespace {

std::vector<std::string> Without(const std::vector<std::string>& all,
                                 const std::vector<std::string>& these) {
  std::vector<std::string> rest;
  std::copy_if(all.begin(), all.end(), std::back_inserter(rest), [&](const std::string& each) {
    return std::find(these.begin(), these.end(), each) == these.end();
  });
  return rest;
}

}  // namespace

std::string CorrespondenceKey(const Aggregate& aggregate, const Directory& directory,
                              const std::string& peer, const std::string& subject) {
  LetterPlace place{peer, {}, subject};
  if (const auto listed = directory.Find(peer)) {
    place.sender_kind = static_cast<policy::v1::AuthorityKind>(listed->kind);
  }
  return aggregate.correspondence_target(place);
}

JournalHead JournalHeadOf(Transaction& transaction) {
  const auto head = Load<store::v1::JournalEntry>(transaction, Table::kMeta, kJournalHeadKey);
  return head ? JournalHead{head->sequence(), head->previous_digest()} : JournalHead{};
}

bool HadHead(Transaction& transaction, const Crypto& crypto, const JournalHead& head) {
  if (head.sequence == 0) return true;
  const auto entry = transaction.Get(Table::kJournal, NumberKey{head.sequence}.Encode());
  return entry && crypto.Digest(*entry) == head.digest;
}

std::string UnitOf(std::string_view aggregate, std::string_view id) {
  return StateKey{std::string(aggregate), std::string(id)}.Encode();
}

Loaded Ledger::Load(const Aggregate& aggregate, std::string_view id) {
  if (!IsKeyPart(id)) {
    transaction_->Unreadable(Table::kStates, id);
    id = "";
  }
  Loaded loaded{std::string(id), aggregate.new_state(), 0,
                aggregate.in_the_clear ? std::string(kClearUnit) : UnitOf(aggregate.name, id)};
  const std::string key = StateKey{aggregate.name, loaded.id}.Encode();
  const auto row = exchange::Load<store::v1::StateRow>(*transaction_, Table::kStates, key);
  if (!row) return loaded;
  const auto plain =
      vault_->Decrypt(row->unit(), {Table::kStates, key, row->version()}, row->sealed_state());
  if (absl::IsUnavailable(plain.status())) {
    transaction_->Fail(plain.status());
    return loaded;
  }
  // A state lives on under the authority's unit when its own is erased, so its key must be there.
  if (!plain.ok() || !loaded.state->ParseFromString(*plain)) {
    transaction_->Unreadable(Table::kStates, key);
    loaded.state = aggregate.new_state();
    return loaded;
  }
  loaded.version = row->version();
  loaded.unit = row->unit();
  return loaded;
}

std::optional<std::string> Ledger::IdOf(const Aggregate& aggregate, std::string_view index_key) {
  return transaction_->Get(Table::kIndex,
                           IndexKey{aggregate.name, std::string(index_key)}.Encode());
}

std::optional<Loaded> Ledger::Find(const Aggregate& aggregate, std::string_view index_key) {
  const auto id = IdOf(aggregate, index_key);
  if (!id) return std::nullopt;
  return Load(aggregate, *id);
}

std::optional<std::vector<std::string>> Ledger::Append(
    const Aggregate& aggregate, Loaded& loaded,
    const std::vector<std::shared_ptr<const Message>>& events, bool erase, const Lookup& lookup,
    const Times& times) {
  std::vector<std::string> keys_before = aggregate.keys(*loaded.state, lookup);
  const auto deadlines_before = aggregate.deadlines(*loaded.state);
  for (const auto& event : events) aggregate.evolve(*loaded.state, *event);
  const std::vector<std::string> keys_after = aggregate.keys(*loaded.state, lookup);
  const std::vector<std::string> added = Without(keys_after, keys_before);
  const std::vector<std::string> gone = Without(keys_before, keys_after);
  FetchFor(aggregate, added, gone);
  if (IsInUse(aggregate, loaded, added)) return std::nullopt;
  if (erase) loaded.unit = kAuthorityUnit;
  for (const auto& event : events) {
    ++loaded.version;
    AppendEntry(aggregate, loaded, *event, times);
  }
  store::v1::StateRow row;
  row.set_version(loaded.version);
  row.set_unit(loaded.unit);
  const std::string key = StateKey{aggregate.name, loaded.id}.Encode();
  row.set_sealed_state(vault_->Encrypt(loaded.unit, {Table::kStates, key, loaded.version},
                                       loaded.state->SerializeAsString()));
  transaction_->Put(Table::kStates, key, row.SerializeAsString());

  ReplaceKeys(aggregate, loaded, gone, added);
  for (const Deadline& gone : deadlines_before) {
    transaction_->Erase(Table::kTimers, TimerOf(aggregate, loaded.id, gone).Encode());
  }
  for (const Deadline& due : aggregate.deadlines(*loaded.state)) {
    transaction_->Put(Table::kTimers, TimerOf(aggregate, loaded.id, due).Encode(), "");
  }
  std::set<std::string> keys(std::make_move_iterator(keys_before.begin()),
                             std::make_move_iterator(keys_before.end()));
  keys.insert(keys_after.begin(), keys_after.end());
  return std::vector<std::string>(keys.begin(), keys.end());
}

void Ledger::FetchFor(const Aggregate& aggregate, const std::vector<std::string>& added,
                      const std::vector<std::string>& gone) {
  std::vector<RowName> rows = {{Table::kMeta, kJournalHeadKey}};
  for (const auto* keys : {&added, &gone}) {
    for (const std::string& key : *keys) {
      rows.push_back({Table::kIndex, IndexKey{aggregate.name, key}.Encode()});
    }
  }
  transaction_->Fetch(rows);
}

void Ledger::Await(const Aggregate& aggregate, std::string_view id, const Deadline& deadline) {
  if (transaction_->Get(Table::kStates, StateKey{aggregate.name, std::string(id)}.Encode())) return;
  transaction_->Put(Table::kTimers, TimerOf(aggregate, id, deadline).Encode(), "");
}

void Ledger::AppendEntry(const Aggregate& aggregate, const Loaded& loaded, const Message& event,
                         const Times& times) {
  const JournalHead head = JournalHeadOf(*transaction_);
  store::v1::JournalEntry entry;
  entry.set_sequence(head.sequence + 1);
  entry.set_previous_digest(head.digest);
  entry.set_aggregate(aggregate.name);
  entry.set_id(loaded.id);
  entry.set_version(loaded.version);
  entry.set_unit(loaded.unit);
  const std::string key = NumberKey{entry.sequence()}.Encode();
  entry.set_sealed_event(vault_->Encrypt(loaded.unit, {Table::kJournal, key, loaded.version},
                                         event.SerializeAsString()));
  *entry.mutable_registered() = ToProto(times.now);
  *entry.mutable_valid_from() = ToProto(times.valid_from);
  const std::string bytes = entry.SerializeAsString();
  transaction_->Put(Table::kJournal, key, bytes);

  store::v1::JournalEntry new_head;  // only what the next entry needs
  new_head.set_sequence(entry.sequence());
  new_head.set_previous_digest(crypto_->Digest(bytes));
  transaction_->Put(Table::kMeta, kJournalHeadKey, new_head.SerializeAsString());
}

bool Ledger::IsInUse(const Aggregate& aggregate, const Loaded& loaded,
                     const std::vector<std::string>& keys) {
  return std::any_of(keys.begin(), keys.end(), [&](const std::string& key) {
    const auto other = Find(aggregate, key);
    return other && other->id != loaded.id &&
           !(aggregate.yields && aggregate.yields(*other->state, *loaded.state));
  });
}

void Ledger::ReplaceKeys(const Aggregate& aggregate, const Loaded& loaded,
                         const std::vector<std::string>& gone,
                         const std::vector<std::string>& added) {
  for (const std::string& key : gone) {
    const std::string row = IndexKey{aggregate.name, key}.Encode();
    // A later one may have been given the name; then it is no longer ours to erase.
    if (transaction_->Get(Table::kIndex, row) == loaded.id) transaction_->Erase(Table::kIndex, row);
  }
  for (const std::string& key : added) {
    transaction_->Put(Table::kIndex, IndexKey{aggregate.name, key}.Encode(), loaded.id);
  }
}

absl::Status VerifyJournal(Transaction& transaction, const Crypto& crypto) {
  constexpr std::size_t kPage = 500;
  std::string after;
  std::string digest;
  std::uint64_t sequence = 0;
  while (true) {
    const auto rows = transaction.Scan(Table::kJournal, "", after, kPage);
    for (const Row& row : rows) {
      store::v1::JournalEntry entry;
      ++sequence;
      if (!entry.ParseFromString(row.value) || entry.sequence() != sequence ||
          entry.previous_digest() != digest) {
        return absl::DataLossError(
            absl::StrCat("the journal is missing, altered or reordered at entry ", sequence));
      }
      digest = crypto.Digest(row.value);
      after = row.key;
    }
    if (rows.size() < kPage) break;
  }
  const JournalHead head = JournalHeadOf(transaction);
  if (!transaction.status().ok()) return transaction.status();
  if (head.sequence != sequence || head.digest != digest) {
    return absl::DataLossError(absl::StrCat("the journal's tail is cut after entry ", sequence));
  }
  return absl::OkStatus();
}

}  // namespace exitbus::exchange
