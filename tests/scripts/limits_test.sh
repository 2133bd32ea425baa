#!/usr/bin/env bash
# tools/check-limits counts what it should, and only that.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT
tree=$work/tree

lines() { for ((i = 0; i < $1; ++i)); do echo "${2-int x;}"; done; }
# limits FILE [EXCUSED]: the check of a tree with what comes in by stdin in that one file.
limits() {
  rm -rf "$tree"
  mkdir -p "$tree/$(dirname "$1")"
  cat >"$tree/$1"
  "$root/tools/check-limits" "$tree" "${2:-}"
}
good() { expect "may: $1" limits "$2" "${3:-}"; }
bad() { expect_refusal "may not: $1" "$3" limits "$2" "${4:-}"; }
source=services/nec/entry.cc header=services/nec/entry.h

good 'a source of 300 lines' $source < <(lines 300)
bad 'a source of 301' $source 'the file has 301 lines, 300 are' < <(lines 301)
good 'a header of 150 lines' $header < <(lines 150)
bad 'a header of 151' $header 'the file has 151 lines, 150 are' < <(lines 151)
good 'comments and blank lines beside' $source < <(lines 300; lines 50 '  // why'; lines 50 '')
bad 'a test as long as that' tests/e2e/x_test.cc 'the file has 301' < <(lines 301)

function_of() { echo "$1"; lines "$2" '  x();'; echo "${3:-\}}"; }
good 'a body of 50 lines' $source < <(function_of 'int Decide(int a) {' 50)
bad 'a body of 51' $source 'entry.cc:1: function Decide has 51' < <(function_of 'int Decide(int a) {' 51)
bad 'parameters on two lines' $source 'function Decide has 51' < <(function_of $'int Decide(int a,\n           int b) {' 51)
bad 'a template' $header 'function Load has 51' < <(function_of $'template <class T>\nT Load(const char* a) {' 51)
bad 'a member in a class' $header 'function Get has 51' \
  < <(echo 'class A {'; function_of '  int Get() const {' 51 '  }'; echo '};')
bad 'a test case' $source 'function Store, Keeps has 51' < <(function_of 'TEST_F(Store, Keeps) {' 51)
bad 'a function in a namespace' $source 'function Run has 51' < <(echo 'namespace exitbus {'; function_of 'void Run() {' 51)
good 'a class of 60 lines' $header < <(function_of 'class A final : public B {' 60 '};')
good 'a namespace of 60 lines' $source < <(function_of 'namespace {' 60)
good 'a value of 60 lines' $source < <(function_of 'const Rule kOne{"a", "b",' 60 '};')
good 'one table' $source < <(function_of $'const Rows& All() {\n  static const auto* all = new Rows{' 60 $'  };\n}')

bad 'an end without a reason' $source 'entry.cc:1: ends the process' <<<'  if (none) std::abort();'
good 'one in a test' tests/e2e/x_test.cc <<<'  if (none) std::abort();'
good 'a comment that says abort()' $source <<<'// never abort() here'

good 'one that is excused' $source $source < <(lines 301)
bad 'one that is excused and need not be' $source 'entry.cc: is within the limits' $source < <(lines 300)
bad 'one that is excused and gone' $source 'gone.cc: is within the limits' services/nec/gone.cc < <(lines 300)
expect 'this checkout passes' "$root/tools/check-limits"
finish
