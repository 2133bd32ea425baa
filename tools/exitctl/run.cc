#include "tools/exitctl/run.h"

#include <ostream>

#include "adapters/system/shown.h"
#include "tools/exitctl/command_line.h"

namespace exitbus::exitctl {

int Run(const std::vector<std::string>& arguments, const Environment& environment, Terminal raw) {
  // Much of what is printed others wrote.
  adapters::ShownStream out(raw.out);
  adapters::ShownStream err(raw.err);
  err << std::unitbuf;
  const Typed typed = ParseCommandLine(arguments);
  if (!typed.help.empty()) {
    out << typed.help;
    return kDone;
  }
  if (typed.command != nullptr) {
    const auto status = typed.command->run(
        {*typed.command, typed.said, environment, {raw.in, out, err, raw.raw_out, raw.is_screen}});
    if (status.ok()) return *status;
    err << "exitctl: " << std::string(status.status().message()) << "\n";
    return kRefused;
  }
  err << "exitctl: " << typed.mistake << "\n";
  return kMisuse;
}

}  // namespace exitbus::exitctl
