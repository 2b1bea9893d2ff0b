import { expect, test } from 'vitest';
import noSharedDatabase from '../../../rules/database-per-service/no-shared-database.ts';
import { at, systemOf } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const shop = 'postgres:main/shop';

test('reports one database that several services use, once, with where each connects', () => {
  const system = systemOf({
    edges: [`orders connects ${shop}`, `billing connects ${shop}`, `stock writes ${shop}#stock`],
  });

  const [violation, ...more] = noSharedDatabase.check(system);

  expect(more).toEqual([]);
  expect(violation).toMatchObject({
    message: 'billing, orders and stock share the database postgres:main/shop',
    at: at('billing/src/main.ts', 2),
    services: ['billing', 'orders', 'stock'],
    datastore: shop,
    confidence: 'certain',
  });
  expect(violation?.related).toEqual([
    { message: 'orders connects here', at: at('orders/src/main.ts', 1) },
    { message: 'stock uses it here', at: at('stock/src/main.ts', 3) },
  ]);
  expect(violation).not.toHaveProperty('table');
});

test('accepts one server with a database for each service', () => {
  expect(
    messagesOf(noSharedDatabase, {
      edges: ['orders connects postgres:main/orders', 'billing connects postgres:main/billing'],
    }),
  ).toEqual([]);
});

test('accepts a queue, a cache, sessions and logs', () => {
  const purposes = { orders: 'queue', billing: 'cache', web: 'session', stock: 'logs', carts: 'data' } as const;
  const sketch = {
    datastores: { 'redis:main/0': { purposes } },
    edges: Object.keys(purposes).map(service => `${service} connects redis:main/0`),
  };

  expect(messagesOf(noSharedDatabase, sketch)).toEqual([]);
});

test('does not take two unknown databases for one', () => {
  const unknown = 'postgres:?DATABASE_URL/?';

  expect(
    messagesOf(noSharedDatabase, { edges: [`orders connects ${unknown}`, `billing connects ${unknown}`] }),
  ).toEqual([]);
});

test('does not take the tables of one cloud account for one database', () => {
  const sketch = { edges: ['orders writes dynamodb:aws/main#orders', 'billing writes dynamodb:aws/main#invoices'] };

  expect(messagesOf(noSharedDatabase, sketch)).toEqual([]);
});

test('does not count a library, nor the worker of the same service', () => {
  const sketch = {
    services: { data: { role: 'library' }, 'orders-worker': { root: 'orders/worker', role: 'worker' } },
    edges: [`orders connects ${shop}`, `data connects ${shop}`, `orders-worker connects ${shop}`],
  } as const;

  expect(messagesOf(noSharedDatabase, sketch)).toEqual([]);
});

test('leaves out whom it only guesses, and guesses where too few are known', () => {
  const guess = { confidence: 'guess' } as const;
  const two = systemOf({
    edges: [`orders connects ${shop}`, `billing connects ${shop}`, [`stock connects ${shop}`, guess]],
  });
  const one = systemOf({ edges: [`orders connects ${shop}`, [`stock connects ${shop}`, guess]] });

  expect(noSharedDatabase.check(two)).toMatchObject([{ services: ['billing', 'orders'], confidence: 'certain' }]);
  expect(noSharedDatabase.check(one)).toMatchObject([{ services: ['orders', 'stock'], confidence: 'guess' }]);
});

test('says in one short line that seven services share one long name', () => {
  const names = ['vehicles', 'documents', 'policies', 'outages', 'scheduler', 'notifications', 'payments'];
  const store = 'mssql:sql.permits.example/permits-of-the-province';

  expect(messagesOf(noSharedDatabase, { edges: names.map(name => `${name} connects ${store}`) })).toEqual([
    'documents, notifications, outages and 4 more share the database mssql:sql.permits.example/permits-of-the-province',
  ]);
});

test('points at code first, then at the configuration that gives the address', () => {
  const evidence = [at('billing/.env', 1), at('billing/src/main.ts', 4)];
  const system = systemOf({ edges: [[`billing connects ${shop}`, { evidence }], `orders connects ${shop}`] });

  expect(noSharedDatabase.check(system)).toMatchObject([
    {
      at: at('billing/src/main.ts', 4),
      related: [
        { message: 'billing is given the address here', at: at('billing/.env', 1) },
        { message: 'orders connects here', at: at('orders/src/main.ts', 2) },
      ],
    },
  ]);
});
