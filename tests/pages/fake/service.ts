// What the stand-ins have in common: calls by Connect whose answers are messages of the contracts, and streams of events.
// `beside` puts in what a service must not say, as a leaking one would.
import {
  create,
  fromJsonString,
  toBinary,
  toJson,
  type DescMessage,
  type DescMethod,
  type DescService,
  type JsonObject,
  type JsonValue,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { ErrorInfoSchema } from '../gen/google/rpc/error_details_pb.ts';
import { FakeGateway, type Answers, type Asked, type Stream } from './gateway.ts';

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

interface Reply {
  status: number;
  json: string;
}

function refusal({ status, code, reason, message, metadata }: Refused): Reply {
  const info = create(ErrorInfoSchema, { domain: 'exitbus', reason, metadata });
  const value = Buffer.from(toBinary(ErrorInfoSchema, info)).toString('base64').replace(/=+$/, '');
  const debug = { domain: 'exitbus', reason, metadata };
  const details = [{ type: 'google.rpc.ErrorInfo', value, debug }];
  return { status, json: JSON.stringify({ code, message, details }) };
}

/** What is put beside each object of an answer. */
function withBeside(value: JsonValue, beside: JsonObject): JsonValue {
  if (Array.isArray(value)) return value.map((one) => withBeside(one, beside));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, one]) => [name, withBeside(one, beside)]);
  return { ...Object.fromEntries(fields), ...beside };
}

type Handler = (request: never, asked: Asked) => unknown;

export abstract class FakeService implements Answers {
  readonly gateway = new FakeGateway(this);
  beside: JsonObject = {};
  refuseAll: Refused | undefined;
  private readonly handlers = new Map<string, Handler>();
  private readonly streams = new Map<string, Set<Stream>>();
  private token = 0;

  constructor(private readonly services: readonly DescService[]) {}

  on<M extends DescMethod>(
    method: M,
    answer: (request: MessageShape<M['input']>, asked: Asked) => MessageInitShape<M['output']>,
  ): void {
    this.handlers.set(`/${method.parent.typeName}/${method.name}`, answer as Handler);
  }

  call(path: string, asked: Asked): Reply | undefined {
    const method = this.services
      .flatMap(({ methods }) => methods)
      .find(({ name, parent }) => path === `/${parent.typeName}/${name}`);
    if (!method) return undefined;
    try {
      if (this.refuseAll) throw this.refuseAll;
      const request = fromJsonString(method.input, asked.body);
      const handler = this.handlers.get(path);
      if (!handler)
        throw new Refused(501, 'internal', 'test.not_answered', 'The test answers nothing here.');
      return {
        status: 200,
        json: this.json(method.output, handler(request as never, asked) as never),
      };
    } catch (thrown) {
      if (thrown instanceof Refused) return refusal(thrown);
      throw thrown;
    }
  }

  watch(path: string, stream: Stream): Reply | undefined {
    if (this.refuseAll) return refusal(this.refuseAll);
    const name = path.split('/').at(-1)!;
    this.streams.set(name, (this.streams.get(name) ?? new Set()).add(stream));
    const goesOn =
      stream.asked.headers['last-event-id'] ?? /[?&]token=[^&]/.exec(stream.asked.path)?.[0];
    this.begin(name, stream, goesOn !== undefined);
    return undefined;
  }

  /** Says something to who has just begun a watch. `goes_on`: by a token. */
  protected abstract begin(name: string, stream: Stream, goes_on: boolean): void;

  protected following(name: string): Iterable<Stream> {
    return this.streams.get(name) ?? [];
  }

  get lastToken(): string {
    return `token-${this.token}`;
  }

  protected send<D extends DescMessage>(
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
