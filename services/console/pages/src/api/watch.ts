// Following a list by Server-Sent Events. A browser connects again by itself, and says the last token; this
// sees to the rest: a refusal, at which a browser gives up, and a connection that is dead and does not say so.
import {
  fromJson,
  type DescMethodBiDiStreaming,
  type MessageShape,
  type DescMessage,
  type JsonValue,
} from '@bufbuild/protobuf';
import { signal } from '@preact/signals';
import { refusalOf, type Refusal } from './refusal';

export type Link =
  | { is: 'connecting' }
  | { is: 'live' }
  | { is: 'lost'; since_ms: number; why: Refusal | undefined }; // by this machine's clock

const comesAgain_ms = 5000;
const quiet_ms = 15000;

export class Watch<Output extends DescMessage> {
  readonly link = signal<Link>({ is: 'connecting' });
  private source: EventSource | undefined;
  private token = '';
  private heard_ms = Date.now();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly pulse = setInterval(() => {
    void this.feelPulse();
  }, quiet_ms / 3);
  private asking = false;
  private ended = false;

  /**
   * `says`: what the stream's query says of the caller, as it has no headers. `isThere`: fails where nobody answers and,
   * of a stream that was refused, as that was; within five seconds.
   */
  constructor(
    private readonly method: DescMethodBiDiStreaming<DescMessage, Output>,
    private readonly says: () => Record<string, string>,
    private readonly isThere: (refused: boolean) => Promise<unknown>,
    private readonly tell: (message: MessageShape<Output>) => void,
  ) {
    this.open();
  }

  end(): void {
    this.ended = true;
    clearInterval(this.pulse);
    clearTimeout(this.timer);
    this.source?.close();
  }

  private open(): void {
    const query = new URLSearchParams(this.says());
    if (this.token !== '') query.set('token', this.token);
    const source = new EventSource(`./${this.method.parent.typeName}/${this.method.name}?${query}`);
    this.source = source;
    this.heard_ms = Date.now();
    source.onopen = () => this.live();
    source.onmessage = (event: MessageEvent<string>) => {
      this.token = event.lastEventId;
      this.live();
      this.tell(
        fromJson(this.method.output, JSON.parse(event.data) as JsonValue, {
          ignoreUnknownFields: true,
        }),
      );
    };
    source.onerror = () => {
      this.lost(undefined);
      if (source.readyState === EventSource.CLOSED) void this.askWhy();
    };
  }

  private live(): void {
    this.heard_ms = Date.now();
    if (this.link.value.is !== 'live') this.link.value = { is: 'live' };
  }

  private lost(why: Refusal | undefined): void {
    if (this.ended) return;
    const before = this.link.value;
    const since_ms = before.is === 'lost' ? before.since_ms : this.heard_ms;
    this.link.value = {
      is: 'lost',
      since_ms,
      why: why ?? (before.is === 'lost' ? before.why : undefined),
    };
  }

  // A browser does not tell a page why its stream was refused, so another call is made; then it is tried anew.
  private async askWhy(): Promise<void> {
    try {
      await this.isThere(true);
    } catch (thrown) {
      this.lost(refusalOf(thrown));
    }
    this.again();
  }

  private again(): void {
    if (this.ended) return;
    this.source?.close();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), comesAgain_ms);
  }

  // Nothing came for a while: either nothing happens, or nobody is there.
  private async feelPulse(): Promise<void> {
    if (this.asking || this.link.value.is !== 'live' || Date.now() - this.heard_ms < quiet_ms)
      return;
    this.asking = true;
    try {
      await this.isThere(false);
      this.heard_ms = Date.now();
    } catch (thrown) {
      this.lost(refusalOf(thrown));
      this.again();
    } finally {
      this.asking = false;
    }
  }
}
