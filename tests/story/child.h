// Programs that a deployment runs: tools that end by themselves, and services that are known by a
// pid file.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace exitbus::story {

// Runs a program to its end, its output in `log` (replaced). An exit status other than 0 is
// INTERNAL, with the end of its output.
absl::Status RunTool(const std::vector<std::string>& command, const std::string& log);

// A program that goes on, in a session of its own, so that nobody's Ctrl-C reaches it.
struct Daemon {
  std::vector<std::string> command;  // its last argument is what it is recognised by
  std::string pid_file;
  std::string log;  // appended to
};

// Starts it and writes the pid file.
absl::Status Spawn(const Daemon& daemon);

// Its pid while it runs. A pid that went to another process meanwhile is not it.
std::optional<pid_t> RunningPid(const Daemon& daemon);

// Sends `signal` if it runs, waits until it has ended and removes the pid file.
// DEADLINE_EXCEEDED: it has not within `limit`.
absl::Status End(const Daemon& daemon, int signal, absl::Duration limit);
// The two halves of End, so that several can end at once.
void Signal(const Daemon& daemon, int signal);
absl::Status AwaitEnd(const Daemon& daemon, absl::Duration limit);

// The last lines of a file, for error texts.
std::string TailOf(const std::string& file);

}  // namespace exitbus::story
