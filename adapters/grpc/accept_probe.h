// Whether a listener still accepts, asked from outside as its clients do: a listener that has run
// out of descriptors once may never accept again, and its process looks healthy in every other way.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "absl/time/time.h"

namespace exitbus::exchange {
class Telemetry;
}

namespace exitbus::adapters {

struct AcceptProbeOptions {
  std::string host;  // a name or an address; a wildcard means this machine
  int port = 0;
  absl::Duration every = absl::Seconds(5);
  absl::Duration answer_within = absl::Seconds(10);
  int failures_max = 3;  // in a row
};

class AcceptProbe {
 public:
  // Connects, says nothing more, and waits for the listener to hang up in its turn. That it does
  // not is counted ("api.probe_failures"), logged and shown by the gauge "api.accepting". After
  // `failures_max` of them `dead` runs once, on the probe's thread, and the probe is over.
  AcceptProbe(AcceptProbeOptions options, exchange::Telemetry* telemetry,
              std::function<void()> dead);
  ~AcceptProbe();
  AcceptProbe(const AcceptProbe&) = delete;
  AcceptProbe& operator=(const AcceptProbe&) = delete;

 private:
  void Run();
  bool Accepts() const;
  // False: it is to stop.
  bool Sleep();

  const AcceptProbeOptions options_;
  exchange::Telemetry* const telemetry_;
  const std::function<void()> dead_;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace exitbus::adapters
