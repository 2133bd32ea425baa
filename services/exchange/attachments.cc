#include "services/exchange/attachments.h"

#include "services/exchange/event_store.h"
#include "services/exchange/keys.h"
#include "services/exchange/transaction.h"
#include "services/exchange/vault.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kAtOnce = 8;  // each may be large

std::string KeyOf(const Aggregate& aggregate, const std::string& id, std::string_view name) {
  return AttachmentKey{aggregate.name, id, std::string(name)}.Encode();
}

}  // namespace

void KeepAttachments(Transaction& transaction, Vault& vault, const Aggregate& aggregate,
                     const std::string& id, const Decision& decision) {
  for (const auto& [name, bytes] : decision.attachments()) {
    std::string key = KeyOf(aggregate, id, name);
    if (!bytes) {
      transaction.Erase(Table::kAttachments, std::move(key));
      continue;
    }
    std::string sealed =
        vault.Encrypt(ErasureScopeOf(aggregate.name, id), {Table::kAttachments, key}, *bytes);
    transaction.Put(Table::kAttachments, std::move(key), std::move(sealed));
  }
}

std::optional<std::string> AttachmentOf(Transaction& transaction, Vault& vault,
                                        const Aggregate& aggregate, const std::string& id,
                                        std::string_view name) {
  const std::string key = KeyOf(aggregate, id, name);
  const auto sealed = transaction.Get(Table::kAttachments, key);
  if (!sealed) return std::nullopt;
  auto bytes =
      vault.Decrypt(ErasureScopeOf(aggregate.name, id), {Table::kAttachments, key}, *sealed);
  if (bytes.ok()) return *std::move(bytes);
  if (absl::IsUnavailable(bytes.status())) {
    transaction.Fail(bytes.status());
  } else {
    transaction.Unreadable(Table::kAttachments, key);
  }
  return std::nullopt;
}

void DropAttachments(Transaction& transaction, const Aggregate& aggregate, const std::string& id) {
  transaction.ForEach(
      Table::kAttachments, KeyOf(aggregate, id, ""),
      [&](const Row& row) { transaction.Erase(Table::kAttachments, row.key); }, kAtOnce);
}

}  // namespace exitbus::exchange
