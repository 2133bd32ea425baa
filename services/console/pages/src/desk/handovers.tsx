// Handovers that take too long: who is waited for, since when, how often nudged.
import {
  MonitoredStageSchema,
  type Escalation,
  type MonitoredHandover,
} from '../gen/exitbus/contact_point/v1/handover_desk_pb';
import { SideSchema } from '../gen/exitbus/handover/v1/handover_pb';
import { format } from '../model/address';
import { AgoTime } from '../parts/figures';
import { Field } from '../parts/form';
import { Facts, Table, type Column } from '../parts/table';
import { number } from '../say';
import { t } from '../texts';
import { Act } from './act';
import { desk, handovers } from './live';
import { authorityName, dayText } from './names';
import { called } from './values';

/** The wait that is not over; undefined: nobody is waited for too long. */
const openEscalation = ({ escalations }: MonitoredHandover): Escalation | undefined =>
  escalations.find(({ answered }) => !answered);

const waitsFor = (row: MonitoredHandover): string => {
  const open = openEscalation(row);
  return open ? called(SideSchema, open.waitingFor) : t('nobody');
};

const columns: Column<MonitoredHandover>[] = [
  {
    title: 'handover',
    text: ({ contactId }) => contactId,
    show: ({ contactId }) => (
      <a href={format('handover', contactId)}>
        <code>{contactId}</code>
      </a>
    ),
  },
  { title: 'stage', text: ({ stage }) => called(MonitoredStageSchema, stage) },
  { title: 'holder', text: ({ holder }) => authorityName(holder) },
  { title: 'receiver', text: ({ receiver }) => authorityName(receiver) },
  { title: 'whose', text: waitsFor },
  { title: 'due', text: (row) => dayText(openEscalation(row)?.due) },
  { title: 'nudges', number: true, text: (row) => number(openEscalation(row)?.nudges.length ?? 0) },
];

export function Handovers() {
  const rows = [...handovers.value.rows.values()].sort(
    (a, b) => Number(!!openEscalation(b)) - Number(!!openEscalation(a)),
  );
  return (
    <Table
      title={t('handovers')}
      file="exitbus-handovers"
      columns={columns}
      rows={rows}
      keyOf={({ contactId }) => contactId}
    />
  );
}

export function Handover({ id }: { id: string }) {
  const handover = handovers.value.rows.get(id);
  if (!handover)
    return <p>{t(handovers.value.caught_up ? 'no_such_request' : 'waits_for_rows')}</p>;
  const { contactId, etag, notes } = handover;
  const open = openEscalation(handover);
  return (
    <>
      <Facts
        facts={[
          ['stage', called(MonitoredStageSchema, handover.stage)],
          ['holder', authorityName(handover.holder)],
          ['receiver', authorityName(handover.receiver)],
          ['whose', waitsFor(handover)],
          ['due', dayText(open?.due)],
          ['escalated', open ? <AgoTime time={open.escalated} /> : t('none')],
          ['nudges', number(open?.nudges.length ?? 0)],
        ]}
      />
      <h2>{t('notes')}</h2>
      <ul>
        {notes.map(({ text, recorded }, i) => (
          <li key={i}>
            {text} <small>{dayText(recorded)}</small>
          </li>
        ))}
      </ul>
      <h2>{t('acts')}</h2>
      <div class="acts">
        {open && (
          <Act
            button="nudge"
            etag={etag}
            act={(change) => desk.nudgeHandover({ ...change, contactId })}
          />
        )}
        <Act
          button="record_note"
          etag={etag}
          act={(change, fields) =>
            desk.recordNote({ ...change, contactId, text: String(fields.get('note')) })
          }
        >
          <Field label={t('note')} name="note" how={t('note_how')} bytes_max={1000} />
        </Act>
      </div>
    </>
  );
}
