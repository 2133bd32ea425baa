// What the pages say, in the language chosen.
import { signal } from '@preact/signals';
import { deskWords } from './desk/words';
import { words as common } from './words';

const words = { ...common, ...deskWords };

export type Language = 'da' | 'en';
export type Text = keyof typeof words;

export const language = signal<Language>('da');

/** The text, with what stands in its {braces} put in. */
export function t(text: Text, values: Record<string, string | number> = {}): string {
  const [danish, english] = words[text];
  return (language.value === 'da' ? danish : english).replace(/\{(\w+)\}/g, (_, name: string) =>
    String(values[name] ?? ''),
  );
}
