// How a police unit's process is connected to NEC's gang list.
#include "adapters/grpc/grpc_gang_list.h"
#include "adapters/process/process.h"
#include "services/exchange/ports/api.h"

namespace exitbus::adapters {

void Process::ConnectGangList(decltype(exchange::Service::with_gang_list) with_gang_list) {
  if (!config_.has_gang_list() || with_gang_list == nullptr) return;
  const config::v1::Tls& tls = config_.gang_list().tls();
  auto list = MakeGrpcGangList({.address = config_.gang_list().address(),
                                .ca_file = tls.ca_file(),
                                .certificate_file = tls.certificate_file(),
                                .key_file = tls.key_file(),
                                .server_name = ""},
                               telemetry());
  if (!list.ok()) return TellRefused("gang_list.not_connected", list.status());
  gang_list_ = *std::move(list);
  before_core_ = with_gang_list(core_.get(), gang_list_.get());
}

}  // namespace exitbus::adapters
