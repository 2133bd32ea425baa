// A stand-in for the contact point, for these tests alone: one request for relocation, one application, one handover.
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  HandoverDeskService,
  MonitoredHandoverSchema,
  MonitoredStage,
  WatchMonitoredHandoversResponseSchema,
} from '../gen/exitbus/contact_point/v1/handover_desk_pb.ts';
import {
  PoolDeskService,
  WatchPoolApplicationsResponseSchema,
} from '../gen/exitbus/contact_point/v1/pool_desk_pb.ts';
import { Side } from '../gen/exitbus/handover/v1/handover_pb.ts';
import {
  PoolApplicationSchema,
  PoolGround,
  PoolMeasure,
  PoolStage,
} from '../gen/exitbus/pool/v1/pool_pb.ts';
import { RelocationDecisionService } from '../gen/exitbus/relocation/v1/decision_service_pb.ts';
import {
  CitizenAnswer,
  DeclineCode,
  HolderView,
  InquiryStage,
  PlaceCriterion,
  PlaceSafety,
  ScoreReason,
} from '../gen/exitbus/relocation/v1/place_pb.ts';
import {
  AgeBand,
  AssessmentGround,
  Effort,
  ElsewhereGround,
  Household,
  LeavingGround,
  RelocationSchema,
  RelocationStage,
  SecurityGround,
} from '../gen/exitbus/relocation/v1/relocation_pb.ts';
import {
  RelocationAssessmentService,
  RelocationPlaceService,
  RelocationService,
  WatchRelocationsResponseSchema,
} from '../gen/exitbus/relocation/v1/relocation_service_pb.ts';
import { Marker } from '../gen/exitbus/watch/v1/watch_pb.ts';
import type { Stream } from './gateway.ts';
import { ago } from './rows.ts';
import { FakeService } from './service.ts';

const day = 86400;
const { CLEAR, NOT_POSSIBLE, ASKED } = PlaceSafety;

export const request = (more: MessageInitShape<typeof RelocationSchema> = {}) =>
  create(RelocationSchema, {
    relocationId: 'r-7f3a',
    holder: 'municipality-0183',
    police: 'police-1469',
    stage: RelocationStage.NECESSARY,
    waitingFor: 'contact-point',
    waitsForUs: true,
    due: timestampFromMs(Date.now() + 6 * day * 1000),
    etag: 'etag-1',
    grounds: [AssessmentGround.CRITERIA_MET],
    nomination: {
      security: [SecurityGround.THREAT],
      leaving: [LeavingGround.DAILY_CONTACT],
      elsewhere: [ElsewhereGround.WORK],
      ageBand: AgeBand.AGE_BAND_25_TO_34,
      profile: { household: Household.ALONE, efforts: [Effort.MENTOR], fromMonth: 202703 },
    },
    places: [
      { municipality: '0101', safety: NOT_POSSIBLE },
      {
        municipality: '0461',
        safety: CLEAR,
        inquiry: InquiryStage.CAPACITY,
        capacity: { households: 1, from: ago(-30 * day), asOf: ago(day) },
        hearing: { citizen: CitizenAnswer.YES, holderView: HolderView.FOR },
      },
      {
        municipality: '0851',
        safety: CLEAR,
        inquiry: InquiryStage.DECLINED,
        declined: DeclineCode.NO_CAPACITY,
      },
      {
        municipality: '0370',
        safety: ASKED,
        waitingFor: 'police-1469',
        due: ago(day),
        overdue: true,
      },
    ],
    ...(more as object),
  });

const scores = (first: number, last: number) => [
  { criterion: PlaceCriterion.SECURITY, score: 5, reason: ScoreReason.FOUND_CLEAR },
  { criterion: PlaceCriterion.FAMILY_AND_NETWORK, score: first, reason: ScoreReason.NOBODY_THERE },
  { criterion: PlaceCriterion.WORK_AND_EDUCATION, score: 4, reason: ScoreReason.WORK_LIKELY },
  { criterion: PlaceCriterion.SOCIAL_EFFORT, score: 0, reason: ScoreReason.NOT_KNOWN },
  { criterion: PlaceCriterion.EVEN_DISTRIBUTION, score: last, reason: ScoreReason.RECEIVED_NONE },
];

