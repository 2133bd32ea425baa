// What the contracts' values are called.
import { AuthorityStatus } from './gen/exitbus/directory/v1/directory_pb';
import { Role } from './gen/exitbus/operations/v1/account_pb';
import { AgeStep, FailureClass, WhyUnknown } from './gen/exitbus/operations/v1/figures_pb';
import { StepOutcome } from './gen/exitbus/operations/v1/operations_service_pb';
import { Presence } from './gen/exitbus/operations/v1/overview_pb';
import { HopKind, PaperKind } from './gen/exitbus/operations/v1/trace_pb';
import { AuthorityKind, Channel } from './gen/exitbus/policy/v1/policy_pb';
import { t, type Text } from './texts';

type Names<Value extends number> = Partial<Record<Value, Text>>;

const channels: Names<Channel> = {
  [Channel.CASE]: 'channel_case',
  [Channel.HANDOVER]: 'channel_handover',
  [Channel.SECURITY]: 'channel_security',
  [Channel.RELOCATION]: 'channel_relocation',
  [Channel.NEC]: 'channel_nec',
  [Channel.DIRECTORY]: 'channel_directory',
  [Channel.EVIDENCE]: 'channel_evidence',
  [Channel.RECEIPT]: 'channel_receipt',
};
const kinds: Names<AuthorityKind> = {
  [AuthorityKind.MUNICIPALITY]: 'kind_municipality',
  [AuthorityKind.KRIMINALFORSORGEN]: 'kind_kriminalforsorgen',
  [AuthorityKind.POLICE]: 'kind_police',
  [AuthorityKind.CONTACT_POINT]: 'kind_contact_point',
  [AuthorityKind.NEC]: 'kind_nec',
};
const failures: Names<FailureClass> = {
  [FailureClass.BROKER]: 'failure_broker',
  [FailureClass.CLOCK]: 'failure_clock',
  [FailureClass.STORE]: 'failure_store',
  [FailureClass.PAPERS]: 'failure_papers',
  [FailureClass.INCOMING]: 'failure_incoming',
  [FailureClass.OUTGOING]: 'failure_outgoing',
  [FailureClass.CORRESPONDENCE]: 'failure_correspondence',
};
const steps: Names<AgeStep> = {
  [AgeStep.AGE_STEP_UNSPECIFIED]: 'step_none',
  [AgeStep.AGE_STEP_UNDER_1_MINUTE]: 'step_1',
  [AgeStep.AGE_STEP_UNDER_5_MINUTES]: 'step_5',
  [AgeStep.AGE_STEP_UNDER_15_MINUTES]: 'step_15',
  [AgeStep.AGE_STEP_UNDER_60_MINUTES]: 'step_60',
  [AgeStep.AGE_STEP_60_MINUTES_OR_MORE]: 'step_more',
};
const whys: Names<WhyUnknown> = {
  [WhyUnknown.UNSPECIFIED]: 'why_unspecified',
  [WhyUnknown.NEVER_HEARD]: 'why_never_heard',
  [WhyUnknown.SILENT]: 'why_silent',
  [WhyUnknown.BROKER_AWAY]: 'why_broker_away',
  [WhyUnknown.NOT_TOLD]: 'why_not_told',
};
const presences: Names<Presence> = {
  [Presence.NEVER_HEARD]: 'presence_never',
  [Presence.HEARD]: 'presence_heard',
  [Presence.SILENT]: 'presence_silent',
};
const statuses: Names<AuthorityStatus> = {
  [AuthorityStatus.UNSPECIFIED]: 'status_service',
  [AuthorityStatus.SUSPENDED]: 'status_suspended',
  [AuthorityStatus.REMOVED]: 'status_removed',
};
const hops: Names<HopKind> = {
  [HopKind.CREATED]: 'hop_created',
  [HopKind.SENT]: 'hop_sent',
  [HopKind.NOT_SENT]: 'hop_not_sent',
  [HopKind.RECEIPTED]: 'hop_receipted',
  [HopKind.PARKED]: 'hop_parked',
  [HopKind.APPLIED]: 'hop_applied',
  [HopKind.REFUSED]: 'hop_refused',
};
const papers: Names<PaperKind> = {
  [PaperKind.API_CERTIFICATE]: 'paper_api_certificate',
  [PaperKind.API_CA]: 'paper_api_ca',
  [PaperKind.KAFKA_CERTIFICATE]: 'paper_kafka_certificate',
  [PaperKind.KAFKA_CA]: 'paper_kafka_ca',
  [PaperKind.DIRECTORY]: 'paper_directory',
  [PaperKind.SEALING_KEY]: 'paper_sealing_key',
};
const outcomes: Names<StepOutcome> = {
  [StepOutcome.GOOD]: 'outcome_good',
  [StepOutcome.BAD]: 'outcome_bad',
  [StepOutcome.UNKNOWN]: 'unknown',
};
const roles: Names<Role> = {
  [Role.EXCHANGE_OPERATOR]: 'role_exchange',
  [Role.AUTHORITY_OPERATOR]: 'role_authority',
  [Role.OBSERVER]: 'role_observer',
};

// A value of a newer console than these pages is unknown, and says so.
const named =
  <Value extends number>(names: Names<Value>) =>
  (value: Value): string =>
    t(names[value] ?? 'unknown');

export const channelName = named(channels);
export const kindName = named(kinds);
export const failureName = (failure: FailureClass): string =>
  failure === FailureClass.UNSPECIFIED ? '' : named(failures)(failure);
export const stepName = named(steps);
export const whyName = named(whys);
export const presenceName = named(presences);
export const statusName = named(statuses);
export const hopName = named(hops);
export const paperName = named(papers);
export const outcomeName = named(outcomes);
export const roleName = named(roles);
