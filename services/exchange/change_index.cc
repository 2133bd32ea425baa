#include "services/exchange/change_index.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <utility>

#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/answers.h"
#include "services/exchange/attempt.h"
#include "services/exchange/environment.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/fault.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/unit_of_work.h"
#include "services/exchange/vault.h"
#include "services/policy/methods.h"
#include "services/policy/readers.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;
namespace sv1 = store::v1;

constexpr std::size_t kPage = 200;

std::uint64_t MillisOf(absl::Time time) {
  return static_cast<std::uint64_t>(absl::ToUnixMillis(time));
}

std::string ExtentKey(const StreamName& stream) {
  return MetaKey{Meta::kChangesExtent, stream.Encode()}.Encode();
}

sv1::ChangesExtent LoadExtent(Transaction& transaction, const StreamName& stream) {
  return Load<sv1::ChangesExtent>(transaction, Table::kMeta, ExtentKey(stream))
      .value_or(sv1::ChangesExtent());
}

std::shared_ptr<const Message> UnfilteredRequest(const std::string& list) {
  const auto* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(list);
  if (descriptor == nullptr) ProgramFault("a list is not linked in", list);
  return std::shared_ptr<const Message>(google::protobuf::MessageFactory::generated_factory()
                                            ->GetPrototype(descriptor->input_type())
                                            ->New());
}

// The readers that some function may be that may call the method in this authority.
std::vector<pv1::Reader> ReadersOf(const std::string& method, pv1::AuthorityKind kind) {
  const pv1::MethodPolicy* policy = policy::MethodPolicyOf(method);
  if (policy == nullptr) ProgramFault("a list is no method of the contracts", method);
  std::set<pv1::Reader> readers;
  for (const int function : policy->callers()) {
    readers.insert(policy::ReaderFor(kind, static_cast<pv1::Function>(function)));
  }
  readers.erase(pv1::READER_UNSPECIFIED);
  return {readers.begin(), readers.end()};
}

}  // namespace

// A resource as one reader sees it now.
struct ChangeIndex::Seen {
  StreamName stream;
  const std::string& key;
  const Loaded& loaded;
  std::string etag;  // empty: it is not there
  absl::Time now;
};

ChangeIndex::ChangeIndex(const Environment* environment, const Service* service)
    : environment_(environment) {
  const auto self = environment->directory->Find(environment->self);
  if (self == nullptr) return;  // of no kind, so nobody may call anything
  for (const Aggregate& aggregate : service->aggregates) {
    for (const Method& method : aggregate.methods) {
      if (method.watch.empty()) continue;
      lists_.push_back({&aggregate, &method, ReadersOf(method.watch, self->kind),
                        UnfilteredRequest(method.name)});
    }
  }
}

const WatchedList* ChangeIndex::Find(std::string_view method) const {
  const auto found = std::find_if(lists_.begin(), lists_.end(), [&](const WatchedList& list) {
    return list.list->watch == method;
  });
  return found == lists_.end() ? nullptr : &*found;
}

StreamName ChangeIndex::StreamOf(const WatchedList& list, pv1::Reader reader) {
  return {list.list->watch, static_cast<int>(reader)};
}

void ChangeIndex::FetchFor(Transaction& transaction, const WatchedList& list,
                           const std::string& key) const {
  std::vector<RowName> rows = {{Table::kIndex, IndexKey{list.aggregate->name, key}.Encode()}};
  for (const pv1::Reader reader : list.readers) {
    const StreamName stream = StreamOf(list, reader);
    rows.push_back({Table::kChanges, ChangeKey{stream, key}.Encode()});
    rows.push_back({Table::kMeta, ExtentKey(stream)});
  }
  transaction.Fetch(rows);
}

void ChangeIndex::Note(UnitOfWork& work, const DecisionContext& context, const Aggregate& aggregate,
                       const Loaded& loaded, const std::set<std::string>& keys) const {
  for (const WatchedList& list : lists_) {
    if (list.aggregate != &aggregate) continue;
    for (const std::string& key : keys) {
      if (key.starts_with(list.list->list_prefix)) NoteKey(work, context, list, loaded, key);
    }
  }
}

