import { expect, test } from 'vitest';
import noSharedMigrations from '../../../rules/database-per-service/no-shared-migrations.ts';
import { at, systemOf } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const stock = 'postgres:main/shop#stock';

test('reports a table that two services migrate, at the one that does not own it', () => {
  const system = systemOf({
    tables: { [stock]: { owner: 'stock', ownedBecause: 'main-writer' } },
    edges: [`orders migrates ${stock}`, `stock migrates ${stock}`],
  });

  expect(noSharedMigrations.check(system)).toMatchObject([
    {
      message: 'stock and orders migrate postgres:main/shop#stock, one table',
      at: at('orders/src/main.ts', 1),
      related: [{ message: 'stock migrates it here', at: at('stock/src/main.ts', 2) }],
      service: 'orders',
      services: ['stock', 'orders'],
      table: stock,
    },
  ]);
});

test('accepts a migration job in the folder of the service', () => {
  const sketch = {
    services: { 'stock-migrate': { root: 'stock' } },
    edges: [`stock migrates ${stock}`, `stock-migrate migrates ${stock}`],
  };

  expect(messagesOf(noSharedMigrations, sketch)).toEqual([]);
});

test('leaves it to the finding on the same table where both use it and nobody owns it', () => {
  const sketch = {
    tables: { [stock]: { owner: null } },
    edges: [`stock migrates ${stock}`, `orders migrates ${stock}`, `stock writes ${stock}`, `orders reads ${stock}`],
  };

  expect(messagesOf(noSharedMigrations, sketch)).toEqual([]);
});

test('reports two services that synchronize the entities of a copied file', () => {
  const users = 'mysql:main/shop#users';
  const sketch = {
    tables: { [users]: { owner: null } },
    edges: [`auth migrates ${users}`, `profile migrates ${users}`, `auth writes ${users}`],
  };

  expect(messagesOf(noSharedMigrations, sketch)).toEqual(['auth and profile migrate mysql:main/shop#users, one table']);
});
