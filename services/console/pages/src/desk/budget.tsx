// The central pool: the year's budget, and each application with what may be done with it.
import type { BudgetYear } from '../gen/exitbus/contact_point/v1/pool_desk_pb';
import {
  PoolGroundSchema,
  PoolMeasureSchema,
  PoolRefusalCodeSchema,
  PoolStage,
  PoolStageSchema,
  type PoolApplication,
} from '../gen/exitbus/pool/v1/pool_pb';
import { format } from '../model/address';
import { ms } from '../model/times';
import { Facts, Table, type Column } from '../parts/table';
import { number } from '../say';
import { t } from '../texts';
import { Act, ChooseOne } from './act';
import { Asked } from './asked';
import { applications, pool } from './live';
import { byDue } from './model';
import { authorityName, dayText, Due, dueText, kroner } from './names';
import { called, calledAll, choices, type Named } from './values';

function Year({ year }: { year: BudgetYear }) {
  return (
    <Facts
      facts={[
        ['year', String(year.year)],
        ['budget_dkk', kroner(year.budgetDkk)],
        ['committed', kroner(year.committedDkk)],
        ['paid', kroner(year.paidDkk)],
        ['spent', kroner(year.spentDkk)],
        ['left', kroner(year.leftDkk)],
        ['undecided', kroner(year.undecidedDkk)],
        ['forecast', year.forecastDkk === undefined ? t('too_few') : kroner(year.forecastDkk)],
        ['applications', number(year.applications)],
      ]}
    />
  );
}

const columns: Column<PoolApplication>[] = [
  {
    title: 'application',
    text: ({ applicationId }) => applicationId,
    show: ({ applicationId }) => (
      <a href={format('application', applicationId)}>
        <code>{applicationId}</code>
      </a>
    ),
  },
  { title: 'stage', text: ({ stage }) => called(PoolStageSchema, stage) },
  {
    title: 'due',
    text: ({ due, overdue }) => dueText(due, overdue),
    order: ({ due }) => (due ? ms(due) : Infinity),
    show: ({ due, overdue }) => <Due due={due} overdue={overdue} />,
  },
  { title: 'measure', text: ({ measure }) => called(PoolMeasureSchema, measure) },
  { title: 'applicant', text: ({ applicant }) => authorityName(applicant) },
  {
    title: 'applied',
    number: true,
    text: ({ appliedDkk }) => kroner(appliedDkk),
    order: ({ appliedDkk }) => -appliedDkk,
  },
];

export function Budget() {
  const rows = [...applications.value.rows.values()].sort(byDue);
  const year = new Date().getFullYear();
  return (
    <>
      <Asked
        ask={() => pool.getBudgetYear({ year })}
        again={rows.map(({ etag }) => etag).join()}
        shown={({ budgetYear }) => budgetYear && <Year year={budgetYear} />}
      />
      <h2>{t('applications')}</h2>
      <Table
        title={t('applications')}
        file="exitbus-applications"
        columns={columns}
        rows={rows}
        keyOf={({ applicationId }) => applicationId}
      />
    </>
  );
}

const amount = (fields: FormData): bigint => BigInt(String(fields.get('amount') ?? '0'));

function Amount({ most }: { most: bigint }) {
  return (
    <p class="field">
      <label>
        {t('kroner_field')}{' '}
        <input
          name="amount"
          type="number"
          min="1"
          max={String(most)}
          step="1"
          required
          defaultValue={String(most)}
        />
      </label>
    </p>
  );
}

function ApplicationActs({ application }: { application: PoolApplication }) {
  const { applicationId, etag, stage, appliedDkk, grantedDkk } = application;
  const codes = choices(PoolRefusalCodeSchema).filter(({ value }) => value <= 6); // those after are the system's
  const allGranted: Named = { value: 0, name: t('all_granted') };
  switch (stage) {
    case PoolStage.SUBMITTED:
      return (
        <Act
          button="treat"
          etag={etag}
          act={(change) => pool.treatPoolApplication({ ...change, applicationId })}
        />
      );
    case PoolStage.UNDER_TREATMENT:
      return (
        <>
          <Act
            button="grant"
            etag={etag}
            act={(change, fields) =>
              pool.grantPoolApplication({
                ...change,
                applicationId,
                grantedDkk: amount(fields),
                code: Number(fields.get('code')),
              })
            }
          >
            <Amount most={appliedDkk} />
            <ChooseOne label="refusal_code" name="code" options={[allGranted, ...codes]} />
          </Act>
          <Act
            button="refuse"
            etag={etag}
            act={(change, fields) =>
              pool.refusePoolApplication({
                ...change,
                applicationId,
                code: Number(fields.get('code')),
              })
            }
          >
            <ChooseOne label="grounds" name="code" options={codes} />
          </Act>
        </>
      );
    case PoolStage.GRANTED:
    case PoolStage.PARTLY_GRANTED:
      return (
        <Act
          button="pay"
          etag={etag}
          act={(change, fields) =>
            pool.recordPayment({ ...change, applicationId, paidDkk: amount(fields) })
          }
        >
          <Amount most={grantedDkk ?? 0n} />
        </Act>
      );
    case PoolStage.ACCOUNT_RECEIVED:
      return (
        <Act
          button="accept_account"
          etag={etag}
          act={(change) => pool.acceptPoolAccount({ ...change, applicationId })}
        />
      );
    default:
      return null;
  }
}

export function Application({ id }: { id: string }) {
  const application = applications.value.rows.get(id);
  if (!application)
    return <p>{t(applications.value.caught_up ? 'no_such_request' : 'waits_for_rows')}</p>;
  const {
    stage,
    due,
    overdue,
    measure,
    grounds,
    applicant,
    appliedDkk,
    grantedDkk,
    paidDkk,
    refusal,
    submitted,
  } = application;
  return (
    <>
      <Facts
        facts={[
          ['stage', called(PoolStageSchema, stage)],
          ['due', <Due due={due} overdue={overdue} />],
          ['measure', called(PoolMeasureSchema, measure)],
          ['grounds', calledAll(PoolGroundSchema, grounds)],
          ['applicant', authorityName(applicant)],
          ['time', dayText(submitted)],
          ['applied', kroner(appliedDkk)],
          ...(grantedDkk === undefined
            ? []
            : [['granted', kroner(grantedDkk)] as ['granted', string]]),
          ...(paidDkk === undefined ? [] : [['paid', kroner(paidDkk)] as ['paid', string]]),
          ...(refusal === 0
            ? []
            : [
                ['refusal_code', called(PoolRefusalCodeSchema, refusal)] as [
                  'refusal_code',
                  string,
                ],
              ]),
        ]}
      />
      <h2>{t('acts')}</h2>
      <div class="acts">
        <ApplicationActs application={application} />
      </div>
    </>
  );
}