void ChangeIndex::NoteKey(UnitOfWork& work, const DecisionContext& context, const WatchedList& list,
                          const Loaded& loaded, const std::string& key) const {
  FetchFor(work.transaction(), list, key);
  const auto owner =
      work.transaction().Get(Table::kIndex, IndexKey{list.aggregate->name, key}.Encode());
  if (owner && *owner != loaded.id) return;  // a later file took the name over
  const auto view =
      owner ? list.list->list_view(*loaded.state, key, *list.everything, context) : nullptr;
  for (const pv1::Reader reader : list.readers) {
    std::string etag;
    if (const Visibility visibility = list.aggregate->visibility(*loaded.state, reader, context);
        view && visibility.visible()) {
      etag = Show(*view, visibility, *environment_).etag;
    }
    Record(work, {StreamOf(list, reader), key, loaded, std::move(etag), context.now});
  }
}

void ChangeIndex::Record(UnitOfWork& work, const Seen& seen) const {
  Transaction& transaction = work.transaction();
  const ChangeKey place{seen.stream, seen.key};
  const std::string row = place.Encode();
  const auto before = LoadOrNone<sv1::Change>(transaction, Table::kChanges, row);
  const bool gone = seen.etag.empty();
  if (gone && (!before || before->has_gone())) return;

  sv1::Change change;
  change.set_id(seen.loaded.id);
  if (gone) {
    *change.mutable_gone() = ToProto(seen.now);
  } else {
    // Under the resource's own scope: what a view was like is nobody's to test after an erasure.
    change.set_scope(seen.loaded.scope);
    change.set_sealed_etag(
        environment_->vault->Encrypt(seen.loaded.scope, {Table::kChanges, row}, seen.etag));
  }
  bool same = before && !gone && !before->has_gone();
  if (same) {
    const auto etag = environment_->vault->Decrypt(before->scope(), {Table::kChanges, row},
                                                   before->sealed_etag());
    same = etag.ok() && *etag == seen.etag;
  }
  if (same) {
    if (before->scope() == seen.loaded.scope && before->id() == seen.loaded.id) return;
    change.set_sequence(before->sequence());
  } else {
    if (before) {
      transaction.Erase(Table::kChanges, ChangeOrderKey{seen.stream, before->sequence()}.Encode());
    }
    if (before && before->has_gone()) {
      transaction.Erase(Table::kChanges,
                        GoneKey{MillisOf(FromProto(before->gone())), place}.Encode());
    }
    sv1::ChangesExtent extent = LoadExtent(transaction, seen.stream);
    extent.set_last(extent.last() + 1);
    change.set_sequence(extent.last());
    transaction.Put(Table::kMeta, ExtentKey(seen.stream), extent.SerializeAsString());
    transaction.Put(Table::kChanges, ChangeOrderKey{seen.stream, change.sequence()}.Encode(),
                    seen.key);
    if (gone) {
      transaction.Put(Table::kChanges, GoneKey{MillisOf(seen.now), place}.Encode(),
                      seen.stream.Encode());
    }
    work.actions().changed_streams.insert(seen.stream);
  }
  transaction.Put(Table::kChanges, row, change.SerializeAsString());
}

absl::Status ChangeIndex::BringUpToDate() const {
  absl::Status done;
  for (const WatchedList& list : lists_) {
    done.Update(ForEach(Table::kIndex,
                        IndexKey{list.aggregate->name, list.list->list_prefix}.Encode(),
                        [&](UnitOfWork& work, const Row& row) { CompareListed(work, list, row); }));
    for (const pv1::Reader reader : list.readers) {
      const StreamName stream = StreamOf(list, reader);
      done.Update(
          ForEach(Table::kChanges, ChangeKey{stream, ""}.Encode(),
                  [&](UnitOfWork& work, const Row& row) { CompareGone(work, list, stream, row); }));
    }
  }
  return done;
}

absl::Status ChangeIndex::ForEach(Table table, const std::string& prefix,
                                  absl::FunctionRef<void(UnitOfWork&, const Row&)> compare) const {
  std::string after;
  std::size_t found = kPage;
  while (found == kPage) {
    UnitOfWork work(environment_, this);
    const auto rows = work.transaction().Scan(table, prefix, after, kPage);
    for (const Row& row : rows) {
      after = row.key;
      Attempt attempt(work);  // one that cannot be read holds up no other
      compare(work, row);
      attempt.Keep();
    }
    found = rows.size();
    if (absl::Status failed = work.Commit(Durability::kDurable); !failed.ok()) return failed;
  }
  return absl::OkStatus();
}

