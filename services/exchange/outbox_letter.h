// The letter that a row of the outbox stands for, as it may leave now: looked at again each time it
// is published, since what it rests on may have gone.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "services/exchange/aggregate.h"

namespace exitbus::store::v1 {
class OutboxRow;
}

namespace exitbus::exchange::v1 {
class Letter;
}

namespace exitbus::exchange {

struct Environment;

// With its content, or with why that is withheld. An error: it cannot go now, and waits.
absl::StatusOr<v1::Letter> LetterOf(const Environment& environment, const Service& service,
                                    const std::string& key, const store::v1::OutboxRow& row);

}  // namespace exitbus::exchange
