// One service of the contracts, offered by descriptor: no generated gRPC class is needed, and
// reflection, health and unmodified clients see no difference. Internal to this folder.
#pragma once

#include <deque>
#include <string>

#include "google/protobuf/descriptor.h"
#include "grpcpp/impl/service_type.h"
#include "services/exchange/ports/api.h"

namespace exitbus::adapters {

class BoundService final : public grpc::Service {
 public:
  // Every unary method of `service` goes to `handler`, which must outlive the server. Another kind
  // of method is a programmer's error and aborts.
  BoundService(const google::protobuf::ServiceDescriptor& service, std::string authority,
               exchange::ApiHandler* handler);

 private:
  void AddUnary(const google::protobuf::MethodDescriptor& method, exchange::ApiHandler* handler);

  const std::string authority_;
  std::deque<std::string> paths_;  // "/package.Service/Method"; gRPC keeps pointers to them
};

}  // namespace exitbus::adapters
