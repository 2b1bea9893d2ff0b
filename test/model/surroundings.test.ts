import { describe, expect, test } from 'vitest';
import type { Site } from '../../src/model/system.ts';
import { compose, service, systemIn } from '../says-of.ts';

const stores = compose({
  orders: 'environment: { DATABASE_URL: "postgres://main/orders", STOCK_URL: "http://stock:3000" }',
  stock: '',
});
const stock = service('stock', {
  'src/main.js': `const express = require('express'); const app = express(); app.post('/reservations', (q, r) => r.end()); app.get('/items/:id', (q, r) => r.end()); app.listen(3000);`,
});

/** What is said of the calls and messages of orders, whose program is given. */
function sitesOf(program: string, more: Readonly<Record<string, string>> = {}): readonly Site[] {
  const files = {
    ...service('orders', { 'src/main.js': program, ...more }),
    ...stock,
    ...stores,
    'orders/package.json': '{"name":"orders","dependencies":{"axios":"1","knex":"3","kafkajs":"2","amqplib":"1"}}',
  };
  const system = systemIn(files);
  return [...system.edges, ...system.outbound].flatMap(e =>
    ('from' in e ? e.from : e.service) === 'orders' ? (e.sites ?? []) : [],
  );
}

const knex = `const knex = require('knex')({ client: 'pg', connection: process.env.DATABASE_URL });`;
const axios = `const axios = require('axios'); const stock = process.env.STOCK_URL;`;
const kafka = `const { Kafka } = require('kafkajs'); const producer = new Kafka({ brokers: ['k'] }).producer();`;

describe('a transaction', () => {
  test('is open while its callback runs, in what that calls too', () => {
    const [site] = sitesOf(`${knex} ${axios}
const reserve = () => axios.post(stock + '/reservations');
exports.place = () =>
  knex.transaction(async trx => {
    await trx('orders').insert({});
    await reserve();
  });`);
    expect(site).toMatchObject({ inTransaction: { at: { line: 4 }, call: { line: 6 } } });
  });

  test('is open between the calls that begin and end it', () => {
    const sites = sitesOf(`${knex} ${axios}
exports.place = async () => {
  await axios.get(stock + '/items/1');
  const trx = await knex.transaction();
  await trx('orders').insert({});
  await axios.post(stock + '/reservations');
  await trx.commit();
};`);
    expect(sites.map(s => [s.method, s.inTransaction?.at.line])).toEqual([
      ['GET', undefined],
      ['POST', 4],
    ]);
  });

  test('is none where it touches no data, and is over in a callback that runs later', () => {
    const sites = sitesOf(`${knex} ${axios} const sentry = require('./sentry'); const bus = require('./bus');
exports.trace = () => sentry.transaction(async () => axios.post(stock + '/reservations'));
exports.place = () =>
  knex.transaction(async trx => {
    await trx('orders').insert({});
    bus.on('ready', () => axios.get(stock + '/items/1'));
  });`);
    expect(sites.map(s => s.inTransaction)).toEqual([undefined, undefined]);
  });
});

test('a loop repeats what is called in it, be it by a statement or by a method of a list', () => {
  const sites = sitesOf(`${axios}
const item = id => axios.get(stock + '/items/' + id);
exports.all = async ids => { for (const id of ids) await item(id); };
exports.each = ids => Promise.all(ids.map(id => axios.post(stock + '/reservations', id)));
exports.one = () => axios.patch(stock + '/reservations');`);
  expect(sites.map(s => [s.method, s.inLoop?.call.line])).toEqual([
    ['PATCH', undefined],
    ['GET', 3],
    ['POST', 4],
  ]);
});

describe('a timeout', () => {
  const limit = (program: string): readonly (string | undefined)[] =>
    sitesOf(`${axios}\n${program}`).map(s => s.timeout);

  test('is set by the call, by its client, or by what waits for both', () => {
    expect(limit(`exports.f = () => axios.get(stock + '/items/1', { timeout: 900 });`)).toEqual(['set']);
    expect(
      limit(`const c = axios.create({ baseURL: stock, timeout: 900 }); exports.f = () => c.get('/items/1');`),
    ).toEqual(['set']);
    expect(limit(`exports.f = () => fetch(stock + '/items/1', { signal: AbortSignal.timeout(900) });`)).toEqual([
      'set',
    ]);
    expect(limit(`axios.defaults.timeout = 900; exports.f = () => axios.get(stock + '/items/1');`)).toEqual(['set']);
    expect(limit(`exports.f = later => Promise.race([fetch(stock + '/items/1'), later]);`)).toEqual(['set']);
  });

  test('is none where all options are known, and unknown where one is not', () => {
    expect(limit(`exports.f = () => axios.get(stock + '/items/1');`)).toEqual(['none']);
    expect(
      limit(`const c = axios.create({ baseURL: stock }); exports.f = () => c.get('/items/1', { params: {} });`),
    ).toEqual(['none']);
    expect(limit(`exports.f = options => axios.get(stock + '/items/1', options);`)).toEqual([undefined]);
    expect(limit(`exports.f = options => axios.get(stock + '/items/1', { ...options });`)).toEqual([undefined]);
  });
});

