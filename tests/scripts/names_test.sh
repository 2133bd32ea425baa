#!/usr/bin/env bash
# check_names.py finds each kind of name that no test has seen answered, and only those; and this
# checkout has none.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT
tree=$work/tree

# names SOURCE LINE [TEST LINE]: the check of a tree with that one line in that one source, and that
# one in that test. A source beside it has a name that is always tested.
names() {
  rm -rf "$tree"
  local -A lines=([services/nec/known.cc]='Refuse("made.up_known", "x");'
    [services/nec/known_test.cc]='EXPECT_EQ(rule, "made.up_known");' [$1]=$2)
  [[ -z ${3:-} ]] || lines[$3]=$4
  local file
  for file in "${!lines[@]}"; do
    mkdir -p "$tree/$(dirname "$file")"
    printf '%s\n' "${lines[$file]}" >"$tree/$file"
  done
  "$root/tests/scripts/check_names.py" "$tree"
}
good() { expect "stands in a test: $*" names "$@"; }
bad() {
  local said=$1
  shift
  expect_refusal "is found: $*" "^$1:1: $said" names "$@"
}
missing='made[._]up is in no table and no test'

# What is a name.
source=services/nec/letters.cc
bad "$missing" $source 'return Decision::Refuse("made.up", "Do it.");'
bad "$missing" $source 'const Rule kRule{"made.up", "Do it."};'
bad "$missing" $source 'constexpr char kRule[] = "made.up";'
bad "$missing" $source 'return Decision::NoEffect("made_up");'
bad "$missing" $source 'decision.Report(Severity::kError, "made.up");'
bad "$missing" $source 'telemetry->Log(Severity::kInfo, "made.up", {});'
bad "$missing" $source 'return absl::DataLossError("made.up: " + why);'
bad "$missing" $source 'return absl::UnavailableError("made_up");'
bad "$missing" adapters/grpc/door.cc '.reason = "made.up",'
good $source '// "made.up" was a rule once'
good $source 'path = "made up by hand.";'
good adapters/kafka/bus.cc 'settings = {{"made.up", "true"}};'
good services/nec/letters_test.cc 'Refuse("made.up", "x");'

# Where it has to stand.
refuses='return Decision::Refuse("made.up", "Do it.");'
crosses='return Decision::NoEffect("made_up");'
good $source "$refuses" services/nec/letters_test.cc 'EXPECT_EQ(rule, "made.up");'
good $source "$refuses" tests/simulation/a_test.cc 'EXPECT_EQ(rule, "refused made.up");'
good $source "$refuses" tests/e2e/client.py 'assert rule == "made.up"'
good $source "$refuses" tests/tables/a.table 'holder REQUESTED Do refused made.up'
good $source "$refuses" services/a/a.table 'no: made up | refused made.up'
good $source "$crosses" tests/tables/a.table 'holder REQUESTED <Do no effect made_up'
bad "$missing" $source "$refuses" tests/tables/a.table '# refused made.up'
bad "$missing" $source "$refuses" tests/tables/a.table 'made.up CATEGORY_NAME'
bad "$missing" $source "$refuses" services/nec/letters_test.cc '// made.up'
bad "$missing" $source "$refuses" services/nec/letters_test.cc 'EXPECT_EQ(rule, "made.up_more");'
bad "$missing" $source "$refuses" services/nec/letters_test.cc 'EXPECT_EQ(rule, "more.made.up");'
bad "$missing" $source "$crosses" services/nec/letters_test.cc 'EXPECT_EQ(made_up, 1);'
bad "$missing" $source "$refuses" services/nec/other.cc 'return "see made.up";'
bad "$missing" $source "$refuses" tests/e2e/client.py '# made.up'

# A name that is put together is found nowhere.
whole='write the name whole'
bad "$whole" $source 'return Decision::NoEffect(absl::StrCat(kind, "_known"));'
bad "$whole" $source 'return Decision::NoEffect(name);'
bad "$whole" $source 'return Decision::NoEffect(known ? "made_up" : "made_up_too");'
bad "$whole" $source 'return Decision::Refuse("made." + what, "Do it.");'
bad "$whole" $source 'return RefusedBy(absl::StrCat(kind, ".unknown"), "Do it.");'
good $source 'return Decision::Refuse(rule->name, rule->remedy);'
good $source 'static Decision NoEffect(std::string_view name);'

expect_refusal "a tree without names proves nothing" "no name is answered" \
  "$root/tests/scripts/check_names.py" "$work"
expect "this checkout" "$root/tests/scripts/check_names.py"
finish
