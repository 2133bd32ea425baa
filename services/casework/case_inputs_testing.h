// The rows of a case's decision tables that a table does not say itself: what people ask for, once
// as it should be and once for each thing that can be wrong with it. For tests.
#pragma once

#include "tests/tables/inputs.h"

namespace exitbus::casework {

tables::Inputs NoInputs();
tables::Inputs Opening();
tables::Inputs Intake();
tables::Inputs Steps();
tables::Inputs Programme();
tables::Inputs Course();
tables::Inputs Consent();
tables::Inputs Correction();
tables::Inputs Security();
tables::Inputs Access();
tables::Inputs Documents();

}  // namespace exitbus::casework
