import { expect, test } from 'vitest';
import type { System } from '../../src/model/system.ts';
import { compose, saysOf, service, systemIn } from '../says-of.ts';

/** The endpoints of one service, and whether it may have more. */
function routesOf(files: Readonly<Record<string, string>>): string[] {
  return routesIn(systemIn({ ...service('orders', files), ...compose({ orders: '' }) }));
}

function routesIn({ endpoints, services }: System): string[] {
  const open = services.flatMap(s => (s.openRoutes ? ['and maybe more'] : []));
  return [...endpoints.map(e => `${e.method} ${e.path}`), ...open];
}

test('Express: a router is below every path of the routers that it is in, and in no other place', () => {
  expect(
    routesOf({
      'src/main.js': `const express = require('express'); const app = express(); app.use(express.json(), require('cors')()); app.use('/api', require('./api')); app.get('/health', (req, res) => res.send('ok')); app.use((req, res) => res.status(404).end()); app.listen(3000);`,
      'src/api.js': `const { Router } = require('express'); const api = Router(); api.use('/orders', require('./orders')); module.exports = api;`,
      'src/orders.js': `const router = require('express').Router(); router.get('/:id', (req, res) => res.send({})).post('/', (req, res) => res.send({})); module.exports = router;`,
    }),
  ).toEqual(['GET /api/orders/:id', 'GET /health', 'POST /api/orders']);
});

test('Express: what answers to paths that are not written out is told', () => {
  const main = (rest: string): Record<string, string> => ({
    'src/main.js': `const express = require('express'); const app = express(); app.get('/orders', (req, res) => res.send([])); ${rest} app.listen(3000);`,
  });
  expect(routesOf(main(''))).toEqual(['GET /orders']);
  expect(routesOf(main(`app.use((req, res, next) => next()); app.use(require('helmet')());`))).toEqual(['GET /orders']);
  const more = [
    `app.use((req, res) => res.send('anything'));`,
    `app.use(express.static('public'));`,
    `app.use('/files', require('some-server')());`,
    `app.use(require('express-openapi-validator').middleware({}));`,
    `for (const file of require('fs').readdirSync('./routes')) app.use(require('./routes/' + file));`,
    `const { createProxyMiddleware } = require('http-proxy-middleware'); app.use('/users', createProxyMiddleware({ target: 'http://users' }));`,
  ];
  for (const rest of more) expect([rest, ...routesOf(main(rest))]).toEqual([rest, 'GET /orders', 'and maybe more']);
  expect(routesOf(main(`app.get(paths.of('stock'), (req, res) => res.send(1));`))).toEqual([
    'GET /orders',
    'and maybe more',
  ]);
  expect(routesOf(main(`app.get('*', (req, res) => res.send('page'));`))).toEqual([
    'GET /*',
    'GET /orders',
    'and maybe more',
  ]);
  expect(routesOf(main(`app.all('*', () => { throw new NotFoundError(); });`))).toEqual(['GET /orders']);
});

test('routes in files that nothing seen loads may be routes', () => {
  expect(
    routesOf({
      'src/main.js': `const app = require('express')(); app.get('/orders', (req, res) => res.send([])); load(app); app.listen(3000);`,
      'src/routes/stock.js': `module.exports = app => { app.get('/stock', (req, res) => res.send([])); };`,
    }),
  ).toEqual(['GET /orders', 'and maybe more']);
});

test('Koa: a prefix stands before the paths of a router, wherever it is mounted', () => {
  expect(
    routesOf({
      'src/main.js': `const Koa = require('koa'); const mount = require('koa-mount'); const api = require('./api'); const app = new Koa(); app.use(require('koa-bodyparser')()); app.use(api.routes()).use(api.allowedMethods()); const admin = new Koa(); admin.use(require('./admin').routes()); app.use(mount('/admin', admin)); app.listen(3000);`,
      'src/api.js': `const Router = require('@koa/router'); const orders = require('./orders'); const api = new Router({ prefix: '/api' }); api.use('/v1', orders.routes(), orders.allowedMethods()); module.exports = api;`,
      'src/orders.js': `const Router = require('@koa/router'); const router = new Router({ prefix: '/orders' }); router.get('list', '/', ctx => {}).post('/:id/cancel', ctx => {}); module.exports = router;`,
      'src/admin.js': `const Router = require('@koa/router'); const router = new Router(); router.get('/users', ctx => {}); module.exports = router;`,
    }),
  ).toEqual(['GET /admin/users', 'GET /api/v1/orders', 'POST /api/v1/orders/:id/cancel']);
});

