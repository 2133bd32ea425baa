#include "tests/story/child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

extern char** environ;

namespace exitbus::story {
namespace {

constexpr std::size_t kTailLines = 12;
constexpr absl::Duration kLook = absl::Milliseconds(10);

std::string ReadAll(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream content;
  content << stream.rdbuf();
  return content.str();
}

// The program begins with our output redirected and no signal blocked, whatever this process did.
absl::StatusOr<pid_t> Launch(const std::vector<std::string>& command, const std::string& log,
                             int log_flags, int spawn_flags) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | log_flags, 0600);
  posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  sigset_t none;
  sigset_t stops;
  sigemptyset(&none);
  sigemptyset(&stops);
  for (const int number : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&stops, number);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &stops);
  posix_spawnattr_setflags(&attributes, static_cast<short>(POSIX_SPAWN_SETSIGMASK |
                                                           POSIX_SPAWN_SETSIGDEF | spawn_flags));
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  pid_t pid = 0;
  const int error =
      posix_spawnp(&pid, arguments[0], &files, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) {
    return absl::InternalError(absl::StrCat("cannot start ", command[0], ": ", strerror(error)));
  }
  return pid;
}

bool IsZombie(pid_t pid) {
  const std::string stat = ReadAll(absl::StrCat("/proc/", pid, "/stat"));
  const std::size_t end_of_name = stat.rfind(") ");
  return end_of_name != std::string::npos && stat.compare(end_of_name + 2, 1, "Z") == 0;
}

// A program that has just been started has none yet for a moment.
std::vector<std::string> ArgumentsOf(pid_t pid) {
  const std::string file = absl::StrCat("/proc/", pid, "/cmdline");
  std::string arguments = ReadAll(file);
  for (int tries = 0; arguments.empty() && kill(pid, 0) == 0 && !IsZombie(pid) && tries < 10;
       ++tries) {
    absl::SleepFor(kLook);
    arguments = ReadAll(file);
  }
  return absl::StrSplit(arguments, '\0', absl::SkipEmpty());
}

std::optional<pid_t> PidIn(const std::string& file) {
  const pid_t pid = std::atoi(ReadAll(file).c_str());
  return pid > 0 ? std::optional<pid_t>(pid) : std::nullopt;
}

// All of its threads have ended, and what they had open is closed.
bool IsGone(pid_t pid) {
  const pid_t ended = waitpid(pid, nullptr, WNOHANG);
  if (ended == 0) return false;
  return ended == pid || kill(pid, 0) != 0 || IsZombie(pid);  // no child of ours
}

absl::Status AwaitEnd(const Daemon& daemon, std::optional<pid_t> pid, absl::Duration limit) {
  const absl::Time deadline = absl::Now() + limit;
  while (pid && !IsGone(*pid)) {
    if (absl::Now() > deadline) {
      return absl::DeadlineExceededError(
          absl::StrCat(daemon.command[0], " (pid ", *pid, ") has not ended"));
    }
    absl::SleepFor(kLook);
  }
  std::error_code ignored;
  std::filesystem::remove(daemon.pid_file, ignored);
  return absl::OkStatus();
}

}  // namespace

std::string TailOf(const std::string& file) {
  std::vector<std::string> lines = absl::StrSplit(ReadAll(file), '\n', absl::SkipEmpty());
  if (lines.size() > kTailLines) lines.erase(lines.begin(), lines.end() - kTailLines);
  return absl::StrJoin(lines, "\n");
}

absl::Status RunTool(const std::vector<std::string>& command, const std::string& log) {
  const auto pid = Launch(command, log, O_TRUNC, 0);
  if (!pid.ok()) return pid.status();
  int status = 0;
  while (waitpid(*pid, &status, 0) < 0) {
    if (errno != EINTR) return absl::InternalError(absl::StrCat("waitpid: ", strerror(errno)));
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  const std::string how = WIFEXITED(status) ? absl::StrCat("status ", WEXITSTATUS(status))
                                            : absl::StrCat("signal ", WTERMSIG(status));
  return absl::InternalError(
      absl::StrCat(absl::StrJoin(command, " "), " failed (", how, "):\n", TailOf(log)));
}

absl::Status Spawn(const Daemon& daemon) {
  const auto pid = Launch(daemon.command, daemon.log, O_APPEND, POSIX_SPAWN_SETSID);
  if (!pid.ok()) return pid.status();
  std::ofstream(daemon.pid_file) << *pid << "\n";
  return absl::OkStatus();
}

std::optional<pid_t> RunningPid(const Daemon& daemon) {
  const auto pid = PidIn(daemon.pid_file);
  if (!pid) return std::nullopt;
  waitpid(*pid, nullptr, WNOHANG);  // ours and ended: let it go; any other is no child of ours
  const std::vector<std::string> arguments = ArgumentsOf(*pid);
  const bool ours = !arguments.empty() && arguments.back() == daemon.command.back();
  return ours && !IsZombie(*pid) ? pid : std::nullopt;
}

void Signal(const Daemon& daemon, int signal) {
  if (const auto pid = RunningPid(daemon)) kill(*pid, signal);
}

absl::Status AwaitEnd(const Daemon& daemon, absl::Duration limit) {
  return AwaitEnd(daemon, RunningPid(daemon), limit);
}

absl::Status End(const Daemon& daemon, int signal, absl::Duration limit) {
  // What it was started with cannot be read any more once it is ending, and still has its sockets.
  const auto pid = RunningPid(daemon);
  if (pid) kill(*pid, signal);
  return AwaitEnd(daemon, pid, limit);
}

}  // namespace exitbus::story
