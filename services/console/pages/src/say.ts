// Figures and times in words: the same on the screen and in a file.
import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import {
  AgeStep,
  FailureClass,
  type CommonView,
  type Unknown,
} from './gen/exitbus/operations/v1/figures_pb';
import { now_ms } from './api/clock';
import type { Figure, Standing } from './model/figures';
import { commonStanding } from './model/figures';
import { ms, span } from './model/times';
import { failureName, stepName, whyName } from './names';
import { language, t } from './texts';

export const number = (count: bigint | number): string => count.toLocaleString(language.value);

export const lasted = (since_ms: number): string => span(now_ms.value - since_ms, language.value);

export const ago = (since_ms: number): string => t('ago', { age: lasted(since_ms) });

export function until(at_ms: number): string {
  return at_ms > now_ms.value
    ? t('in_time', { age: span(at_ms - now_ms.value, language.value) })
    : ago(at_ms);
}

export function unknownText({ why, since }: Unknown): string {
  return since
    ? t('unknown_since', { why: whyName(why), age: lasted(ms(since)) })
    : t('unknown_why', { why: whyName(why) });
}

/** `told`: how a number is written; bytes, for instance. */
export function figureText(figure: Figure, told: (count: bigint) => string = number): string {
  switch (figure.is) {
    case 'known':
      return figure.at_least ? t('at_least', { count: told(figure.count) }) : told(figure.count);
    case 'under_five':
      return t('under_five');
    case 'unknown':
      return unknownText(figure.unknown);
    case 'not_told':
      return t('not_shown');
  }
}

export const standingText = (standing: Standing): string => t(standing);

/** "sidder fast, under 15 min, brokeren" */
export function commonText(view: CommonView | undefined): string {
  if (view?.unknown) return unknownText(view.unknown);
  const parts = [standingText(commonStanding(view))];
  if (view && view.oldest !== AgeStep.AGE_STEP_UNSPECIFIED) parts.push(stepName(view.oldest));
  if (view && view.failure !== FailureClass.UNSPECIFIED) parts.push(failureName(view.failure));
  return parts.join(', ');
}

const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function bytes(count: bigint): string {
  let value = Number(count);
  let step = 0;
  for (; value >= 1024 && step < steps.length - 1; ++step) value /= 1024;
  return `${value.toLocaleString(language.value, { maximumFractionDigits: value < 10 ? 1 : 0 })} ${steps[step]}`;
}

/** For files, in which nothing counts on. */
export const exactly = (time: Timestamp | undefined): string =>
  time ? timestampDate(time).toISOString() : '';
