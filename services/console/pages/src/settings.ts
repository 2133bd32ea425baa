// How the pages look: the language and the colours. They lie in two cookies, and nothing else is kept.
import { effect, signal } from '@preact/signals';
import { language, type Language } from './texts';

export type Colours = '' | 'light' | 'dark'; // empty: as the machine has it

export const colours = signal<Colours>('');

function cookie(name: string): string | undefined {
  return document.cookie
    .split('; ')
    .find((one) => one.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

function keep(name: string, value: string): void {
  const age = value === '' ? 0 : 31536000;
  document.cookie = `${name}=${value}; Path=/; Secure; SameSite=Strict; Max-Age=${age}`;
}

export function chooseLanguage(chosen: Language): void {
  language.value = chosen;
  keep('language', chosen);
}

export function chooseColours(chosen: Colours): void {
  colours.value = chosen;
  keep('colours', chosen);
}

export function readSettings(): void {
  const kept = cookie('colours');
  if (kept === 'light' || kept === 'dark') colours.value = kept;
  if (cookie('language') === 'en') language.value = 'en';
  effect(() => {
    document.documentElement.lang = language.value;
    document.documentElement.dataset.colours = colours.value;
  });
}
