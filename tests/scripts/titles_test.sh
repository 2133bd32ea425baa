#!/usr/bin/env bash
# check_titles.sh finds each kind of wrong title, and only those; and this checkout has none.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT
if ! command -v git >/dev/null; then
  echo "skipped: there is no git to look at"
  exit 77
fi
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@test.invalid
export GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@test.invalid
check="$root/tests/scripts/check_titles.sh"
tree=$work/tree
git init -q "$tree"
commit() { git -C "$tree" commit -q --allow-empty -m "$1" ${2:+-m "$2"}; }

commit 'A title as they were once'
expect_refusal 'a history without a release' 'no release in this history' "$check" "$tree"
git -C "$tree" tag v0.1

# titled TITLE [BODY]: the check of one commit after the release.
titled() {
  git -C "$tree" reset -q --hard v0.1
  commit "$@"
  "$check" "$tree"
}
long=$(printf 'x%.0s' {1..58})
expect 'what came before the release is let be' "$check" "$tree"
expect 'a title as it should be' titled 'exchange: Say once what waits' 'It was said twice.'
expect 'one of 72 characters' titled "exchange: Say $long" 'It was said twice.'
expect_refusal 'one of 73' 'has 73 characters' titled "exchange: Say x$long" 'It was said twice.'
expect_refusal 'one without a subsystem' 'does not begin with a subsystem' titled 'Say once what waits' 'It was.'
expect_refusal 'one without a body' 'has no body' titled 'exchange: Say once what waits'

"$check" >"$work/here" || [[ $? == 77 ]] || { cat "$work/here"; failures=$((failures + 1)); }
finish