test('Fastify: routes of plugins are below the prefixes that they are registered with', () => {
  expect(
    routesOf({
      'src/main.ts': `import Fastify from 'fastify'; import cors from '@fastify/cors'; import { orders } from './orders'; import health from './health'; const app = Fastify({ logger: true }); app.register(cors); app.register(orders, { prefix: '/api' }); app.register(health, { prefix: '/not-here' }); app.register(async inner => { inner.delete('/stock/:id', async () => {}); }, { prefix: '/admin' }); app.listen({ port: 3000 });`,
      'src/orders.ts': `import type { FastifyInstance } from 'fastify'; export async function orders(app: FastifyInstance) { app.get('/orders', async () => []); app.route({ method: ['PUT', 'PATCH'], url: '/orders/:id', handler: async () => {} }); await app.register(items, { prefix: '/orders/:id' }); } async function items(app: FastifyInstance) { app.post<{ Body: string }>('/items', { schema: {} }, async () => {}); }`,
      'src/health.ts': `import fp from 'fastify-plugin'; export default fp(async app => { app.get('/health', async () => 'ok'); });`,
    }),
  ).toEqual([
    'DELETE /admin/stock/:id',
    'GET /api/orders',
    'GET /health',
    'PATCH /api/orders/:id',
    'POST /api/orders/:id/items',
    'PUT /api/orders/:id',
  ]);
});

test('Fastify: folders of plugins that are loaded by themselves', () => {
  expect(
    routesOf({
      'src/main.js': `const path = require('path'); const app = require('fastify')(); app.register(require('@fastify/autoload'), { dir: path.join(__dirname, 'routes'), options: { prefix: '/api' } }); app.listen({ port: 3000 });`,
      'src/routes/root.js': `module.exports = async function (app) { app.get('/', async () => 'ok'); };`,
      'src/routes/orders/index.js': `module.exports = async function (app) { app.get('/:id', async () => 'ok'); };`,
      'src/routes/orders/helper.js': `module.exports = async function (app) { app.get('/never', async () => 'ok'); };`,
      'src/routes/stock/all.js': `module.exports = async function (app) { app.get('/', async () => 'ok'); }; module.exports.autoPrefix = '/goods';`,
    }).slice(0, 3),
  ).toEqual(['GET /api', 'GET /api/goods', 'GET /api/orders/:id']);
});

test('Hapi: routes one by one and in lists, plugins below a prefix, and no other object with a path', () => {
  expect(
    routesOf({
      'src/main.ts': `import * as Hapi from '@hapi/hapi'; import { routes } from './routes'; import { stock } from './stock'; const menu = [{ path: '/menu', method: 'GET' }]; export async function start() { const server = Hapi.server({ port: 3000, routes: { cors: true } }); server.route({ method: 'GET', path: '/ping', handler: () => 'pong' }); server.route(routes()); await server.register({ plugin: stock, routes: { prefix: '/stock' } }); await server.start(); } start();`,
      'src/routes.ts': `import * as Hapi from '@hapi/hapi'; export const routes = (): Hapi.ServerRoute[] => [{ method: 'POST', path: '/orders', options: { handler: () => 1 } }, { method: ['PUT', 'PATCH'], path: '/orders/{id}', handler: () => 1 }];`,
      'src/stock.ts': `import * as Hapi from '@hapi/hapi'; export const stock = { name: 'stock', register: async (server: Hapi.Server) => { server.route({ method: '*', path: '/{id?}', handler: () => 1 }); } };`,
    }),
  ).toEqual(['ANY /stock/{id?}', 'GET /ping', 'PATCH /orders/{id}', 'POST /orders', 'PUT /orders/{id}']);
});

