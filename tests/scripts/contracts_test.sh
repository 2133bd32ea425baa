#!/usr/bin/env bash
# tools/check-contracts: what it refuses, and that it never passes for want of a release to compare with.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT
tree=$work/tree
contract=proto/exitbus/watch/v1/sample.proto

# Writes the contract, its message's body as given.
contract() {
  cat >"$tree/$contract" <<END
syntax = "proto3";

package exitbus.watch.v1;

message Sample {
  $1
}

service SampleService {
  rpc ReadSample(ReadSampleRequest) returns (ReadSampleResponse);${2-
  rpc WriteSample(WriteSampleRequest) returns (WriteSampleResponse);}
}

message ReadSampleRequest {}
message ReadSampleResponse {}
message WriteSampleRequest {}
message WriteSampleResponse {}
END
}

version() { echo "project(exitbus VERSION $1.0 LANGUAGES CXX)" >"$tree/CMakeLists.txt"; }
check() { "$root/tools/check-contracts" "$@" "$tree"; }
# release VERSION: what lies there is that release, and kept.
release() {
  version "$1"
  check --keep
}
says() {
  local pattern=$1
  shift
  "$@" >"$work/out" 2>&1
  grep -qE -- "$pattern" "$work/out" || { cat "$work/out"; return 1; }
}
fields='string a = 1; string b = 2;'

mkdir -p "$tree/$(dirname "$contract")"
cp "$root/proto/buf.yaml" "$tree/proto/"
contract "$fields"
version 0.1
expect 'before the release that freezes, that is said' says 'not frozen yet' check
contract 'string Wrong = 1;'
expect_refusal "lint's rules hold before it too" 'lower_snake_case' check

contract "$fields"
version 0.2
expect_refusal 'no release passes that is not kept' 'v0.2.binpb is not there: .*--keep' check
expect 'a release is kept' release 0.2
expect 'what changed nothing passes' says 'whoever has v0.2 can read them' check
contract "$fields string c = 3;"
expect 'a field may come' check
expect_refusal 'a release is never written again' 'there already' check --keep
contract 'string a = 1;'
expect_refusal 'a field may not go' 'field "2".*was deleted' check
expect_refusal 'nor in the next release' 'v0.2 would be broken' release 0.3
version 0.2
contract 'string a = 1; reserved 2;'
expect_refusal 'not with its number alone reserved' 'name "b"' check
contract 'string a = 1; reserved 2; reserved "b";'
expect 'with number and name reserved it may' check
contract 'string a = 1; string b = 3;'
expect_refusal 'no field is renumbered' 'field "2"' check
contract 'string a = 1; bytes b = 2;'
expect_refusal 'no field changes its type' 'changed type' check
contract "$fields" ''
expect_refusal 'a method may not go' 'RPC "WriteSample"' check

contract "$fields string c = 3;"
expect 'the next release is kept beside it' release 0.10
expect 'both are compared with' says 'whoever has v0.10 can read them' check
expect 'the older one too' says 'whoever has v0.2 can read them' check
contract "$fields"
expect_refusal 'what came with a release may not go' 'v0.10 would be broken' check
contract "$fields string c = 3;"
version 0.1
expect_refusal 'no version is older than what is kept' 'a later release is kept' check
expect 'this checkout passes' "$root/tools/check-contracts"
finish
