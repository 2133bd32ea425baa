#include "services/exchange/trace_beat.h"

#include <utility>

#include "exitbus/operations/v1/trace.pb.h"
#include "services/exchange/environment.h"
#include "services/exchange/ports/bus.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/publisher.h"
#include "services/exchange/sealing.h"
#include "services/exchange/tracer.h"

namespace exitbus::exchange {

void TraceBeat::Start() {
  if (environment_->tracer == nullptr || environment_->settings.console_key.empty()) return;
  started_ = environment_->wall_clock->Now();
  Beat();
}

void TraceBeat::Beat() {
  // While no broker is there, or it refuses our clock, what is told would be old when it comes.
  if (under_way_ < kUnderWayMax && environment_->publisher->open()) Tell();
  environment_->executor->PostAfter(kEvery, [this] { Beat(); });
}

// What is lost is not told again: how the authority stands comes anew, and hops are for looking on.
void TraceBeat::Tell() {
  operations::v1::TraceRecord told;
  told.set_number(++number_);
  *told.mutable_started() = ToProto(started_);
  environment_->tracer->TakeHops(kHopsMax, told);
  if (number_ % kStandingEvery == 1) stand_(*told.mutable_standing());
  ++under_way_;
  environment_->bus->Publish(
      Priority::kOrdinary, SealTrace(*environment_, told),
      [this](const absl::StatusOr<PublishedAt>& result) {
        --under_way_;
        if (std::exchange(failing_, !result.ok()) == !result.ok()) return;
        environment_->telemetry->Log(
            result.ok() ? Severity::kInfo : Severity::kWarning,
            result.ok() ? "trace.told" : "trace.not_told",
            {{"why", result.ok() ? "" : std::string(result.status().message())}});
      });
}

}  // namespace exitbus::exchange
