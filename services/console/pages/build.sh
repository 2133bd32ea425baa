#!/bin/sh
# Makes the pages in dist/, in a copy of this folder with the contracts in proto/. tools/pages does it.
set -eu
# Of react-denmark-map only the shapes are taken, so that it needs no React.
npm ci --ignore-scripts --legacy-peer-deps --no-audit --no-fund --silent
node_modules/.bin/prettier --check --log-level warn '**/*.{ts,tsx,css,html}' '!**/gen' '!dist'
rm -rf src/gen
mkdir -p src/gen
protoc -I proto --plugin=node_modules/.bin/protoc-gen-es --es_out=src/gen --es_opt=target=ts \
  $(cd proto && find exitbus google -name '*.proto')
node_modules/.bin/tsc
node_modules/.bin/vitest run
node_modules/.bin/vite build
