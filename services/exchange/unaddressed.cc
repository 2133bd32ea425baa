#include "services/exchange/unaddressed.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <memory>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/store/v1/waiting.pb.h"
#include "services/exchange/attempt.h"
#include "services/exchange/environment.h"
#include "services/exchange/event_store.h"
#include "services/exchange/meta_keys.h"
#include "services/exchange/outgoing.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/transaction.h"
#include "services/exchange/unit_of_work.h"
#include "services/exchange/vault.h"
#include "services/policy/plan.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;
namespace sv1 = store::v1;

constexpr std::uint64_t kSentAtOnce = 100;

std::string AwaitedKey(std::string_view authority) {
  return MetaKey{Meta::kAwaited, std::string(authority)}.Encode();
}

sv1::UnaddressedNotification RowOf(const Environment& environment, const std::string& key,
                                   const Aggregate& aggregate, const Loaded& loaded,
                                   const Notification& notification, const Times& times) {
  const v1::Body body = InEnvelope(notification, *notification.message, times);
  sv1::UnaddressedNotification row;
  row.set_aggregate(aggregate.name);
  row.set_id(loaded.id);
  // Who will see what of it is not known yet: by all that it says.
  row.set_scope(
      ScopeOfRow(loaded.scope, policy::Project(*notification.message, policy::Viewer()).withheld));
  row.set_sealed_body(
      environment.vault->Encrypt(row.scope(), {Table::kMeta, key}, body.SerializeAsString()));
  row.set_from(notification.from);
  row.set_to(notification.to.relation);
  row.set_subject(notification.to.subject);
  notification.to.satisfied.AddTo(*row.mutable_satisfied());
  return row;
}

Notification NotificationIn(const sv1::UnaddressedNotification& row, const std::string& authority,
                            const v1::Body& body) {
  const Message& message = *KindIn(body);
  std::shared_ptr<Message> copy(message.New());
  copy->CopyFrom(message);
  return {row.from(),
          {authority, row.to(), row.subject(), policy::ConditionSet::In(row.satisfied()),
           body.legal_basis(), body.purpose()},
          std::move(copy)};
}

void Send(UnitOfWork& work, const Service& service, const DirectoryEntry& recipient,
          const std::string& key) {
  Transaction& transaction = work.transaction();
  const auto row = Load<sv1::UnaddressedNotification>(transaction, Table::kMeta, key);
  if (!row) return;
  const auto plain =
      work.environment().vault->Decrypt(row->scope(), {Table::kMeta, key}, row->sealed_body());
  // Whom it told of is erased here; that is told by a notification of its own.
  if (absl::IsNotFound(plain.status())) return;
  const Aggregate* aggregate = service.Find(row->aggregate());
  v1::Body body;
  if (aggregate == nullptr || !plain.ok() || !body.ParseFromString(*plain) ||
      KindIn(body) == nullptr) {
    return transaction.Unreadable(Table::kMeta, key);
  }
  Loaded loaded = work.event_store().Load(*aggregate, row->id());
  loaded.scope = row->scope();
  Address(work, *aggregate, loaded, recipient, NotificationIn(*row, recipient.id, body),
          {FromProto(body.registered()), FromProto(body.valid_from())});
}

void SendFirst(UnitOfWork& work, const Service& service, const DirectoryEntry& recipient,
               sv1::UnaddressedExtent& extent) {
  Transaction& transaction = work.transaction();
  const std::uint64_t through = std::min(extent.last(), extent.first() + kSentAtOnce - 1);
  for (; extent.first() <= through; extent.set_first(extent.first() + 1)) {
    const std::string key = UnaddressedKey{recipient.id, extent.first()}.Encode();
    Attempt attempt(work);
    Send(work, service, recipient, key);
    transaction.Erase(Table::kMeta, key);
    if (!attempt.Keep()) break;  // in their order: when it can be read again
  }
  if (extent.first() > extent.last()) {
    transaction.Erase(Table::kMeta, AwaitedKey(recipient.id));
  } else {
    transaction.Put(Table::kMeta, AwaitedKey(recipient.id), extent.SerializeAsString());
  }
}

}  // namespace

RowName AwaitedRow(const std::string& authority) { return {Table::kMeta, AwaitedKey(authority)}; }

bool IsAwaited(Transaction& transaction, std::string_view authority) {
  return transaction.Get(Table::kMeta, AwaitedKey(authority)).has_value();
}

void KeepUnaddressed(UnitOfWork& work, const Aggregate& aggregate, const Loaded& loaded,
                     const Notification& notification, const Times& times) {
  const Environment& environment = work.environment();
  Transaction& transaction = work.transaction();
  const std::string& authority = notification.to.authority;
  auto extent = Load<sv1::UnaddressedExtent>(transaction, Table::kMeta, AwaitedKey(authority));
  if (!extent) {
    extent.emplace().set_first(1);
    environment.telemetry->Log(
        Severity::kError, "outgoing.not_in_directory",
        {{"kind", notification.message->GetDescriptor()->name()},
         {"remedy", "have the directory list the authority that it is for"}});
  }
  extent->set_last(extent->last() + 1);
  transaction.Put(Table::kMeta, AwaitedKey(authority), extent->SerializeAsString());
  const std::string key = UnaddressedKey{authority, extent->last()}.Encode();
  transaction.Put(
      Table::kMeta, key,
      RowOf(environment, key, aggregate, loaded, notification, times).SerializeAsString());
}

std::uint64_t SendAddressed(UnitOfWork& work, const Service& service) {
  Transaction& transaction = work.transaction();
  std::uint64_t waiting = 0;
  transaction.ForEach(Table::kMeta, AwaitedKey(""), [&](const Row& awaited) {
    Attempt attempt(work);  // one that cannot be read holds up no other
    const auto recipient =
        work.environment().directory->Find(MetaKey::Decode(Meta::kAwaited, awaited.key)->of);
    auto extent = Load<sv1::UnaddressedExtent>(transaction, Table::kMeta, awaited.key);
    if (extent && recipient) SendFirst(work, service, *recipient, *extent);
    if (attempt.Keep() && extent) waiting += extent->last() + 1 - extent->first();
  });
  return waiting;
}

}  // namespace exitbus::exchange
