import { expect, test } from 'vitest';
import noCyclicCalls from '../../../rules/business-capability/no-cyclic-calls.ts';
import { at, systemOf } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

test('reports a circle of calls once, with the way that shows in the fewest places as the one to cut', () => {
  const system = systemOf({
    edges: [
      'billing calls orders',
      'billing calls orders',
      'orders calls stock',
      'stock calls billing',
      'stock calls billing',
    ],
  });

  expect(noCyclicCalls.check(system)).toMatchObject([
    {
      message: 'billing, orders and stock call each other in a circle; cut orders to stock first',
      service: 'orders',
      services: ['billing', 'orders', 'stock'],
    },
  ]);
});

test('knows a service by its endpoint, and points at code rather than at a manifest', () => {
  const system = systemOf({
    edges: [
      ['billing calls orders', { to: 'orders GET /orders', evidence: [at('compose.yaml', 3), at('billing/a.ts', 7)] }],
      ['orders calls billing', { evidence: [at('orders/a.ts', 1), at('orders/b.ts', 2), at('orders/c.ts', 3)] }],
    ],
  });
  const endpoint = { id: 'orders GET /orders', service: 'orders', method: 'GET', path: '/orders', evidence: [] };

  expect(noCyclicCalls.check({ ...system, endpoints: [endpoint] })).toMatchObject([
    { services: ['billing', 'orders'], at: { file: 'billing/a.ts' } },
  ]);
});

test('accepts a chain, a call back to a page, and a circle that is only guessed', () => {
  expect(
    messagesOf(noCyclicCalls, {
      services: { web: { role: 'frontend' } },
      edges: [
        'web calls orders',
        'orders calls web',
        'orders calls stock',
        'stock calls billing',
        ['billing calls orders', { confidence: 'guess' }],
      ],
    }),
  ).toEqual([]);
});
