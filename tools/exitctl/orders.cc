#include "tools/exitctl/orders.h"

#include <filesystem>
#include <ostream>

#include "absl/strings/ascii.h"
#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "adapters/sodium/sodium_crypto.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/ports/time.h"

namespace exitbus::exitctl {
namespace {

namespace fs = std::filesystem;
namespace rv1 = recovery::v1;

constexpr absl::Duration kPatience = absl::Seconds(20);
constexpr absl::Duration kLook = absl::Milliseconds(100);

// DEADLINE_EXCEEDED: the service does not run, or not on this folder.
absl::StatusOr<rv1::OrderResult> Give(const rv1::Order& order, const std::string& data_folder) {
  const fs::path place = fs::path(data_folder) / "orders" / order.order_id();
  const std::string draft = place.string() + ".new";
  const std::string laid = place.string() + ".order";
  std::error_code error;
  fs::create_directories(place.parent_path(), error);
  if (error) return absl::UnavailableError(place.parent_path().string() + ": " + error.message());
  RETURN_IF_ERROR(adapters::WriteNewSecretFile(draft, order.SerializeAsString()));
  fs::rename(draft, laid, error);
  if (error) return absl::UnavailableError(laid + ": " + error.message());
  for (const absl::Time until = absl::Now() + kPatience; absl::Now() < until;
       absl::SleepFor(kLook)) {
    const auto bytes = adapters::ReadFile(place.string() + ".result");
    rv1::OrderResult result;
    if (bytes.ok() && result.ParseFromString(*bytes)) return result;
  }
  if (!fs::remove(laid, error)) {
    return absl::DeadlineExceededError(place.string() +
                                       ".result: is not there yet; look whether it comes");
  }
  return absl::DeadlineExceededError(data_folder +
                                     ": no service takes orders here; the order was taken back. "
                                     "Start the service, and give it again");
}

}  // namespace

rv1::Order OrderSaid(const Said& said) {
  adapters::SodiumRandom random;
  rv1::Order order;
  order.set_order_id(exchange::FreshUuid(random));
  order.set_authority(said["--authority"]);
  order.set_operator_(said["--by"]);
  order.set_reason(said["--reason"]);
  return order;
}

policy::v1::Channel ChannelNamed(const std::string& name) {
  policy::v1::Channel channel = policy::v1::CHANNEL_UNSPECIFIED;
  policy::v1::Channel_Parse("CHANNEL_" + absl::AsciiStrToUpper(name), &channel);
  return channel;
}

absl::StatusOr<int> GiveAndTell(const rv1::Order& order, const Invocation& on) {
  if (order.authority().empty() || order.operator_().empty() || order.reason().empty()) {
    return Misused("--authority, --by and --reason want a value", on);
  }
  ASSIGN_OR_RETURN(const auto result, Give(order, on.said["--data-folder"]));
  (result.carried_out() ? on.terminal.out : on.terminal.err) << result.text() << "\n";
  if (!result.carried_out()) return kRefused;
  if (!on.said.Has("--out")) return kDone;
  const auto kept = adapters::WriteNewSecretFile(on.said["--out"], result.settlement());
  if (!kept.ok()) return kept;
  return kDone;
}

}  // namespace exitbus::exitctl
