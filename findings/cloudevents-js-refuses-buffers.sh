#!/usr/bin/env bash
# In Kafka headers are bytes, and kafkajs gives them as Buffers. The Kafka binding of CloudEvents' own SDK
# for JavaScript takes them for strings: a record with a content-type, as every one with data has, ends in a
# TypeError. The other SDKs read it as it is.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
finding 'cloudevents 10.0.0 (npm)' \
  'does not read a record whose headers are Buffers, as kafkajs gives them; with strings it does'
quietly npm install --prefix "$work" --ignore-scripts --no-audit --no-fund cloudevents@10.0.0
cat >"$work/read.cjs" <<'END'
const { Kafka } = require('cloudevents');
const headers = { ce_specversion: '1.0', ce_id: '1', ce_source: '/here', ce_type: 'example',
  'content-type': 'application/protobuf' };
const buffers = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]));
for (const [kind, given] of [['Buffers', buffers], ['strings', headers]]) {
  let seen;
  try { seen = Kafka.toEvent({ headers: given, value: Buffer.from([8, 1]), key: null }).id === '1' ? 'read' : 'wrong'; }
  catch (error) { seen = error.message; }
  console.log(`${kind}: ${seen};`);
}
END
holds "$(node "$work/read.cjs" | tr '\n' ' ')" '^Buffers: contentType.startsWith is not a function; strings: read; $'
