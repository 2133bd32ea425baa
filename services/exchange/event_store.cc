#include "services/exchange/event_store.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <utility>
#include <vector>

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

std::set<std::string> KeysOf(const Aggregate& aggregate, const Message& state,
                             const Lookup& lookup) {
  const std::vector<std::string> keys = aggregate.keys(state, lookup);
  return {keys.begin(), keys.end()};
}

std::set<std::string> Without(std::set<std::string> all, const std::set<std::string>& these) {
  for (const std::string& each : these) all.erase(each);
  return all;
}

}  // namespace

JournalHead JournalHeadOf(Transaction& transaction) {
  const auto head = Load<store::v1::JournalEntry>(transaction, Table::kMeta, kJournalHeadKey);
  return head ? JournalHead{head->sequence(), head->previous_digest()} : JournalHead{};
}

bool HadHead(Transaction& transaction, const Crypto& crypto, const JournalHead& head) {
  if (head.sequence == 0) return true;
  const auto entry = transaction.Get(Table::kJournal, NumberKey{head.sequence}.Encode());
  return entry && crypto.Digest(*entry) == head.digest;
}

std::string ErasureScopeOf(std::string_view aggregate, std::string_view id) {
  return StateKey{std::string(aggregate), std::string(id)}.Encode();
}

Loaded EventStore::Load(const Aggregate& aggregate, std::string_view id) {
  if (!IsKeyPart(id)) {
    transaction_->Unreadable(Table::kStates, id);
    id = "";
  }
  const std::shared_ptr<Message> state = aggregate.new_state();
  Loaded loaded{
      std::string(id), state, 0,
      aggregate.in_the_clear ? std::string(kClearScope) : ErasureScopeOf(aggregate.name, id)};
  const std::string key = StateKey{aggregate.name, loaded.id}.Encode();
  const auto row = exchange::Load<store::v1::StateRow>(*transaction_, Table::kStates, key);
  if (!row) return loaded;
  const auto plain =
      vault_->Decrypt(row->scope(), {Table::kStates, key, row->version()}, row->sealed_state());
  if (absl::IsUnavailable(plain.status())) {
    transaction_->Fail(plain.status());
    return loaded;
  }
  // A state lives on under the authority's scope when its own is erased, so its key must be there.
  if (!plain.ok() || !state->ParseFromString(*plain)) {
    transaction_->Unreadable(Table::kStates, key);
    state->Clear();
    return loaded;
  }
  loaded.version = row->version();
  loaded.scope = row->scope();
  return loaded;
}

std::optional<std::string> EventStore::IdOf(const Aggregate& aggregate,
                                            std::string_view index_key) {
  return transaction_->Get(Table::kIndex,
                           IndexKey{aggregate.name, std::string(index_key)}.Encode());
}

std::optional<Loaded> EventStore::Find(const Aggregate& aggregate, std::string_view index_key) {
  const auto id = IdOf(aggregate, index_key);
  if (!id) return std::nullopt;
  return Load(aggregate, *id);
}

std::optional<Loaded> EventStore::FindAbout(const Aggregate& aggregate, const Directory& directory,
                                            const std::string& peer, const std::string& subject) {
  LetterPlace place{peer, {}, subject};
  if (const auto listed = directory.Find(peer)) place.sender_kind = listed->kind;
  return Find(aggregate, aggregate.correspondence_target(place));
}

