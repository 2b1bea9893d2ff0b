import { expect, test } from 'vitest';
import noDatabaseInGateway from '../../../rules/database-per-service/no-database-in-gateway.ts';
import noForeignRead from '../../../rules/database-per-service/no-foreign-read.ts';
import { messagesOf } from '../messages-of.ts';

const users = 'mysql:main/edge#users';

test('reports a gateway that writes a database', () => {
  const sketch = {
    services: { edge: { role: 'gateway' } },
    tables: { [users]: { owner: 'edge' } },
    edges: [`edge writes ${users}`],
  } as const;

  expect(messagesOf(noDatabaseInGateway, sketch)).toEqual(['edge, a gateway, writes mysql:main/edge']);
});

test('accepts counters and cached answers of a gateway', () => {
  const sketch = {
    services: { edge: { role: 'gateway' } },
    edges: ['edge writes redis:cache/0#rate', 'edge writes elasticsearch:logs/#requests'],
  } as const;

  expect(messagesOf(noDatabaseInGateway, sketch)).toEqual([]);
});

test('accepts a service with a database', () => {
  expect(messagesOf(noDatabaseInGateway, { edges: [`users writes ${users}`] })).toEqual([]);
});

test('leaves a backend that reads the table of a service to the rule on reads', () => {
  const sketch = {
    services: { 'web-bff': { role: 'bff' } },
    tables: { [users]: { owner: 'users' } },
    edges: [`users writes ${users}`, 'web-bff connects mysql:main/edge', `web-bff reads ${users}`],
  } as const;

  expect(messagesOf(noDatabaseInGateway, sketch)).toEqual([]);
  expect(messagesOf(noForeignRead, sketch)).toHaveLength(1);
});

test('accepts a web application that alone has its database, and not one that shares it', () => {
  const services = { shop: { role: 'frontend' } } as const;
  const alone = { services, edges: ['shop writes postgres:main/shop#carts'] };
  const shared = { services, edges: ['shop connects postgres:main/shop', 'orders connects postgres:main/shop'] };

  expect(messagesOf(noDatabaseInGateway, alone)).toEqual([]);
  expect(messagesOf(noDatabaseInGateway, shared)).toEqual(['shop, a frontend, connects to postgres:main/shop']);
});
