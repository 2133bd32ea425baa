# What the findings share. Sourced, never run. Sets `work`, a folder that is gone at the end; what was
# started by `background` is ended then too.
# shellcheck shell=bash
set -euo pipefail
export LC_ALL=C.UTF-8
work=$(mktemp -d "${TMPDIR:-/tmp}/exitbus-finding.XXXXXX")
started=()
trap 'for pid in "${started[@]}"; do kill -9 "$pid" 2>/dev/null || true; done; rm -rf "$work"' EXIT

# finding SOFTWARE WORDS: what this script shows, and of which version.
finding() { printf '%s\n  %s\n' "$1" "$2"; }

# quietly COMMAND...: its output only if it fails.
quietly() {
  "$@" >"$work/said" 2>&1 || { tail -n 20 "$work/said" >&2; echo "could not prepare: $*" >&2; exit 2; }
}

background() {
  "$@" >"$work/background.log" 2>&1 &
  started+=("$!")
  disown "$!"  # no word of its end
}

python_with() {
  quietly python3 -m venv "$work/venv"
  quietly "$work/venv/bin/pip" install --disable-pip-version-check "$@"
}

# holds SEEN PATTERN: ends the script. 0: the behaviour is as stated; 1: it has changed.
holds() {
  echo "  seen: $1"
  if grep -qE -- "$2" <<<"$1"; then
    echo "  as stated"
  else
    echo "  CHANGED: expected $2"
    exit 1
  fi
}
