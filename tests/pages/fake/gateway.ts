// A stand-in for the web gateway, for these tests alone: serves the built pages, Connect's JSON and Server-Sent
// Events. What it sends beside the answers is read from the gateway's own source.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { dist, root } from '../place.ts';

function securityHeaders(): Record<string, string> {
  const source = readFileSync(`${root}/adapters/web/security_headers.cc`, 'utf8').replace(
    /"\s*\n\s*"/g,
    '',
  );
  const pairs = [...source.matchAll(/\{"([A-Za-z-]+)",\s*"([^"]+)"\}/g)].map(([, name, value]) => [
    name!,
    value!,
  ]);
  const headers = Object.fromEntries(pairs) as Record<string, string>;
  if (!headers['Content-Security-Policy']?.includes("default-src 'none'"))
    throw new Error('the gateway sends another policy');
  return headers;
}

function certificate(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'exitbus-pages-'));
  try {
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=localhost',
        '-keyout',
        join(folder, 'key'),
        '-out',
        join(folder, 'cert'),
      ],
      { stdio: 'ignore' },
    );
    return {
      key: readFileSync(join(folder, 'key'), 'utf8'),
      cert: readFileSync(join(folder, 'cert'), 'utf8'),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

export interface Asked {
  path: string; // with its query
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Stream {
  asked: Asked;
  send(token: string, data: string): void;
}

export interface Answers {
  call(path: string, asked: Asked): { status: number; json: string } | undefined;
  watch(path: string, stream: Stream): { status: number; json: string } | undefined; // undefined: it has begun
}

export class FakeGateway {
  readonly asked: Asked[] = [];
  private server: Server | undefined;
  private port = 0;
  private readonly sockets = new Set<Duplex>();
  private readonly streams = new Set<ServerResponse>();
  private readonly headers = securityHeaders();
  private readonly identity = certificate();

  constructor(private readonly answers: Answers) {}

  get url(): string {
    return `https://localhost:${this.port}/`;
  }

  /** At the port it had before, if it had one. */
  async start(): Promise<void> {
    const server = createServer(this.identity, (request, response) => {
      void this.answer(request, response);
    });
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => {
      server.listen(this.port, 'localhost', resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** As a process that is killed. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server?.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Ends all event streams; their connections are lost. */
  cut(): void {
    for (const stream of this.streams) stream.destroy();
  }

  get streamsOpen(): number {
    return this.streams.size;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const asked = { path: request.url ?? '', headers: request.headers, body };
    this.asked.push(asked);
    const path = asked.path.split('?')[0]!;
    const reply = (status: number, type: string, content: string | Buffer) =>
      response.writeHead(status, { ...this.headers, 'Content-Type': type }).end(content);
    if (request.method === 'POST') {
      const told = this.answers.call(path, asked);
      return void (told
        ? reply(told.status, 'application/json', told.json)
        : reply(404, 'text/plain', 'There is nothing here.'));
    }
    if (path.startsWith('/exitbus.')) return this.begin(path, asked, response, reply);
    this.file(path === '/' ? '/index.html' : path, reply);
  }

  private begin(
    path: string,
    asked: Asked,
    response: ServerResponse,
    reply: (status: number, type: string, content: string) => void,
  ): void {
    const stream = {
      asked,
      send: (token: string, data: string) => {
        response.write(`id: ${token}\ndata: ${data}\n\n`);
      },
    };
    let begun = false;
    const send = stream.send;
    stream.send = (token, data) => {
      if (!begun)
        response
          .writeHead(200, { ...this.headers, 'Content-Type': 'text/event-stream' })
          .write('retry: 2000\n');
      begun = true;
      send(token, data);
    };
    const refused = this.answers.watch(path, stream);
    if (refused) return reply(refused.status, 'application/json', refused.json);
    this.streams.add(response);
    response.on('close', () => this.streams.delete(response));
  }

  private file(
    path: string,
    reply: (status: number, type: string, content: string | Buffer) => void,
  ): void {
    const type = types[path.split('.').at(-1)!];
    if (!type || !/^(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/.test(path))
      return reply(404, 'text/plain', 'There is nothing here.');
    try {
      reply(200, type, readFileSync(dist + path));
    } catch {
      reply(404, 'text/plain', 'There is nothing here.');
    }
  }
}
