// Erasing a whole case: by the authority that answers for it, or as it was ordered to.
#pragma once

#include <memory>

#include "services/casework/rules.h"
#include "services/exchange/decision.h"
#include "services/exchange/facts.h"

namespace exitbus::casework::v1 {
class EraseCaseRequest;
class ErasureOrdered;
}  // namespace exitbus::casework::v1

namespace exitbus::exchange::v1 {
class Body;
}

namespace exitbus::casework {

using exchange::Decision;
using exchange::Facts;
using exchange::LetterPlace;

Decision EraseCase(const jv1::CaseFile&, const v1::EraseCaseRequest&, const Facts&);

// Down the line of those who had the case before: from whoever took it over from this authority, or
// from the holder of a handover to it that ended.
Decision OnErasureOrdered(const jv1::CaseFile&, const LetterPlace&, const v1::ErasureOrdered&,
                          const Facts&);

// A letter about a case that is erased here.
Decision OnLetterToErased(const jv1::CaseFile&, const LetterPlace&, const exchange::v1::Body&,
                          const Facts&);
Decision OnErasureOverdue(const jv1::CaseFile&, const Facts&);

// What is left of it; null: it is not erased.
std::unique_ptr<google::protobuf::Message> ErasureView(const jv1::CaseFile& file);

}  // namespace exitbus::casework
