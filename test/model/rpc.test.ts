import { expect, test } from 'vitest';
import { compose, saysOf, service, systemIn } from '../says-of.ts';

/** A service whose package.json names what it depends on. */
function program(name: string, dependencies: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return {
    ...service(name, files),
    [`${name}/package.json`]: `{"name":"${name}","dependencies":{"${dependencies}":"*"}}`,
  };
}

const shop = compose({ orders: '', stock: '' });

test('Moleculer: an action is asked of who makes the service of its name, by way of a runner or a broker', () => {
  expect(
    saysOf({
      ...program('orders', 'moleculer', {
        'services/orders.service.js': `module.exports = { name: 'orders', actions: { place: { async handler(ctx) { await ctx.call('goods.reserve', {}); await this.broker.call('orders.audit'); await ctx.mcall([{ action: 'prices.get.all' }]); await ctx.call('$node.list'); } }, audit() {} } };`,
      }),
      ...program('stock', 'moleculer', {
        'src/main.js': `const { ServiceBroker } = require('moleculer'); const broker = new ServiceBroker({ transporter: 'NATS' }); broker.createService({ name: 'goods', actions: { reserve(ctx) {} } }); broker.start();`,
      }),
      ...program('prices', 'moleculer', {
        'services/prices.service.js': `module.exports = { name: 'prices', actions: { get() {} } };`,
      }),
      ...compose({ orders: '', stock: '', prices: '' }),
    }),
  ).toEqual(['orders calls prices', 'orders calls stock']);
});

test('Moleculer: versions are part of a name, and classes make services too', () => {
  expect(
    saysOf({
      ...program('orders', 'moleculer', {
        'services/orders.service.ts': `import { Context, Service, ServiceBroker } from 'moleculer'; export default class Orders extends Service { constructor(broker: ServiceBroker) { super(broker); this.parseServiceSchema({ name: 'orders', actions: { place: { handler: this.place } } }); } place(c: Context) { return c.call('v2.goods.reserve'); } later() { return this.broker.call('goods.reserve'); } }`,
      }),
      ...program('stock', 'moleculer', {
        'services/goods.service.ts': `import type { ServiceSchema } from 'moleculer'; const goods: ServiceSchema = { name: 'goods', version: 2, actions: { reserve() {} } }; export default goods;`,
      }),
      ...program('archive', 'moleculer', {
        'services/goods.service.ts': `export default { name: 'goods', actions: { reserve() {} } };`,
      }),
      ...compose({ orders: '', stock: '', archive: '' }),
    }),
  ).toEqual(['orders calls archive', 'orders calls stock']);
});

test('Moleculer: a call between services of one process is none, and one that nobody answers is to be resolved', () => {
  const orders = program('orders', 'moleculer', {
    'services/orders.service.js': `module.exports = { name: 'orders', actions: { async place(ctx) {\n await ctx.call('goods.reserve');\n await ctx.call(ctx.params.action); } } };`,
    'services/goods.service.js': `module.exports = { name: 'goods', actions: { reserve() {} } };`,
  });
  const stock = program('stock', 'moleculer', {
    'services/goods.service.js': `module.exports = { name: 'goods', actions: { reserve() {} } };`,
  });
  expect(saysOf({ ...orders, ...stock, ...shop })).toEqual([
    '? whom orders calls over moleculer at orders/services/orders.service.js:3: // lintel: calls <service>',
  ]);
});

test('Moleculer: events are told and heard by name and by pattern', () => {
  expect(
    saysOf({
      ...program('orders', 'moleculer', {
        'services/orders.service.js': `module.exports = { name: 'orders', actions: { place(ctx) { ctx.emit('order.placed'); this.broker.broadcast('order.line.added'); } } };`,
      }),
      ...program('stock', 'moleculer', {
        'services/goods.service.js': `module.exports = { name: 'goods', events: { 'order.placed': { handler() {} }, 'order.**'() {}, '$services.changed'() {} } };`,
      }),
      ...shop,
    }),
  ).toEqual([
    'orders publishes moleculer:order.line.added',
    'orders publishes moleculer:order.placed',
    'stock consumes moleculer:order.line.added',
    'stock consumes moleculer:order.placed',
  ]);
});