test('Hono: apps within apps, base paths, and routes for OpenAPI', () => {
  expect(
    routesOf({
      'src/main.ts': `import { serve } from '@hono/node-server'; import { Hono } from 'hono'; import { logger } from 'hono/logger'; import { OpenAPIHono, createRoute } from '@hono/zod-openapi'; import { orders } from './orders'; const app = new Hono(); app.use('*', logger()); app.route('/orders', orders); app.on(['PUT', 'POST'], '/stock', c => c.text('')); const api = app.basePath('/api'); api.get('/ping', c => c.text('')); const docs = new OpenAPIHono(); docs.openapi(createRoute({ method: 'get', path: '/users/{id}', responses: {} }), c => c.json({})); app.route('/v1', docs); app.notFound(c => c.text('', 404)); serve({ fetch: app.fetch, port: 3000 }); fetch('http://elsewhere.example/');`,
      'src/orders.ts': `import { Hono } from 'hono'; export const orders = new Hono().get('/', c => c.json([])).post('/:id/cancel', c => c.json({}));`,
    }),
  ).toEqual([
    'GET /api/ping',
    'GET /orders',
    'GET /v1/users/:id',
    'POST /orders/:id/cancel',
    'POST /stock',
    'PUT /stock',
  ]);
});

test('Restify: methods by their names, paths as text or in options', () => {
  expect(
    routesOf({
      'src/main.js': `const restify = require('restify'); const server = restify.createServer(); server.use(restify.plugins.queryParser()); server.get('/orders/:id', (req, res, next) => next()); server.del({ path: '/orders/:id', name: 'drop' }, (req, res, next) => next()); server.listen(3000);`,
    }),
  ).toEqual(['DELETE /orders/:id', 'GET /orders/:id']);
});

test('a call reaches a route below prefixes, and one whose last parameter is left out', () => {
  const orders = service('orders', {
    'src/main.js': `const app = require('express')(); const router = require('express').Router(); router.get('/orders/:id?', (req, res) => res.send([])); app.use('/api', router); app.listen(3000);`,
  });
  const web = service('web', {
    'src/main.js': `exports.f = () => [fetch('http://orders:3000/api/orders'), fetch('http://orders:3000/api/orders/1', { method: 'HEAD' })];`,
  });
  expect(saysOf({ ...orders, ...web, ...compose({ orders: '', web: '' }) })).toEqual([
    'web calls orders GET /api/orders/:id?',
  ]);
});

const nest = (main: string, module = ''): Record<string, string> => ({
  'src/main.ts': `import { NestFactory } from '@nestjs/core'; import { VersioningType, RequestMethod, type INestApplication } from '@nestjs/common'; import { App } from './app'; async function start() { const app = await NestFactory.create(App); ${main} await app.listen(3000); } start();`,
  'src/app.ts': `import { Module } from '@nestjs/common'; import { RouterModule } from '@nestjs/core'; import { Orders, Health } from './orders'; @Module({ controllers: [Orders] }) class Shop {} @Module({ controllers: [Health], imports: [Shop, ${module}] }) export class App {}`,
  'src/orders.ts': `import { Controller, Get, Post, Version, VERSION_NEUTRAL } from '@nestjs/common'; @Controller('orders') export class Orders { @Get(':id') one() {} @Version('2') @Post() add() {} } @Controller({ path: 'health', version: VERSION_NEUTRAL }) export class Health { @Get() ok() {} @Post() no() {} }`,
});

test('Nest: a global prefix, but for what is left out', () => {
  expect(routesOf(nest(''))).toEqual(['GET /health', 'GET /orders/:id', 'POST /health', 'POST /orders']);
  expect(
    routesOf(nest(`app.setGlobalPrefix('api', { exclude: [{ path: 'health', method: RequestMethod.GET }] });`)),
  ).toEqual(['GET /api/orders/:id', 'GET /health', 'POST /api/health', 'POST /api/orders']);
});

