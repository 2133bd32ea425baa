// One authority: to its own operator all its figures; to all others its open channels, and of the secret ones how they stand.
import { overview, own } from '../api/live';
import type { AuthorityRow } from '../gen/exitbus/operations/v1/overview_pb';
import type { ChannelFigures, DeadLetters } from '../gen/exitbus/operations/v1/figures_pb';
import { format } from '../model/address';
import { caseFigure, countFigure, standingOf, waitingFigure } from '../model/figures';
import { short } from '../model/times';
import { channelName, failureName, kindName, statusName } from '../names';
import { AgoTime, CommonShown, FigureShown, StandingShown, WaitingShown } from '../parts/figures';
import { Facts, Table, type Column } from '../parts/table';
import { ago, bytes, exactly, figureText, number } from '../say';
import { language, t, type Text } from '../texts';
import { clockText, presenceText } from './authorities';
import { PaperTable } from './papers';

type Tally = 'onTheWay' | 'unreceipted' | 'held' | 'delayed' | 'parked' | 'dead';

function tallyColumn(title: Text, tally: Tally): Column<ChannelFigures> {
  const figure = (row: ChannelFigures) => waitingFigure(row[tally]);
  return {
    title,
    number: true,
    show: (row) => <WaitingShown figure={figure(row)} />,
    order: (row) => {
      const told = figure(row);
      return told.is === 'known' ? told.count : -1n;
    },
    text: (row) => {
      const told = figure(row);
      return told.is === 'known' && told.oldest_ms !== undefined
        ? `${figureText(told)} (${ago(told.oldest_ms)})`
        : figureText(told);
    },
  };
}

const throughputText = ({ throughput }: ChannelFigures): string =>
  throughput
    ? [throughput.created, throughput.receipted, throughput.applied].map(number).join(' / ')
    : t('unknown');

function latencyText({ latency }: ChannelFigures): string {
  const spans = [latency?.p50, latency?.p95, latency?.p99].flatMap((one) =>
    one ? [short(one, language.value)] : [],
  );
  return spans.length === 0 ? t('none') : spans.join(' / ');
}

const channelColumns: Column<ChannelFigures>[] = [
  { title: 'channel', text: ({ channel }) => channelName(channel) },
  tallyColumn('on_the_way', 'onTheWay'),
  tallyColumn('unreceipted', 'unreceipted'),
  tallyColumn('held', 'held'),
  tallyColumn('delayed', 'delayed'),
  tallyColumn('parked', 'parked'),
  tallyColumn('dead', 'dead'),
  {
    title: 'lag',
    number: true,
    text: ({ unread }) => figureText(countFigure(unread)),
    show: ({ unread }) => <FigureShown figure={countFigure(unread)} />,
  },
  { title: 'throughput', text: throughputText },
  { title: 'latency', text: latencyText },
];

interface DeadLine {
  channel: ChannelFigures['channel'];
  dead: DeadLetters;
}

const deadColumns: Column<DeadLine>[] = [
  { title: 'channel', text: ({ channel }) => channelName(channel) },
  {
    title: 'failure',
    text: ({ dead }) => dead.failureClass,
    show: ({ dead }) => <code>{dead.failureClass}</code>,
  },
  {
    title: 'count',
    number: true,
    text: ({ dead }) => figureText(waitingFigure(dead.letters)),
    show: ({ dead }) => <WaitingShown figure={waitingFigure(dead.letters)} />,
  },
  {
    title: 'newest',
    text: ({ dead }) => exactly(dead.newest),
    show: ({ dead }) => <AgoTime time={dead.newest} />,
  },
];

function Vitals({ row }: { row: AuthorityRow }) {
  return (
    <Facts
      facts={[
        ['memory', <FigureShown figure={countFigure(row.memoryBytes)} told={bytes} />],
        ['disk', <FigureShown figure={countFigure(row.diskFreeBytes)} told={bytes} />],
        ['clock_ahead', clockText(row)],
        ['clocks_over', <FigureShown figure={countFigure(row.clocksOverFiveMinutes)} />],
        ['unreadable', <FigureShown figure={countFigure(row.unreadableRows)} />],
        ...(row.own ? ownFacts(row) : []),
      ]}
    />
  );
}

function ownFacts(row: AuthorityRow): Parameters<typeof Facts>[0]['facts'] {
  return [
    ['descriptors', <FigureShown figure={countFigure(row.descriptorsOpen)} />],
    ['stopped', <FigureShown figure={countFigure(row.stoppedCorrespondences)} />],
    ['awaiting_upgrade', <FigureShown figure={countFigure(row.lettersAwaitingUpgrade)} />],
    ['deadlines_near', <FigureShown figure={caseFigure(row.deadlinesNear)} />],
    ['deadlines_missed', <FigureShown figure={caseFigure(row.deadlinesMissed)} />],
  ];
}

function Heading({ row }: { row: AuthorityRow }) {
  return (
    <Facts
      facts={[
        [
          'state',
          <>
            <StandingShown standing={standingOf(row.state)} /> {failureName(row.failure)}
          </>,
        ],
        ['common_view', <CommonShown view={row.secret} />],
        ['kind', kindName(row.kind)],
        ['status', statusName(row.status)],
        ['presence', presenceText(row)],
        ['started', <AgoTime time={row.started} />],
        ['restarts', number(row.restarts)],
        ['version', row.version === '' ? t('unknown') : row.version],
      ]}
    />
  );
}

export function Authority({ id }: { id: string }) {
  const row = overview.value.authorities.get(id);
  if (!row) return <p>{overview.value.caught_up ? t('no_such_authority') : t('waits_for_rows')}</p>;
  const dead = row.channels.flatMap(({ channel, deadByClass }) =>
    deadByClass.map((one): DeadLine => ({ channel, dead: one })),
  );
  return (
    <>
      <Heading row={row} />
      <h2>{t('channels')}</h2>
      {row.authority !== own.value && <p class="faint">{t('own_only')}</p>}
      <Table
        title={t('channels')}
        file={`exitbus-${row.authority}-channels`}
        columns={channelColumns}
        rows={row.channels}
        keyOf={({ channel }) => String(channel)}
      />
      {dead.length > 0 && (
        <>
          <h2>{t('dead_by_class')}</h2>
          <Table
            title={t('dead_by_class')}
            file={`exitbus-${row.authority}-dead`}
            columns={deadColumns}
            rows={dead}
            keyOf={(line) => `${line.channel} ${line.dead.failureClass}`}
          />
        </>
      )}
      <h2>{t('figures')}</h2>
      <Vitals row={row} />
      <h2>{t('papers')}</h2>
      <PaperTable authorities={[row]} />
      <p>
        <a href={format('live', '', { authority: row.authority })}>{t('hops')}</a>
      </p>
    </>
  );
}
