// The requests: next act, whose it is, until when.
import { RelocationStageSchema, type Relocation } from '../gen/exitbus/relocation/v1/relocation_pb';
import { format } from '../model/address';
import { ms } from '../model/times';
import { found, Pick, Search } from '../parts/filters';
import { Table, type Column } from '../parts/table';
import { choice } from '../route';
import { t } from '../texts';
import { requests } from './live';
import { byUrgency, isOpen } from './model';
import { authorityName, Due, dueText } from './names';
import { called, choices } from './values';

const whose = ({ waitingFor, waitsForUs }: Relocation): string =>
  waitsForUs ? t('ours') : waitingFor === '' ? t('nobody') : authorityName(waitingFor);

const columns: Column<Relocation>[] = [
  {
    title: 'request',
    text: ({ relocationId }) => relocationId,
    show: ({ relocationId }) => (
      <a href={format('request', relocationId)}>
        <code>{relocationId}</code>
      </a>
    ),
  },
  { title: 'stage', text: ({ stage }) => called(RelocationStageSchema, stage) },
  {
    title: 'whose',
    text: whose,
    show: (row) => (row.waitsForUs ? <b>{whose(row)}</b> : whose(row)),
  },
  {
    title: 'due',
    text: ({ due, overdue }) => dueText(due, overdue),
    order: ({ due }) => (due ? ms(due) : Infinity),
    show: ({ due, overdue }) => <Due due={due} overdue={overdue} />,
  },
  { title: 'holder', text: ({ holder }) => authorityName(holder) },
  { title: 'police', text: ({ police }) => police },
];

export function Requests() {
  if (!requests.value.caught_up) return <p>{t('waits_for_rows')}</p>;
  const all = [...requests.value.rows.values()].sort(byUrgency);
  const rows = all.filter(
    (row) =>
      (choice('stage') === '' ? isOpen(row) : String(row.stage) === choice('stage')) &&
      found(row.relocationId, authorityName(row.holder), row.police),
  );
  return (
    <>
      <form class="tools" onSubmit={(event) => event.preventDefault()}>
        <Pick
          label={t('stage')}
          name="stage"
          all={t('open_only')}
          options={choices(RelocationStageSchema).map(({ value, name }) => ({
            value: String(value),
            name,
          }))}
        />
        <Search />
      </form>
      <Table
        title={t('requests')}
        file="exitbus-requests"
        columns={columns}
        rows={rows}
        all={all.length}
        keyOf={({ relocationId }) => relocationId}
      />
    </>
  );
}
