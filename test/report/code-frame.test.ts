import { expect, test } from 'vitest';
import { codeFrame } from '../../src/report/code-frame.ts';

test('the mark stands under the column, after tabs too', () => {
  expect(codeFrame("\t\tdb.query('x')", 3)).toEqual({ code: "    db.query('x')", mark: '    ^' });
});

test('a line of a minified file is cut around the mark', () => {
  const { code, mark } = codeFrame(`${'a'.repeat(500)}query${'b'.repeat(500)}`, 501);
  expect(code.length).toBeLessThan(115);
  expect(code.slice(mark.length - 1)).toMatch(/^queryb+…$/);
  expect(codeFrame('b'.repeat(500), 1)).toEqual({ code: `${'b'.repeat(110)}…`, mark: '^' });
});

test('what the line holds cannot steer the terminal', () => {
  expect(codeFrame('a\u001b[31mb', 1).code).toBe('a�[31mb');
});

test('a column past the end marks the end', () => {
  expect(codeFrame('ab', 9)).toEqual({ code: 'ab', mark: '  ^' });
});

test('hides a password in an address, and keeps the columns', () => {
  const { code, mark } = codeFrame('URL: postgres://shop:s3cret@db:5432/orders', 29);
  expect(code).toBe('URL: postgres://shop:******@db:5432/orders');
  expect(mark).toBe(`${' '.repeat(28)}^`);
  const variable = `postgres://shop:$${'{PASSWORD}'}@db/orders`;
  expect(codeFrame(variable, 1).code).toBe(variable);
});
