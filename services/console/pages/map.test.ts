import { expect, test } from 'vitest';
import { coarse, rings, shapes } from './map';

test('a path is read by its ends, relative or not', () => {
  expect(rings('M10,10l5,0c1,1,2,2,3,-1h-2v4Zm1,1L20-3.5C0 0 0 0 7 8z')).toEqual([
    [
      [10, 10],
      [15, 10],
      [18, 9],
      [16, 9],
      [16, 13],
    ],
    [
      [11, 11],
      [20, -3.5],
      [7, 8],
    ],
  ]);
  expect(() => rings('M0 0A1 1 0 0 0 2 2')).toThrow('a path with A');
});

test('what lies on a line is left out, what does not stays', () => {
  expect(
    coarse(
      [
        [0, 0],
        [1, 0.1],
        [2, 0],
        [3, 5],
        [4, 0],
      ],
      0.5,
    ),
  ).toEqual([
    [0, 0],
    [2, 0],
    [3, 5],
    [4, 0],
  ]);
});

test('98 municipalities, each with a shape', () => {
  const all = shapes();
  expect(all.length).toBe(98);
  expect(all.find(({ code }) => code === '0183')?.name).toBe('Ishøj');
  for (const { d, name } of all) expect(d.split('L').length, name).toBeGreaterThan(3);
  expect(all.reduce((sum, { d }) => sum + d.length, 0)).toBeLessThan(60000);
});
