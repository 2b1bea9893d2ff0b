import { expect, test } from 'vitest';
import noForeignRead from '../../../rules/database-per-service/no-foreign-read.ts';
import noForeignWrite from '../../../rules/database-per-service/no-foreign-write.ts';
import { at, systemOf } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const lines = 'postgres:orders/shop#lines';
const ofOrders = {
  owner: 'orders',
  ownedBecause: 'migrates',
  ownerEvidence: [at('orders/migrations/1.sql', 3)],
} as const;

test('reports a service that writes the table of another, with every place and the proof of ownership', () => {
  const system = systemOf({
    tables: { [lines]: ofOrders },
    edges: [`orders writes ${lines}`, `billing reads ${lines}`, `billing writes ${lines}`],
  });

  const [violation, ...more] = noForeignWrite.check(system);

  expect(more).toEqual([]);
  expect(violation).toMatchObject({
    message: 'billing writes postgres:orders/shop#lines, a table owned by orders',
    at: at('billing/src/main.ts', 3),
    service: 'billing',
    services: ['billing', 'orders'],
    datastore: 'postgres:orders/shop',
    table: lines,
    confidence: 'certain',
  });
  expect(violation?.related).toEqual([
    { message: 'billing reads it here', at: at('billing/src/main.ts', 2) },
    { message: 'owned by orders, which migrates it', at: at('orders/migrations/1.sql', 3) },
  ]);
});

test('says one fact once: what is written is not reported as read', () => {
  const sketch = { tables: { [lines]: ofOrders }, edges: [`billing reads ${lines}`, `billing writes ${lines}`] };

  expect(messagesOf(noForeignRead, sketch)).toEqual([]);
});

test('accepts a service that writes its own table', () => {
  expect(messagesOf(noForeignWrite, { tables: { [lines]: ofOrders }, edges: [`orders writes ${lines}`] })).toEqual([]);
});

test('accepts a worker in the folder of the owner', () => {
  const sketch = {
    services: { 'orders-worker': { root: 'orders' } },
    tables: { [lines]: ofOrders },
    edges: [`orders writes ${lines}`, `orders-worker writes ${lines}`],
  };

  expect(messagesOf(noForeignWrite, sketch)).toEqual([]);
});

test('does not take two services in one folder for one', () => {
  const sketch = {
    services: { orders: { root: 'services' }, billing: { root: 'services' } },
    tables: { [lines]: ofOrders },
    edges: [`billing writes ${lines}`],
  };

  expect(messagesOf(noForeignWrite, sketch)).toHaveLength(1);
});

test('blames the service, not the library through which it writes', () => {
  const sketch = {
    services: { 'order-store': { role: 'library' } },
    tables: { [lines]: ofOrders },
    edges: [`order-store writes ${lines}`, [`billing writes ${lines}`, { through: ['order-store'] }]],
  } as const;

  const [violation, ...more] = noForeignWrite.check(systemOf(sketch));

  expect(more).toEqual([]);
  expect(violation?.service).toBe('billing');
});

test('names all who write a table that nobody owns, in one finding', () => {
  const [violation, ...more] = noForeignWrite.check(
    systemOf({
      tables: { [lines]: { owner: null } },
      edges: [`stock reads ${lines}`, `orders writes ${lines}`, `billing writes ${lines}`],
    }),
  );

  expect(more).toEqual([]);
  expect(violation).toMatchObject({
    message: 'postgres:orders/shop#lines is shared, no owner: written by billing and orders, read by stock',
    service: 'orders',
    services: ['billing', 'orders', 'stock'],
    table: lines,
  });
});

test('leaves a queue alone, which is made to be shared', () => {
  const jobs = 'redis:main/0#jobs';
  const sketch = {
    datastores: { 'redis:main/0': { purposes: { orders: 'queue', billing: 'queue' } } },
    tables: { [jobs]: { owner: null } },
    edges: [`orders writes ${jobs}`, `billing writes ${jobs}`],
  } as const;

  expect(messagesOf(noForeignWrite, sketch)).toEqual([]);
});

test('tells a guess as a guess, and forgets it where something better is known', () => {
  const guessed = systemOf({
    tables: { [lines]: ofOrders },
    edges: [[`billing writes ${lines}`, { confidence: 'guess' }]],
  });
  const known = systemOf({
    tables: { [lines]: ofOrders },
    edges: [[`billing writes ${lines}`, { confidence: 'guess' }], `billing reads ${lines}`],
  });

  expect(noForeignWrite.check(guessed)[0]?.confidence).toBe('guess');
  expect(noForeignWrite.check(known)).toEqual([]);
  expect(noForeignRead.check(known)[0]?.confidence).toBe('certain');
});

test('relies less on an owner that was found by name or by count', () => {
  const system = systemOf({
    tables: { [lines]: { owner: 'orders', ownedBecause: 'main-writer' } },
    edges: [`billing writes ${lines}`],
  });

  expect(noForeignWrite.check(system)[0]?.confidence).toBe('likely');
});

test('adds a migration and an imported model to the same finding', () => {
  const system = systemOf({
    tables: { [lines]: { ...ofOrders, declarations: [{ service: 'orders', evidence: at('orders/src/line.ts') }] } },
    edges: [
      `billing writes ${lines}`,
      `billing migrates ${lines}`,
      ['billing imports orders', { imported: 'model', names: ['LineModel'] }],
    ],
  });

  expect(noForeignWrite.check(system)[0]?.related.map(({ message }) => message)).toEqual([
    'billing migrates it here',
    'billing imports its model from orders here',
    'owned by orders, which migrates it',
  ]);
});

test('speaks of collections where the database has no tables', () => {
  const orders = 'mongodb:main/shop#orders';

  expect(
    messagesOf(noForeignWrite, { tables: { [orders]: { owner: 'orders' } }, edges: [`billing writes ${orders}`] }),
  ).toEqual(['billing writes mongodb:main/shop#orders, a collection owned by orders']);
});

test('stays under 120 characters, however long the names are', () => {
  const long = `postgres:${'cluster-of-the-shop.'.repeat(4)}internal/shop#order_lines`;

  const [message = ''] = messagesOf(noForeignWrite, {
    tables: { [long]: { owner: 'orders' } },
    edges: [`billing writes ${long}`],
  });

  expect(message).toBe('billing writes order_lines, a table owned by orders');
});
