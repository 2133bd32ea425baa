#!/usr/bin/env bash
# Each point of enforcement can still be taken out: its patch applies, and those who must notice are
# there. Whether they do notice takes hours: tests/separation/take_points_out.sh.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT
if ! command -v git >/dev/null; then
  echo "skipped: there is no git to apply patches with"
  exit 77
fi
# A tree without a history of its own is none of whatever history it lies in.
export GIT_CEILING_DIRECTORIES
GIT_CEILING_DIRECTORIES=$(dirname "$root")
cd "$root" || exit 1

# The tests of `program` that a filter names: each part of it at least one.
are_there() {
  local part suite
  for part in ${1//:/ }; do
    [[ $part == *.* ]] || part="$part.*"
    part=${part//\*/[A-Za-z0-9_]*}
    suite=${part%%.*}
    grep -rqE "^TEST(_F|_P)?\\($suite, ${part#*.}\\)" tests/separation --include='*_test.cc' ||
      { echo "no test is called $part"; return 1; }
  done
}

for patch in tests/separation/points/*.patch; do
  point=$(basename "$patch" .patch)
  read -r program filter <<<"$(sed -n '/^diff /q;s/^caught by: //p' "$patch")"
  expect "$point says what it takes out" grep -q '^takes out: ' "$patch"
  expect "$point applies" git apply --check "$patch"
  expect "$point: $program is there" grep -rqE "exitbus_[a-z_0-9]*test\\($program " tests --include=CMakeLists.txt
  expect "$point: $filter is there" are_there "$filter"
done
finish
