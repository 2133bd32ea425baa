// The client's end of a watch. Internal to this folder.
#pragma once

#include <memory>
#include <string>

#include "adapters/grpc/grpc_client.h"
#include "grpcpp/generic/generic_stub.h"

namespace google::protobuf {
class Descriptor;
}

namespace exitbus::adapters {

std::unique_ptr<GrpcWatch> OpenGrpcWatch(grpc::GenericStub& stub, const std::string& path,
                                         const google::protobuf::Descriptor& reply,
                                         const CallOptions& options);

}  // namespace exitbus::adapters
