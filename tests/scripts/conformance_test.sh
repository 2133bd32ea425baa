#!/usr/bin/env bash
# The Connect project's own conformance suite, of a pinned version, on the web gateway's code: builds the suite
# by Go and the server under test by tools/build. Then Connect's client for browsers, from npm, calls it. Some two
# minutes.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
module=connectrpc.com/conformance version=v1.0.7
suite=$module/cmd/connectconformance@$version
at_least() { [[ $2 && $(printf '%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]; }
if ! at_least 1.26 "$(go env GOVERSION 2>/dev/null | sed s/^go//)"; then
  echo "FAILED  Go 1.26 or later is missing here: install it (https://go.dev/doc/install) and run this again"
  exit 1
fi

if ! at_least 20 "$(node --version 2>/dev/null | tr -d v)"; then
  echo "FAILED  Node.js 20 or later is missing here: install it (https://nodejs.org) and run this again"
  exit 1
fi

server=$root/build/release/bin/connect-conformance
run() { "$work/connectconformance" --conf "$root/tests/conformance/gateway.yaml" --mode server "$@"; }

expect 'the suite is built' env GOBIN="$work" go install "$suite"
fetched() { protos=$(go mod download -json "$module@$version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')/proto; [[ -d $protos ]]; }
configured() { cmake -S "$root" -B "$root/build/release" -DEXITBUS_CONFORMANCE_PROTOS="$protos"; }
expect "the suite's contracts are fetched" fetched
"$root/tools/build" policygen >/dev/null
expect 'the build knows where they are' configured
expect 'the server under test is built' "$root/tools/build" connect-conformance
expect 'the gateway is what the suite expects' run -- "$server"
tail -n 3 "$work/said"
cp "$work/said" "$work/suite.said"
expect 'the suite has tried it' grep -qE '[1-9][0-9]+ passed' "$work/suite.said"
expect_refusal 'a server that does not answer is found out' 'fail|error' run -- /bin/true

install() { npm install --prefix "$work" --ignore-scripts --no-audit --no-fund "$@"; }
contracts() {
  protoc -I "$protos" --include_imports --descriptor_set_out="$work/suite.binpb" \
    connectrpc/conformance/v1/{service,server_compat}.proto
}
connect_web() {
  cp "$root/tests/conformance/connect_web.mjs" "$work"
  NODE_EXTRA_CA_CERTS=$work/pki/authorities-ca.crt node "$work/connect_web.mjs" "$server" \
    "$work/pki/municipality-0183.crt" "$work/pki/municipality-0183.key" "$work/suite.binpb"
}
expect 'certificates are made' "$root/tools/certificates" --dir "$work/pki" init
expect 'and one for the server' "$root/tools/certificates" --dir "$work/pki" issue-authority municipality-0183
expect 'its contracts are read' contracts
expect "Connect's client for browsers is installed" \
  install @connectrpc/connect-web@2.3.0 @connectrpc/connect@2.3.0 @bufbuild/protobuf@2.17.0
expect 'it calls the gateway unmodified' connect_web
cp "$work/said" "$work/web.said"
expect 'all that it tries' grep -q '6 calls as expected' "$work/web.said"
finish
