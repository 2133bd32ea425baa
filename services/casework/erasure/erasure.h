// Erasing a whole case: by the authority that answers for it, or as it was ordered to.
#pragma once

#include <memory>

#include "services/casework/parts.h"
#include "services/casework/rules.h"
#include "services/exchange/decision.h"
#include "services/exchange/facts.h"

namespace exitbus::casework::v1 {
class EraseCaseRequest;
class ErasureOrdered;
}  // namespace exitbus::casework::v1

namespace exitbus::casework {

using exchange::Decision;
using exchange::Facts;

Decision EraseCase(const jv1::CaseFile&, const v1::EraseCaseRequest&, const Facts&);

// Down the line of those who had the case before: from whoever took it over from this authority, or
// from the holder of a handover to it that ended.
Decision OnErasureOrdered(const CaseLetter&, const v1::ErasureOrdered&);

// What is left of it; null: it is not erased.
std::unique_ptr<google::protobuf::Message> ErasureView(const jv1::CaseFile& file);

}  // namespace exitbus::casework
