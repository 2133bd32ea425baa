// What a service's own figures say, as an operator's monitoring reads them.
#pragma once

#include <string>

#include "tests/story/cast.h"

namespace exitbus::story {

// The sum over the series of this name ("exitbus_…") that have `part` among their labels; 0 if
// there is none. An endpoint that does not answer fails the test.
double FigureOf(const Member& member, const std::string& name, const std::string& part = "");

}  // namespace exitbus::story
