// How well the page is connected, and what time it is where what is shown comes from.
import { signal } from '@preact/signals';
import type { Link } from './watch';

export const link = signal<Link>({ is: 'connecting' });

/** It stands still while nobody tells what is new, as all that is shown does. 0: nothing was shown yet. */
export const now_ms = signal(0);

let ahead_ms = 0; // that clock, of this machine's

/** When it was this machine's time. */
export const thereAt = (at_ms: number): number => at_ms + ahead_ms;

function tick(): void {
  if (link.value.is === 'live' && now_ms.value > 0) now_ms.value = thereAt(Date.now());
}

/** What time it is there, by what has just come. */
export function setClock(time_ms: number): void {
  ahead_ms = time_ms - Date.now();
  now_ms.value = time_ms;
}

setInterval(tick, 1000);
