// The newest hops as they come, and how many a second.
import type { SeenHop } from '../gen/exitbus/operations/v1/message_path_pb';
import type { WatchHopsResponse } from '../gen/exitbus/operations/v1/operations_service_pb';
import { isShownHop } from './shown';
import { ms } from './times';

export interface HeardHop extends SeenHop {
  number: number; // as they were heard here, from 1 on
}

export interface Second {
  at_s: number; // by the console's clock
  hops: number; // told, or left out and counted
}

export interface Hops {
  newest: readonly HeardHop[]; // the newest first
  seconds: readonly Second[]; // one after the other
  heard: number;
  left_out: number;
}

export const hopsKept = 200;
export const secondsKept = 300;
export const none: Hops = { newest: [], seconds: [], heard: 0, left_out: 0 };

function counted(before: readonly Second[], at_s: number, hops: number): Second[] {
  const seconds = [...before];
  const from_s = Math.max(seconds.at(-1)?.at_s ?? at_s - 1, at_s - secondsKept);
  for (let missing = from_s + 1; missing <= at_s; ++missing)
    seconds.push({ at_s: missing, hops: 0 });
  const last = seconds.at(-1);
  if (last) seconds[seconds.length - 1] = { ...last, hops: last.hops + hops };
  return seconds.slice(-secondsKept);
}

export function heard(before: Hops, message: WatchHopsResponse, own: string): Hops {
  const hops = message.hops
    .filter((hop) => isShownHop(hop, own))
    .map((hop, i) => ({ ...hop, number: before.heard + i + 1 }));
  const left_out = Number(message.leftOut);
  return {
    newest: [...hops.reverse(), ...before.newest].slice(0, hopsKept),
    seconds: message.time
      ? counted(before.seconds, Math.floor(ms(message.time) / 1000), hops.length + left_out)
      : before.seconds,
    heard: before.heard + hops.length,
    left_out: before.left_out + left_out,
  };
}

/** Seconds in which nothing came are seconds too. */
export function upTo(before: Hops, now_s: number): Hops {
  const last = before.seconds.at(-1);
  return last && last.at_s < now_s
    ? { ...before, seconds: counted(before.seconds, now_s, 0) }
    : before;
}
