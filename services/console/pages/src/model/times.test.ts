import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import { short, span } from './times';

const s = 1000,
  min = 60 * s,
  h = 60 * min,
  d = 24 * h;

test.each([
  [-5 * s, '0 s', '0 s'],
  [999, '0 s', '0 s'],
  [59 * s, '59 s', '59 s'],
  [60 * s, '1 min', '1 min'],
  [h - 1, '59 min', '59 min'],
  [h, '1 t', '1 h'],
  [2 * h + 5 * min, '2 t 5 min', '2 h 5 min'],
  [d - 1, '23 t 59 min', '23 h 59 min'],
  [d, '1 d', '1 d'],
  [2 * d + 3 * h, '2 d 3 t', '2 d 3 h'],
  [40 * d + 3 * h, '40 d', '40 d'],
])('%d ms is said as %s', (lasted, danish, english) => {
  expect(span(lasted, 'da')).toBe(danish);
  expect(span(lasted, 'en')).toBe(english);
});

test.each([
  [0.4, '0 ms', '0 ms'],
  [35, '35 ms', '35 ms'],
  [1234, '1,2 s', '1.2 s'],
  [60000, '1 min', '1 min'],
])('a latency of %d ms', (lasted, danish, english) => {
  expect(short(durationFromMs(lasted), 'da')).toBe(danish);
  expect(short(durationFromMs(lasted), 'en')).toBe(english);
});
