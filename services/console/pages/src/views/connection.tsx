// Whether letters from one authority reach another, step by step, and what to mend.
import { useId } from 'preact/hooks';
import { operations } from '../api/operations';
import { withPurpose } from '../api/transport';
import { overview, own } from '../api/live';
import {
  StepOutcome,
  type ConnectionStep,
} from '../gen/exitbus/operations/v1/operations_service_pb';
import { outcomeName } from '../names';
import { Call, PurposeField } from '../parts/form';
import { Table, type Column } from '../parts/table';
import { t } from '../texts';

const looks = {
  [StepOutcome.UNSPECIFIED]: 'unknown',
  [StepOutcome.GOOD]: 'fine',
  [StepOutcome.BAD]: 'stuck',
  [StepOutcome.UNKNOWN]: 'unknown',
};

const columns: Column<ConnectionStep>[] = [
  { title: 'step', text: ({ step }) => step, show: ({ step }) => <code>{step}</code> },
  {
    title: 'outcome',
    text: ({ outcome }) => outcomeName(outcome),
    show: ({ outcome }) => <span class={`standing ${looks[outcome]}`}>{outcomeName(outcome)}</span>,
  },
  {
    title: 'cause',
    text: ({ cause }) => cause,
    show: ({ cause }) => <span lang="en">{cause}</span>,
  },
  {
    title: 'remedy',
    text: ({ remedy }) => remedy,
    show: ({ remedy }) => <span lang="en">{remedy}</span>,
  },
];

function Choose({ label, name, chosen }: { label: string; name: string; chosen: string }) {
  const id = useId();
  const authorities = [...overview.value.authorities.values()].sort((a, b) =>
    a.name.localeCompare(b.name, 'da'),
  );
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name} required>
        {authorities.map(({ authority, name: shown }) => (
          <option value={authority} selected={authority === chosen} key={authority}>
            {shown}
          </option>
        ))}
      </select>
    </p>
  );
}

export function Connection() {
  if (!overview.value.caught_up) return <p>{t('waits_for_rows')}</p>;
  return (
    <>
      <p class="faint">
        {t('test_how')} {own.value !== '' && t('own_end')}
      </p>
      <Call
        button={t('test')}
        call={(field) =>
          operations.testConnection(
            { from: field('from'), to: field('to') },
            withPurpose(field('purpose')),
          )
        }
        shown={({ steps }) => (
          <Table
            title={t('connection')}
            file="exitbus-connection"
            columns={columns}
            rows={steps}
            keyOf={({ step }) => step}
          />
        )}
      >
        <Choose label={t('from')} name="from" chosen={own.value} />
        <Choose label={t('to')} name="to" chosen="" />
        <PurposeField />
      </Call>
    </>
  );
}
