// What the desk shows: the contact point's own lists as they are told, and what is asked for.
import { createClient } from '@connectrpc/connect';
import { signal, type Signal } from '@preact/signals';
import { employee, purpose } from '../api/caller';
import { link, setClock } from '../api/clock';
import { purposeful } from '../api/transport';
import { Watch, type Link } from '../api/watch';
import {
  HandoverDeskService,
  type MonitoredHandover,
} from '../gen/exitbus/contact_point/v1/handover_desk_pb';
import { PoolDeskService } from '../gen/exitbus/contact_point/v1/pool_desk_pb';
import type { PoolApplication } from '../gen/exitbus/pool/v1/pool_pb';
import { RelocationDecisionService } from '../gen/exitbus/relocation/v1/decision_service_pb';
import type { Relocation } from '../gen/exitbus/relocation/v1/relocation_pb';
import {
  RelocationAssessmentService,
  RelocationPlaceService,
  RelocationService,
} from '../gen/exitbus/relocation/v1/relocation_service_pb';
import type { Marker } from '../gen/exitbus/watch/v1/watch_pb';
import { changed, empty, type Listed } from '../model/listed';

export const relocations = createClient(RelocationService, purposeful);
export const assessments = createClient(RelocationAssessmentService, purposeful);
export const places = createClient(RelocationPlaceService, purposeful);
export const decisions = createClient(RelocationDecisionService, purposeful);
export const pool = createClient(PoolDeskService, purposeful);
export const desk = createClient(HandoverDeskService, purposeful);

export const requests = signal<Listed<Relocation>>(empty);
export const applications = signal<Listed<PoolApplication>>(empty);
export const handovers = signal<Listed<MonitoredHandover>>(empty);

const says = () => ({
  'exitbus-purpose': purpose.value,
  ...(employee.value !== '' && { 'exitbus-employee': employee.value }),
});

// Each reading stands in the account, so that whether somebody is there is asked of a file.
async function isThere(refused: boolean): Promise<void> {
  if (refused) return void (await relocations.listRelocations({ pageSize: 1 }));
  const answer = await fetch('./icon.svg', {
    cache: 'no-store',
    signal: AbortSignal.timeout(5000),
  });
  if (!answer.ok) throw new Error('nobody is there');
}

interface Told {
  change:
    | { case: 'gone'; value: string }
    | { case: 'marker'; value: Marker }
    | { case: string; value: unknown }
    | { case: undefined };
}

function tell<Row>(list: Signal<Listed<Row>>, idOf: (row: Row) => string) {
  return ({ change }: Told) => {
    setClock(Date.now()); // its services tell no time; this machine's is taken for theirs
    if (change.case === 'gone') list.value = changed(list.value, { gone: change.value as string });
    else if (change.case === 'marker')
      list.value = changed(list.value, { marker: change.value as Marker });
    else if (change.case !== undefined) {
      const row = change.value as Row;
      list.value = changed(list.value, { row, id: idOf(row) });
    }
  };
}

// The worst of them is how the page is connected.
function worst(links: Link[]): Link {
  return (
    links.find((one) => one.is === 'lost') ??
    links.find((one) => one.is === 'connecting') ?? { is: 'live' }
  );
}

/** Follows all three lists from now on. */
export function follow(): void {
  const watches = [
    new Watch(
      RelocationService.method.watchRelocations,
      says,
      isThere,
      tell(requests, ({ relocationId }) => relocationId),
    ),
    new Watch(
      PoolDeskService.method.watchPoolApplications,
      says,
      isThere,
      tell(applications, ({ applicationId }) => applicationId),
    ),
    new Watch(
      HandoverDeskService.method.watchMonitoredHandovers,
      says,
      isThere,
      tell(handovers, ({ contactId }) => contactId),
    ),
  ];
  for (const watch of watches) {
    watch.link.subscribe(() => {
      link.value = worst(watches.map((one) => one.link.value));
    });
  }
}
