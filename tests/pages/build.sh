#!/bin/sh
# Makes the tests ready in a copy of this folder with the contracts in proto/. prepare.sh does it.
set -eu
npm ci --ignore-scripts --no-audit --no-fund --silent
node_modules/.bin/prettier --check --log-level warn '**/*.{ts,tsx,css,html}' '!**/gen'
rm -rf gen
mkdir gen
protoc -I proto --plugin=node_modules/.bin/protoc-gen-es --es_out=gen --es_opt=target=ts \
  $(cd proto && find exitbus google -name '*.proto')
node_modules/.bin/tsc
