#!/usr/bin/env bash
# CONTRIBUTING's recipes: each path they name is there, and they name no more than they promise.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT
cd "$root" || exit 1

# recipe TITLE: its text
recipe() { awk -v title="## $1" '$0 == title { on = 1; next } /^## / { on = 0 } on' CONTRIBUTING.md; }

# files TITLE: the paths it names, each once
files() { recipe "$1" | grep -oE '`((proto|services|tests|docs|adapters|tools|deploy)/[A-Za-z0-9_./-]+|ARCHITECTURE\.md)`' | tr -d '`' | sort -u; }

# edited TITLE: the files that a person edits; what is generated is none, nor is a folder
edited() { files "$1" | grep -vE '^(docs|deploy)/' | grep '\.'; }

takes() {
  local count
  count=$(edited "$2" | grep -c .)
  ((count == $1)) || { echo "$2 names $count files, and promises $1"; return 1; }
}

for title in 'Add a rule' 'Add a message kind' 'Add a method' 'Add an authority'; do
  expect "there is a recipe: $title" test -n "$(recipe "$title")"
  for path in $(files "$title"); do
    expect "$title: $path is there" test -e "$path"
  done
done
expect 'a kind takes 9 files' takes 9 'Add a message kind'
expect 'a method takes 7 files' takes 7 'Add a method'
expect 'an authority takes 18 files' takes 18 'Add an authority'
expect 'a path that is gone is seen' test ! -e services/casework/handover/no_such_file.cc

# saying PATTERN: all files of ours that say it, by which nothing is generated and no run is told.
saying() { grep -rIlE "$1" proto services adapters tools tests | grep -vE '^tests/(story|simulation|scripts|upgrade)/' | sort; }

# named TITLE PATTERN [EXCEPT]: the recipe names each file that says it.
named() {
  local file unnamed=0
  for file in $(saying "$2" | grep -vxE "${3:-none}"); do
    files "$1" | grep -qxF "$file" || { echo "$file is not named"; unnamed=1; }
  done
  return $unnamed
}

# needed TITLE PATTERN: each file that it names says it.
needed() {
  local file unneeded=0
  for file in $(edited "$1"); do
    grep -qE "$2" "$file" || { echo "$file is named and not needed"; unneeded=1; }
  done
  return $unneeded
}

# The kind, with the event that it makes happen; where what it says on consent is blocked is its own affair.
kind='PoliceClarificationRequested|police_clarification_requested'
expect 'a kind stands in no other file' named 'Add a message kind' "$kind" 'services/police/consent_and_corrections\.cc'
expect 'and in each of these' needed 'Add a message kind' "$kind|Requested requested = 1;"
# The method, with its event; a remedy and a next act name it to people.
method='PlanRelease\b|PlanReleaseRequest|ReleasePlanned|release_planned'
expect 'a method stands in no other file' named 'Add a method' "$method" \
  'services/casework/handover/request\.cc|tools/exitctl/methods_test\.cc|proto/exitbus/casework/v1/next_act\.proto'
expect 'and in each of these' needed 'Add a method' "$method"
# An authority: what is decided by its kind. Left out are those whose default serves a new one (letter keys), what only
# concerns whom casework tells (its addresses), or is so of the whole country's alone, and tests that take it for an example.
is_nec='AUTHORITY_KIND_NEC|READER_NEC_OVERVIEW'
expect 'an authority is decided on in no other file' named 'Add an authority' "$is_nec" \
  'proto/.*|.*_test(ing)?\.(cc|h)|tests/(tables/policy_tables|separation/rights)\.cc|services/casework/(addresses|letter_keys)\.cc|services/exchange/outgoing\.cc|adapters/directory/directory_checks\.cc'
sees() { ! "$@"; }
expect 'a file that is not named is seen' sees named 'Add a method' AgreementSigned
expect 'and one that is not needed' sees needed 'Add a method' AgreementSigned
finish
