#!/usr/bin/env bash
# take_points_out.sh: takes each point where separation is enforced out of the code, one at a time, builds
# the real system without it, and expects the proofs to fail
#
# usage: tests/separation/take_points_out.sh [POINT...]      all of points/*.patch, or those named
#
# A point is a patch. Its first lines say what it takes out ("takes out: …") and who must notice ("caught
# by: PROGRAM FILTER", a GoogleTest program and its --gtest_filter). Works on the last commit, in
# build/points. A patch that no longer applies fails: bring it up to date. (tests/scripts/points_test.sh, which
# is quick, finds that too.) Takes some 3 minutes a point.
# Exit status 0 if every one was caught.

source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../tools/lib.sh"
answer_help "$@"

points=$root/tests/separation/points
tree=$root/build/points
services=($(cd "$root/services" && printf '%s\n' */main.cc | xargs -n 1 dirname))

# Another checkout of the last commit; only what changed is touched, so that builds stay short.
if [[ ! -d $tree/.git ]]; then
  mkdir -p "$(dirname "$tree")"
  git clone --quiet --shared "$root" "$tree"
fi
git -C "$tree" fetch --quiet "$root" HEAD
git -C "$tree" checkout --quiet --force --detach FETCH_HEAD
git -C "$tree" clean --quiet --force -d --exclude=/build --exclude=/.run

# field PATCH NAME: what the line "NAME: …" at the top of the patch says.
field() { sed -n "/^diff /q;s/^$2: //p" "$1"; }

# caught PATCH: takes it out, builds, runs whom it names.
caught() {
  local patch=$1 log=$2 program filter
  read -r program filter <<<"$(field "$patch" "caught by")"
  git -C "$tree" apply "$patch" || { say "does not apply any more"; return 1; }
  if ! "$tree/tools/build" "${services[@]}" exitbus-provision exitctl "$program" >"$log" 2>&1; then
    say "does not build, see $log"
    return 1
  fi
  if (cd "$tree" && "build/release/bin/$program" --gtest_filter="$filter") >"$log" 2>&1; then
    say "NOT CAUGHT"
    return 1
  fi
  grep -q '^\[  FAILED  \]' "$log" || { say "ended without a failed test, see $log"; return 1; }
  say "caught by $(grep -c '^\[  FAILED  \] [^ ]* (' "$log") tests"
}

(($#)) || set -- $(cd "$points" && printf '%s\n' *.patch | sed 's/\.patch$//')
missed=0
for point; do
  patch=$points/$point.patch
  [[ -f $patch ]] || die "no such point: $point; see $points"
  started=$SECONDS
  said=$(caught "$patch" "$root/build/points-$point.log") || missed=$((missed + 1))
  say "$(printf '%-24s %-58s %s (%d s)' "$point" "$(field "$patch" "takes out")" "$said" $((SECONDS - started)))"
  git -C "$tree" checkout --quiet --force
done
((missed == 0)) || die "$missed of $# were not caught"
say "all $# caught"
