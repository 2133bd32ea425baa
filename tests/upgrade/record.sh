#!/usr/bin/env bash
# tests/upgrade/record.sh: keeps a release's stores, letters and answers for the tests of later ones
#
# usage: tests/upgrade/record.sh vX.Y
#
# Builds the release out of this checkout's history, plays on its own programs and a real broker, and keeps
# as tests/upgrade/vX.Y.tar.xz what they wrote and what their API said of it. Made once for
# each release, after its commit (docs/release.md), and never again.

source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../tools/lib.sh"
answer_help "$@"
release=${1:-}
[[ $release =~ ^v[0-9]+\.[0-9]+$ && $# == 1 ]] || die "which release? as v0.2"
kept=$root/tests/upgrade/$release.tar.xz
[[ ! -e $kept ]] || die "$kept is there already, and a release is never recorded again"
work=$root/.run/upgrade/record

"$root/tools/setup"
"$root/tests/upgrade/build_release.sh" "$release"
"$root/tools/build" exitbus-record
rm -rf "$work"
mkdir -p "$work/kept"
"$root/build/release/bin/exitbus-record" --state "$work/state" --release "$release" \
  --bin "$root/.run/upgrade/$release/build/release/bin" \
  --contracts "$root/proto/released/$release.binpb" --out "$work/kept"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -C "$work/kept" -cJf "$kept" .
du -sh "$kept"
