// Commands that go on until they are stopped, and then end well.
#pragma once

#include <termios.h>

#include <csignal>
#include <optional>

namespace exitbus::exitctl {

// While it lives SIGINT and SIGTERM end nothing, and are noted. One at a time.
class StopNoted {
 public:
  StopNoted();
  ~StopNoted();
  StopNoted(const StopNoted&) = delete;
  StopNoted& operator=(const StopNoted&) = delete;

  bool came() const;

 private:
  struct sigaction interrupt_before_ = {};
  struct sigaction terminate_before_ = {};
};

// While it lives standard input gives each key as it is pressed, and shows none; if it is a
// terminal.
class Keys {
 public:
  Keys();
  ~Keys();
  Keys(const Keys&) = delete;
  Keys& operator=(const Keys&) = delete;

  // Whether this one was pressed since it was last asked; the others are forgotten.
  bool Pressed(char key) const;

 private:
  std::optional<termios> before_;
};

}  // namespace exitbus::exitctl
