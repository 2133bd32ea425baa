// The address, followed.
import { signal } from '@preact/signals';
import { format, parse, type Route } from './model/address';

export const route = signal<Route>(parse(location.hash));

addEventListener('hashchange', () => {
  route.value = parse(location.hash);
});

/** A filter or an order of this view. Going back does not undo each key that was pressed for it. */
export function choose(name: string, value: string): void {
  const { view, subject, choices } = route.value;
  const hash = format(view, subject, { ...choices, [name]: value });
  history.replaceState(null, '', hash);
  route.value = parse(hash);
}

export const choice = (name: string): string => route.value.choices[name] ?? '';
