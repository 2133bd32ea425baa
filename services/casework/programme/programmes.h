// Which programmes there are, and what may happen in a case of each beside its authority's own
// work (CF-2, CF-4).
#pragma once

#include <string>
#include <vector>

#include "services/casework/parts.h"
#include "services/casework/rules.h"

namespace exitbus::casework {

// What this programme opens for a case that comes into it now: recorded with the case, and goes on
// with it. Of all but a municipality's own programme: nothing that had to be recorded.
std::vector<cv1::ProgrammeOpening> OpeningsToRecord(cv1::Programme programme,
                                                    const exchange::DecisionContext& context);

// The national one, also where a case says none.
bool IsFramework(cv1::Programme programme);
bool IsSameProgramme(cv1::Programme one, cv1::Programme other);

// Whether `what` may happen in a case of this programme, by what was recorded with it.
bool Opens(const jv1::CaseFile& file, cv1::ProgrammeOpening what);
bool Opens(const hv1::DossierPart& part, cv1::ProgrammeOpening what);

// The case's police unit; empty: it has none that may take part.
std::string PoliceIn(const jv1::CaseFile& file);
// Whether this decision asks it, maybe anew: what it was told before it may have lost.
bool IsPoliceAsked(const exchange::Decision& decision);

// What a programme that does not open it is refused by.
extern const Rule kOpensPolice;
extern const Rule kOpensPool;
extern const Rule kOpensRelocation;

// NEC has been told of the case, and hears of it still.
bool IsInOverview(const jv1::CaseFile& file);

}  // namespace exitbus::casework
