// The shapes of the 98 municipalities, taken at build time out of react-denmark-map (MIT), coarse enough for a page.
// Pages import them as 'virtual:municipalities'.
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

type Point = [x: number, y: number];

export interface Shape {
  code: string; // four digits
  name: string;
  d: string; // in the box of `mapBox`
}

const source = 'node_modules/react-denmark-map/dist/esm/index.js';
const scale = 1 / 16;
const tolerance = 1; // in the map's units after scaling
export const mapBox = { width: Math.ceil(10116 * scale), height: Math.ceil(12289 * scale) };

/** The rings of a path of M, m, L, l, H, h, V, v, C, c and Z: curves by their ends. */
export function rings(d: string): Point[][] {
  const found: Point[][] = [];
  let at: Point = [0, 0];
  for (const [, command = '', text = ''] of d.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const numbers = (text.match(/-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?/g) ?? []).map(Number);
    const kind = command.toUpperCase();
    const base: Point = command === kind ? [0, 0] : at;
    const step = { M: 2, L: 2, H: 1, V: 1, C: 6, Z: 0 }[kind];
    if (step === undefined) throw new Error(`the map's package has a path with ${command}`);
    for (let i = 0, origin = base; i + step <= numbers.length && step > 0; i += step) {
      const [x, y] = numbers.slice(i + step - Math.min(step, 2), i + step) as Point;
      if (kind === 'H') at = [origin[0] + x, at[1]];
      else if (kind === 'V') at = [at[0], (command === 'V' ? 0 : at[1]) + x];
      else at = [origin[0] + x, origin[1] + y];
      if (kind === 'M' && i === 0) found.push([]);
      found.at(-1)?.push(at);
      if (command !== kind) origin = at;
    }
    if (kind === 'Z' && found.at(-1)?.[0]) at = found.at(-1)![0]!;
  }
  return found;
}

function away([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const length = Math.hypot(bx - ax, by - ay);
  return length === 0
    ? Math.hypot(x - ax, y - ay)
    : Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length;
}

/** Without the points that lie within the tolerance of the line between their neighbours (Douglas and Peucker). */
export function coarse(points: Point[], within: number): Point[] {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || points.length < 3) return points;
  let farthest = 0;
  for (let i = 1; i < points.length - 1; ++i) {
    if (away(points[i]!, first, last) > away(points[farthest]!, first, last)) farthest = i;
  }
  if (away(points[farthest]!, first, last) <= within) return [first, last];
  return [
    ...coarse(points.slice(0, farthest + 1), within).slice(0, -1),
    ...coarse(points.slice(farthest), within),
  ];
}

function path(d: string): string {
  const drawn = rings(d).map((ring) =>
    coarse(
      ring.map(([x, y]): Point => [x * scale, y * scale]),
      tolerance,
    ),
  );
  const largest = Math.max(...drawn.map((ring) => ring.length));
  return drawn
    .filter((ring) => ring.length > 3 || ring.length === largest)
    .map((ring) => `M${ring.map(([x, y]) => `${Math.round(x)} ${Math.round(y)}`).join('L')}Z`)
    .join('');
}

export function shapes(): Shape[] {
  const found = [
    ...readFileSync(source, 'utf8').matchAll(/display_name:"([^"]+)",code:"(\d+)",d:"([^"]+)"/g),
  ]
    .map(([, name, code, d]) => ({ code: code!.padStart(4, '0'), name: name!, d: path(d!) }))
    .filter(({ code }) => code < '1000' && code !== '0411'); // no region, nor Christiansø
  if (new Set(found.map(({ code }) => code)).size !== 98 || found.length !== 98) {
    throw new Error(`the map's package has ${found.length} municipalities, and Denmark 98`);
  }
  return found.sort((a, b) => a.code.localeCompare(b.code));
}

export function municipalities(): Plugin {
  const name = 'virtual:municipalities';
  return {
    name,
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) =>
      id === `\0${name}`
        ? `export const mapBox = ${JSON.stringify(mapBox)};\nexport const municipalities = ${JSON.stringify(shapes())};`
        : undefined,
  };
}
