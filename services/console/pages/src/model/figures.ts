// What a figure says: a number, or that it is not known and why. Never 0 for want of word.
import {
  AgeStep,
  State,
  type CaseCount,
  type CommonView,
  type Count,
  type Unknown,
  type Waiting,
} from '../gen/exitbus/operations/v1/figures_pb';
import { ms } from './times';

export type Figure =
  | { is: 'known'; count: bigint; at_least: boolean; oldest_ms?: number }
  | { is: 'under_five' }
  | { is: 'unknown'; unknown: Unknown }
  | { is: 'not_told' }; // to this caller, or by this console's version

const notTold: Figure = { is: 'not_told' };

export function countFigure(count: Count | undefined): Figure {
  switch (count?.figure.case) {
    case 'known':
      return { is: 'known', count: count.figure.value, at_least: false };
    case 'unknown':
      return { is: 'unknown', unknown: count.figure.value };
    default:
      return notTold;
  }
}

export function caseFigure(count: CaseCount | undefined): Figure {
  switch (count?.figure.case) {
    case 'known':
      return { is: 'known', count: count.figure.value, at_least: false };
    case 'underFive':
      return { is: 'under_five' };
    case 'unknown':
      return { is: 'unknown', unknown: count.figure.value };
    default:
      return notTold;
  }
}

export function waitingFigure(waiting: Waiting | undefined): Figure {
  switch (waiting?.figure.case) {
    case 'known': {
      const { count, atLeast, oldest } = waiting.figure.value;
      return { is: 'known', count, at_least: atLeast, ...(oldest && { oldest_ms: ms(oldest) }) };
    }
    case 'unknown':
      return { is: 'unknown', unknown: waiting.figure.value };
    default:
      return notTold;
  }
}

/** The oldest of these; undefined: nothing that is known waits. */
export function oldestOf(figures: Figure[]): number | undefined {
  const since = figures.flatMap((one) =>
    one.is === 'known' && one.oldest_ms !== undefined ? [one.oldest_ms] : [],
  );
  return since.length === 0 ? undefined : Math.min(...since);
}

export type Standing = 'stuck' | 'unknown' | 'waiting' | 'fine';
export const standings: Standing[] = ['stuck', 'unknown', 'waiting', 'fine']; // the worst first

export function standingOf(state: State): Standing {
  switch (state) {
    case State.STUCK:
      return 'stuck';
    case State.WAITING:
      return 'waiting';
    case State.FINE:
      return 'fine';
    default:
      return 'unknown';
  }
}

export function commonStanding(view: CommonView | undefined): Standing {
  return standingOf(view?.state ?? State.UNSPECIFIED);
}

/** What an age in steps is at least, by which one orders it among exact ones. */
export function stepAtLeast_ms(step: AgeStep): number {
  const minutes = {
    [AgeStep.AGE_STEP_UNSPECIFIED]: 0,
    [AgeStep.AGE_STEP_UNDER_1_MINUTE]: 0,
    [AgeStep.AGE_STEP_UNDER_5_MINUTES]: 1,
    [AgeStep.AGE_STEP_UNDER_15_MINUTES]: 5,
    [AgeStep.AGE_STEP_UNDER_60_MINUTES]: 15,
    [AgeStep.AGE_STEP_60_MINUTES_OR_MORE]: 60,
  };
  return (minutes[step] ?? 0) * 60000;
}
