#include "services/exchange/newer_version.h"

#include <cstddef>

#include "services/exchange/environment.h"
#include "services/exchange/meta_keys.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/transaction.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kCountedMax = 1000;

}  // namespace

std::uint64_t AwaitingUpgrade(Transaction& transaction) {
  return transaction.Scan(Table::kMeta, WaitingKey::Prefix(kAwaitsUpgrade), "", kCountedMax).size();
}

void SayAwaitsUpgrade(const Environment& environment, const CorrespondenceId& id) {
  environment.telemetry->Count("letters.of_newer_version", {});
  environment.telemetry->Log(Severity::kError, "letter.of_newer_version",
                             {{"channel", policy::v1::Channel_Name(id.channel)},
                              {"remedy", "upgrade this service; what waits is taken up then"}});
}

void SayLeftOut(const Environment& environment, const CorrespondenceId& id) {
  environment.telemetry->Count("letters.fields_left_out", {});
  environment.telemetry->Log(
      Severity::kWarning, "letter.fields_left_out",
      {{"channel", policy::v1::Channel_Name(id.channel)},
       {"remedy", "upgrade this service; what was left out is with its author"}});
}

}  // namespace exitbus::exchange