export const ranking = {
  places: [
    { municipality: '0461', scores: scores(3, 5), mean: 425, known: 4, received: 0 },
    { municipality: '0851', scores: scores(1, 2), mean: 300, known: 4, received: 3 },
  ],
};

export const application = (stage: PoolStage) =>
  create(PoolApplicationSchema, {
    applicationId: 'p-51c2',
    applicant: 'municipality-0461',
    stage,
    measure: PoolMeasure.TATTOO_REMOVAL,
    grounds: [PoolGround.VISIBLE_AFFILIATION],
    budgetYear: 2026,
    appliedDkk: 12000n,
    submitted: ago(3 * day),
    due: ago(-2 * day),
    etag: 'etag-p',
  });

export const handover = (nudges: number) =>
  create(MonitoredHandoverSchema, {
    contactId: 'h-0c44',
    holder: 'municipality-0183',
    receiver: 'municipality-0461',
    stage: MonitoredStage.OPEN,
    etag: 'etag-h',
    escalations: [
      {
        waitingFor: Side.RECEIVER,
        due: ago(2 * day),
        escalated: ago(day),
        nudges: Array.from({ length: nudges }, () => ({ nudged: ago(60), employee: 'ekp-1' })),
      },
    ],
  });

export class FakeContactPoint extends FakeService {
  requests = [request()];
  applications = [application(PoolStage.SUBMITTED)];
  handovers = [handover(0)];

  constructor() {
    super([
      RelocationService,
      RelocationAssessmentService,
      RelocationPlaceService,
      RelocationDecisionService,
      PoolDeskService,
      HandoverDeskService,
    ]);
    this.on(RelocationService.method.listRelocations, () => ({ relocations: this.requests }));
    this.on(RelocationDecisionService.method.rankPlaces, () => ({ ranking }));
    this.on(RelocationDecisionService.method.getRelocationBalance, () => ({
      balance: {
        municipalities: [
          { municipality: '0461', received: 1, active: 1, sent: 0, declined: 2, unanswered: 0 },
          { municipality: '0851', received: 3, active: 0, sent: 1, declined: 0, unanswered: 1 },
        ],
      },
    }));
    this.on(PoolDeskService.method.getBudgetYear, ({ year }) => ({
      budgetYear: {
        year,
        budgetDkk: 2000000n,
        committedDkk: 340000n,
        paidDkk: 90000n,
        spentDkk: 50000n,
        leftDkk: 1660000n,
        undecidedDkk: 12000n,
        applications: 9,
      },
    }));
  }

  protected begin(name: string, stream: Stream): void {
    this.marker(name, Marker.SNAPSHOT_BEGINS, stream);
    if (name === 'WatchRelocations')
      for (const one of this.requests) this.tellRequest(one, [stream]);
    if (name === 'WatchPoolApplications')
      for (const one of this.applications) this.tellApplication(one, [stream]);
    if (name === 'WatchMonitoredHandovers')
      for (const one of this.handovers) this.tellHandover(one, [stream]);
    this.marker(name, Marker.CAUGHT_UP, stream);
  }

  private marker(name: string, value: Marker, stream: Stream): void {
    const change = { case: 'marker' as const, value };
    if (name === 'WatchRelocations')
      this.send(WatchRelocationsResponseSchema, { change }, [stream]);
    if (name === 'WatchPoolApplications')
      this.send(WatchPoolApplicationsResponseSchema, { change }, [stream]);
    if (name === 'WatchMonitoredHandovers')
      this.send(WatchMonitoredHandoversResponseSchema, { change }, [stream]);
  }

  tellRequest(value: ReturnType<typeof request>, to = this.following('WatchRelocations')): void {
    this.send(WatchRelocationsResponseSchema, { change: { case: 'relocation', value } }, to);
  }

  tellApplication(
    value: ReturnType<typeof application>,
    to = this.following('WatchPoolApplications'),
  ): void {
    this.send(WatchPoolApplicationsResponseSchema, { change: { case: 'application', value } }, to);
  }

  tellHandover(
    value: ReturnType<typeof handover>,
    to = this.following('WatchMonitoredHandovers'),
  ): void {
    this.send(WatchMonitoredHandoversResponseSchema, { change: { case: 'handover', value } }, to);
  }
}
