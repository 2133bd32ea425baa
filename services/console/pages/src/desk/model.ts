// What the desk makes of what it is told, without a browser.
import type { PoolApplication } from '../gen/exitbus/pool/v1/pool_pb';
import {
  InquiryStage,
  PlaceSafety,
  type Capacity,
  type RelocationPlace,
} from '../gen/exitbus/relocation/v1/place_pb';
import { RelocationStage, type Relocation } from '../gen/exitbus/relocation/v1/relocation_pb';
import { ms } from '../model/times';

const ended = new Set([
  RelocationStage.NOT_NECESSARY,
  RelocationStage.WITHDRAWN,
  RelocationStage.COMPLETED,
]);

export const isOpen = ({ stage }: Relocation): boolean => !ended.has(stage);

const dueOf = ({ due }: Relocation | PoolApplication): number => (due ? ms(due) : Infinity);

/** What waits for us first, then by what is due soonest. */
export const byUrgency = (a: Relocation, b: Relocation): number =>
  Number(b.waitsForUs) - Number(a.waitsForUs) || compare(dueOf(a), dueOf(b));

export const byDue = (a: PoolApplication, b: PoolApplication): number =>
  compare(dueOf(a), dueOf(b));

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** "03/2027" of 202703; empty: it is unset. */
export const month = (value: number): string =>
  value === 0 ? '' : `${String(value % 100).padStart(2, '0')}/${Math.floor(value / 100)}`;

/** "3,5" of 350. */
export const hundredths = (value: number, language: string): string =>
  (value / 100).toLocaleString(language, { maximumFractionDigits: 2 });

export type PlaceLook = 'excluded' | 'asked' | 'clear' | 'room' | 'decided' | 'none';
export const placeLooks: PlaceLook[] = ['decided', 'room', 'clear', 'asked', 'excluded', 'none'];

/** Room that an answer gave long ago, or did not give, is none. */
export const hasRoom = (place: RelocationPlace): boolean =>
  place.inquiry === InquiryStage.CAPACITY && (place.capacity?.households ?? 0) > 0;

export function placeLook(place: RelocationPlace, decided: string | undefined): PlaceLook {
  if (place.safety === PlaceSafety.NOT_POSSIBLE) return 'excluded';
  if (place.municipality === decided) return 'decided';
  if (place.safety !== PlaceSafety.CLEAR) return 'asked';
  return hasRoom(place) ? 'room' : 'clear';
}

/** The municipality that is decided for and stands. */
export function decidedFor({ placements }: Relocation): string | undefined {
  const last = placements.at(-1);
  return last && last.end === 0 ? last.municipality : undefined;
}

/** The looks of one request's places on the map. */
export const requestMap = (request: Relocation): ReadonlyMap<string, PlaceLook> => {
  const decided = decidedFor(request);
  return new Map(request.places.map((place) => [place.municipality, placeLook(place, decided)]));
};

export type LedgerLook = 'zero' | 'some' | 'many';
export const ledgerLooks: LedgerLook[] = ['zero', 'some', 'many'];

/** By how many it has received or awaits. */
export const ledgerLook = (received: number): LedgerLook =>
  received === 0 ? 'zero' : received < 3 ? 'some' : 'many';

export const capacityDates = (
  capacity: Capacity,
): [from_ms: number | undefined, until_ms: number | undefined] => [
  capacity.from && ms(capacity.from),
  capacity.until && ms(capacity.until),
];
