// What people and the police do in a case, by subject, so that each act can happen. For tests.
#pragma once

#include <string>

#include "services/exchange/ports/api.h"
#include "tests/tables/inputs.h"

namespace exitbus::casework {

namespace v1 {
enum NextActKind : int;
}

// An employee, who may be another one than the second who decides.
inline const exchange::Caller kFirst{"municipality-0183", "system", "exit-coordinator",
                                     "employee-1", ""};

void AddOpening(tables::Inputs& inputs);
void AddPolice(tables::Inputs& inputs);
void AddVisitation(tables::Inputs& inputs);
void AddIntake(tables::Inputs& inputs);
void AddEnds(tables::Inputs& inputs);
void AddAgreement(tables::Inputs& inputs);
void AddCourse(tables::Inputs& inputs);
void AddFollowUps(tables::Inputs& inputs);
void AddWithdrawal(tables::Inputs& inputs);
void AddNeed(tables::Inputs& inputs);

// The command by which a next act is done; empty: it is no part of these, or waits for steps that
// an authority requires.
std::string CommandOf(v1::NextActKind kind);

}  // namespace exitbus::casework
