// Lines to stderr by a thread of its own, so that a pipe nobody reads, or a disk that is full,
// holds up nobody who has something to say.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace exitbus::adapters {

// Thread-safe.
class StderrLines {
 public:
  static constexpr std::size_t kWaitingMax = 4096;

  StderrLines();
  // Writes what waits, for a second at most.
  ~StderrLines();

  // Never blocks. Past kWaitingMax lines that wait, the oldest is dropped.
  void Write(std::string_view line);

  // How many were dropped, or could not be written.
  std::uint64_t lost() const;

 private:
  class Writer;
  const std::unique_ptr<Writer> writer_;
};

}  // namespace exitbus::adapters
