// When certificates, keys and directories end, what ends first at the top.
import { now_ms } from '../api/clock';
import { overview } from '../api/live';
import type { AuthorityRow } from '../gen/exitbus/operations/v1/overview_pb';
import { format } from '../model/address';
import { paperLines, type PaperLine } from '../model/papers';
import { paperName } from '../names';
import { Until } from '../parts/figures';
import { found, Pick, Search } from '../parts/filters';
import { Table, type Column } from '../parts/table';
import { choice } from '../route';
import { exactly } from '../say';
import { t, type Text } from '../texts';

const standingNames: Record<PaperLine['standing'], Text> = {
  ended: 'paper_ended',
  unknown: 'unknown',
  soon: 'paper_soon',
  good: 'paper_good',
};
const looks = { ended: 'stuck', unknown: 'unknown', soon: 'waiting', good: 'fine' };

const whatText = ({ paper }: PaperLine): string => (paper ? paperName(paper.kind) : t('unknown'));

const columns: Column<PaperLine>[] = [
  {
    title: 'authority',
    text: ({ authority }) => authority.name,
    show: ({ authority }) => (
      <a href={format('authority', authority.authority)}>{authority.name}</a>
    ),
  },
  { title: 'paper', text: whatText },
  {
    title: 'state',
    text: ({ standing }) => t(standingNames[standing]),
    show: ({ standing }) => (
      <span class={`standing ${looks[standing]}`}>{t(standingNames[standing])}</span>
    ),
  },
  {
    title: 'ends',
    text: ({ paper }) => exactly(paper?.ends) || t('unknown'),
    order: ({ ends_ms }) => ends_ms ?? 0,
    show: ({ ends_ms }) => <Until at_ms={ends_ms} />,
  },
  {
    title: 'replacement',
    text: ({ paper }) => (paper?.replacementRefused ? t('replacement_refused') : ''),
  },
];

export function PaperTable({ authorities, all }: { authorities: AuthorityRow[]; all?: boolean }) {
  const lines = paperLines(authorities, now_ms.value);
  const rows = !all
    ? lines
    : lines.filter(
        ({ authority, standing }) =>
          found(authority.name, authority.authority) &&
          (choice('state') === '' || choice('state') === standing),
      );
  return (
    <Table
      title={t('papers')}
      file="exitbus-papers"
      columns={columns}
      rows={rows}
      all={lines.length}
      keyOf={({ authority, paper }) => `${authority.authority} ${paper?.kind ?? ''}`}
    />
  );
}

export function Papers() {
  return (
    <>
      <form class="tools" onSubmit={(event) => event.preventDefault()}>
        <Pick
          label={t('state')}
          name="state"
          options={Object.entries(standingNames).map(([value, name]) => ({ value, name: t(name) }))}
        />
        <Search />
      </form>
      <PaperTable authorities={[...overview.value.authorities.values()]} all />
    </>
  );
}
