#include "absl/strings/numbers.h"
#include "tools/exitctl/handlers.h"
#include "tools/exitctl/orders.h"

namespace exitbus::exitctl {

namespace rv1 = recovery::v1;

absl::StatusOr<int> PauseChannel(const Invocation& on) {
  rv1::Order order = OrderSaid(on.said);
  std::uint32_t minutes = 0;
  if (!absl::SimpleAtoi(on.said["MINUTES"], &minutes)) return Misused("MINUTES is a number", on);
  order.mutable_pause_channel()->set_channel(ChannelNamed(on.said["CHANNEL"]));
  order.mutable_pause_channel()->set_minutes(minutes);
  return GiveAndTell(order, on);
}

absl::StatusOr<int> ResumeChannel(const Invocation& on) {
  rv1::Order order = OrderSaid(on.said);
  order.set_resume_channel(ChannelNamed(on.said["CHANNEL"]));
  return GiveAndTell(order, on);
}

absl::StatusOr<int> RetryLetters(const Invocation& on) {
  rv1::Order order = OrderSaid(on.said);
  order.mutable_retry_letters()->set_peer(on.said["PEER"]);
  order.mutable_retry_letters()->set_only_look(on.said.Has("--dry-run"));
  return GiveAndTell(order, on);
}

absl::StatusOr<int> BeginMaintenance(const Invocation& on) {
  rv1::Order order = OrderSaid(on.said);
  std::uint32_t minutes = 0;
  if (!absl::SimpleAtoi(on.said["MINUTES"], &minutes) || minutes == 0) {
    return Misused("MINUTES is a number from 1 on; `maintenance end` ends it", on);
  }
  order.mutable_maintenance()->set_minutes(minutes);
  return GiveAndTell(order, on);
}

absl::StatusOr<int> EndMaintenance(const Invocation& on) {
  rv1::Order order = OrderSaid(on.said);
  order.mutable_maintenance();
  return GiveAndTell(order, on);
}

}  // namespace exitbus::exitctl
