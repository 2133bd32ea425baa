#!/usr/bin/env bash
# tests/pages/run.sh: plays the pages in Chromium
#
# usage: tests/pages/run.sh specs [PLAYWRIGHT'S ARGUMENTS]       the tests
#        tests/pages/run.sh pictures                             takes the pictures of docs/pages anew
#        tests/pages/run.sh real --grep NAME                     one test before a real console: pages_test.cc does it
#
# Assumes that prepare.sh has been run.

source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../tools/lib.sh"
answer_help "$@"
[[ ${1:-} =~ ^(specs|pictures|real)$ ]] || die "say specs, pictures or real; see tests/pages/run.sh --help"
cd "$root/build/pages-test"
EXITBUS_ROOT=$root EXITBUS_CHROMIUM=$(command -v chromium) EXITBUS_PLAYED=$1 \
  exec node_modules/.bin/playwright test "${@:2}"
