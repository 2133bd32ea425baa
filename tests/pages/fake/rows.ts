// An exchange of made-up figures: what a console might tell. Its authorities are the demo's.
import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  AuthorityRowSchema,
  ExchangeRowSchema,
  Presence,
  StreamRowSchema,
  type AuthorityRow,
  type StreamRow,
} from '../gen/exitbus/operations/v1/overview_pb.ts';
import {
  AgeStep,
  FailureClass,
  State,
  WhyUnknown,
  type WaitingSchema,
} from '../gen/exitbus/operations/v1/figures_pb.ts';
import { AuthorityKind, Channel } from '../gen/exitbus/policy/v1/policy_pb.ts';
import { PaperKind } from '../gen/exitbus/operations/v1/trace_pb.ts';
import { AuthorityStatus } from '../gen/exitbus/directory/v1/directory_pb.ts';

// Fields alone, and no message that is whole already.
type Fields<Schema extends DescMessage> = Exclude<MessageInitShape<Schema>, { $typeName: string }>;

export const ago = (seconds: number) => timestampFromMs(Date.now() - seconds * 1000);
export const count = (value: number) => ({
  figure: { case: 'known' as const, value: BigInt(value) },
});
export const unknown = (why: WhyUnknown, seconds: number) => ({
  figure: { case: 'unknown' as const, value: { why, since: ago(seconds) } },
});
export const waits = (letters: number, seconds?: number): Fields<typeof WaitingSchema> => ({
  figure: {
    case: 'known',
    value: { count: BigInt(letters), ...(seconds !== undefined && { oldest: ago(seconds) }) },
  },
});

const { CASE, HANDOVER, SECURITY, RELOCATION, NEC, DIRECTORY, EVIDENCE } = Channel;
const open = [CASE, DIRECTORY, EVIDENCE];
const day = 86400;

const figures = (channel: Channel) => ({
  channel,
  delayed: waits(0),
  onTheWay: waits(0),
  unreceipted: waits(0),
  held: waits(0),
  parked: waits(0),
  dead: waits(0),
  unread: count(0),
  throughput: { created: 12n, receipted: 11n, applied: 9n },
  latency: {
    p50: { nanos: 35e6 },
    p95: { nanos: 240e6 },
    p99: { seconds: 1n, nanos: 2e8 },
    letters: 11n,
  },
});

const papers = (days: number) => [
  { kind: PaperKind.API_CERTIFICATE, ends: ago(-days * day) },
  { kind: PaperKind.KAFKA_CERTIFICATE, ends: ago(-(days + 40) * day) },
  { kind: PaperKind.DIRECTORY, ends: ago(-80 * day) },
  { kind: PaperKind.SEALING_KEY, ends: ago(-21 * day) },
];

export function authority(
  authority: string,
  name: string,
  kind: AuthorityKind,
  more: Fields<typeof AuthorityRowSchema> = {},
): AuthorityRow {
  return create(AuthorityRowSchema, {
    authority,
    name,
    kind,
    presence: Presence.HEARD,
    presenceSince: ago(3 * 3600),
    started: ago(3 * 3600),
    version: '0.2.0',
    state: State.FINE,
    secret: { state: State.FINE },
    channels: open.map(figures),
    memoryBytes: count(64 << 20),
    diskFreeBytes: count(21 * 2 ** 30),
    papers: papers(60),
    clockAheadSeconds: 0.2,
    clocksOverFiveMinutes: count(0),
    unreadableRows: count(0),
    ...more,
  });
}

const silent = (seconds: number) => ({ figure: unknown(WhyUnknown.SILENT, seconds).figure });

