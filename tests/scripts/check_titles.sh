#!/usr/bin/env bash
# check_titles.sh: each commit since the last release begins with its subsystem and says why
#
# usage: tests/scripts/check_titles.sh [DIR]
#
# Of DIR's history (this checkout's), merges apart: a title of at most 72 characters, "subsystem: What it does"; an
# empty line; and a body. Without a release in the history it ends with status 77.
set -euo pipefail
cd "${1:-$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../..}"
# A tree without a history of its own is none of whatever history it lies in.
export GIT_CEILING_DIRECTORIES
GIT_CEILING_DIRECTORIES=$(dirname "$PWD")
if ! last=$(git describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null); then
  echo "no release in this history, so no titles to look at; git fetch --tags"
  exit 77
fi

found=0
wrong() {
  printf '%s %s: %s\n' "${commit:0:9}" "$title" "$1"
  found=1
}
for commit in $(git rev-list --no-merges "$last..HEAD"); do
  title=$(git show -s --format=%s "$commit")
  ((${#title} <= 72)) || wrong "has ${#title} characters, 72 are the most"
  [[ $title =~ ^[a-z][a-z0-9_-]*:\ [A-Z] ]] || wrong 'does not begin with a subsystem, as "exchange: Say once what waits"'
  [[ $(git show -s --format=%b "$commit") =~ [[:alnum:]] ]] || wrong "has no body that says why"
done
((found == 0))