std::optional<std::set<std::string>> EventStore::Append(const Aggregate& aggregate, Loaded& loaded,
                                                        const Decision& decision,
                                                        const Lookup& lookup, const Times& times) {
  const auto before = loaded.state;
  const auto after = decision.After(*before, aggregate.evolve);
  std::set<std::string> keys = KeysOf(aggregate, *before, lookup);
  const std::set<std::string> keys_after = KeysOf(aggregate, *after, lookup);
  const std::set<std::string> added = Without(keys_after, keys);
  const std::set<std::string> gone = Without(keys, keys_after);
  FetchFor(aggregate, added, gone);
  if (IsInUse(aggregate, loaded.id, *after, added)) return std::nullopt;
  loaded.state = after;
  if (decision.erases()) loaded.scope = kAuthorityScope;
  for (const auto& event : decision.events()) {
    ++loaded.version;
    AppendEntry(aggregate, loaded, *event, times);
  }
  store::v1::StateRow row;
  row.set_version(loaded.version);
  row.set_scope(loaded.scope);
  const std::string key = StateKey{aggregate.name, loaded.id}.Encode();
  row.set_sealed_state(vault_->Encrypt(loaded.scope, {Table::kStates, key, loaded.version},
                                       after->SerializeAsString()));
  transaction_->Put(Table::kStates, key, row.SerializeAsString());

  ReplaceKeys(aggregate, loaded, gone, added);
  for (const Deadline& over : aggregate.deadlines(*before)) {
    transaction_->Erase(Table::kTimers, TimerOf(aggregate, loaded.id, over).Encode());
  }
  for (const Deadline& due : aggregate.deadlines(*after)) {
    transaction_->Put(Table::kTimers, TimerOf(aggregate, loaded.id, due).Encode(), "");
  }
  keys.insert(added.begin(), added.end());
  return keys;
}

void EventStore::FetchFor(const Aggregate& aggregate, const std::set<std::string>& added,
                          const std::set<std::string>& gone) {
  std::vector<RowName> rows = {{Table::kMeta, kJournalHeadKey}};
  for (const auto* keys : {&added, &gone}) {
    for (const std::string& key : *keys) {
      rows.push_back({Table::kIndex, IndexKey{aggregate.name, key}.Encode()});
    }
  }
  transaction_->Fetch(rows);
}

void EventStore::NameAnew(const Aggregate& aggregate, const Loaded& loaded, const Lookup& lookup) {
  for (const std::string& key : KeysOf(aggregate, *loaded.state, lookup)) {
    const std::string row = IndexKey{aggregate.name, key}.Encode();
    if (!transaction_->Get(Table::kIndex, row)) transaction_->Put(Table::kIndex, row, loaded.id);
  }
}

void EventStore::Await(const Aggregate& aggregate, std::string_view id, const Deadline& deadline) {
  if (transaction_->Get(Table::kStates, StateKey{aggregate.name, std::string(id)}.Encode())) return;
  transaction_->Put(Table::kTimers, TimerOf(aggregate, id, deadline).Encode(), "");
}

void EventStore::AppendEntry(const Aggregate& aggregate, const Loaded& loaded, const Message& event,
                             const Times& times) {
  const JournalHead head = JournalHeadOf(*transaction_);
  store::v1::JournalEntry entry;
  entry.set_sequence(head.sequence + 1);
  entry.set_previous_digest(head.digest);
  entry.set_aggregate(aggregate.name);
  entry.set_id(loaded.id);
  entry.set_version(loaded.version);
  entry.set_scope(loaded.scope);
  const std::string key = NumberKey{entry.sequence()}.Encode();
  entry.set_sealed_event(vault_->Encrypt(loaded.scope, {Table::kJournal, key, loaded.version},
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

bool EventStore::IsInUse(const Aggregate& aggregate, std::string_view id, const Message& after,
                         const std::set<std::string>& keys) {
  return std::any_of(keys.begin(), keys.end(), [&](const std::string& key) {
    const auto other = Find(aggregate, key);
    return other && other->id != id &&
           !(aggregate.yields && aggregate.yields(*other->state, after));
  });
}

void EventStore::ReplaceKeys(const Aggregate& aggregate, const Loaded& loaded,
                             const std::set<std::string>& gone,
                             const std::set<std::string>& added) {
  for (const std::string& key : gone) {
    const std::string row = IndexKey{aggregate.name, key}.Encode();
    // A later one may have been given the name; then it is no longer ours to erase.
    if (transaction_->Get(Table::kIndex, row) == loaded.id) transaction_->Erase(Table::kIndex, row);
  }
  for (const std::string& key : added) {
    transaction_->Put(Table::kIndex, IndexKey{aggregate.name, key}.Encode(), loaded.id);
  }
}

}  // namespace exitbus::exchange
