// One service of the contracts, offered by descriptor: no generated gRPC class is needed, and
// reflection, health and unmodified clients see no difference. Internal to this folder.
#pragma once

#include <deque>
#include <string>

#include "adapters/grpc/bound_call.h"
#include "adapters/grpc/bound_watch.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/impl/rpc_service_method.h"
#include "grpcpp/impl/service_type.h"
#include "services/exchange/ports/api.h"

namespace exitbus::adapters {

class BoundService final : public grpc::Service {
 public:
  // Every method of `service` goes to `handler`, past `admission`, which both must outlive the
  // server: a unary one as a call, a bidirectional stream as a watch. Another kind is a
  // programmer's error and aborts.
  BoundService(const google::protobuf::ServiceDescriptor& service, Admission* admission,
               exchange::ApiHandler* handler);

  // At shutdown: watches end by themselves as little as their clients do.
  void EndWatches() { watches_.EndAll(); }
  // When the list of revoked certificates has changed.
  void EndRevokedWatches() { watches_.EndRevoked(*admission_); }

 private:
  void Add(const google::protobuf::MethodDescriptor& method,
           grpc::internal::RpcMethod::RpcType type, grpc::internal::MethodHandler* handler);
  void AddWatch(const google::protobuf::MethodDescriptor& method, exchange::ApiHandler* handler);
  void AddUnary(const google::protobuf::MethodDescriptor& method, exchange::ApiHandler* handler);

  Admission* const admission_;
  std::deque<std::string> paths_;  // "/package.Service/Method"; gRPC keeps pointers to them
  OpenWatches watches_;
};

}  // namespace exitbus::adapters
