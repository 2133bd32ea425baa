// One request: what was nominated, its places with their inquiries, the ranking with its reasons, the decisions.
import {
  CitizenAnswerSchema,
  DeclineCodeSchema,
  HolderViewSchema,
  InquiryStageSchema,
  PlacementEndSchema,
  PlaceSafetySchema,
  type RelocationPlace,
} from '../gen/exitbus/relocation/v1/place_pb';
import {
  AgeBandSchema,
  AssessmentGroundSchema,
  EffortSchema,
  ElsewhereGroundSchema,
  HouseholdSchema,
  LeavingGroundSchema,
  PlacementReasonSchema,
  RelocationStageSchema,
  SecurityGroundSchema,
  type Placement,
  type Relocation,
} from '../gen/exitbus/relocation/v1/relocation_pb';
import { Facts, Table, type Column } from '../parts/table';
import { t } from '../texts';
import { Acts } from './acts';
import { requests } from './live';
import { CountryMap } from './map';
import { month, placeLooks, requestMap } from './model';
import { authorityName, dayText, Due, dueText, municipalityName } from './names';
import { Ranked } from './ranking';
import { called, calledAll } from './values';

function roomText({ capacity, declined }: RelocationPlace): string {
  if (declined !== 0) return called(DeclineCodeSchema, declined);
  if (!capacity) return '';
  return t(capacity.until ? 'households_until' : 'households', {
    count: capacity.households,
    from: dayText(capacity.from),
    until: dayText(capacity.until),
  });
}

const hearingText = ({ hearing, hearingDue, hearingOverdue }: RelocationPlace): string =>
  hearing
    ? [called(CitizenAnswerSchema, hearing.citizen), called(HolderViewSchema, hearing.holderView)]
        .filter(Boolean)
        .join(', ')
    : dueText(hearingDue, hearingOverdue);

const placeColumns: Column<RelocationPlace>[] = [
  { title: 'municipality', text: ({ municipality }) => municipalityName(municipality) },
  { title: 'code', text: ({ municipality }) => municipality },
  { title: 'safety', text: ({ safety }) => called(PlaceSafetySchema, safety) },
  { title: 'inquiry', text: ({ inquiry }) => called(InquiryStageSchema, inquiry) },
  { title: 'capacity', text: roomText },
  { title: 'hearing', text: hearingText },
  {
    title: 'whose',
    text: ({ waitingFor }) => (waitingFor === '' ? t('nobody') : authorityName(waitingFor)),
  },
  {
    title: 'due',
    text: ({ due, overdue }) => dueText(due, overdue),
    show: ({ due, overdue }) => <Due due={due} overdue={overdue} />,
  },
];

const placementColumns: Column<Placement>[] = [
  { title: 'municipality', text: ({ municipality }) => municipalityName(municipality) },
  { title: 'reasons', text: ({ reasons }) => calledAll(PlacementReasonSchema, reasons) },
  { title: 'time', text: ({ decided }) => dayText(decided) },
  {
    title: 'state',
    text: ({ end, ended }) =>
      end === 0 ? t('stands') : `${called(PlacementEndSchema, end)} ${dayText(ended)}`,
  },
];

function Nominated({ request: { nomination, grounds } }: { request: Relocation }) {
  if (!nomination) return null;
  const { profile } = nomination;
  return (
    <Facts
      facts={[
        ['household', called(HouseholdSchema, profile?.household ?? 0)],
        ['efforts', calledAll(EffortSchema, profile?.efforts ?? [])],
        ['from_month', month(profile?.fromMonth ?? 0)],
        ['age_band', called(AgeBandSchema, nomination.ageBand)],
        ['security_grounds', calledAll(SecurityGroundSchema, nomination.security)],
        ['leaving_grounds', calledAll(LeavingGroundSchema, nomination.leaving)],
        ['elsewhere_grounds', calledAll(ElsewhereGroundSchema, nomination.elsewhere)],
        ['grounds', calledAll(AssessmentGroundSchema, grounds)],
      ]}
    />
  );
}

function Heading({ request }: { request: Relocation }) {
  const { stage, holder, police, waitingFor, due, overdue, pausedDays } = request;
  return (
    <Facts
      facts={[
        ['stage', called(RelocationStageSchema, stage)],
        ['whose', waitingFor === '' ? t('nobody') : authorityName(waitingFor)],
        [
          'due',
          pausedDays > 0 ? t('paused', { days: pausedDays }) : <Due due={due} overdue={overdue} />,
        ],
        ['holder', authorityName(holder)],
        ['police', police],
      ]}
    />
  );
}

export function Request({ id }: { id: string }) {
  const request = requests.value.rows.get(id);
  if (!request) return <p>{t(requests.value.caught_up ? 'no_such_request' : 'waits_for_rows')}</p>;
  return (
    <>
      <Heading request={request} />
      {request.arrivalOverdue && <p class="refusal">{t('arrival_overdue')}</p>}
      <Nominated request={request} />
      {request.withheld.length > 0 && <p class="faint">{t('withheld')}</p>}
      <h2>{t('places')}</h2>
      <CountryMap
        looks={requestMap(request)}
        legend={placeLooks.map((look) => ({ look, name: `map_${look}` as const }))}
      />
      <Table
        title={t('places')}
        file="exitbus-places"
        columns={placeColumns}
        rows={request.places}
        keyOf={({ municipality }) => municipality}
      />
      <h2>{t('ranking')}</h2>
      <Ranked id={id} etag={request.etag} />
      {request.placements.length > 0 && (
        <>
          <h2>{t('placements')}</h2>
          <Table
            title={t('placements')}
            columns={placementColumns}
            rows={request.placements}
            keyOf={(placement) => String(placement.number)}
          />
        </>
      )}
      <Acts request={request} />
    </>
  );
}
