// The account of who saw what of a person: written before the data leave, in the transaction of
// what they were read from; kept after an erasure; given to the citizen on demand.
//
// Rows lie under the erasure scope they tell of. Which scopes an account consists of (a case may
// come back, and then has a second file) is found by a keyed hash of the key it is asked by, so
// that no id of a person's case stays readable.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/exchange/calls.h"
#include "services/exchange/ports/store.h"

namespace exitbus::store::v1 {
class DisclosureRow;
}

namespace exitbus::exchange {

struct DecisionContext;
struct Loaded;

// Reads that differ in nothing but their time are one row, with a count, as long as it is younger
// than this, also where others come in turn with them. Those by exception have a row each.
inline constexpr absl::Duration kReadsMerged = absl::Hours(1);

// What an entry in a scope's account is made with.
std::vector<RowName> AccountRows(const std::string& scope);

// Appends to the account of an aggregate. Its scope is filled in here.
void RecordDisclosure(UnitOfWork& work, const Aggregate& aggregate, const Loaded& loaded,
                      store::v1::DisclosureRow row);

// One page of the account that the request names. Reading it is accounted for too.
Answer ListAccount(UnitOfWork& work, const BoundMethod& bound, const Call& call,
                   const DecisionContext& context);

}  // namespace exitbus::exchange
