import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import { WatchHopsResponseSchema } from '../gen/exitbus/operations/v1/operations_service_pb';
import { Channel } from '../gen/exitbus/policy/v1/policy_pb';
import { heard, hopsKept, none, secondsKept, upTo } from './hops';

const message = (second: number, ids: string[], leftOut = 0) =>
  create(WatchHopsResponseSchema, {
    time: timestampFromMs(second * 1000),
    leftOut: BigInt(leftOut),
    hops: ids.map((hopId) => ({ hopId, channel: Channel.CASE, authority: 'a' })),
  });

test('the newest stand first, each with a number of its own', () => {
  const hops = heard(heard(none, message(10, ['x', 'y']), ''), message(10, ['z']), '');
  expect(hops.newest.map(({ hopId, number }) => [hopId, number])).toEqual([
    ['z', 3],
    ['y', 2],
    ['x', 1],
  ]);
});

test('seconds without hops are seconds too, and what is left out counts', () => {
  const hops = upTo(heard(heard(none, message(10, ['x']), ''), message(13, ['y'], 5), ''), 15);
  expect(hops.seconds).toEqual([
    { at_s: 10, hops: 1 },
    { at_s: 11, hops: 0 },
    { at_s: 12, hops: 0 },
    { at_s: 13, hops: 6 },
    { at_s: 14, hops: 0 },
    { at_s: 15, hops: 0 },
  ]);
  expect(hops.left_out).toBe(5);
});

test('no more is kept than can be shown', () => {
  let hops = none;
  for (let second = 0; second < 400; ++second) hops = heard(hops, message(second, ['a', 'b']), '');
  expect([hops.newest.length, hops.seconds.length, hops.heard]).toEqual([
    hopsKept,
    secondsKept,
    800,
  ]);
  expect(heard(hops, message(1e9, ['late']), '').seconds.length).toBe(secondsKept);
});

test("another's secret hop is not kept", () => {
  const secret = create(WatchHopsResponseSchema, {
    hops: [{ hopId: 's', channel: Channel.HANDOVER, authority: 'a' }],
  });
  expect(heard(none, secret, 'b').newest).toEqual([]);
  expect(heard(none, secret, 'a').newest).toHaveLength(1);
});
