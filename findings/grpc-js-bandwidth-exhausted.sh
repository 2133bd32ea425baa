#!/usr/bin/env bash
# A client that pings more often than a server's default allows is told so by GOAWAY; grpc-js reports that
# as RESOURCE_EXHAUSTED "Bandwidth exhausted", which names neither pings nor the connection's end. The
# same against the same server in Python is UNAVAILABLE "Too many pings".  Some 90 seconds.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
finding '@grpc/grpc-js 1.14.7, server grpcio 1.80.0' \
  'a quiet stream with a keepalive of 10 s ends with RESOURCE_EXHAUSTED "Bandwidth exhausted"'
python_with grpcio==1.80.0
quietly npm install --prefix "$work" --ignore-scripts --no-audit --no-fund @grpc/grpc-js@1.14.7
cat >"$work/server.py" <<'END'
import threading
from concurrent import futures
import grpc

class Quiet(grpc.GenericRpcHandler):
    def service(self, details):
        def watch(request, context):
            ended = threading.Event()
            context.add_callback(ended.set)
            ended.wait()
            yield b""
        return grpc.unary_stream_rpc_method_handler(watch)

server = grpc.server(futures.ThreadPoolExecutor(4), handlers=[Quiet()])
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)
server.wait_for_termination()
END
cat >"$work/client.cjs" <<'END'
const grpc = require('@grpc/grpc-js');
const client = new grpc.Client(`127.0.0.1:${process.argv[2]}`, grpc.credentials.createInsecure(),
  { 'grpc.keepalive_time_ms': 10000 });
const raw = (bytes) => bytes;
const began = Date.now();
client.makeServerStreamRequest('/x.Y/Watch', raw, raw, Buffer.alloc(0))
  .on('data', () => {})
  .on('error', (error) => {
    console.log(`code ${error.code}, "${error.details}", after ${Math.round((Date.now() - began) / 1000)} s`);
    process.exit(0);
  });
setTimeout(() => { console.log('still open after 120 s'); process.exit(0); }, 120000);
END
background "$work/venv/bin/python" "$work/server.py"
for _ in {1..100}; do [[ -s $work/background.log ]] && break; sleep 0.1; done
holds "$(node "$work/client.cjs" "$(head -n 1 "$work/background.log")")" '^code 8, "Bandwidth exhausted'
