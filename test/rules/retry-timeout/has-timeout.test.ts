import { expect, test } from 'vitest';
import hasTimeout from '../../../rules/retry-timeout/has-timeout.ts';
import { at, systemOf } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

test('reports each pair of services once, at its first call, and counts the calls', () => {
  const sites = [9, 4].map(line => ({ at: at('orders/stock.ts', line), timeout: 'none' as const }));
  const system = systemOf({ edges: [['orders calls stock', { sites }]] });

  expect(hasTimeout.check(system)).toMatchObject([
    {
      message: 'orders calls stock and would wait for ever: 2 calls have no timeout',
      at: { line: 4 },
      services: ['orders', 'stock'],
    },
  ]);
});

test('accepts calls with a timeout, calls of which it is not known, and those of a page', () => {
  const none = [{ at: at('web/a.ts'), timeout: 'none' as const }];
  expect(
    messagesOf(hasTimeout, {
      services: { web: { role: 'frontend' } },
      edges: [
        ['orders calls stock', { sites: [{ at: at('orders/a.ts'), timeout: 'set' }] }],
        ['orders calls billing', { sites: [{ at: at('orders/a.ts') }] }],
        ['web calls orders', { sites: none }],
      ],
    }),
  ).toEqual([]);
});
