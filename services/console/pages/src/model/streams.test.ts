import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import {
  AuthorityRowSchema,
  StreamRowSchema,
  type AuthorityRow,
} from '../gen/exitbus/operations/v1/overview_pb';
import { AgeStep, State, UnknownSchema, WhyUnknown } from '../gen/exitbus/operations/v1/figures_pb';
import { Channel } from '../gen/exitbus/policy/v1/policy_pb';
import { nothing } from './overview';
import { streamLine, streamLines } from './streams';

const now_ms = 1000000;
const unknown = create(UnknownSchema, { why: WhyUnknown.SILENT });
const known = (value: bigint) => ({ figure: { case: 'known' as const, value } });
const waits = (count: bigint, seconds?: number) => ({
  figure: {
    case: 'known' as const,
    value: {
      count,
      ...(seconds !== undefined && { oldest: timestampFromMs(now_ms - seconds * 1000) }),
    },
  },
});

function reader(parked: ReturnType<typeof waits>, dead = waits(0n)): AuthorityRow {
  return create(AuthorityRowSchema, {
    authority: 'a',
    name: 'A',
    channels: [{ channel: Channel.CASE, parked, dead }],
    secret: { state: State.STUCK, oldest: AgeStep.AGE_STEP_UNDER_5_MINUTES },
  });
}
const line = (
  row: AuthorityRow | undefined,
  unread:
    ReturnType<typeof known> | { figure: { case: 'unknown'; value: typeof unknown } } | undefined,
) =>
  streamLine(
    create(StreamRowSchema, {
      topic: 't',
      reader: 'a',
      channel: Channel.CASE,
      ...(unread && { unread }),
    }),
    new Map(row ? [['a', row]] : []),
    now_ms,
  );

test.each([
  ['nothing waits', reader(waits(0n)), known(0n), 'fine', undefined],
  ['records are unread', reader(waits(0n)), known(3n), 'waiting', undefined],
  ['a letter is parked', reader(waits(1n, 59)), known(0n), 'waiting', now_ms - 59000],
  ['it is parked for a minute', reader(waits(1n, 60)), known(0n), 'stuck', now_ms - 60000],
  [
    'one is dead for longer',
    reader(waits(1n, 5), waits(2n, 600)),
    known(0n),
    'stuck',
    now_ms - 600000,
  ],
  [
    'the lag is unknown',
    reader(waits(0n)),
    { figure: { case: 'unknown' as const, value: unknown } },
    'unknown',
    undefined,
  ],
  ['the lag is not told', reader(waits(0n)), undefined, 'unknown', undefined],
  [
    'the lag is unknown and a letter is stuck',
    reader(waits(1n, 60)),
    undefined,
    'stuck',
    now_ms - 60000,
  ],
  ['the reader is not in the directory', undefined, known(0n), 'unknown', undefined],
] as const)('%s', (_, row, unread, standing, oldest_ms) => {
  expect(line(row, unread)).toMatchObject({ standing, oldest_ms });
});

test('a secret stream stands as its reader does in common, without figures', () => {
  const row = create(StreamRowSchema, {
    topic: 't',
    reader: 'a',
    channel: Channel.HANDOVER,
    secret: true,
  });
  const shown = streamLine(row, new Map([['a', reader(waits(1n, 999))]]), now_ms);
  expect(shown).toMatchObject({
    standing: 'stuck',
    oldest_ms: undefined,
    lag: { is: 'not_told' },
    common: { oldest: AgeStep.AGE_STEP_UNDER_5_MINUTES },
  });
  expect(streamLine(row, new Map(), now_ms).standing).toBe('unknown');
});

test('the worst stands first, and what is as before is the same object', () => {
  const stream = (topic: string, unread: bigint) =>
    create(StreamRowSchema, { topic, reader: 'a', channel: Channel.CASE, unread: known(unread) });
  const rows = {
    ...nothing,
    authorities: new Map([['a', reader(waits(0n))]]),
    streams: new Map([
      ['t1', stream('t1', 0n)],
      ['t2', stream('t2', 4n)],
    ]),
  };
  const before = streamLines(rows, now_ms);
  expect(before.map(({ row }) => row.topic)).toEqual(['t2', 't1']);
  const now = streamLines(
    { ...rows, streams: new Map(rows.streams).set('t2', stream('t2', 5n)) },
    now_ms + 1000,
    before,
  );
  expect([now[1] === before[1], now[0] === before[0]]).toEqual([true, false]);
});
