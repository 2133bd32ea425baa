// A stand-in for the console, for these tests alone.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Role } from '../gen/exitbus/operations/v1/account_pb.ts';
import {
  GetSelfResponseSchema,
  OperationsService,
  WatchHopsResponseSchema,
  WatchOverviewResponseSchema,
} from '../gen/exitbus/operations/v1/operations_service_pb.ts';
import { Marker } from '../gen/exitbus/watch/v1/watch_pb.ts';
import type { Stream } from './gateway.ts';
import { ago, authorities, exchange, streams } from './rows.ts';
import { FakeService } from './service.ts';

export class FakeConsole extends FakeService {
  self: MessageInitShape<typeof GetSelfResponseSchema> = {
    role: Role.EXCHANGE_OPERATOR,
    environment: 'demo',
    development: true,
    version: '0.2.0',
  };
  rows = authorities();

  constructor() {
    super([OperationsService]);
    this.on(OperationsService.method.getSelf, () => this.self);
  }

  protected begin(name: string, stream: Stream, goes_on: boolean): void {
    if (name === 'WatchHops') return this.hops({}, [stream]);
    if (goes_on) return this.tell({}, [stream]);
    this.tell(
      {
        marker: Marker.SNAPSHOT_BEGINS,
        authorities: this.rows,
        streams: streams(this.rows),
        exchange: exchange(),
      },
      [stream],
    );
    this.tell({ marker: Marker.CAUGHT_UP }, [stream]);
  }

  tell(
    message: MessageInitShape<typeof WatchOverviewResponseSchema>,
    to = this.following('WatchOverview'),
  ): void {
    this.send(WatchOverviewResponseSchema, { time: ago(0), ...message }, to);
  }

  hops(
    message: MessageInitShape<typeof WatchHopsResponseSchema>,
    to = this.following('WatchHops'),
  ): void {
    this.send(WatchHopsResponseSchema, { time: ago(0), ...message }, to);
  }
}
