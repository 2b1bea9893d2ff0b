import { expect, test } from 'vitest';
import noPublishedDatabasePort from '../../../rules/database-per-service/no-published-database-port.ts';
import { at, systemOf } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const shop = 'postgres:shop-db/shop';
const live = { port: 5432, production: true, evidence: at('docker-compose.prod.yml', 8) };

test('reports a database whose port is open in production', () => {
  expect(
    noPublishedDatabasePort.check(systemOf({ datastores: { [shop]: { owner: 'orders', published: [live] } } })),
  ).toMatchObject([
    {
      message: 'postgres:shop-db can be reached from outside its network at port 5432',
      at: live.evidence,
      service: 'orders',
      datastore: shop,
      confidence: 'certain',
    },
  ]);
});

test('accepts a database that stays inside', () => {
  expect(messagesOf(noPublishedDatabasePort, { edges: [`orders connects ${shop}`] })).toEqual([]);
});

test('only guesses from a compose file for development, which opens ports on purpose', () => {
  const published = [{ port: 5433, production: false, evidence: at('docker-compose.yml', 5) }];

  expect(noPublishedDatabasePort.check(systemOf({ datastores: { [shop]: { published } } }))[0]?.confidence).toBe(
    'guess',
  );
});

test('tells one open port once, however many databases the server holds', () => {
  const datastores = { [shop]: { published: [live] }, 'postgres:shop-db/stock': { published: [live] } };

  expect(noPublishedDatabasePort.check(systemOf({ datastores }))).toMatchObject([{ at: live.evidence, related: [] }]);
});

test('tells two systems in one repository apart, each with a server of the same name', () => {
  const published = [live, { ...live, evidence: at('clinic/docker-compose.prod.yml', 4) }];

  expect(messagesOf(noPublishedDatabasePort, { datastores: { [shop]: { published } } })).toHaveLength(2);
});
