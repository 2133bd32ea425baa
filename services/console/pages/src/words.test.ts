// Both languages say the same things, and nothing stands here that no page says.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { deskWords } from './desk/words';
import { words as common } from './words';

const words = { ...common, ...deskWords };

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter(
    (file) => /\.tsx?$/.test(file) && !file.startsWith('gen/') && !/words|\.test\./.test(file),
  )
  .map((file) => readFileSync(`src/${file}`, 'utf8'))
  .join('\n');
const braces = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const built = /^(link|map)_/; // put together from a state's name

test('no word stands twice', () => {
  expect(Object.keys(common).filter((word) => Object.hasOwn(deskWords, word))).toEqual([]);
});

test('there are words', () => {
  expect(Object.keys(words).length).toBeGreaterThan(100);
});

test.each(Object.entries(words))('%s', (word, [danish, english]) => {
  expect(danish.trim()).toBe(danish);
  expect(english).not.toBe('');
  expect(danish).not.toBe('');
  expect(braces(danish)).toEqual(braces(english));
  expect(built.test(word) || sources.includes(`'${word}'`) || sources.includes(`"${word}"`)).toBe(
    true,
  );
});
