#!/usr/bin/env bash
# A server certificate with an Ed25519 key: gRPC for Python, built on BoringSSL, offers no signature that
# fits, so that no handshake succeeds. One with a P-256 key, otherwise alike, is accepted.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
finding 'grpcio 1.80.0' 'does not verify an Ed25519 certificate; one with a P-256 key it does'
python_with grpcio==1.80.0
for kind in ed25519 P-256; do
  if [[ $kind == ed25519 ]]; then algorithm=(-algorithm ed25519); else
    algorithm=(-algorithm EC -pkeyopt ec_paramgen_curve:P-256)
  fi
  quietly openssl genpkey "${algorithm[@]}" -out "$work/$kind.key"
  quietly openssl req -x509 -new -key "$work/$kind.key" -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost -out "$work/$kind.crt"
done
cat >"$work/call.py" <<'END'
import socket, ssl, sys, threading
import grpc

work, kind = sys.argv[1:3]
read = lambda name: open(f"{work}/{kind}.{name}", "rb").read()
# Python's own ssl, on OpenSSL, serves the handshake: only the client is tried.
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(f"{work}/{kind}.crt", f"{work}/{kind}.key")
context.set_alpn_protocols(["h2"])
listener = socket.create_server(("127.0.0.1", 0))
outcome = []

def serve():
    while not outcome:
        connection, _ = listener.accept()
        try:
            context.wrap_socket(connection, server_side=True)
            outcome.append("handshake")
        except (ssl.SSLError, OSError):
            outcome.append("no handshake")

threading.Thread(target=serve, daemon=True).start()
channel = grpc.secure_channel(f"127.0.0.1:{listener.getsockname()[1]}", grpc.ssl_channel_credentials(read("crt")),
                              [("grpc.ssl_target_name_override", "localhost")])
try:
    channel.unary_unary("/x/y")(b"", timeout=5)
except grpc.RpcError:
    pass
print(f"{kind}: {outcome[0] if outcome else 'nothing'}", end=" ")
END
export GRPC_VERBOSITY=NONE
seen=$("$work/venv/bin/python" "$work/call.py" "$work" ed25519; "$work/venv/bin/python" "$work/call.py" "$work" P-256)
holds "$seen" '^ed25519: no handshake P-256: handshake'
