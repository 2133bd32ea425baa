// What the operators' pages show, as it is told: who looks, all rows, and hops.
import { computed, signal } from '@preact/signals';
import {
  OperationsService,
  type GetSelfResponse,
} from '../gen/exitbus/operations/v1/operations_service_pb';
import { heard, none, upTo, type Hops } from '../model/hops';
import { nothing, told, type Overview } from '../model/overview';
import { employee } from './caller';
import { link, now_ms, setClock } from './clock';
import { operations } from './operations';
import { Watch } from './watch';

export const self = signal<GetSelfResponse | undefined>(undefined);
export const own = computed(() => self.value?.authority ?? '');
export const overview = signal<Overview>(nothing);

const who = (): Record<string, string> =>
  employee.value === '' ? {} : { 'exitbus-employee': employee.value };
const isThere = () => operations.getSelf({}, { timeoutMs: 5000 });

/** Follows the rows from now on. */
export function follow(): void {
  const watch = new Watch(OperationsService.method.watchOverview, who, isThere, (message) => {
    overview.value = told(overview.value, message, own.value);
    if (message.time) setClock(overview.value.time_ms);
  });
  watch.link.subscribe((value) => {
    link.value = value;
  });
}

/** Follows the hops until `end` is called. */
export function followHops() {
  const hops = signal<Hops>(none);
  const watch = new Watch(OperationsService.method.watchHops, who, isThere, (message) => {
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
