#!/usr/bin/env bash
# check_requirements.py finds each thing that can be wrong with a row, and a test that is gone; and this checkout is
# right: each requirement has its row, each test that a row names is there, and docs/requirements.md is not stale.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT
check=$root/tests/scripts/check_requirements.py
tree=$work/tree
table=$tree/tests/tables/requirements.table
mapfile -t numbers < <("$check" --numbers)

# begin: a tree in which every number has a row, that of a fact, and a few tests that a row may name.
begin() {
  rm -rf "$tree"
  mkdir -p "$tree/tests/tables" "$tree/tests/policy" "$tree/services/nec"
  printf '%s | Something is. | context | a fact\n' "${numbers[@]}" >"$table"
  cat >"$tree/services/nec/a_test.cc" <<'END'
TEST(PlainTest, Works) { EXPECT_TRUE(IsAsIn("services/nec/entry.table")); }
TEST_F(FixtureTest, Works) { Address("https://nec"); }
TEST_P(ParamTest, Works) {}
TEST_F(LongNameTest,
       WorksToo) {}
// TEST(CommentTest, Works) {}
/* TEST(CommentTest, WorksToo) {} */
END
  cat >"$tree/services/nec/entry.table" <<'END'
# a remark | is no row
                 | GIVEN | GONE
-----------------+-------+-----
OpenCase         | done  | ←
OpenCase, at all | done  | ←

inputs: what each says

OpenCase, at last | x: 1
END
  cp "$tree/services/nec/entry.table" "$tree/services/nec/forgotten.table"
  cp "$tree/services/nec/entry.table" "$tree/tests/tables/flows.table"
  echo 'const Table kFlows("flows");' >"$tree/tests/policy/rules.cc"
  echo 'true' >"$tree/tests/policy/a_test.sh"
}

# row LINE...: the first number's row is this instead; "" for none.
row() {
  begin
  sed -i "/^${numbers[0]} /d" "$table"
  [[ -z $* ]] || printf '%s\n' "$@" >>"$table"
}

# The check of that tree, once its page is written.
checked() {
  row "$@"
  "$check" --write "$tree" && "$check" "$tree"
}
good() { expect "is right: $*" checked "$@"; }
bad() {
  local said=$1
  shift
  expect_refusal "$said: $*" "^tests/tables/requirements[.]table.*${numbers[0]}: $said" checked "$@"
}
first=${numbers[0]}
is="$first | Something is."
works='services/nec/a_test.cc: PlainTest.Works'

# What may be named.
good "$is | rule | $works"
good "$is | rule | services/nec/a_test.cc: FixtureTest.Works"
good "$is | rule | services/nec/a_test.cc: ParamTest.Works"
good "$is | rule | services/nec/a_test.cc: LongNameTest.WorksToo"
good "$is | rule | services/nec/entry.table: OpenCase, at all"
good "$is | rule | tests/tables/flows.table: OpenCase"
good "$is | rule | tests/policy/a_test.sh"
good "$is | configuration | $works" " | | | services/nec/entry.table: OpenCase"
good "$is | part | $works" " | | | ; the rest"
good "$is | not built | because nobody did"
good "$is | context | a fact"

# What is not there.
bad 'there is no file services/nec/b_test.cc' "$is | rule | services/nec/b_test.cc: PlainTest.Works"
bad 'there is no file tests/policy/b_test.sh' "$is | rule | tests/policy/b_test.sh"
bad 'there is no file services/nec/b.table' "$is | rule | services/nec/b.table: OpenCase"
bad 'there is no file /etc/hosts' "$is | rule | /etc/hosts"
bad 'there is no test PlainTest.Work ' "$is | rule | services/nec/a_test.cc: PlainTest.Work"
bad 'there is no test FixtureTest.WorksToo' "$is | rule | services/nec/a_test.cc: FixtureTest.WorksToo"
bad 'there is no test CommentTest.Works ' "$is | rule | services/nec/a_test.cc: CommentTest.Works"
bad 'there is no test CommentTest.WorksToo' "$is | rule | services/nec/a_test.cc: CommentTest.WorksToo"
bad 'there is no test named' "$is | rule | services/nec/a_test.cc"
bad 'there is no row OpenCase, at ' "$is | rule | services/nec/entry.table: OpenCase, at"
bad 'there is no row OpenCase, at last' "$is | rule | services/nec/entry.table: OpenCase, at last"
bad 'there is no row # a remark' "$is | rule | services/nec/entry.table: # a remark"
bad 'there is no row named' "$is | rule | services/nec/entry.table"
bad 'no test reads services/nec/forgotten.table' "$is | rule | services/nec/forgotten.table: OpenCase"
bad 'tests/policy/rules.cc is no test' "$is | rule | tests/policy/rules.cc"
bad 'there is no test PlainTest.Gone' "$is | part | $works" \
  " | | | services/nec/a_test.cc: PlainTest.Gone" " | | | ; the rest"

