// What a console should not have told is not kept: the page's own door, behind the console's.
import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { AuthorityRowSchema, StreamRowSchema } from '../gen/exitbus/operations/v1/overview_pb';
import { SeenHopSchema } from '../gen/exitbus/operations/v1/message_path_pb';
import { Channel } from '../gen/exitbus/policy/v1/policy_pb';
import { isSecret, isShownHop, shownAuthority, shownStream } from './shown';

const told = { figure: { case: 'known' as const, value: 7n } };
const all = Object.values(Channel).filter((one): one is Channel => typeof one === 'number');

test('case, directory and evidence are open; all others are secret, also those to come', () => {
  expect(all.filter((one) => !isSecret(one))).toEqual([
    Channel.CASE,
    Channel.DIRECTORY,
    Channel.EVIDENCE,
  ]);
  expect(isSecret(99 as Channel)).toBe(true);
});

const row = create(AuthorityRowSchema, {
  authority: 'a',
  own: true,
  channels: all.map((channel) => ({ channel, unread: told })),
  memoryBytes: told,
  descriptorsOpen: told,
  stoppedCorrespondences: told,
  lettersAwaitingUpgrade: told,
  deadlinesNear: told,
  deadlinesMissed: told,
});

test.each(['', 'b'])('whoever operates %j sees no secret channel of another', (own) => {
  const shown = shownAuthority(row, own);
  expect(shown.own).toBe(false);
  expect(shown.channels.map(({ channel }) => channel)).toEqual([
    Channel.CASE,
    Channel.DIRECTORY,
    Channel.EVIDENCE,
  ]);
  expect([
    shown.descriptorsOpen,
    shown.stoppedCorrespondences,
    shown.lettersAwaitingUpgrade,
    shown.deadlinesNear,
    shown.deadlinesMissed,
  ]).toEqual([undefined, undefined, undefined, undefined, undefined]);
  expect(shown.memoryBytes).toEqual(row.memoryBytes);
});

test('its own operator sees all', () => {
  expect(shownAuthority(row, 'a')).toEqual(row);
});

test('a secret stream has no figures but for its reader', () => {
  for (const channel of all) {
    const stream = create(StreamRowSchema, {
      reader: 'a',
      channel,
      secret: isSecret(channel),
      unread: told,
      records: told,
    });
    expect(shownStream(stream, 'a')).toEqual(stream);
    for (const own of ['', 'b']) {
      const { unread, records } = shownStream(stream, own);
      expect([unread, records].map((one) => one !== undefined)).toEqual([
        !isSecret(channel),
        !isSecret(channel),
      ]);
    }
  }
  const mistaken = create(StreamRowSchema, {
    reader: 'a',
    channel: Channel.RELOCATION,
    secret: false,
    unread: told,
  });
  expect(shownStream(mistaken, 'b')).toMatchObject({ secret: true, unread: undefined });
});

test('a secret hop is for its authority alone', () => {
  for (const channel of all) {
    const hop = create(SeenHopSchema, { authority: 'a', channel });
    expect([isShownHop(hop, 'a'), isShownHop(hop, 'b'), isShownHop(hop, '')]).toEqual([
      true,
      !isSecret(channel),
      !isSecret(channel),
    ]);
  }
});