test('what sends a request again, and what keeps it from a service that is down', () => {
  const [site] = sitesOf(`${axios} const pRetry = require('p-retry'); const CircuitBreaker = require('opossum');
const reserve = () => pRetry(() => axios.post(stock + '/reservations', {}, { headers: { 'Idempotency-Key': '1' } }));
const breaker = new CircuitBreaker(reserve);
exports.f = () => breaker.fire();`);
  expect(site).toMatchObject({
    retry: { line: 2 },
    guards: [{ kind: 'circuit-breaker', at: { line: 3 } }],
    headers: ['idempotency-key'],
  });
});

test('what a mesh does for the calls of a service is said of them', () => {
  const mesh = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: stock }
spec:
  host: stock
  trafficPolicy:
    outlierDetection: { consecutive5xxErrors: 5 }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: stock }
spec:
  hosts: [stock]
  http:
    - route: [{ destination: { host: stock } }]
      timeout: 2s
`;
  const program = `${axios} exports.f = () => axios.get(stock + '/items/1');`;
  expect(sitesOf(program, { 'k8s/mesh.yaml': mesh })).toMatchObject([
    { timeout: 'set', guards: [{ kind: 'circuit-breaker', at: { file: 'orders/k8s/mesh.yaml', line: 7 } }] },
  ]);
  const some = mesh.replace(
    '      timeout: 2s',
    "      timeout: 2s\n    - route: [{ destination: { host: 'stock' } }]",
  );
  expect(sitesOf(program, { 'k8s/mesh.yaml': some })).toMatchObject([{ timeout: 'none' }]);
});

test('a call that waits for another without needing its answer', () => {
  const sites = sitesOf(`${axios}
exports.f = async () => {
  const one = await axios.get(stock + '/items/1');
  const two = await axios.get(stock + '/items/2');
  const three = await axios.post(stock + '/reservations', two);
  return [one, two, three];
};`);
  expect(sites.map(s => [s.path, s.waitsFor?.line])).toEqual([
    ['/items/1', undefined],
    ['/items/2', 3],
    ['/reservations', undefined],
  ]);
});

test('a message after a write, and not one before', () => {
  const sites = sitesOf(`${knex} ${kafka}
const save = order => knex('orders').insert(order);
exports.place = async order => {
  await producer.send({ topic: 'order-asked', messages: [] });
  await save(order);
  await producer.send({ topic: 'order-placed', messages: [] });
};`);
  expect(sites.map(s => s.afterWrite?.at.line)).toEqual([undefined, 2]);
});

test('a message after a transaction comes after what was written in it', () => {
  const [site] = sitesOf(`${knex} ${kafka}
exports.place = async order => {
  await knex.transaction(async trx => {
    await trx('orders').insert(order);
  });
  await producer.send({ topic: 'order-placed', messages: [] });
};`);
  expect([site?.afterWrite?.at.line, site?.inTransaction]).toEqual([4, undefined]);
});

test('a message that a module publishes when it is loaded, or after a function that runs later, comes after no write', () => {
  const bus = `${knex} ${kafka} const bus = require('./bus'); const save = order => knex('orders').insert(order);`;
  const loaded = `${bus} save({}); producer.send({ topic: 'started', messages: [] });`;
  const later = `${bus} exports.f = () => { bus.on('order', save); producer.send({ topic: 'started', messages: [] }); };`;
  expect([loaded, later].flatMap(p => sitesOf(p).map(s => s.afterWrite))).toEqual([undefined, undefined]);
});

test('when a consumer says that it is done', () => {
  const amqp = `const amqp = require('amqplib'); ${knex}
exports.f = async () => { const channel = await (await amqp.connect('amqp://bus')).createChannel();`;
  const early = `${amqp} channel.consume('q', async m => { channel.ack(m); await knex('orders').insert({}); }); };`;
  const caught = `${amqp} channel.consume('q', async m => { try { await knex('orders').insert({}); channel.ack(m); } catch { channel.publish('', 'q', m.content); } }); };`;
  const late = `${amqp} channel.consume('q', async m => { await knex('orders').insert({}); channel.ack(m); }); };`;
  const never = `${amqp} channel.consume('q', async m => { await knex('orders').insert({}); }, { noAck: true }); };`;
  const said = [early, caught, late, never].map(p => sitesOf(p).flatMap(s => s.acknowledged?.how ?? []));
  expect(said).toEqual([['early'], ['after-work'], ['after-work'], ['automatic']]);
});

test('the group of a consumer of Kafka', () => {
  const [site] =
    sitesOf(`const { Kafka } = require('kafkajs'); const consumer = new Kafka({ brokers: ['k'] }).consumer({ groupId: process.env.GROUP || 'shop' });
exports.f = () => consumer.subscribe({ topic: 'order-placed' });`);
  expect(site?.group).toBe('shop');
});

test('where an address comes from', () => {
  const sites = sitesOf(`const axios = require('axios');
exports.a = () => axios.get('http://user:secret@stock:3000/items/1');
exports.b = () => axios.post((process.env.OTHER_URL || 'http://stock:3000') + '/reservations');
exports.c = () => axios.get(process.env.STOCK_URL + '/items/2');`);
  expect(sites.map(s => [s.path, s.address?.by, s.address?.text, s.address?.variable])).toEqual([
    ['/items/1', 'written', 'http://stock:3000', undefined],
    ['/items/2', 'given', 'http://stock:3000', 'STOCK_URL'],
    ['/reservations', 'default', 'http://stock:3000', 'OTHER_URL'],
  ]);
});