test('Moleculer: a gateway calls the actions that its paths are, and those with paths where it looks for them', () => {
  const files = {
    ...program('gateway', 'moleculer', {
      'services/api.service.js': `const Web = require('moleculer-web'); module.exports = { name: 'api', mixins: [Web], settings: { port: 3000, routes: [{ path: '/api', aliases: { 'GET /orders/:id': ['auth', 'orders.get'], 'REST returns': 'returns' } }, { path: '/auto', whitelist: ['goods.*', 'prices.*'], autoAliases: true }] } };`,
    }),
    ...program('orders', 'moleculer', {
      'services/orders.service.js': `module.exports = { name: 'orders', actions: { get() {} } };`,
    }),
    ...program('stock', 'moleculer', {
      'services/goods.service.js': `module.exports = { name: 'goods', actions: { list: { rest: 'GET /', handler() {} } } };`,
      'services/more.service.js': `module.exports = { name: 'more', actions: { list: { rest: 'GET /', handler() {} } } };`,
    }),
    ...program('prices', 'moleculer', {
      'services/prices.service.js': `module.exports = { name: 'prices', actions: { list() {} } };`,
    }),
    ...program('returns', 'moleculer', {
      'services/returns.service.js': `module.exports = { name: 'returns', mixins: [] };`,
    }),
    ...compose({ gateway: '', orders: '', stock: '', prices: '', returns: '' }),
  };
  expect(saysOf(files)).toEqual(['gateway calls orders', 'gateway calls returns', 'gateway calls stock']);
  expect(systemIn(files).endpoints.map(e => e.id)).toContain('gateway DELETE /api/returns/:id');
});

test('Moleculer: decorators name services, their versions and events', () => {
  expect(
    saysOf({
      ...program('orders', 'moleculer', {
        'src/orders.service.ts': `import { Action, Service } from 'moleculer-decorators'; import { Context, Service as Base } from 'moleculer'; @Service({ name: 'orders' }) export default class Orders extends Base { @Action() async place(ctx: Context) { await ctx.call('v1.goods.reserve'); await this.broker.emit('order.placed'); } }`,
      }),
      ...program('stock', 'moleculer', {
        'src/goods.service.ts': `import { Action, Event, Service } from 'moleculer-decorators'; import { Service as Base } from 'moleculer'; @Service({ name: 'goods', version: 1 }) export default class Goods extends Base { @Action() reserve() {} @Event() 'order.placed'() {} }`,
      }),
      ...shop,
    }),
  ).toEqual(['orders calls stock', 'orders publishes moleculer:order.placed', 'stock consumes moleculer:order.placed']);
});

test('an object with actions is no service where nothing of Moleculer is there', () => {
  expect(
    saysOf({
      ...service('orders', {
        'src/store.js': `const pg = require('pg'); module.exports = { name: 'orders', actions: { place(ctx) { ctx.call('goods.reserve'); } } };`,
      }),
      ...service('stock', { 'src/store.js': `module.exports = { name: 'goods', actions: { reserve() {} } };` }),
      ...shop,
    }),
  ).toEqual([]);
});

test('Seneca: a message goes to who added the pattern that it holds, be it in a plugin', () => {
  expect(
    saysOf({
      ...service('orders', {
        'src/main.js': `require('seneca')().use('./logic').client({ host: 'stock', port: 9001, pin: 'role:goods,cmd:*' }).listen(9000);`,
        'src/logic.js': `module.exports = function logic() { this.add('role:orders,cmd:place', function (msg, reply) { this.act({ role: 'goods', cmd: 'reserve', id: msg.id, count: 1 }, reply); this.act('role:orders,cmd:audit'); this.act('role:entity,cmd:save', msg); }); this.add({ role: 'orders', cmd: 'audit' }, () => {}); };`,
      }),
      ...service('stock', {
        'src/main.js': `const seneca = require('seneca')(); seneca.add({ role: 'goods', cmd: 'reserve' }, (msg, reply) => reply()); seneca.listen({ port: 9001, pin: 'role:goods' });`,
      }),
      ...service('archive', {
        'src/main.js': `require('seneca')().add('role:goods,cmd:reserve,old:true', (msg, reply) => reply()).listen(9002);`,
      }),
      ...compose({ orders: '', stock: '', archive: '' }),
    }),
  ).toEqual(['orders calls stock']);
});

test('Seneca: where two add one pattern, the client with its pin tells them apart, and a pin alone is enough', () => {
  const goods = `const seneca = require('seneca')(); seneca.add('role:goods,cmd:reserve', (msg, reply) => reply()); seneca.listen(9001);`;
  expect(
    saysOf({
      ...service('orders', {
        'src/main.js': `const seneca = require('seneca')(); seneca.client({ host: 'stock', port: 9001, pin: { role: 'goods' } }); seneca.client({ host: 'prices', port: 9003, pin: 'role:prices' }); exports.f = id => {\n  seneca.act('role:goods,cmd:reserve', { id });\n  seneca.act('role:prices,cmd:get', { id });\n  seneca.act('role:nobody,cmd:get');\n};`,
      }),
      ...service('stock', { 'src/main.js': goods }),
      ...service('archive', { 'src/main.js': goods }),
      ...service('prices', { 'src/main.js': `require('seneca')().use('some-plugin').listen(9003);` }),
      ...compose({ orders: '', stock: '', archive: '', prices: '' }),
    }),
  ).toEqual([
    '? whom orders calls over seneca at orders/src/main.js:4: // lintel: calls <service>',
    'orders calls prices',
    'orders calls stock',
  ]);
});

