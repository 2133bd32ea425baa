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

# The kind that the recipe walks through stands in those of our sources that it names, and where what it
# says on consent is blocked, but in no other.
named_in() { grep -rlE 'PoliceClarificationRequested|police_clarification_requested' "$@" --include='*.cc' --include='*.h' | sort; }
is_where_it_says() {
  local file
  for file in $(named_in services adapters tools | grep -v consent); do
    files 'Add a message kind' | grep -qxF "$file" || { echo "$file is not named"; return 1; }
  done
}
expect 'the kind stands in files of ours' test -n "$(named_in services)"
expect 'and in those that the recipe names' is_where_it_says
finish
