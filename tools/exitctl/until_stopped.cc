#include "tools/exitctl/until_stopped.h"

#include <poll.h>
#include <unistd.h>

namespace exitbus::exitctl {
namespace {

volatile std::sig_atomic_t stop_came = 0;

void Note(int) { stop_came = 1; }

}  // namespace

StopNoted::StopNoted() {
  stop_came = 0;
  struct sigaction note = {};
  note.sa_handler = Note;
  sigaction(SIGINT, &note, &interrupt_before_);
  sigaction(SIGTERM, &note, &terminate_before_);
}

StopNoted::~StopNoted() {
  sigaction(SIGINT, &interrupt_before_, nullptr);
  sigaction(SIGTERM, &terminate_before_, nullptr);
}

bool StopNoted::came() const { return stop_came != 0; }

Keys::Keys() {
  termios now = {};
  if (isatty(STDIN_FILENO) == 0 || tcgetattr(STDIN_FILENO, &now) != 0) return;
  before_ = now;
  now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  tcsetattr(STDIN_FILENO, TCSANOW, &now);
}

Keys::~Keys() {
  if (before_) tcsetattr(STDIN_FILENO, TCSANOW, &*before_);
}

bool Keys::Pressed(char key) const {
  bool pressed = false;
  pollfd input = {STDIN_FILENO, POLLIN, 0};
  while (before_ && poll(&input, 1, 0) == 1 && (input.revents & POLLIN) != 0) {
    char typed = 0;
    if (read(STDIN_FILENO, &typed, 1) != 1) break;
    pressed = pressed || typed == key;
  }
  return pressed;
}

}  // namespace exitbus::exitctl