test('Nest: versions in paths, after the prefix', () => {
  expect(
    routesOf(
      nest(
        `app.setGlobalPrefix('api'); const versions = (given: INestApplication) => given.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }); versions(app);`,
      ),
    ),
  ).toEqual(['GET /api/health', 'GET /api/v1/orders/:id', 'POST /api/health', 'POST /api/v2/orders']);
  expect(routesOf(nest(`app.enableVersioning({ type: VersioningType.HEADER, header: 'v' });`))).toEqual(
    routesOf(nest('')),
  );
});

test('Nest: the path of a module', () => {
  expect(
    routesOf(nest(`app.setGlobalPrefix('api');`, `RouterModule.register([{ path: 'shop', module: Shop }])`)),
  ).toEqual(['GET /api/health', 'GET /api/shop/orders/:id', 'POST /api/health', 'POST /api/shop/orders']);
});

test('Nest: a prefix counts for the service that sets it only', () => {
  const users = nest(`app.setGlobalPrefix('api');`);
  expect(
    systemIn({ ...service('orders', nest('')), ...service('users', users), ...compose({ orders: '', users: '' }) })
      .endpoints.filter(e => e.path.endsWith('/orders'))
      .map(e => e.id),
  ).toEqual(['orders POST /orders', 'users POST /api/orders']);
});

test('Nest: middleware that answers by itself', () => {
  expect(routesOf(nest(`app.use(require('helmet')()); app.use((req, res, next) => next());`))).toEqual(
    routesOf(nest('')),
  );
  const more = [
    `app.use('/metrics', (req, res) => res.send(''));`,
    `app.use(require('some-server')());`,
    `app.useStaticAssets('public');`,
    `const serve = (given: any) => given.use((req: any, res: any) => res.send('')); serve(other);`,
  ];
  for (const main of more) expect([main, ...routesOf(nest(main))]).toContain('and maybe more');
});

test('Next.js: routes by where files are, below the base path, of the service in that folder', () => {
  const web = {
    'web/package.json': '{"name":"web","scripts":{"start":"next start"},"dependencies":{"next":"15","react":"19"}}',
    'web/Dockerfile': 'FROM node\nCMD next start\n',
    'web/next.config.mjs': `export default { basePath: '/shop' };`,
    'web/src/app/api/orders/[id]/route.ts': `export async function GET() {}\nexport const DELETE = auth(async () => {});\nexport const runtime = 'edge';\n`,
    'web/src/app/(admin)/stock/[[...rest]]/route.ts': `const handler = () => {};\nexport { handler as GET, handler as POST };\n`,
    'web/src/app/_lib/route.ts': `export async function GET() {}\n`,
    'web/src/app/orders/page.tsx': `export default function Page() {}\n`,
    'web/pages/api/users/index.ts': `export default function handler() {}\n`,
    'web/pages/api/users/names.ts': `export const names = [];\n`,
  };
  expect(routesIn(systemIn({ ...web, ...compose({ web: '' }) }))).toEqual([
    'ANY /shop/api/users',
    'DELETE /shop/api/orders/:id',
    'GET /shop/api/orders/:id',
    'GET /shop/stock/*',
    'POST /shop/stock/*',
    'and maybe more',
  ]);
  expect(
    routesIn(systemIn({ ...web, 'web/next.config.mjs': 'export default { basePath };', ...compose({ web: '' }) })),
  ).toEqual(['and maybe more']);
});

test('Express: guards before a router pass on what they do not turn down, and a catch-all may only say that there is nothing', () => {
  const routes = (rest: string): string[] =>
    routesOf({
      'src/main.js': `const express = require('express'); const { guard } = require('@shop/guards'); const app = express(); const router = express.Router(); router.get('/items', (q, r) => r.end()); ${rest} app.listen(3000);`,
    });
  expect(
    routes(`app.use('/api', guard, router); app.all(/(.*)/, (q, r) => r.status(404).json({ message: 'not found' }));`),
  ).toEqual(['GET /api/items']);
  expect(routes(`app.use('/api', router, guard);`)).toContain('and maybe more');
  expect(routes(`app.use('/api', router); app.all(/(.*)/, (q, r) => r.end());`)).toContain('and maybe more');
});
