import { expect, test } from 'vitest';
import { format, parse } from './address';

test.each([
  ['', '', {}],
  ['streams', '', {}],
  ['stream', 'exitbus.v1.case.municipality.0183', {}],
  ['authority', 'a/b?c#d', { state: 'stuck', search: 'høje & =' }],
])('%s of %j is read as it was written', (view, subject, choices) => {
  expect(parse(format(view, subject, choices))).toEqual({ view, subject, choices });
});

test('what is typed wrongly is no view', () => {
  expect(parse('#/%E0%A4%A')).toEqual({ view: '', subject: '', choices: {} });
  expect(parse('#streams?state=fine&state=stuck')).toEqual({
    view: 'streams',
    subject: '',
    choices: { state: 'stuck' },
  });
});

test('a choice of nothing is not written', () => {
  expect(format('live', '', { authority: '' })).toBe('#/live');
});
