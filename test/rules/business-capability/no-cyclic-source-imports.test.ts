import { expect, test } from 'vitest';
import noCyclicSourceImports from '../../../rules/business-capability/no-cyclic-source-imports.ts';
import { systemOf } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

test('reports a circle once, with the way that has the fewest imports as the one to cut', () => {
  const system = systemOf({
    edges: [
      ['billing imports orders', { imported: 'source', names: ['priceOf'] }],
      ['billing imports orders', { imported: 'source', names: ['taxOf'] }],
      ['orders imports stock', { imported: 'source', names: ['reserve'] }],
      ['stock imports billing', { imported: 'model', names: ['Invoice'] }],
      ['stock imports billing', { imported: 'source', names: ['refund'] }],
    ],
  });

  expect(noCyclicSourceImports.check(system)).toMatchObject([
    {
      message: "billing, orders and stock import each other's source in a circle; cut orders to stock first",
      service: 'orders',
      services: ['billing', 'orders', 'stock'],
    },
  ]);
});

test('accepts a chain, and a circle that only types or clients close', () => {
  const edges = [
    ['billing imports orders', { imported: 'source', names: ['priceOf'] }],
    ['orders imports stock', { imported: 'source', names: ['reserve'] }],
    ['stock imports billing', { imported: 'types', names: ['Invoice'] }],
    ['orders imports billing', { imported: 'client', names: ['BillingClient'] }],
  ] as const;

  expect(messagesOf(noCyclicSourceImports, { edges })).toEqual([]);
});
