// On what the case may be told: a law that an employee recorded, or the citizen's consent. The code
// makes none up.
#pragma once

#include <optional>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/rules.h"

namespace exitbus::casework {

// Whether the case is handled on anything: a consent that is in force, or a law.
bool HasBasis(const jv1::CaseFile& file);

// On what an authority of this kind may be told, a law before consent; nullopt: on nothing.
std::optional<policy::v1::LegalBasis> BasisFor(const jv1::CaseFile& file, int kind);

// The other side of a handover. nullopt also where the directory does not list it any more.
std::optional<policy::v1::LegalBasis> BasisForCounterpart(const jv1::CaseFile& file,
                                                          const jv1::Handover& handover,
                                                          const exchange::DecisionContext& context);

// Whether `covers` names this kind.
bool Covers(const google::protobuf::RepeatedField<int>& covers, int kind);

// Why this cannot be recorded as a law; nullopt: it can.
std::optional<exchange::Decision> RefuseLaw(const cv1::RecordedBasis& basis);

}  // namespace exitbus::casework
