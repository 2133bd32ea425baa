import { expect, test } from 'vitest';
import { csv } from './csv';

test('a file has the mark, the head and the rows', () => {
  expect(csv(['Læser', 'Ulæst'], [['Ishøj Kommune', '-3']], ';')).toBe(
    '\ufeffLæser;Ulæst\r\nIshøj Kommune;-3\r\n',
  );
});

test('what would end a cell is quoted', () => {
  expect(csv(['a'], [['x;y'], ['x,y'], ['say "no"'], ['two\nlines']], ',')).toBe(
    '\ufeffa\r\n"x;y"\r\n"x,y"\r\n"say ""no"""\r\n"two\nlines"\r\n',
  );
});

test.each(['=1+1', '+1x', '-x', '@sum', '\tx'])('a spreadsheet does not compute %j', (text) => {
  expect(csv(['a'], [[text]], ',')).toBe(`\ufeffa\r\n'${text}\r\n`);
});
