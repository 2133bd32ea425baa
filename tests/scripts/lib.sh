# What the script tests share: named checks that go on after a failure, and a summary.
# shellcheck shell=bash
set -uo pipefail
export LC_ALL=C.UTF-8
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
work=$(mktemp -d "${TMPDIR:-/tmp}/exitbus-script-test.XXXXXX")
checks=0 failures=0

# expect NAME COMMAND...: the command succeeds.
expect() {
  local name=$1
  shift
  checks=$((checks + 1))
  if "$@" >"$work/said" 2>&1; then
    echo "ok      $name"
  else
    failures=$((failures + 1))
    echo "FAILED  $name (status $?): $*"
    sed 's/^/        /' "$work/said" | tail -n 15
  fi
}

# expect_refusal NAME PATTERN COMMAND...: the command fails, and says PATTERN.
expect_refusal() {
  local name=$1 pattern=$2
  shift 2
  checks=$((checks + 1))
  if "$@" >"$work/said" 2>&1; then
    failures=$((failures + 1))
    echo "FAILED  $name: succeeded, should have been refused: $*"
  elif ! grep -qE -- "$pattern" "$work/said"; then
    failures=$((failures + 1))
    echo "FAILED  $name: was refused, but did not say '$pattern':"
    sed 's/^/        /' "$work/said" | tail -n 15
  else
    echo "ok      $name"
  fi
}

same() { [[ $1 == "$2" ]] || { echo "'$1' is not '$2'"; return 1; }; }
differ() { [[ $1 != "$2" ]] || { echo "both are '$1'"; return 1; }; }

# finish: the last line of every script test.
finish() {
  echo "$checks checks, $failures failed"
  ((failures == 0 && checks > 0))
}
