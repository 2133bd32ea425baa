#!/usr/bin/env bash
# A payload's $ref to a .proto file is parsed as YAML, although schemaFormat says Protocol Buffers.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
finding '@asyncapi/parser 3.6.6' 'reads a referenced .proto file as YAML; the document has no result'
quietly npm install --prefix "$work" --ignore-scripts --no-audit --no-fund @asyncapi/parser@3.6.6
cat >"$work/note.proto" <<'END'
syntax = "proto3";
// A note: its text, and a number.
message Note {
  string text = 1;
  int32 number = 2;
}
END
cat >"$work/asyncapi.yaml" <<'END'
asyncapi: 3.0.0
info: {title: notes, version: 1.0.0}
channels:
  notes: {address: notes, messages: {Note: {$ref: '#/components/messages/Note'}}}
operations:
  send: {action: send, channel: {$ref: '#/channels/notes'}}
components:
  messages:
    Note:
      payload:
        schemaFormat: application/vnd.google.protobuf;version=3
        schema: {$ref: ./note.proto}
END
cat >"$work/parse.cjs" <<'END'
const { Parser, fromFile } = require('@asyncapi/parser');
fromFile(new Parser(), process.argv[2]).parse().then(({ document, diagnostics }) => {
  const errors = diagnostics.filter((found) => found.severity === 0);
  console.log(`document: ${document !== undefined}, errors: ${errors.length}, first: ${errors[0]?.message}`);
});
END
seen=$(node "$work/parse.cjs" "$work/asyncapi.yaml")
holds "$seen" 'document: false, errors: [1-9][0-9]*, first: .*(mapping|document|stream|block)'
