// The stream list: who reads, how far behind that is, and the oldest that waits there.
import { now_ms } from '../api/clock';
import { overview } from '../api/live';
import { useRef } from 'preact/hooks';
import { useComputed } from '@preact/signals';
import { Channel } from '../gen/exitbus/policy/v1/policy_pb';
import { AgeStep } from '../gen/exitbus/operations/v1/figures_pb';
import {
  countFigure,
  standingOf,
  standings,
  stepAtLeast_ms,
  type Standing,
} from '../model/figures';
import { format } from '../model/address';
import { streamLines, type StreamLine } from '../model/streams';
import { channelName, kindName, stepName } from '../names';
import { Ago, CommonShown, FigureShown, StandingShown } from '../parts/figures';
import { found, inState, Pick, PickState, Search } from '../parts/filters';
import { Table, type Column } from '../parts/table';
import { choice } from '../route';
import { ago, commonText, figureText, standingText } from '../say';
import { t } from '../texts';

const readerName = (line: StreamLine): string => line.reader?.name ?? line.row.reader;
const writersText = ({ row }: StreamLine): string =>
  t('writers_of', { count: row.writers, kinds: row.writerKinds.map(kindName).join(', ') });

function oldestText(line: StreamLine): string {
  if (line.oldest_ms !== undefined) return ago(line.oldest_ms);
  if (line.standing === 'unknown') return t('unknown');
  return line.common ? stepName(line.common.oldest) : t('nothing_waits');
}

function Oldest({ line }: { line: StreamLine }) {
  if (line.oldest_ms !== undefined) return <Ago since_ms={line.oldest_ms} />;
  return <span class={line.standing === 'unknown' ? 'unknown' : 'faint'}>{oldestText(line)}</span>;
}

function sinceOf(line: StreamLine): number {
  if (line.common) return stepAtLeast_ms(line.common.oldest ?? AgeStep.AGE_STEP_UNSPECIFIED);
  return line.oldest_ms === undefined ? 0 : now_ms.peek() - line.oldest_ms;
}

const numberOf = (count: Parameters<typeof countFigure>[0]): bigint => {
  const figure = countFigure(count);
  return figure.is === 'known' ? figure.count : -1n;
};

const columns: Column<StreamLine>[] = [
  {
    title: 'reader',
    text: readerName,
    show: (line) => <a href={format('stream', line.row.topic)}>{readerName(line)}</a>,
  },
  { title: 'channel', text: ({ row }) => channelName(row.channel) },
  {
    title: 'state',
    text: (line) =>
      line.common ? `${commonText(line.common)} (${t('common')})` : standingText(line.standing),
    order: (line) => standings.indexOf(line.standing),
    show: (line) =>
      line.common ? (
        <>
          <CommonShown view={line.common} /> <small>{t('common')}</small>
        </>
      ) : (
        <StandingShown standing={line.standing} />
      ),
  },
  {
    title: 'lag',
    number: true,
    text: (line) => figureText(line.lag),
    order: ({ row }) => numberOf(row.unread),
    show: (line) => <FigureShown figure={line.lag} />,
  },
  { title: 'oldest', text: oldestText, order: sinceOf, show: (line) => <Oldest line={line} /> },
  { title: 'writers', text: writersText, order: ({ row }) => row.writers },
  {
    title: 'records',
    number: true,
    text: ({ row }) => figureText(countFigure(row.records)),
    order: ({ row }) => numberOf(row.records),
    show: ({ row }) => <FigureShown figure={countFigure(row.records)} />,
  },
  { title: 'topic', text: ({ row }) => row.topic, show: ({ row }) => <code>{row.topic}</code> },
];

/** The authorities by their standing, each a way to its list. */
export function Summary() {
  const count = { stuck: 0, unknown: 0, waiting: 0, fine: 0 } satisfies Record<Standing, number>;
  for (const { state } of overview.value.authorities.values()) ++count[standingOf(state)];
  return (
    <ul class="summary" aria-label={t('authorities')}>
      {standings.map((standing) => (
        <li key={standing}>
          <a class={`standing ${standing}`} href={format('authorities', '', { state: standing })}>
            <b>{count[standing]}</b> {t(standing)}
          </a>
        </li>
      ))}
    </ul>
  );
}

export function Streams() {
  const before = useRef<StreamLine[]>([]);
  const five_s = useComputed(() => Math.floor(now_ms.value / 5000) * 5000);
  before.current = streamLines(overview.value, five_s.value, before.current);
  const rows = before.current.filter(
    (line) =>
      inState(line.standing) &&
      (choice('channel') === '' || Channel[line.row.channel] === choice('channel')) &&
      found(readerName(line), line.row.topic),
  );
  const channels = [...new Set(before.current.map(({ row }) => row.channel))].sort((a, b) => a - b);
  return (
    <>
      <Summary />
      <form class="tools" onSubmit={(event) => event.preventDefault()}>
        <PickState />
        <Pick
          label={t('channel')}
          name="channel"
          options={channels.map((channel) => ({
            value: Channel[channel] ?? '',
            name: channelName(channel),
          }))}
        />
        <Search />
      </form>
      <p class="faint">{t('common_how')}</p>
      <Table
        title={t('streams')}
        file="exitbus-streams"
        columns={columns}
        rows={rows}
        all={before.current.length}
        keyOf={({ row }) => row.topic}
      />
    </>
  );
}
