// Times as people say them.
import type { Duration, Timestamp } from '@bufbuild/protobuf/wkt';
import type { Language } from '../texts';

export const ms = (time: Timestamp): number =>
  Number(time.seconds) * 1000 + Math.floor(time.nanos / 1e6);

const units = {
  da: { s: 's', min: 'min', h: 't', d: 'd' },
  en: { s: 's', min: 'min', h: 'h', d: 'd' },
};

/** How long, in at most two units: "12 s", "3 min", "2 t 5 min", "4 d". Less than nothing is nothing. */
export function span(lasted_ms: number, language: Language): string {
  const unit = units[language];
  const seconds = Math.max(0, Math.floor(lasted_ms / 1000));
  if (seconds < 60) return `${seconds} ${unit.s}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} ${unit.min}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24)
    return minutes % 60 === 0
      ? `${hours} ${unit.h}`
      : `${hours} ${unit.h} ${minutes % 60} ${unit.min}`;
  const days = Math.floor(hours / 24);
  return days < 3 && hours % 24 !== 0
    ? `${days} ${unit.d} ${hours % 24} ${unit.h}`
    : `${days} ${unit.d}`;
}

/** A latency: "35 ms", "1,2 s", "3 min". */
export function short(duration: Duration, language: Language): string {
  const lasted = Number(duration.seconds) * 1000 + duration.nanos / 1e6;
  if (lasted < 1000) return `${Math.round(lasted)} ms`;
  if (lasted >= 60000) return span(lasted, language);
  return `${(lasted / 1000).toLocaleString(language, { maximumFractionDigits: 1 })} s`;
}

/** To the second, in the time of who looks. */
export function clock(at_ms: number, language: Language): string {
  return new Date(at_ms).toLocaleTimeString(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
}

export function day(at_ms: number, language: Language): string {
  return new Date(at_ms).toLocaleDateString(language, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
  });
}
