#!/usr/bin/env bash
# What can be said of docs/runbooks without playing it: its commands are a shell's, exitctl knows those that are its own, and the
# packages' test plays each page.
# usage: runbooks_test.sh FOLDER_OF_PROGRAMS
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
programs=${1:-$root/build/release/bin}
trap 'rm -rf "$work"' EXIT
cd "$root/docs/runbooks" || exit 1

commands_of() { awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$1"; }
# The two words that say which command of exitctl's it is.
exitctl_in() { commands_of "$1" | grep -oE 'exitctl [a-z]+( [a-z]+)?' | sort -u; }
known() {
  read -ra words <<<"$1"
  "$programs/exitctl" "${words[@]:1}" --help | grep -F "usage: $1 " || { echo "exitctl does not know: $1"; return 1; }
}

pages=0
for page in *.md; do
  [[ $page != README.md ]] || continue
  pages=$((pages + 1))
  commands_of "$page" >"$work/commands"
  expect "$page has commands" test -s "$work/commands"
  expect "$page: they are a shell's" bash -n "$work/commands"
  expect "$page is listed" grep -qF "]($page)" README.md
  expect "$page is played" grep -qE "(play|commands_of) ${page%.md}\b" "$root/tests/packages/packages_test.sh"
  while read -r command; do
    expect "$page: $command" known "$command"
  done < <(exitctl_in "$page")
done
expect 'there are pages' test "$pages" -ge 8
expect_refusal 'a command that exitctl has not is seen' 'does not know' known 'exitctl keys nosuch'
finish
