import { expect, test } from 'vitest';
import { Marker } from '../gen/exitbus/watch/v1/watch_pb';
import { changed, empty, type Change, type Listed } from './listed';

const after = (...changes: Change<string>[]) =>
  changes.reduce<Listed<string>>((before, one) => changed(before, one), empty);
const row = (id: string, is = id): Change<string> => ({ id, row: is });
const begins: Change<string> = { marker: Marker.SNAPSHOT_BEGINS };
const whole: Change<string> = { marker: Marker.CAUGHT_UP };

test('rows come, change and go', () => {
  const list = after(begins, row('a'), row('b'), whole, row('a', 'A'), { gone: 'b' });
  expect([...list.rows]).toEqual([['a', 'A']]);
  expect(list.caught_up).toBe(true);
});

test('what a new snapshot does not have is gone once it is whole', () => {
  const begun = after(begins, row('a'), row('b'), whole, begins, row('b'));
  expect([...begun.rows.keys()]).toEqual(['a', 'b']);
  expect([...changed(begun, whole).rows.keys()]).toEqual(['b']);
});

test('one that goes on by its token loses nothing', () => {
  expect([...after(begins, row('a'), whole, row('b'), whole).rows.keys()]).toEqual(['a', 'b']);
});
