#!/bin/sh
# Makes client.ts ready to run in this folder, with the contracts in proto/: node out/client.js
set -eu
npm ci --ignore-scripts --no-audit --no-fund --silent
protoc -I proto --plugin=node_modules/.bin/protoc-gen-ts_proto --ts_proto_out=. \
  --ts_proto_opt=outputServices=grpc-js,esModuleInterop=true $(cd proto && find exitbus google -name '*.proto')
node_modules/.bin/tsc
