// A correspondence's two rows, one for each direction, and the chain of what is sent in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "services/exchange/keys.h"

namespace exitbus::store::v1 {
class CorrespondenceIn;
class CorrespondenceOut;
}  // namespace exitbus::store::v1

namespace exitbus::exchange::v1 {
class Link;
}

namespace exitbus::exchange {

class Transaction;
struct Environment;

// How far what we send has come, and what we take; an empty row where nothing has come yet.
store::v1::CorrespondenceOut OutOf(Transaction& transaction, const CorrespondenceId& id);
store::v1::CorrespondenceIn InOf(Transaction& transaction, const CorrespondenceId& id);
void Keep(Transaction& transaction, const CorrespondenceId& id,
          const store::v1::CorrespondenceOut& out);
void Keep(Transaction& transaction, const CorrespondenceId& id,
          const store::v1::CorrespondenceIn& in);

// The link at the next place: numbered, chained to the one before and noted as sent. Returns it as
// it goes; `out` is yet to be kept.
std::string NextLink(const Environment& environment, Transaction& transaction,
                     const CorrespondenceId& id, store::v1::CorrespondenceOut& out, v1::Link link);

// The digest of the link at `number` as we sent it, or took it; nullopt: it is not known here.
std::optional<std::string> HeadAt(Transaction& transaction, const CorrespondenceId& id,
                                  const store::v1::CorrespondenceOut& out, std::uint64_t number);
std::optional<std::string> HeadAt(Transaction& transaction, const CorrespondenceId& id,
                                  const store::v1::CorrespondenceIn& in, std::uint64_t number);

}  // namespace exitbus::exchange
