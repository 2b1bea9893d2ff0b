import { expect, test } from 'vitest';
import { fitting, listed } from '../../src/check/message.ts';

test('takes the first wording that fits on a line', () => {
  expect(fitting('long '.repeat(30), 'billing writes lines', 'billing writes')).toBe('billing writes lines');
});

test('cuts the last wording where none fits', () => {
  const message = fitting('long '.repeat(40), 'shorter '.repeat(20));

  expect(message).toHaveLength(119);
  expect(message).toMatch(/^shorter .*…$/);
});

test('lists names as one would say them', () => {
  expect(listed([])).toBe('');
  expect(listed(['billing'])).toBe('billing');
  expect(listed(['billing', 'orders', 'stock'])).toBe('billing, orders and stock');
  expect(listed(['billing', 'orders', 'stock', 'web'], 3)).toBe('billing, orders and 2 more');
});
