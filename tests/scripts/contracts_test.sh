#!/usr/bin/env bash
# tools/check-contracts: what it refuses, and that it never passes for want of a release to compare with.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT
if ! command -v git >/dev/null; then
  echo "skipped: there is no git to keep releases in"
  exit 77
fi
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@test.invalid
export GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@test.invalid
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

version() { echo "project(exitbus VERSION $1 LANGUAGES CXX)" >"$tree/CMakeLists.txt"; }
# release VERSION: a commit of what lies there, tagged.
release() {
  version "$1.0"
  git -C "$tree" add -A && git -C "$tree" commit -q --allow-empty -m "v$1" && git -C "$tree" tag "v$1"
}
check() { "$root/tools/check-contracts" "${1:-$tree}"; }
says() {
  local pattern=$1
  shift
  "$@" 2>&1 | tee "$work/out" | grep -qE -- "$pattern" || { cat "$work/out"; return 1; }
}
fields='string a = 1; string b = 2;'

mkdir -p "$tree/$(dirname "$contract")"
cp "$root/proto/buf.yaml" "$tree/proto/"
contract "$fields"
version 0.3.0
expect 'a copy without history is not compared, and that is said' says 'no git history here: not compared' check

git -C "$tree" init -q
version 0.1.0
git -C "$tree" add -A && git -C "$tree" commit -qm begun
expect 'before the release that freezes, that is said' says 'not frozen yet' check
version 0.2.0
expect_refusal 'a history without any release is none to pass by' 'git fetch --tags' check
release 0.1
contract 'string a = 1;'
version 0.2.0
expect 'the release that freezes may still break' says 'not frozen yet: .*after v0.1' check
contract 'string Wrong = 1;'
expect_refusal "lint's rules hold before it too" 'lower_snake_case' check

contract "$fields"
release 0.2
expect 'what changed nothing passes' says 'whoever has v0.2 can read them' check
contract "$fields string c = 3;"
expect 'a field may come' check
contract 'string a = 1;'
expect_refusal 'a field may not go' 'field "2".*was deleted' check
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
release 0.10
contract "$fields"
expect_refusal 'the newest release counts, not the last by name' 'v0.10 would be broken' check

git clone -q --depth 1 --no-tags "file://$tree" "$work/shallow"
expect_refusal 'a shallow clone without tags does not pass' 'not in this history: .*--unshallow' check "$work/shallow"
expect 'this checkout passes' check "$root"
finish
