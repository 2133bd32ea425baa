#!/usr/bin/env bash
# A server is killed in the middle of a stream. tonic reports UNKNOWN, where gRPC's own implementations
# report UNAVAILABLE, on which clients are told to try again. Some three minutes: it compiles tonic.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
finding 'tonic 0.14.9, server grpcio 1.80.0' 'a stream whose server is killed ends with UNKNOWN'
python_with grpcio==1.80.0 grpcio-health-checking==1.80.0
cat >"$work/server.py" <<'END'
from concurrent import futures
import grpc
from grpc_health.v1 import health, health_pb2_grpc

server = grpc.server(futures.ThreadPoolExecutor(4))
health_pb2_grpc.add_HealthServicer_to_server(health.HealthServicer(), server)
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)
server.wait_for_termination()
END
mkdir -p "$work/client/src"
cat >"$work/client/Cargo.toml" <<'END'
[package]
name = "client"
version = "0.0.0"
edition = "2021"
[dependencies]
tonic = "=0.14.9"
tonic-health = "=0.14.9"
tokio = { version = "1", features = ["macros", "rt"] }
END
cat >"$work/client/src/main.rs" <<'END'
use tonic_health::pb::{health_client::HealthClient, HealthCheckRequest};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let address = format!("http://127.0.0.1:{}", std::env::args().nth(1).unwrap());
    let channel = tonic::transport::Endpoint::from_shared(address).unwrap().connect().await.unwrap();
    let mut client = HealthClient::new(channel);
    let request = HealthCheckRequest { service: String::new() };
    let mut stream = client.watch(request).await.unwrap().into_inner();
    stream.message().await.unwrap();
    println!("watching");
    match stream.message().await {
        Err(status) => println!("code {:?}: {}", status.code(), status.message()),
        Ok(_) => println!("no error"),
    }
}
END
(cd "$work/client" && quietly cargo build --quiet --jobs 1)
background "$work/venv/bin/python" "$work/server.py"
for _ in {1..100}; do [[ -s $work/background.log ]] && break; sleep 0.1; done
: >"$work/client.log"
"$work/client/target/debug/client" "$(head -n 1 "$work/background.log")" >"$work/client.log" 2>&1 &
client=$!
for _ in {1..100}; do grep -q watching "$work/client.log" && break; sleep 0.1; done
kill -9 "${started[0]}"
timeout 20 tail --pid="$client" -f /dev/null || kill "$client"
holds "$(tail -n 1 "$work/client.log")" '^code Unknown: '
