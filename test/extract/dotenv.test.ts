import { expect, test } from 'vitest';
import { interpolate, parseDotenv } from '../../src/extract/dotenv.ts';

test('assignments keep their line, and lose quotes and comments', () => {
  const text =
    '# DB=none\nexport DB_HOST=orders-db # here\nDB_PASSWORD="a # b"\nKEY=\'$literal\'\n\nPEM="one\ntwo"\nEMPTY=\n';
  expect(parseDotenv('.env', text).map(one => [one.name, one.value, one.at.line])).toEqual([
    ['DB_HOST', 'orders-db', 2],
    ['DB_PASSWORD', 'a # b', 3],
    ['KEY', '$literal', 4],
    ['PEM', 'one\ntwo', 6],
    ['EMPTY', '', 8],
  ]);
});

test.each([
  ['$HOST:$PORT', 'orders-db:5432'],
  [`\${HOST}`, 'orders-db'],
  [`\${GONE:-x}`, 'x'],
  [`\${GONE-\${HOST}}`, 'orders-db'],
  [`\${EMPTY:-x}`, 'x'],
  [`\${EMPTY-x}`, ''],
  [`\${HOST:?needed}`, 'orders-db'],
  [`\${HOST:+set}`, 'set'],
  ['cost $$5', 'cost $5'],
  [`\${GONE}`, null],
  ['a $GONE b', null],
  [`\${HOST`, null],
])('%s becomes %s', (text, expected) => {
  const values: Record<string, string> = { HOST: 'orders-db', PORT: '5432', EMPTY: '' };
  expect(interpolate(text, name => values[name])).toBe(expected);
});
