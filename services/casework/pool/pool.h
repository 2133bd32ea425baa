// A case's applications to the central pool. Internal to casework.
#pragma once

#include <string>
#include <string_view>

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "services/casework/rules.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"

namespace exitbus::casework {

// No application waits for this authority: what it may still do comes before an erasure.
extern const Rule kNoOpenPoolApplication;

// Of a file that is about to be erased as ordered: what the pool has not paid is withdrawn.
void WithdrawFromPool(const jv1::CaseFile& file, const exchange::DecisionContext& context,
                      exchange::Decision& decision);

// The name it is found by.
std::string PoolKey(std::string_view application_id);

}  // namespace exitbus::casework