export const authorities = (): AuthorityRow[] => [
  authority('municipality-0183', 'Ishøj Kommune', AuthorityKind.MUNICIPALITY, {
    state: State.STUCK,
    failure: FailureClass.OUTGOING,
    secret: {
      state: State.STUCK,
      oldest: AgeStep.AGE_STEP_UNDER_15_MINUTES,
      failure: FailureClass.OUTGOING,
    },
  }),
  authority('municipality-0461', 'Odense Kommune', AuthorityKind.MUNICIPALITY, {
    state: State.WAITING,
    channels: [
      { ...figures(CASE), parked: waits(2, 20), unread: count(3) },
      figures(DIRECTORY),
      figures(EVIDENCE),
    ],
  }),
  authority('kriminalforsorgen-kif-1469', 'KiF København', AuthorityKind.KRIMINALFORSORGEN, {
    restarts: 2,
  }),
  authority('police-1469', 'Københavns Vestegns Politi', AuthorityKind.POLICE, {
    papers: papers(9),
  }),
  authority('police-1462', 'Fyns Politi', AuthorityKind.POLICE, {
    presence: Presence.SILENT,
    presenceSince: ago(240),
    state: State.UNSPECIFIED,
    secret: { unknown: { why: WhyUnknown.SILENT, since: ago(240) } },
    memoryBytes: silent(240),
    diskFreeBytes: silent(240),
    papers: [],
    clockAheadSeconds: undefined,
    clocksOverFiveMinutes: silent(240),
    unreadableRows: silent(240),
    version: '',
    channels: open.map((channel) => ({
      channel,
      ...Object.fromEntries(
        ['delayed', 'onTheWay', 'unreceipted', 'held', 'parked', 'dead', 'unread'].map((one) => [
          one,
          silent(240),
        ]),
      ),
    })),
  }),
  authority('contact-point', 'Det Nationale Exitkontaktpunkt', AuthorityKind.CONTACT_POINT),
  authority('nec', 'NEC', AuthorityKind.NEC, { status: AuthorityStatus.SUSPENDED }),
];

/** Ishøj as its own operator is shown it. */
export const ownIshoj = (): AuthorityRow =>
  authority('municipality-0183', 'Ishøj Kommune', AuthorityKind.MUNICIPALITY, {
    own: true,
    state: State.STUCK,
    failure: FailureClass.OUTGOING,
    secret: {
      state: State.STUCK,
      oldest: AgeStep.AGE_STEP_UNDER_15_MINUTES,
      failure: FailureClass.OUTGOING,
    },
    channels: [
      figures(CASE),
      {
        ...figures(HANDOVER),
        onTheWay: waits(1, 431),
        dead: waits(3, 900),
        deadByClass: [{ failureClass: 'bad_signature', letters: waits(3, 900), newest: ago(60) }],
      },
      figures(SECURITY),
      figures(RELOCATION),
      { ...figures(NEC), delayed: waits(4, 30) },
      figures(DIRECTORY),
      figures(EVIDENCE),
    ],
    descriptorsOpen: count(41),
    stoppedCorrespondences: count(0),
    lettersAwaitingUpgrade: count(0),
    deadlinesNear: { figure: { case: 'underFive', value: true } },
    deadlinesMissed: { figure: { case: 'known', value: 0n } },
  });

const word: Partial<Record<Channel, string>> = {
  [CASE]: 'case',
  [HANDOVER]: 'handover',
  [SECURITY]: 'security',
  [RELOCATION]: 'relocation',
  [NEC]: 'nec',
  [DIRECTORY]: 'directory',
  [EVIDENCE]: 'evidence',
};

function stream(row: AuthorityRow, channel: Channel, own: boolean): StreamRow {
  const told = row.channels.find((one) => one.channel === channel);
  const secret = !open.includes(channel);
  const [kind, ...code] = row.authority.split('-');
  return create(StreamRowSchema, {
    topic: `exitbus.v1.${word[channel]}.${kind}.${code.join('-') || 'national'}`,
    channel,
    reader: row.authority,
    secret,
    writerKinds: [AuthorityKind.MUNICIPALITY, AuthorityKind.POLICE],
    writers: 98,
    ...((!secret || own) && {
      unread: told?.unread,
      records: row.version === '' ? silent(240) : count(1204),
    }),
  });
}

export const streams = (rows: AuthorityRow[]): StreamRow[] =>
  rows.flatMap((row) =>
    [CASE, HANDOVER, SECURITY, RELOCATION, DIRECTORY].map((channel) =>
      stream(row, channel, row.own),
    ),
  );

export const exchange = () =>
  create(ExchangeRowSchema, {
    brokerReached: true,
    brokerSince: ago(7200),
    brokers: count(1),
    directoryVersion: 7n,
    topicsMissing: count(0),
    topicsUnlisted: count(1),
    topicsUnderReplicated: count(0),
    consoleStarted: ago(7200),
  });
