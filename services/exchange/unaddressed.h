// Notices to authorities that the directory does not list (yet): a peer with a newer one may have
// named a police unit that we do not know. They wait, in their order, under the erasure scope of
// whom they are about, and are addressed, projected and numbered once their recipient is listed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "services/exchange/aggregate.h"

namespace exitbus::exchange {

class UnitOfWork;
class Transaction;
struct Loaded;
struct RowName;

// The row that says so.
RowName AwaitedRow(const std::string& authority);
// Whether something waits for this authority to be listed: what is told it now comes after that.
bool IsAwaited(Transaction& transaction, std::string_view authority);

// What says anything of a person waits under the scope that `loaded` has.
void KeepUnaddressed(UnitOfWork& work, const Aggregate& aggregate, const Loaded& loaded,
                     const Notification& notification, const Times& times);

// Sends what waited for authorities that are listed by now, a bounded number at a time. Returns how
// many wait on.
std::uint64_t SendAddressed(UnitOfWork& work, const Service& service);

}  // namespace exitbus::exchange
