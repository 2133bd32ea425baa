// All rows as they were last told, made of the messages of WatchOverview.
import type {
  AuthorityRow,
  ExchangeRow,
  StreamRow,
} from '../gen/exitbus/operations/v1/overview_pb';
import type { WatchOverviewResponse } from '../gen/exitbus/operations/v1/operations_service_pb';
import { Marker } from '../gen/exitbus/watch/v1/watch_pb';
import { shownAuthority, shownStream } from './shown';
import { ms } from './times';

export interface Rows {
  authorities: ReadonlyMap<string, AuthorityRow>;
  streams: ReadonlyMap<string, StreamRow>;
  exchange: ExchangeRow | undefined;
}

export interface Overview extends Rows {
  time_ms: number; // by the console's clock
  caught_up: boolean; // all there is has been told once
  coming: Rows | undefined; // a new snapshot that is not whole yet
}

export const nothing: Overview = {
  authorities: new Map(),
  streams: new Map(),
  exchange: undefined,
  time_ms: 0,
  caught_up: false,
  coming: undefined,
};

function withRows(rows: Rows, message: WatchOverviewResponse, own: string): Rows {
  const authorities = new Map(rows.authorities);
  for (const row of message.authorities) authorities.set(row.authority, shownAuthority(row, own));
  const streams = new Map(rows.streams);
  for (const row of message.streams) streams.set(row.topic, shownStream(row, own));
  return { authorities, streams, exchange: message.exchange ?? rows.exchange };
}

/** `own`: the authority of its operator; empty: another looks. What was shown stays until a snapshot is whole. */
export function told(before: Overview, message: WatchOverviewResponse, own: string): Overview {
  const time_ms = message.time ? ms(message.time) : before.time_ms;
  const begins = message.marker === Marker.SNAPSHOT_BEGINS;
  const rows = withRows(begins ? nothing : (before.coming ?? before), message, own);
  if (message.marker === Marker.CAUGHT_UP)
    return { ...rows, time_ms, caught_up: true, coming: undefined };
  if ((begins || before.coming) && before.caught_up) return { ...before, time_ms, coming: rows };
  return {
    ...rows,
    time_ms,
    caught_up: before.caught_up,
    coming: begins || before.coming ? rows : undefined,
  };
}
