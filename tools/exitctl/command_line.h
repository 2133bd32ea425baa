// What was typed, taken apart by the table of commands; and the help.
#pragma once

#include <string>
#include <vector>

#include "tools/exitctl/commands.h"

namespace exitbus::exitctl {

// Exactly one of command, help and mistake is there.
struct Typed {
  const Command* command = nullptr;
  Said said;
  std::string help;     // that was asked for
  std::string mistake;  // what is wrong, and how it is said
};

// Options stand anywhere: "--name value" or "--name=value"; "--" ends them. A method's name in a
// command's place is `call` of that method.
Typed ParseCommandLine(const std::vector<std::string>& arguments);

}  // namespace exitbus::exitctl
