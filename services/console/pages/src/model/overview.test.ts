import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import { WatchOverviewResponseSchema } from '../gen/exitbus/operations/v1/operations_service_pb';
import { Marker } from '../gen/exitbus/watch/v1/watch_pb';
import { nothing, told, type Overview } from './overview';

const says = (marker: Marker, authorities: string[], second = 0) =>
  create(WatchOverviewResponseSchema, {
    marker,
    authorities: authorities.map((authority) => ({ authority, version: String(second) })),
    streams: authorities.map((reader) => ({ topic: `t.${reader}`, reader })),
    time: timestampFromMs(second * 1000),
  });
const names = ({ authorities }: Overview) => [...authorities.keys()];
const after = (...messages: ReturnType<typeof says>[]) =>
  messages.reduce((before, one) => told(before, one, ''), nothing);

test('the first snapshot is shown as it comes', () => {
  const begun = after(says(Marker.SNAPSHOT_BEGINS, ['a'], 1));
  expect([names(begun), begun.caught_up, begun.time_ms]).toEqual([['a'], false, 1000]);
  const whole = told(begun, says(Marker.CAUGHT_UP, ['b'], 2), '');
  expect([names(whole), whole.caught_up, whole.time_ms]).toEqual([['a', 'b'], true, 2000]);
});

test('a change replaces its row and leaves the others', () => {
  const changed = after(
    says(Marker.SNAPSHOT_BEGINS, ['a', 'b'], 1),
    says(Marker.CAUGHT_UP, [], 1),
    says(Marker.UNSPECIFIED, ['b'], 2),
  );
  expect([...changed.authorities.values()].map(({ version }) => version)).toEqual(['1', '2']);
  expect([...changed.streams.keys()]).toEqual(['t.a', 't.b']);
});

test('a later snapshot takes the place of what was shown once it is whole', () => {
  const begun = after(
    says(Marker.SNAPSHOT_BEGINS, ['a', 'b'], 1),
    says(Marker.CAUGHT_UP, [], 1),
    says(Marker.SNAPSHOT_BEGINS, ['b'], 2),
    says(Marker.UNSPECIFIED, ['c'], 3),
  );
  expect([names(begun), begun.caught_up, begun.time_ms]).toEqual([['a', 'b'], true, 3000]);
  const whole = told(begun, says(Marker.CAUGHT_UP, [], 4), '');
  expect(names(whole)).toEqual(['b', 'c']);
  expect([...whole.streams.keys()]).toEqual(['t.b', 't.c']);
});

test('one that is broken off is begun anew', () => {
  const again = after(
    says(Marker.SNAPSHOT_BEGINS, ['a'], 1),
    says(Marker.SNAPSHOT_BEGINS, ['b'], 2),
    says(Marker.CAUGHT_UP, [], 2),
  );
  expect(names(again)).toEqual(['b']);
});
