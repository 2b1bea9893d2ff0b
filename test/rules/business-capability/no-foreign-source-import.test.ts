import { expect, test } from 'vitest';
import noForeignSourceImport from '../../../rules/business-capability/no-foreign-source-import.ts';
import { at, systemOf } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

test('reports a service that imports the source of another, once for all its imports', () => {
  const system = systemOf({
    edges: [
      ['billing imports orders', { imported: 'source', names: ['priceOf'] }],
      ['billing imports orders', { imported: 'model', names: ['Order'] }],
    ],
  });

  expect(noForeignSourceImport.check(system)).toMatchObject([
    {
      message: 'billing imports Order and priceOf from the source code of orders',
      at: at('billing/src/main.ts', 1),
      related: [{ message: 'billing imports from orders here too', at: at('billing/src/main.ts', 2) }],
      service: 'billing',
      services: ['billing', 'orders'],
    },
  ]);
});

test('accepts what is only a type, and the client of a service', () => {
  const edges = [
    ['billing imports orders', { imported: 'types', names: ['Order'] }],
    ['billing imports orders', { imported: 'client', names: ['OrdersClient'] }],
  ] as const;

  expect(messagesOf(noForeignSourceImport, { edges })).toEqual([]);
});

test('accepts libraries, on either side', () => {
  const sketch = {
    services: { common: { role: 'library' } },
    edges: [
      ['billing imports common', { imported: 'source' }],
      ['common imports orders', { imported: 'source' }],
    ],
  } as const;

  expect(messagesOf(noForeignSourceImport, sketch)).toEqual([]);
});

test('accepts a worker that imports the service in whose folder it lives', () => {
  const sketch = {
    services: { 'orders-worker': { role: 'worker', root: 'orders/worker' } },
    edges: [['orders-worker imports orders', { imported: 'source', names: ['placeOrder'] }]],
  } as const;

  expect(messagesOf(noForeignSourceImport, sketch)).toEqual([]);
});

test('accepts a web application that is built with a piece of a service', () => {
  const sketch = {
    services: { web: { role: 'frontend' } },
    edges: [['web imports orders', { imported: 'source', names: ['states'] }]],
  } as const;

  expect(messagesOf(noForeignSourceImport, sketch)).toEqual([]);
});
