#include "adapters/system/stderr_lines.h"

#include <limits.h>
#include <poll.h>
#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <string>

namespace exitbus::adapters {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kPollMs = 100;
constexpr std::chrono::seconds kLastWordsMax(1);

// On spdlog's one thread.
class Sink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  // From now on nobody is waited for beyond a moment.
  void Hurry() { give_up_at_ = (Clock::now() + kLastWordsMax).time_since_epoch().count(); }
  std::uint64_t failed() const { return failed_; }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    std::string line(message.payload.begin(), message.payload.end());
    line += '\n';
    if (!WriteWhole(line)) ++failed_;
  }
  void flush_() override {}

  bool WriteWhole(std::string_view bytes) {
    while (!bytes.empty()) {
      const bool late = Clock::now().time_since_epoch().count() >= give_up_at_;
      pollfd ready = {STDERR_FILENO, POLLOUT, 0};
      const int polled = poll(&ready, 1, late ? 0 : kPollMs);
      if (polled == 0 || (polled < 0 && errno == EINTR)) {
        if (late) return false;
        continue;
      }
      // A pipe that is ready takes this much without blocking.
      const ssize_t written =
          write(STDERR_FILENO, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
      if (written < 0 && errno != EINTR && errno != EAGAIN) return false;
      if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

  std::atomic<Clock::rep> give_up_at_ = Clock::time_point::max().time_since_epoch().count();
  std::atomic<std::uint64_t> failed_ = 0;
};

}  // namespace

class StderrLines::Writer {
 public:
  Writer()
      : sink_(std::make_shared<Sink>()),
        pool_(std::make_shared<spdlog::details::thread_pool>(kWaitingMax, 1)),
        logger_(std::make_shared<spdlog::async_logger>(
            "exitbus", sink_, pool_, spdlog::async_overflow_policy::overrun_oldest)) {}
  ~Writer() { sink_->Hurry(); }

  // A message alone, so that braces in it are no format.
  void Write(std::string_view line) {
    logger_->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
  }
  std::uint64_t lost() const { return pool_->overrun_counter() + sink_->failed(); }

 private:
  const std::shared_ptr<Sink> sink_;
  const std::shared_ptr<spdlog::details::thread_pool> pool_;
  const std::shared_ptr<spdlog::async_logger> logger_;
};

StderrLines::StderrLines() : writer_(std::make_unique<Writer>()) {}
StderrLines::~StderrLines() = default;

void StderrLines::Write(std::string_view line) { writer_->Write(line); }
std::uint64_t StderrLines::lost() const { return writer_->lost(); }

}  // namespace exitbus::adapters
