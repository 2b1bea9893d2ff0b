import { expect, test } from 'vitest';
import { usesOf } from '../uses-of.ts';

const pool = `import pg from 'pg'; import { readFileSync } from 'node:fs'; import { join } from 'node:path'; const pool = new pg.Pool();`;

test('a statement kept in a file is read where the file is run', () => {
  expect(
    usesOf({
      'src/queries/open-orders.sql': 'SELECT id FROM orders WHERE closed_at IS NULL',
      'src/report.ts': `${pool} const openOrders = readFileSync(join(import.meta.dirname, 'queries', 'open-orders.sql'), 'utf8'); export const report = () => pool.query(openOrders);`,
    }),
  ).toContain('read pg orders');
});

test('a file that is not there, or is no statement, says nothing', () => {
  expect(
    usesOf({
      'src/notes.txt': 'SELECT id FROM orders',
      'src/report.ts': `${pool} export const report = () => [pool.query(readFileSync('missing.sql', 'utf8')), readFileSync('src/notes.txt', 'utf8')];`,
    }).filter(use => use.includes('orders')),
  ).toEqual([]);
});
