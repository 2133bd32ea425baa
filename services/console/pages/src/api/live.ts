// What the pages show, as it is told: who looks, all rows, and the console's clock.
import { computed, signal } from '@preact/signals';
import {
  OperationsService,
  type GetSelfResponse,
} from '../gen/exitbus/operations/v1/operations_service_pb';
import { nothing, told, type Overview } from '../model/overview';
import { heard, none, upTo, type Hops } from '../model/hops';
import { Watch } from './watch';
import type { Link } from './watch';

export const self = signal<GetSelfResponse | undefined>(undefined);
export const own = computed(() => self.value?.authority ?? '');
export const overview = signal<Overview>(nothing);
export const link = signal<Link>({ is: 'connecting' });

/** The console's clock: it stands still while nobody tells what time it is, as all that is shown does. */
export const now_ms = signal(0);

let ahead_ms = 0; // the console's clock, of this machine's

/** When it was this machine's time. */
export const consoleTime = (at_ms: number): number => at_ms + ahead_ms;

function tick(): void {
  if (link.value.is === 'live' && overview.value.time_ms > 0)
    now_ms.value = consoleTime(Date.now());
}

/** Follows the rows from now on. */
export function follow(): void {
  const watch = new Watch(OperationsService.method.watchOverview, (message) => {
    overview.value = told(overview.value, message, own.value);
    if (message.time) ahead_ms = overview.value.time_ms - Date.now();
    tick();
  });
  watch.link.subscribe((value) => {
    link.value = value;
  });
  setInterval(tick, 1000);
}

/** Follows the hops until `end` is called. */
export function followHops() {
  const hops = signal<Hops>(none);
  const watch = new Watch(OperationsService.method.watchHops, (message) => {
    hops.value = heard(hops.value, message, own.value);
  });
  const timer = setInterval(() => {
    if (watch.link.value.is === 'live')
      hops.value = upTo(hops.value, Math.floor(now_ms.value / 1000));
  }, 1000);
  return {
    hops,
    link: watch.link,
    end: () => {
      clearInterval(timer);
      watch.end();
    },
  };
}
