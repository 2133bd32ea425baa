#!/usr/bin/env bash
# tests/clients/prepare.sh: makes the clients ready to run in build/clients, each in a folder of its own
#
# usage: tests/clients/prepare.sh
#
# Of each client, and of each reader of events, the folder here is copied, with proto/ beside, and its build.sh
# run there, if either has changed. Packages come from the languages' own registries, pinned by each folder's
# lock, and grpcurl likewise. What is missing of the toolchains is named, and nothing is installed.

source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../tools/lib.sh"
answer_help "$@"
(($# == 0)) || die "unknown argument; see tests/clients/prepare.sh --help"

wants 'Python 3.10 or later with venv (python3-venv)' \
  python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))'
wants 'Node.js 20 or later with npm' at_least 20 "$(node --version 2>/dev/null | tr -d v)"
wants 'npm' npm --version
wants 'Go 1.26 or later' at_least 1.26 "$(go env GOVERSION 2>/dev/null | sed s/^go//)"
wants 'a JDK 17 or later' at_least 17 "$(javac -version 2>&1 | sed -n 's/^javac //p')"
wants 'Maven (maven)' mvn --version
wants 'gRPC for Java in protoc (protobuf-compiler-grpc-java-plugin)' test -x "$(command -v grpc_java_plugin)"
wants 'Rust 1.88 or later with cargo' at_least 1.88 "$(cargo --version 2>/dev/null | cut -d' ' -f2)"
wants 'protoc (protobuf-compiler)' protoc --version
wants 'certtool (gnutls-bin)' certtool --version
wants 'kcat' kcat -V
wants 'promtool (prometheus)' promtool --version
refuse_missing

here=$root/tests/clients
for script in "$here"/*/build.sh "$here"/events/*/build.sh; do
  folder=$(dirname "$script")
  make_ready "$folder" "$root/build/clients/${folder#"$here"/}"
done
GOBIN=$root/build/clients/bin with_progress 'fetching grpcurl' "$root/build/clients/grpcurl.log" \
  go install github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.4
# With google/rpc, or grpcurl shows the reason of a refusal in base64.
protoc -I "$root/proto" --include_imports --descriptor_set_out="$root/build/clients/exitbus.protoset" \
  $(cd "$root/proto" && find exitbus google -name '*.proto')
