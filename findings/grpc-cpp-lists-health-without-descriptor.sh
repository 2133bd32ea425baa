#!/usr/bin/env bash
# The health service that gRPC C++ brings along is listed by reflection, and has no descriptor there: who
# calls it by reflection (grpcurl, Postman) cannot.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
finding "libgrpc++ $(dpkg-query -W -f '${Version}' libgrpc++-dev) of Debian" \
  'lists grpc.health.v1.Health by reflection, and answers NOT_FOUND for its descriptor'
python_with grpcio==1.80.0 grpcio-reflection==1.80.0
cat >"$work/server.cc" <<'END'
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>

#include <iostream>

int main() {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  const auto server = builder.BuildAndStart();
  std::cout << port << std::endl;
  server->Wait();
}
END
quietly g++ -std=c++17 -o "$work/server" "$work/server.cc" $(pkg-config --cflags --libs grpc++ protobuf) \
  -Wl,--no-as-needed -lgrpc++_reflection
background "$work/server"
for _ in {1..50}; do [[ -s $work/background.log ]] && break; sleep 0.1; done
cat >"$work/ask.py" <<'END'
import sys
import grpc
from grpc_reflection.v1alpha import reflection_pb2 as pb, reflection_pb2_grpc

stub = reflection_pb2_grpc.ServerReflectionStub(grpc.insecure_channel(f"127.0.0.1:{sys.argv[1]}"))
ask = [pb.ServerReflectionRequest(list_services=""),
       pb.ServerReflectionRequest(file_containing_symbol="grpc.health.v1.Health")]
listed, found = stub.ServerReflectionInfo(iter(ask), timeout=10)
names = [service.name for service in listed.list_services_response.service]
print("listed:", "grpc.health.v1.Health" in names, "error:", found.error_response.error_code)
END
holds "$("$work/venv/bin/python" "$work/ask.py" "$(head -n 1 "$work/background.log")")" '^listed: True error: 5$'
