#!/usr/bin/env bash
# tests/pages/prepare.sh: makes the pages and their tests ready to run, in build/pages and build/pages-test
#
# usage: tests/pages/prepare.sh
#
# Playwright and axe come from npm, pinned by the lock here; Chromium is Debian's. What is missing is named, and
# nothing is installed.

source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../tools/lib.sh"
answer_help "$@"
(($# == 0)) || die "unknown argument; see tests/pages/prepare.sh --help"

wants 'Chromium (chromium)' test -x "$(command -v chromium)"
wants 'openssl' openssl version
refuse_missing

"$root/tools/pages"
make_ready "$root/tests/pages" "$root/build/pages-test"
