// All authorities, the worst first.
import { overview } from '../api/live';
import type { AuthorityRow } from '../gen/exitbus/operations/v1/overview_pb';
import { format } from '../model/address';
import { commonStanding, countFigure, standingOf, standings } from '../model/figures';
import { ms } from '../model/times';
import { failureName, kindName, presenceName, statusName } from '../names';
import { AgoTime, CommonShown, FigureShown, StandingShown } from '../parts/figures';
import { found, inState, Pick, PickState, Search } from '../parts/filters';
import { Table, type Column } from '../parts/table';
import { choice } from '../route';
import { bytes, commonText, exactly, figureText, lasted, number, standingText } from '../say';
import { t } from '../texts';

export const presenceText = ({ presence, presenceSince }: AuthorityRow): string =>
  presenceSince
    ? t('since', { what: presenceName(presence), age: lasted(ms(presenceSince)) })
    : presenceName(presence);

export const clockText = ({ clockAheadSeconds }: AuthorityRow): string =>
  clockAheadSeconds === undefined
    ? t('unknown')
    : t('seconds', { count: number(Math.round(clockAheadSeconds * 10) / 10) });

const Presence = ({ row }: { row: AuthorityRow }) => <>{presenceText(row)}</>;

const columns: Column<AuthorityRow>[] = [
  {
    title: 'authority',
    text: ({ name }) => name,
    show: ({ authority, name }) => <a href={format('authority', authority)}>{name}</a>,
  },
  { title: 'kind', text: ({ kind }) => kindName(kind) },
  {
    title: 'state',
    text: ({ state }) => standingText(standingOf(state)),
    order: ({ state }) => standings.indexOf(standingOf(state)),
    show: ({ state }) => <StandingShown standing={standingOf(state)} />,
  },
  { title: 'failure', text: ({ failure }) => failureName(failure) },
  {
    title: 'common_view',
    text: ({ secret }) => commonText(secret),
    order: ({ secret }) => standings.indexOf(commonStanding(secret)),
    show: ({ secret }) => <CommonShown view={secret} />,
  },
  { title: 'presence', text: presenceText, show: (row) => <Presence row={row} /> },
  { title: 'status', text: ({ status }) => statusName(status) },
  {
    title: 'restarts',
    number: true,
    text: ({ restarts }) => number(restarts),
    order: ({ restarts }) => restarts,
  },
  {
    title: 'clock_ahead',
    number: true,
    text: clockText,
    order: ({ clockAheadSeconds }) => Math.abs(clockAheadSeconds ?? -1),
  },
  {
    title: 'memory',
    number: true,
    text: ({ memoryBytes }) => figureText(countFigure(memoryBytes), bytes),
    show: ({ memoryBytes }) => <FigureShown figure={countFigure(memoryBytes)} told={bytes} />,
  },
  {
    title: 'disk',
    number: true,
    text: ({ diskFreeBytes }) => figureText(countFigure(diskFreeBytes), bytes),
    show: ({ diskFreeBytes }) => <FigureShown figure={countFigure(diskFreeBytes)} told={bytes} />,
  },
  { title: 'version', text: ({ version }) => (version === '' ? t('unknown') : version) },
  {
    title: 'started',
    text: ({ started }) => exactly(started) || t('unknown'),
    show: ({ started }) => <AgoTime time={started} />,
  },
];

export function Authorities() {
  const all = [...overview.value.authorities.values()].sort(
    (a, b) =>
      standings.indexOf(standingOf(a.state)) - standings.indexOf(standingOf(b.state)) ||
      a.name.localeCompare(b.name, 'da'),
  );
  const kinds = [...new Set(all.map(({ kind }) => kind))].sort((a, b) => a - b);
  const rows = all.filter(
    (row) =>
      inState(standingOf(row.state)) &&
      found(row.name, row.authority) &&
      (choice('kind') === '' || String(row.kind) === choice('kind')),
  );
  return (
    <>
      <form class="tools" onSubmit={(event) => event.preventDefault()}>
        <PickState />
        <Pick
          label={t('kind')}
          name="kind"
          options={kinds.map((kind) => ({ value: String(kind), name: kindName(kind) }))}
        />
        <Search />
      </form>
      <Table
        title={t('authorities')}
        file="exitbus-authorities"
        columns={columns}
        rows={rows}
        all={all.length}
        keyOf={({ authority }) => authority}
      />
    </>
  );
}
