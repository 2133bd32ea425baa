#!/usr/bin/env bash
# deploy/topics/asyncapi.yaml in the reference parser and its command line, of pinned versions, installed
# from npm into a folder of their own that is removed. Some three minutes.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT
document=$root/deploy/topics/asyncapi.yaml

install() { npm install --prefix "$work" --ignore-scripts --no-audit --no-fund "$@"; }
# The parser's own judgement; severity 0 is an error.
cat >"$work/parse.cjs" <<'END'
const { Parser, fromFile } = require('@asyncapi/parser');
fromFile(new Parser(), process.argv[2]).parse().then(({ document, diagnostics }) => {
  const errors = diagnostics.filter((found) => found.severity === 0);
  for (const found of errors) console.log(found.code, found.path.join('.'), found.message);
  console.log(errors.length, 'errors');
  process.exit(document !== undefined && errors.length === 0 ? 0 : 1);
});
END
# It would report to its makers how it is used.
export CI=true HOME=$work

expect 'the parser is installed' install @asyncapi/parser@3.6.6
expect 'the parser reads it' node "$work/parse.cjs" "$document"
sed '0,/action: send/s//action: shout/' "$document" >"$work/broken.yaml"
expect_refusal 'the parser finds a fault' '[1-9][0-9]* errors' node "$work/parse.cjs" "$work/broken.yaml"
expect 'the command line is installed' install @asyncapi/cli@6.2.0
expect 'the command line accepts it' "$work/node_modules/.bin/asyncapi" validate "$document"
finish
