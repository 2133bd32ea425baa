import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import {
  AgeStep,
  CaseCountSchema,
  CommonViewSchema,
  CountSchema,
  State,
  UnknownSchema,
  WaitingSchema,
  WhyUnknown,
} from '../gen/exitbus/operations/v1/figures_pb';
import {
  caseFigure,
  commonStanding,
  countFigure,
  oldestOf,
  standingOf,
  stepAtLeast_ms,
  waitingFigure,
} from './figures';

const unknown = create(UnknownSchema, { why: WhyUnknown.SILENT, since: timestampFromMs(5000) });

test('0 is known', () => {
  expect(countFigure(create(CountSchema, { figure: { case: 'known', value: 0n } }))).toEqual({
    is: 'known',
    count: 0n,
    at_least: false,
  });
  expect(waitingFigure(create(WaitingSchema, { figure: { case: 'known', value: {} } }))).toEqual({
    is: 'known',
    count: 0n,
    at_least: false,
  });
});

test('what is unknown is never a number', () => {
  for (const figure of [
    countFigure(create(CountSchema, { figure: { case: 'unknown', value: unknown } })),
    caseFigure(create(CaseCountSchema, { figure: { case: 'unknown', value: unknown } })),
    waitingFigure(create(WaitingSchema, { figure: { case: 'unknown', value: unknown } })),
  ])
    expect(figure).toEqual({ is: 'unknown', unknown });
  for (const figure of [
    countFigure(undefined),
    caseFigure(undefined),
    waitingFigure(undefined),
    countFigure(create(CountSchema)),
    caseFigure(create(CaseCountSchema)),
    waitingFigure(create(WaitingSchema)),
  ])
    expect(figure).toEqual({ is: 'not_told' });
});

test('few cases are under five', () => {
  expect(
    caseFigure(create(CaseCountSchema, { figure: { case: 'underFive', value: true } })),
  ).toEqual({ is: 'under_five' });
  expect(caseFigure(create(CaseCountSchema, { figure: { case: 'known', value: 5n } }))).toEqual({
    is: 'known',
    count: 5n,
    at_least: false,
  });
});

test('the oldest of what is known', () => {
  const waits = (since: number) =>
    waitingFigure(
      create(WaitingSchema, {
        figure: {
          case: 'known',
          value: { count: 1n, oldest: timestampFromMs(since), atLeast: true },
        },
      }),
    );
  expect(waits(7)).toEqual({ is: 'known', count: 1n, at_least: true, oldest_ms: 7 });
  expect(oldestOf([waits(9000), waits(4000), { is: 'unknown', unknown }])).toBe(4000);
  expect(oldestOf([{ is: 'unknown', unknown }])).toBeUndefined();
});

test('a state that nobody told, or that these pages do not know, is unknown', () => {
  expect(
    [State.UNSPECIFIED, State.FINE, State.WAITING, State.STUCK, 99 as State].map(standingOf),
  ).toEqual(['unknown', 'fine', 'waiting', 'stuck', 'unknown']);
  expect(commonStanding(undefined)).toBe('unknown');
  expect(commonStanding(create(CommonViewSchema, { unknown }))).toBe('unknown');
});

test('steps are in the order of their ages', () => {
  const steps = [0, 1, 2, 3, 4, 5].map((step) => stepAtLeast_ms(step as AgeStep));
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect(steps.at(-1)).toBe(3600000);
});
