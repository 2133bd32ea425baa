// @connectrpc/connect-web, unmodified, against the server under test.
// usage: node connect_web.mjs SERVER CERTIFICATE KEY DESCRIPTORS; NODE_EXTRA_CA_CERTS vouches for the certificate
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { create, createFileRegistry, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { Code, createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';

const [program, certificate, key, descriptors] = process.argv.slice(2);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptors)));
const message = (name) => registry.getMessage(`connectrpc.conformance.v1.${name}`);

const server = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
const asked = Buffer.from(toBinary(message('ServerCompatRequest'), create(message('ServerCompatRequest'), {
  useTls: true, serverCreds: { cert: readFileSync(certificate), key: readFileSync(key) },
})));
const size = Buffer.alloc(4);
size.writeUInt32BE(asked.length);
server.stdin.write(Buffer.concat([size, asked]));
const [answer] = await once(server.stdout, 'data');
const { port } = fromBinary(message('ServerCompatResponse'), answer.subarray(4));

let calls = 0;
for (const useBinaryFormat of [false, true]) {
  const transport = createConnectTransport({
    baseUrl: `https://localhost:${port}`, useBinaryFormat, jsonOptions: { registry } });
  const client = createClient(registry.getService('connectrpc.conformance.v1.ConformanceService'), transport);
  const data = new TextEncoder().encode('hej');
  const response = await client.unary(
    { responseDefinition: { response: { case: 'responseData', value: data } } }, { timeoutMs: 5000 });
  assert.deepEqual(Buffer.from(response.payload.data), Buffer.from(data));
  calls += 1;
  await assert.rejects(
    client.unary({ responseDefinition: { response: { case: 'error', value: { code: 5, message: 'none' } } } }),
    (error) => error.code === Code.NotFound && error.rawMessage === 'none' && error.details.length === 1);
  calls += 1;
  await assert.rejects(
    client.unary({ responseDefinition: { responseDelayMs: 2000 } }, { timeoutMs: 200 }),
    (error) => error.code === Code.DeadlineExceeded);
  calls += 1;
}
server.kill();
console.log(calls, 'calls as expected');
