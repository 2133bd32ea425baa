// A list as its watch tells it: each message has a row, the id of one that is gone, or a marker.
import { Marker } from '../gen/exitbus/watch/v1/watch_pb';

export interface Listed<Row> {
  rows: ReadonlyMap<string, Row>;
  caught_up: boolean; // all there is has been told once
  told: ReadonlySet<string> | undefined; // since a snapshot began that is not whole yet
}

export type Change<Row> = { row: Row; id: string } | { gone: string } | { marker: Marker };

export const empty: Listed<never> = {
  rows: new Map<string, never>(),
  caught_up: false,
  told: undefined,
};

export function changed<Row>(before: Listed<Row>, change: Change<Row>): Listed<Row> {
  if ('row' in change) {
    const told = before.told && new Set(before.told).add(change.id);
    return { ...before, rows: new Map(before.rows).set(change.id, change.row), told };
  }
  if ('gone' in change) {
    const rows = new Map(before.rows);
    rows.delete(change.gone);
    return { ...before, rows };
  }
  if (change.marker === Marker.SNAPSHOT_BEGINS) return { ...before, told: new Set() };
  const { told } = before;
  const rows = told ? new Map([...before.rows].filter(([id]) => told.has(id))) : before.rows;
  return { rows, caught_up: true, told: undefined };
}