void ChangeIndex::CompareListed(UnitOfWork& work, const WatchedList& list, const Row& row) const {
  const Loaded loaded = work.event_store().Load(*list.aggregate, row.value);
  if (!work.transaction().status().ok()) return;
  NoteKey(work, work.DecisionContextFor(), list, loaded, IndexKey::Decode(row.key)->name);
}

// What a program without this index erased meanwhile.
void ChangeIndex::CompareGone(UnitOfWork& work, const WatchedList& list, const StreamName& stream,
                              const Row& row) const {
  const std::string key = ChangeKey::Decode(row.key)->name;
  if (work.transaction().Get(Table::kIndex, IndexKey{list.aggregate->name, key}.Encode())) return;
  const Whereabouts where = Where(work.transaction(), stream, key);
  const Loaded loaded = work.event_store().Load(*list.aggregate, where.id);
  Record(work, {stream, key, loaded, "", work.DecisionContextFor().now});
}

void ChangeIndex::Forget(Transaction& transaction, absl::Time now) const {
  constexpr std::size_t kAtATime = 1000;  // an hour later the next
  const std::uint64_t due = MillisOf(now - kGoneKept);
  for (const Row& row : transaction.Scan(Table::kChanges, GoneKey::Prefix(), "", kAtATime)) {
    Attempt attempt(transaction);
    const auto key = GoneKey::Decode(row.key);
    if (!key) {
      transaction.Unreadable(Table::kChanges, row.key);
      continue;
    }
    if (key->since_ms > due) return;
    const StreamName& stream = key->change.stream;
    const std::string resource = key->change.Encode();
    const auto change = LoadOrNone<sv1::Change>(transaction, Table::kChanges, resource);
    sv1::ChangesExtent extent = LoadExtent(transaction, stream);
    // One that cannot be read may have been any of them.
    const std::uint64_t forgotten = change ? change->sequence() : extent.last();
    extent.set_forgotten_through(std::max(extent.forgotten_through(), forgotten));
    transaction.Put(Table::kMeta, ExtentKey(stream), extent.SerializeAsString());
    if (change) transaction.Erase(Table::kChanges, ChangeOrderKey{stream, forgotten}.Encode());
    transaction.Erase(Table::kChanges, resource);
    transaction.Erase(Table::kChanges, row.key);
    attempt.Keep();
  }
}

ChangeIndex::Extent ChangeIndex::ExtentOf(Transaction& transaction, const StreamName& stream) {
  const sv1::ChangesExtent extent = LoadExtent(transaction, stream);
  return {extent.last(), extent.forgotten_through()};
}

std::vector<ChangedResource> ChangeIndex::Changes(Transaction& transaction,
                                                  const StreamName& stream, std::uint64_t sequence,
                                                  std::size_t limit) {
  std::vector<ChangedResource> changes;
  for (Row& row : transaction.Scan(Table::kChanges, ChangeOrderKey::Prefix(stream),
                                   ChangeOrderKey{stream, sequence}.Encode(), limit)) {
    const auto key = ChangeOrderKey::Decode(row.key);
    if (key) {
      changes.push_back({key->sequence, std::move(row.value)});
    } else {
      transaction.Unreadable(Table::kChanges, row.key);
    }
  }
  return changes;
}

ChangeIndex::Whereabouts ChangeIndex::Where(Transaction& transaction, const StreamName& stream,
                                            const std::string& key) {
  const std::string row = ChangeKey{stream, key}.Encode();
  const auto change = Load<sv1::Change>(transaction, Table::kChanges, row);
  if (change) return {change->id(), change->has_gone()};
  transaction.Unreadable(Table::kChanges, row);  // its row in order names it
  return {};
}

void ChangeIndex::TellAnew(Transaction& transaction, const StreamName& stream,
                           const std::string& key) {
  const std::string row = ChangeKey{stream, key}.Encode();
  auto change = LoadOrNone<sv1::Change>(transaction, Table::kChanges, row);
  if (!change || change->sealed_etag().empty()) return;
  change->clear_sealed_etag();
  transaction.Put(Table::kChanges, row, change->SerializeAsString());
}

}  // namespace exitbus::exchange
