// What other subjects use of the question whether a place is safe. Internal to casework.
#pragma once

#include <optional>
#include <string>

#include "services/casework/parts.h"
#include "services/casework/rules.h"
#include "services/exchange/decision.h"

namespace exitbus::casework {

// Where something takes place: a municipality, by its code, and where in it; both may be empty.
struct Where {
  std::string municipality;
  std::string place;
};
Where WhereOf(const cv1::Measure& measure);
Where WhereOf(const cv1::Meeting& meeting);

// Whether the police may have something to say of it (N-01, N-02, N-12): it lies in a municipality,
// the programme opens the police, and they know the person.
bool IsAskedAbout(const jv1::CaseFile& file, const Where& where);
// They find that he cannot be there.
bool IsNotPossible(const jv1::CaseFile& file, const Where& where);
// They have found it clear in the last 30 days.
bool IsClear(const jv1::CaseFile& file, const Where& where, absl::Time now);
// They are asked, and have time to answer.
bool IsWaitedFor(const jv1::CaseFile& file, const Where& where);

// Why it is no place that something could be in; nullopt: it is one, or says nothing.
std::optional<exchange::Decision> RefuseNoPlace(const Where& where);
// Why nothing can be called or begun there; nullopt: it can.
std::optional<exchange::Decision> RefusePlace(const jv1::CaseFile& file, const Where& where,
                                              const exchange::DecisionContext& context);
// Why nothing can be agreed there; nullopt: it can, and is begun once it is clear.
std::optional<exchange::Decision> RefuseImpossiblePlace(const jv1::CaseFile& file,
                                                        const Where& where);

void ShowPlaceChecks(const jv1::CaseFile& file, cv1::Case& view);

}  // namespace exitbus::casework
