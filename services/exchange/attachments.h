// Bytes kept beside a state, which is decrypted and written anew with each change: a document in
// slices. Each is a row of its own, under the erasure scope of its aggregate, and is read only
// where it is asked for. The state says which there are.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/exchange/aggregate.h"

namespace exitbus::exchange {

class Transaction;
class Vault;

// What a decision keeps and drops beside the aggregate of this id.
void KeepAttachments(Transaction& transaction, Vault& vault, const Aggregate& aggregate,
                     const std::string& id, const Decision& decision);

// nullopt: there is none by this name, or it cannot be read, which breaks the attempt.
std::optional<std::string> AttachmentOf(Transaction& transaction, Vault& vault,
                                        const Aggregate& aggregate, const std::string& id,
                                        std::string_view name);

// With an erasure, whose key opens them no more: the disk need not keep them.
void DropAttachments(Transaction& transaction, const Aggregate& aggregate, const std::string& id);

}  // namespace exitbus::exchange
