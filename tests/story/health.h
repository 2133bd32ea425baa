// Asks a service's grpc.health.v1 as any health checker would.
#pragma once

#include <string>

#include "adapters/grpc/grpc_client.h"

namespace exitbus::story {

enum class Health { kServing, kNotServing, kUnreachable };

// `service` empty: of the whole server.
Health AskHealth(const adapters::GrpcClientOptions& client, const std::string& service);

}  // namespace exitbus::story
