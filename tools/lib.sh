# What the tools share. Sourced, never run. Sets `root` (this checkout) and the shell's strictness.
# shellcheck shell=bash
set -euo pipefail
export LC_ALL=C.UTF-8

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# A bare machine may run us without a home.
export HOME=${HOME:-/root}

say() { printf '%s\n' "$*"; }
warn() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() {
  warn "$*"
  exit 1
}

# The comment block at the top of the running tool is its help.
help_text() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p;}' "$0"; }

# Answers --help wherever it stands before a "--".
answer_help() {
  local argument
  for argument in "$@"; do
    case $argument in
      --help | -h) help_text && exit 0 ;;
      --) return 0 ;;
    esac
  done
}

# Folder outside the tree that several checkouts share.
cache_dir() { printf '%s/exitbus\n' "${XDG_CACHE_HOME:-$HOME/.cache}"; }

# kafka_jars: the folder of this pom's jars. Its name carries the pom, so that a changed pom is fetched
# anew and a checkout with another one keeps its own.
kafka_jars() {
  local pom=$root/deploy/kafka/pom.xml version sum
  version=$(sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' "$pom")
  sum=$(sha256sum "$pom")
  printf '%s/kafka-%s-%s\n' "$(cache_dir)" "$version" "${sum:0:8}"
}

# buf_folder: where buf of tools/buf's lock lies, named by the lock for the same reason.
buf_folder() {
  local sum
  sum=$(sha256sum "$root/tools/buf/package-lock.json")
  printf '%s/buf-%s\n' "$(cache_dir)" "${sum:0:8}"
}

# has_java_17: is there a Java runtime of version 17 or later?
has_java_17() {
  local java version
  java=$(command -v java) || return 1
  java=$(readlink -f "$java")
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "${java%/bin/java}/release" 2>/dev/null) || true
  [[ $version ]] || version=$(java -version 2>&1 | sed -n '1s/.*"\([0-9]*\).*/\1/p')
  [[ $version && $version -ge 17 ]]
}

# with_progress LABEL LOG COMMAND...: runs it with its output in LOG and shows that it lives; on failure
# shows the end of LOG. Quick commands print nothing but their label.
with_progress() {
  local label=$1 log=$2 started=$SECONDS last_shown=0 pid rc=0 line
  shift 2
  mkdir -p "$(dirname "$log")"
  say "$label ..."
  # A process group of its own, so that an interruption ends all of it.
  set -m
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  set +m
  # shellcheck disable=SC2064
  trap "kill -- -$pid 2>/dev/null; wait $pid; exit 130" INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.1
    if ((SECONDS - started >= last_shown + 5)); then
      last_shown=$((SECONDS - started))
      line=$(tail -n 1 "$log" 2>/dev/null | tr -d '\r' | cut -c1-80)
      say "  ${last_shown} s: $line"
    fi
  done
  wait "$pid" || rc=$?
  trap - INT TERM
  if ((rc != 0)); then
    warn "$label failed (status $rc). The end of $log:"
    tail -n 25 "$log" >&2
    return "$rc"
  fi
}

# Jobs that the machine bears: one a core, and 1.5 GiB of memory each.
build_jobs() {
  local cores memory_kib jobs
  cores=$(nproc)
  memory_kib=$(sed -n 's/^MemAvailable: *\([0-9]*\).*/\1/p' /proc/meminfo)
  jobs=$((memory_kib / 1572864))
  ((jobs < 1)) && jobs=1
  ((jobs > cores)) && jobs=$cores
  printf '%s\n' "$jobs"
}

# wants WHAT COMMAND...: notes WHAT as missing where the command fails; refuse_missing ends this script with all
# that is.
missing=()
wants() {
  local what=$1
  shift
  "$@" >/dev/null 2>&1 || missing+=("$what")
}
refuse_missing() {
  ((${#missing[@]} == 0)) || die "missing here: $(printf '%s; ' "${missing[@]}")install them and run this again"
}
# at_least WANTED FOUND: versions
at_least() { [[ $2 && $(printf '%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]; }

# sum_of FOLDER: of what is in it and the contracts
sum_of() {
  (cd "$root" && find "$1" proto/exitbus proto/google -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
}

# make_ready FOLDER MADE: the copy MADE of FOLDER, with proto/ beside, is as its build.sh makes it. What that
# fetched stays.
make_ready() {
  local sum entry
  sum=$(sum_of "$1")
  [[ "$(cat "$2/.made_of" 2>/dev/null)" != "$sum" ]] || return 0
  mkdir -p "$2"
  rm -rf "$2/proto" "$2/.made_of"
  for entry in "$1"/*; do rm -rf "${2:?}/${entry##*/}"; done
  cp -a "$1/." "$2/"
  mkdir "$2/proto"
  cp -a "$root/proto/exitbus" "$root/proto/google" "$2/proto/"
  with_progress "making ${2#"$root"/} ready" "$2.log" env -C "$2" ./build.sh
  printf '%s\n' "$sum" >"$2/.made_of"
}
