#!/usr/bin/env bash
# CONTRIBUTING's recipes: each path they name is there, and they name no more than they promise.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT
cd "$root" || exit 1

# recipe TITLE: its text
recipe() { awk -v title="## $1" '$0 == title { on = 1; next } /^## / { on = 0 } on' CONTRIBUTING.md; }

# files TITLE: the paths it names, each once
files() { recipe "$1" | grep -oE '`(proto|services|tests|docs|adapters|tools)/[A-Za-z0-9_./-]+`' | tr -d '`' | sort -u; }

# at_most COUNT TITLE: the files that a person edits; what is generated (docs/) and folders are none
at_most() {
  local count
  count=$(files "$2" | grep -v '^docs/' | grep -c '\.')
  ((count <= $1)) || { echo "$2 names $count files, and promises $1"; return 1; }
}

for title in 'Add a rule' 'Add a message kind' 'Add a method' 'Add an authority'; do
  expect "there is a recipe: $title" test -n "$(recipe "$title")"
  for path in $(files "$title"); do
    expect "$title: $path is there" test -e "$path"
  done
done
expect 'a kind takes 8 files' at_most 8 'Add a message kind'
expect 'a method takes 7 files' at_most 7 'Add a method'
expect 'an authority takes 15 files' at_most 15 'Add an authority'
expect 'a path that is gone is seen' test ! -e services/casework/handover/no_such_file.cc

# What a kind needs beside them would be found by the name of one that is there: PrecautionsAcknowledged
# stands in hand-written files of these recipes' folders and nowhere else.
strays() {
  git ls-files 2>/dev/null | grep -vE '^(docs|deploy|findings|tests/scripts)/' |
    xargs grep -lE 'PrecautionsAcknowledged|precautions_acknowledged' 2>/dev/null |
    grep -vE '^(proto/exitbus/(police|exchange)/|services/(casework|police)/|tests/(tables|policy|simulation|separation|casework|story|e2e)/)'
}
if command -v git >/dev/null && git rev-parse --git-dir >/dev/null 2>&1; then
  expect 'a kind is named nowhere else' test -z "$(strays)"
fi
finish
