#!/usr/bin/env bash
# tests/upgrade/build_release.sh: builds an earlier release's programs out of this checkout's history
#
# usage: tests/upgrade/build_release.sh vX.Y
#
# They lie in .run/upgrade/vX.Y/build/release/bin then. The release is its tag's commit or, where the tag is
# not here, the one that says "release: Say that this is vX.Y" (docs/release.md).

source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../tools/lib.sh"
answer_help "$@"
release=${1:-}
[[ $release =~ ^v[0-9]+\.[0-9]+$ && $# == 1 ]] || die "which release? as v0.2"

# The release's commit in this history.
commit_of() {
  git -C "$root" rev-parse --quiet --verify "refs/tags/$1^{commit}" && return
  git -C "$root" log --format='%H %s' | sed -n "s/^\([0-9a-f]*\) release: Say that this is $1\$/\1/p" | grep -m 1 .
}

git -C "$root" rev-parse --git-dir >/dev/null 2>&1 || die "$root is no git checkout: $release has to come from its history"
commit=$(commit_of "$release") ||
  die "the history here does not hold $release, as in a shallow clone: git fetch --unshallow --tags"
folder=$root/.run/upgrade/$release
if [[ $(git --git-dir="$folder/.git" rev-parse HEAD 2>/dev/null) != "$commit" ]]; then
  rm -rf "$folder"
  git clone --quiet --shared --no-checkout "$(git -C "$root" rev-parse --path-format=absolute --git-common-dir)" "$folder"
  git -C "$folder" checkout --quiet --detach "$commit"
fi
say "$release is $commit"
"$folder/tools/build" contact_point kriminalforsorgen municipality nec police
