// A stand-in for the console, for these tests alone. Each answer is a message of the contract, so that it cannot say
// what a console could not; `beside` puts in what a console must not say, as a leaking one would.
import {
  create,
  fromJsonString,
  toBinary,
  toJson,
  type DescMessage,
  type JsonObject,
  type JsonValue,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { ErrorInfoSchema } from '../gen/google/rpc/error_details_pb.ts';
import { Role } from '../gen/exitbus/operations/v1/account_pb.ts';
import {
  GetSelfResponseSchema,
  OperationsService,
  WatchHopsResponseSchema,
  WatchOverviewResponseSchema,
} from '../gen/exitbus/operations/v1/operations_service_pb.ts';
import { Marker } from '../gen/exitbus/watch/v1/watch_pb.ts';
import { FakeGateway, type Answers, type Asked, type Stream } from './gateway.ts';
import { ago, authorities, exchange, streams } from './rows.ts';

type Unary = Exclude<keyof typeof OperationsService.method, `watch${string}`>;
type Request<M extends Unary> = MessageShape<(typeof OperationsService.method)[M]['input']>;
type Response<M extends Unary> = MessageInitShape<(typeof OperationsService.method)[M]['output']>;

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly reason: string,
    message: string,
    readonly metadata: Record<string, string> = {},
  ) {
    super(message);
  }
}

function refusal({ status, code, reason, message, metadata }: Refused): {
  status: number;
  json: string;
} {
  const info = toBinary(
    ErrorInfoSchema,
    create(ErrorInfoSchema, { domain: 'exitbus', reason, metadata }),
  );
  return {
    status,
    json: JSON.stringify({
      code,
      message,
      details: [
        {
          type: 'google.rpc.ErrorInfo',
          value: Buffer.from(info).toString('base64').replace(/=+$/, ''),
          debug: { domain: 'exitbus', reason, metadata },
        },
      ],
    }),
  };
}

/** What is put beside each object of an answer. */
function withBeside(value: JsonValue, beside: JsonObject): JsonValue {
  if (Array.isArray(value)) return value.map((one) => withBeside(one, beside));
  if (typeof value !== 'object' || value === null) return value;
  return {
    ...Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, withBeside(one, beside)]),
    ),
    ...beside,
  };
}

export class FakeConsole implements Answers {
  readonly gateway = new FakeGateway(this);
  self: MessageInitShape<typeof GetSelfResponseSchema> = {
    role: Role.EXCHANGE_OPERATOR,
    environment: 'demo',
    development: true,
    version: '0.2.0',
  };
  rows = authorities();
  beside: JsonObject = {};
  refuseAll: Refused | undefined;
  private readonly handlers = new Map<string, (request: never, asked: Asked) => unknown>();
  private readonly open = { watchOverview: new Set<Stream>(), watchHops: new Set<Stream>() };
  private token = 0;

  on<M extends Unary>(method: M, answer: (request: Request<M>, asked: Asked) => Response<M>): void {
    this.handlers.set(
      OperationsService.method[method].name,
      answer as (request: never, asked: Asked) => unknown,
    );
  }

  call(path: string, asked: Asked) {
    const method = OperationsService.methods.find(
      ({ name, parent }) => path === `/${parent.typeName}/${name}`,
    );
    if (!method) return undefined;
    try {
      if (this.refuseAll) throw this.refuseAll;
      const request = fromJsonString(method.input, asked.body);
      const handler = this.handlers.get(method.name);
      if (method.name !== 'GetSelf' && !handler)
        throw new Refused(
          501,
          'unimplemented',
          'test.not_answered',
          'The test answers nothing here.',
        );
      const answer = handler ? handler(request as never, asked) : this.self;
      return { status: 200, json: this.json(method.output, answer as never) };
    } catch (thrown) {
      if (thrown instanceof Refused) return refusal(thrown);
      throw thrown;
    }
  }

  watch(path: string, stream: Stream) {
    if (this.refuseAll) return refusal(this.refuseAll);
    const name = path.endsWith('/WatchOverview') ? 'watchOverview' : 'watchHops';
    this.open[name].add(stream);
    if (name === 'watchHops') return void this.hops({}, [stream]);
    if (
      stream.asked.headers['last-event-id'] === undefined &&
      !stream.asked.path.includes('token=')
    ) {
      return void this.tell(
        {
          marker: Marker.SNAPSHOT_BEGINS,
          authorities: this.rows,
          streams: streams(this.rows),
          exchange: exchange(),
        },
        [stream],
        () => this.tell({ marker: Marker.CAUGHT_UP }, [stream]),
      );
    }
    return void this.tell({}, [stream]);
  }

  tell(
    message: MessageInitShape<typeof WatchOverviewResponseSchema>,
    to: Iterable<Stream> = this.open.watchOverview,
    then?: () => void,
  ): void {
    this.send(WatchOverviewResponseSchema, { time: ago(0), ...message }, to);
    then?.();
  }

  hops(
    message: MessageInitShape<typeof WatchHopsResponseSchema>,
    to: Iterable<Stream> = this.open.watchHops,
  ): void {
    this.send(WatchHopsResponseSchema, { time: ago(0), ...message }, to);
  }

  get lastToken(): string {
    return `token-${this.token}`;
  }

  private send<D extends DescMessage>(
    schema: D,
    message: MessageInitShape<D>,
    to: Iterable<Stream>,
  ): void {
    const token = `token-${++this.token}`;
    for (const stream of to)
      stream.send(token, this.json(schema, { ...message, token } as MessageInitShape<D>));
  }

  private json<D extends DescMessage>(schema: D, message: MessageInitShape<D>): string {
    return JSON.stringify(
      withBeside(toJson(schema, create(schema, message)) as JsonValue, this.beside),
    );
  }
}
