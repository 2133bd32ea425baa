// Who works on a case inside the authority: units that are involved see their own part of it, and
// nothing else of the authority's cases is there for them.
#pragma once

#include <optional>

#include "services/casework/rules.h"
#include "services/exchange/aggregate.h"

namespace exitbus::casework {

using exchange::Decision;
using exchange::DecisionContext;

// What one of this authority's own callers sees of a case file. The coordinator, case officers and
// auditors see all of it; a unit sees its part where it is involved; an employee of a unit sees all
// while an exception runs (break_glass.h). Default: nothing.
exchange::Visibility VisibilityOf(const jv1::CaseFile& file, policy::v1::Reader reader,
                                  const DecisionContext& context);

// That this unit is involved, from now on.
jv1::CaseEvent InvolvementOf(policy::v1::Function function, const DecisionContext& context);

// Whether the unit that callers of this function are is involved.
bool IsInvolved(const jv1::CaseFile& file, policy::v1::Reader reader,
                const DecisionContext& context);

// For `evolve`: what was stated to units for their staff's safety is older than these precautions;
// and ends with the case here.
void OutdateStaffSafety(const cv1::SecurityPicture& newest, jv1::CaseFile& file);
void TakeBackStaffSafety(jv1::CaseFile& file);

// As which reader this authority's people of a function see a case; UNSPECIFIED: it has no such.
policy::v1::Reader ReaderOf(int function, const exchange::DecisionContext& context);
// One of this authority's own units, which sees its own part of a case.
bool IsUnit(policy::v1::Reader reader);
bool IsGivenTo(const cv1::Document& document, policy::v1::Reader unit,
               const exchange::DecisionContext& context);

// Measures can be run by this authority's own units only; nullopt: they are.
std::optional<Decision> RefuseUnits(const cv1::Agreement& agreement,
                                    const DecisionContext& context);

// The agreement as others get it, and as it is taken in from others: which unit runs a measure is
// nobody's business outside, and nobody outside gives our units a part in a case.
cv1::Agreement WithoutUnits(cv1::Agreement agreement);

}  // namespace exitbus::casework