test('Connect: a client calls over the address of its transport, and by the name of the service where that tells', () => {
  const gen = `export const Goods = { typeName: 'shop.v1.GoodsService', methods: {} } as const;`;
  expect(
    saysOf({
      ...service('orders', {
        'src/main.ts': `import { createClient, createPromiseClient } from '@connectrpc/connect'; import { createConnectTransport, createGrpcTransport } from '@connectrpc/connect-node'; import { Goods } from './gen/goods_connect'; import { Prices } from './gen/prices_pb'; const goods = createPromiseClient(Goods, createGrpcTransport({ baseUrl: process.env.GOODS_ADDRESS ?? '' })); const prices = createClient(Prices, createConnectTransport({ baseUrl: 'http://prices:8080' })); createClient(Prices, createConnectTransport({ baseUrl: 'http://idle:8080' })); export const f = () => [goods.reserve({}), prices.get({})];`,
        'src/gen/goods_connect.ts': gen,
      }),
      ...service('stock', {
        'src/main.ts': `import { connectNodeAdapter } from '@connectrpc/connect-node'; import { createServer } from 'http'; import routes from './connect'; createServer(connectNodeAdapter({ routes })).listen(8080);`,
        'src/connect.ts': `import type { ConnectRouter } from '@connectrpc/connect'; import { Goods } from './gen/goods_connect'; export default (router: ConnectRouter) => { router.service(Goods, { reserve() { return {}; } }); };`,
        'src/gen/goods_connect.ts': gen,
      }),
      ...service('prices', { 'src/main.js': `require('http').createServer().listen(8080);` }),
      ...service('idle', { 'src/main.js': `require('http').createServer().listen(8080);` }),
      ...compose({ orders: '', stock: '', prices: '', idle: '' }),
    }),
  ).toEqual(['orders calls prices', 'orders calls stock']);
});

test('gRPC: where nobody is seen to serve it, a stub calls who is at its address', () => {
  expect(
    saysOf({
      ...service('orders', {
        'src/main.js': `const grpc = require('@grpc/grpc-js'); const shop = grpc.loadPackageDefinition(require('@grpc/proto-loader').loadSync('shop.proto')).shop; const goods = new shop.Goods(process.env.STOCK_ADDR); exports.f = done => goods.reserve({}, done);`,
      }),
      ...service('stock', { 'main.go': 'package main\n' }),
      ...shop,
    }),
  ).toEqual(['orders calls stock (likely)']);
});

test('Dapr: applications are asked by name, and topics are carried by its sidecars', () => {
  expect(
    saysOf({
      ...service('orders', {
        'src/main.ts': `import { DaprClient, HttpMethod } from '@dapr/dapr'; const client = new DaprClient(); export const f = async () => { await client.invoker.invoke('stock', 'goods', HttpMethod.POST, {}); await client.pubsub.publish('bus', 'order-placed', {}); };`,
      }),
      ...service('stock', {
        'src/main.ts': `import { DaprServer, HttpMethod } from '@dapr/dapr'; const server = new DaprServer({ serverPort: '5000' }); export const start = async () => { await server.invoker.listen('goods', async () => {}, { method: HttpMethod.POST }); await server.pubsub.subscribe('bus', 'order-placed', async () => {}); await server.start(); };`,
      }),
      ...shop,
    }),
  ).toEqual([
    'orders calls stock POST /goods (likely)',
    'orders publishes dapr:order-placed',
    'stock consumes dapr:order-placed',
  ]);
});

test('Seneca: what is sent by a client without a pin goes to its address', () => {
  expect(
    saysOf({
      ...service('orders', {
        'src/main.js': `const seneca = require('seneca')(); exports.f = cmd => seneca.client({ host: process.env.STOCK_HOST, port: 9001 }).act({ role: 'goods', cmd });`,
      }),
      ...service('stock', { 'src/main.js': `require('seneca')().use('some-plugin').listen(9001);` }),
      ...compose({ orders: 'environment:\n  STOCK_HOST: stock', stock: '' }),
    }),
  ).toEqual(['orders calls stock']);
});

test('Moleculer: a package whose script runs what it finds is a service without a container file', () => {
  const { services } = systemIn({
    'orders/package.json':
      '{"name":"orders","scripts":{"start":"moleculer-runner"},"dependencies":{"moleculer":"0.14"}}',
    'orders/services/orders.service.js': `module.exports = { name: 'orders' };`,
  });
  expect(services.map(s => s.id)).toEqual(['orders']);
});
