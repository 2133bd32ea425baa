#include "adapters/process/order_folder.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "adapters/directory/files.h"
#include "exitbus/recovery/v1/order.pb.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::adapters {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kAtOnce = 10;
constexpr std::size_t kOrderBytesMax = 64 * 1024;

std::vector<fs::path> OrdersIn(const std::string& folder) {
  std::vector<fs::path> orders;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".order") orders.push_back(it->path());
  }
  std::sort(orders.begin(), orders.end());
  if (orders.size() > kAtOnce) orders.resize(kAtOnce);
  return orders;
}

// Beside the order, whole or not at all; the order goes with it.
absl::Status Answer(const fs::path& order, const recovery::v1::OrderResult& result) {
  fs::path answer = order;
  answer.replace_extension(".result");
  const std::string draft = answer.string() + ".new";
  std::error_code error;
  fs::remove(draft, error);  // of an attempt that was cut short
  const absl::Status written = WriteNewSecretFile(draft, result.SerializeAsString());
  if (!written.ok()) return written;
  fs::rename(draft, answer, error);
  if (!error) fs::remove(order, error);
  return error ? absl::UnavailableError(order.string() + ": " + error.message()) : absl::OkStatus();
}

}  // namespace

void OrderFolder::Take(const Execute& carry_out, exchange::Telemetry* telemetry) {
  for (const fs::path& path : OrdersIn(folder_)) {
    recovery::v1::OrderResult result;
    recovery::v1::Order order;
    const auto bytes = ReadFile(path.string(), kOrderBytesMax);
    if (bytes.ok() && order.ParseFromString(*bytes)) {
      result = carry_out(order);
    } else {
      result.set_text("order.not_parsed: this is no order of exitctl's");
    }
    const absl::Status told = Answer(path, result);
    telemetry->Log(
        result.carried_out() && told.ok() ? exchange::Severity::kInfo : exchange::Severity::kError,
        "order.taken",
        {{"carried_out", result.carried_out() ? "yes" : "no"},
         {"answered", told.ok() ? "yes" : std::string(told.message())}});
  }
}

}  // namespace exitbus::adapters