# What a row has to say.
bad 'it has no row' ''
bad 'it is there twice' "$is | context | a fact" "$is | context | a fact"
bad 'no test is named' "$is | rule | ; the rest"
bad 'no test is named' "$is | part | ; the rest"
bad 'there is no file it is set so' "$is | configuration | it is set so"
bad 'what is met in part says' "$is | part | $works"
bad 'only what is met in part' "$is | rule | $works" " | | | ; the rest"
bad 'what is not built says "because"' "$is | not built | nobody did"
bad 'what is not built says "because"' "$is | not built | because"
bad 'what is met by not built names no test' "$is | not built | because of $works"
bad 'what is met by context names no test' "$is | context | $works"
bad 'it is met by one of' "$is | maybe | $works"
bad 'what is asked for takes' "$first | | rule | $works"
bad 'what is asked for takes' "$first | $(printf 'word %.0s' {1..16}) | rule | $works"
bad 'beside the tests there are at most' "$is | not built | because $(printf 'word %.0s' {1..25})"
bad 'beside the tests there are at most' "$is | part | $works" " | | | ; $(printf 'word %.0s' {1..26})"
bad 'at most 4 tests' "$is | rule | $works" " | | | $works" " | | | $works" " | | | $works" " | | | $works"
expect_refusal 'a number that nobody has' 'ACT-99: there is no such number' \
  checked "$is | context | a fact" 'ACT-99 | Something is. | context | a fact'
expect_refusal 'a row that lacks a cell' ':[0-9]+: a row is: number' checked "$is | context"
begin
sed -i '1i | | | a fact' "$table"
expect_refusal 'a line that goes on with nothing' ':1: there is no row above' "$check" "$tree"

# Each number has to be there, not the first alone.
expect 'there are 244 numbers' same "${#numbers[@]}" 244
expect 'each once' same "$(printf '%s\n' "${numbers[@]}" | sort -u | wc -l)" 244
without() { begin; sed -i "/^$1 /d" "$table"; "$check" "$tree"; }
for number in "${numbers[@]: -1}" CF-1 CF-14 N-01 ELI-22; do
  expect_refusal "without $number" "$number: it has no row" without "$number"
done

# A test is taken out, and its row is wrong.
taken_out() {
  checked "$is | rule | $works"
  sed -i 's/PlainTest, Works/PlainTest, DISABLED_Works/' "$tree/services/nec/a_test.cc"
  "$check" "$tree"
}
expect_refusal 'a test that runs no more' "$first: there is no test PlainTest.Works" taken_out

# The page.
stale() {
  checked "$is | rule | $works"
  echo more >>"$tree/docs/requirements.md"
  "$check" "$tree"
}
unwritten() { begin; "$check" "$tree"; }
expect_refusal 'a page that says something else' 'docs/requirements.md: it is stale' stale
expect_refusal 'no page' 'docs/requirements.md: it is stale' unwritten
wrongly_written() { row "$is | rule | nothing"; "$check" --write "$tree"; }
expect_refusal 'a wrong table is not written' 'there is no file nothing' wrongly_written
expect 'and leaves no page' test ! -e "$tree/docs"
checked "$is | part | services/nec/entry.table: OpenCase, at all" ' | | | ; the rest' >/dev/null
on_page() { grep -qF -- "$1" "$tree/docs/requirements.md"; }
expect 'the page names the row' on_page '[entry.table: OpenCase, at all](../services/nec/entry.table)<br>missing: the rest |'
expect 'and counts by prefix' on_page '| ACT · Who takes part, and what each does |  |  | 1 |  | 23 | 24 |'

expect_refusal 'a tree without a table' 'it has no row' "$check" "$work"
expect 'this checkout' "$check"
finish
