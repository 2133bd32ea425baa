#include "adapters/grpc/accept_probe.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <utility>

#include "services/exchange/ports/telemetry.h"

namespace exitbus::adapters {
namespace {

using exchange::Severity;

class Socket {
 public:
  explicit Socket(const addrinfo& address)
      : file_(socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                     address.ai_protocol)) {}
  ~Socket() {
    if (file_ >= 0) close(file_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int file() const { return file_; }

 private:
  const int file_;
};

bool Await(int file, short event, int milliseconds) {
  pollfd ready = {file, event, 0};
  return poll(&ready, 1, milliseconds) == 1;
}

// A listener's backlog connects without it; only who has accepted hangs up.
bool HangsUp(const addrinfo& address, int milliseconds) {
  const Socket socket(address);
  if (socket.file() < 0) return false;
  if (connect(socket.file(), address.ai_addr, address.ai_addrlen) != 0 && errno != EINPROGRESS) {
    return false;
  }
  if (!Await(socket.file(), POLLOUT, milliseconds)) return false;
  if (shutdown(socket.file(), SHUT_WR) != 0) return false;
  std::array<char, 256> ignored{};
  while (Await(socket.file(), POLLIN, milliseconds)) {
    const ssize_t size = read(socket.file(), ignored.data(), ignored.size());
    if (size == 0 || (size < 0 && errno == ECONNRESET)) return true;
    if (size < 0 && errno != EINTR && errno != EAGAIN) return false;
  }
  return false;
}

}  // namespace

AcceptProbe::AcceptProbe(AcceptProbeOptions options, exchange::Telemetry* telemetry,
                         std::function<void()> dead)
    : options_(std::move(options)),
      telemetry_(telemetry),
      dead_(std::move(dead)),
      thread_([this] { Run(); }) {}

AcceptProbe::~AcceptProbe() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

bool AcceptProbe::Accepts() const {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(options_.host.c_str(), std::to_string(options_.port).c_str(), &hints, &found) !=
      0) {
    return false;
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, &freeaddrinfo);
  const int milliseconds = static_cast<int>(absl::ToInt64Milliseconds(options_.answer_within));
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    if (HangsUp(*address, milliseconds)) return true;
  }
  return false;
}

bool AcceptProbe::Sleep() {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, absl::ToChronoNanoseconds(options_.every),
                            [this] { return stopped_; });
}

void AcceptProbe::Run() {
  int failures = 0;
  while (failures < options_.failures_max) {
    if (!Sleep()) return;
    const bool accepts = Accepts();
    failures = accepts ? 0 : failures + 1;
    telemetry_->Set("api.accepting", {}, accepts ? 1 : 0);
    if (accepts) continue;
    telemetry_->Count("api.probe_failures", {});
    telemetry_->Log(Severity::kError, "api.not_accepting",
                    {{"in_a_row", std::to_string(failures)}});
  }
  dead_();
}

}  // namespace exitbus::adapters
