import { expect, test } from 'vitest';
import noForeignRead from '../../../rules/database-per-service/no-foreign-read.ts';
import { at, systemOf } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const orders = 'postgres:orders/shop#orders';

test('reports a service that reads the table of another', () => {
  const sketch = {
    tables: { [orders]: { owner: 'orders' } },
    edges: [`orders writes ${orders}`, `billing reads ${orders}`],
  };

  expect(messagesOf(noForeignRead, sketch)).toEqual([
    'billing reads postgres:orders/shop#orders, a table owned by orders',
  ]);
});

test('accepts the same table name in another database', () => {
  const copy = 'postgres:billing/billing#orders';
  const sketch = {
    tables: { [orders]: { owner: 'orders' }, [copy]: { owner: 'billing' } },
    edges: [`orders writes ${orders}`, `billing reads ${copy}`, `billing writes ${copy}`],
  };

  expect(messagesOf(noForeignRead, sketch)).toEqual([]);
});

test('reports each reader of its own, since each has to be mended', () => {
  const sketch = {
    tables: { [orders]: { owner: 'orders' } },
    edges: [`orders writes ${orders}`, `billing reads ${orders}`, `reports reads ${orders}`],
  };

  expect(messagesOf(noForeignRead, sketch)).toHaveLength(2);
});

test('points at the code of the digest before the package through which it reads, and stays silent on the owner that uses the same package', () => {
  const system = systemOf({
    services: { 'order-store': { role: 'library' } },
    tables: {
      [orders]: { owner: 'orders', ownedBecause: 'only-writer', ownerEvidence: [at('orders/src/main.ts', 7)] },
    },
    edges: [
      [`orders reads ${orders}`, { through: ['order-store'] }],
      [
        `digest reads ${orders}`,
        { through: ['order-store'], evidence: [at('a-store/index.ts', 4), at('digest/main.ts', 9)] },
      ],
    ],
  });

  const [violation, ...more] = noForeignRead.check(system);

  expect(more).toEqual([]);
  expect(violation?.at).toEqual(at('digest/main.ts', 9));
  expect(violation?.related).toEqual([
    { message: 'digest reads it here, through order-store', at: at('a-store/index.ts', 4) },
    { message: 'owned by orders, the only service that writes it', at: at('orders/src/main.ts', 7) },
  ]);
});

test('says that a table which all read and nobody owns is shared', () => {
  const flags = 'mssql:main/shop#flags';
  const sketch = {
    tables: { [flags]: { owner: null } },
    edges: ['stock', 'orders', 'billing'].map(service => `${service} reads ${flags}`),
  };

  expect(messagesOf(noForeignRead, sketch)).toEqual([
    'mssql:main/shop#flags is shared, no owner: read by billing, orders and stock',
  ]);
});

test('has nothing to say of a table that one service alone uses and nobody owns', () => {
  expect(
    messagesOf(noForeignRead, { tables: { [orders]: { owner: null } }, edges: [`billing reads ${orders}`] }),
  ).toEqual([]);
});

test("says that a table is nobody's where a library migrates it", () => {
  const sketch = {
    services: { schema: { role: 'library' } },
    tables: { [orders]: { owner: 'schema' } },
    edges: [`orders reads ${orders}`, `billing reads ${orders}`],
  } as const;

  expect(messagesOf(noForeignRead, sketch)).toEqual([
    'postgres:orders/shop#orders is shared, no owner: read by billing and orders',
  ]);
});

test('calls a join of two tables of the same foreign owner a read', () => {
  const lines = 'postgres:orders/shop#lines';
  const sketch = {
    tables: { [orders]: { owner: 'orders' }, [lines]: { owner: 'orders' } },
    edges: [
      [`billing reads ${orders}`, { via: 'query' }],
      [`billing reads ${lines}`, { via: 'join', joinedWith: [orders] }],
    ],
  } as const;

  expect(messagesOf(noForeignRead, sketch)).toHaveLength(2);
});
