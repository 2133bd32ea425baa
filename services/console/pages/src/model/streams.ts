// The stream list's lines: each topic with its reader, how far behind that is, and the oldest that waits there.
import type { AuthorityRow, StreamRow } from '../gen/exitbus/operations/v1/overview_pb';
import type { CommonView } from '../gen/exitbus/operations/v1/figures_pb';
import {
  commonStanding,
  countFigure,
  oldestOf,
  standings,
  waitingFigure,
  type Figure,
  type Standing,
} from './figures';
import type { Rows } from './overview';

export interface StreamLine {
  row: StreamRow;
  reader: AuthorityRow | undefined; // undefined: it has left the directory
  standing: Standing;
  lag: Figure;
  oldest_ms: number | undefined; // of what came and is parked or dead
  common: CommonView | undefined; // the reader's secret channels, all in one: all that is told of this stream
}

const stuckAfter_ms = 60000;

function standingOf(figures: Figure[], oldest_ms: number | undefined, now_ms: number): Standing {
  if (oldest_ms !== undefined && now_ms - oldest_ms >= stuckAfter_ms) return 'stuck';
  if (figures.some((one) => one.is !== 'known')) return 'unknown';
  return figures.some((one) => one.is === 'known' && one.count > 0n) ? 'waiting' : 'fine';
}

export function streamLine(
  row: StreamRow,
  authorities: Rows['authorities'],
  now_ms: number,
): StreamLine {
  const reader = authorities.get(row.reader);
  const lag = countFigure(row.unread);
  if (row.secret && lag.is === 'not_told') {
    const common = reader?.secret;
    return { row, reader, standing: commonStanding(common), lag, oldest_ms: undefined, common };
  }
  const figures = reader?.channels.find(({ channel }) => channel === row.channel);
  const came = [waitingFigure(figures?.parked), waitingFigure(figures?.dead)];
  const oldest_ms = oldestOf(came);
  return {
    row,
    reader,
    standing: standingOf([lag, ...came], oldest_ms, now_ms),
    lag,
    oldest_ms,
    common: undefined,
  };
}

const looksAs = (a: StreamLine, b: StreamLine): boolean =>
  a.row === b.row && a.reader === b.reader && a.standing === b.standing;

/** The worst first, then by reader and channel. A line that is as it was `before` is the same object. */
export function streamLines(
  rows: Rows,
  now_ms: number,
  before: readonly StreamLine[] = [],
): StreamLine[] {
  const known = new Map(before.map((line) => [line.row.topic, line]));
  const name = (line: StreamLine) => line.reader?.name ?? line.row.reader;
  return [...rows.streams.values()]
    .map((row) => {
      const line = streamLine(row, rows.authorities, now_ms);
      const same = known.get(row.topic);
      return same && looksAs(same, line) ? same : line;
    })
    .sort(
      (a, b) =>
        standings.indexOf(a.standing) - standings.indexOf(b.standing) ||
        name(a).localeCompare(name(b), 'da') ||
        a.row.channel - b.row.channel,
    );
}
