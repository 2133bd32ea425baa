// Municipalities by their names, authorities by theirs, and what is due.
import { municipalities } from 'virtual:municipalities';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { Until } from '../parts/figures';
import { day, ms } from '../model/times';
import { number } from '../say';
import { language, t } from '../texts';

const names = new Map(municipalities.map(({ code, name }) => [code, name]));

/** "Ishøj"; of a code that is none, the code. */
export const municipalityName = (code: string): string => names.get(code) ?? code;

/** "Ishøj Kommune" of "municipality-0183"; others by their ids. Empty: nobody. */
export function authorityName(id: string): string {
  const [, code] = /^municipality-(\d{4})$/.exec(id) ?? [];
  if (code !== undefined) return names.has(code) ? `${municipalityName(code)} Kommune` : id;
  return id === 'contact-point' ? t('ours') : id;
}

export const dayText = (time: Timestamp | undefined): string =>
  time ? day(ms(time), language.value) : '';

export const kroner = (count: bigint | undefined): string =>
  count === undefined ? t('unknown') : t('kroner', { count: number(count) });

export function Due({ due, overdue }: { due: Timestamp | undefined; overdue: boolean }) {
  if (!due) return null;
  return (
    <>
      <Until at_ms={ms(due)} /> {overdue && <span class="standing stuck">{t('overdue')}</span>}
    </>
  );
}

export const dueText = (due: Timestamp | undefined, overdue: boolean): string =>
  `${dayText(due)}${overdue ? ` ${t('overdue')}` : ''}`;
