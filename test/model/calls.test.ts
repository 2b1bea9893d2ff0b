import { expect, test } from 'vitest';
import { compose, saysOf, service, systemIn } from '../says-of.ts';

const orders = service('orders', { 'src/main.js': `require('express')().listen(3001);` });

test('an address in the environment leads to the service of that name', () => {
  const web = service('web', {
    'src/main.js': `const axios = require('axios'); exports.f = id => axios.get(\`\${process.env.ORDERS_URL}/orders/\${id}\`);`,
  });
  expect(
    saysOf({ ...web, ...orders, ...compose({ web: 'environment:\n  ORDERS_URL: http://orders:3001', orders: '' }) }),
  ).toEqual(['web calls orders']);
});

test('a container answers to its name and its aliases, not to the name of a folder alone', () => {
  const web = service('web', { 'src/main.js': `exports.f = () => fetch('http://orders_container:3001/orders');` });
  expect(saysOf({ ...web, ...orders, ...compose({ web: '', orders: 'container_name: orders_container' }) })).toEqual([
    'web calls orders',
  ]);
});

test('an address outside the repository is no edge and nothing to resolve', () => {
  const web = service('web', { 'src/main.js': `exports.f = () => fetch('https://api.payments.example/charges');` });
  expect(saysOf({ ...web, ...orders, ...compose({ web: '', orders: '' }) })).toEqual([]);
});

test('a variable that nobody reads, a link and a list of origins are no calls', () => {
  const web = service('web', {
    'src/main.js': `const cors = require('cors'); const axios = require('axios'); const link = 'http://orders:3001'; exports.f = () => [link, cors({ origin: ['http://orders:3001'] }), axios.create({ baseURL: 'http://orders:3001' })];`,
  });
  expect(
    saysOf({ ...web, ...orders, ...compose({ web: 'environment:\n  ORDERS_URL: http://orders:3001', orders: '' }) }),
  ).toEqual([]);
});

test('a base is kept by what is made of a client: instances, classes, fields', () => {
  const web = service('web', {
    'src/api.ts': `import axios, { AxiosInstance } from 'axios'; export class Api { private readonly http: AxiosInstance; constructor(base: string) { this.http = axios.create({ baseURL: base }); } get(path: string) { return this.http.get(path); } }`,
    'src/main.ts': `import { Api } from './api'; const api = new Api(process.env.ORDERS ?? 'http://orders:3001'); export const f = () => api.get('/orders');`,
  });
  expect(saysOf({ ...web, ...orders, ...compose({ web: '', orders: '' }) })).toEqual(['web calls orders']);
});

test('a port of this machine is the service that listens there, by its code, its variables or its container file', () => {
  const web = service('web', {
    'src/main.js': `const got = require('got'); exports.f = () => [got('http://localhost:3001/a'), got.post('http://localhost:4000/b'), got('http://localhost:9000/c')];`,
  });
  const users = service('users', {
    'src/main.js': `require('express')().listen(process.env.PORT);`,
    '.env': 'PORT=4000\n',
  });
  const books = service('books', { 'src/main.js': `require('express')().listen(80);` });
  expect(
    saysOf({
      ...web,
      ...orders,
      ...users,
      ...books,
      ...compose({ web: '', orders: '', users: '', books: 'ports:\n  - 9000:80' }),
    }),
  ).toEqual(['web calls books', 'web calls orders', 'web calls users']);
});

test('where two services listen on a port, the name that the address is written under decides', () => {
  const users = service('users', { 'src/main.js': `require('express')().listen(3001);` });
  const inCode = {
    'src/main.js': `const axios = require('axios'); const urls = { ORDERS_API_URL: 'http://localhost:3001' }; exports.f = () => axios.get(urls.ORDERS_API_URL + '/orders');`,
  };
  const given = {
    'src/main.js': `const axios = require('axios'); exports.f = () => axios.get(process.env.ORDERS_API_URL + '/orders');`,
    '.env.example': 'ORDERS_API_URL=http://localhost:3001\n',
  };
  for (const files of [inCode, given])
    expect(
      saysOf({ ...service('web', files), ...orders, ...users, ...compose({ web: '', orders: '', users: '' }) }),
    ).toEqual(['web calls orders (likely)']);
});

test('a variable that is set nowhere is what it is for others, else the service that it is named after', () => {
  const web = service('web', { 'src/main.js': `exports.f = () => fetch(process.env.ORDERS_SERVICE_URL + '/orders');` });
  expect(saysOf({ ...web, ...orders, ...compose({ web: '', orders: '' }) })).toEqual(['web calls orders (likely)']);
});

test('what cannot be told is listed with an annotation, and the annotation settles it', () => {
  const source = (comment: string): Record<string, string> =>
    service('web', { 'src/main.js': `exports.f = url =>\n${comment}  fetch(url);\n` });
  const others = { ...orders, ...compose({ web: '', orders: '' }) };
  expect(saysOf({ ...source(''), ...others })).toEqual([
    '? whom web calls over http at web/src/main.js:2: // lintel: calls <service>',
  ]);
  expect(saysOf({ ...source('  // lintel: calls orders\n'), ...others })).toEqual(['web calls orders']);
});

test('a call by a library is a call of who uses it, and of nobody where it is only made', () => {
  const library = {
    'libs/clients/package.json': '{"name":"@shop/clients","main":"index.ts"}',
    'libs/clients/index.ts': `import axios from 'axios'; const client = (base: string) => { const http = axios.create({ baseURL: base }); return { list: () => http.get('/all') }; }; export const clients = { orders: client('http://orders:3001'), users: client('http://users:3002') };`,
  };
  const web = service('web', {
    'src/main.ts': `import { clients } from '@shop/clients'; export const f = () => clients.orders.list();`,
  });
  const users = service('users', { 'src/main.js': `require('express')().listen(3002);` });
  expect(
    saysOf({
      'package.json': '{"workspaces":["libs/*","web","orders","users"]}',
      ...library,
      ...web,
      ...orders,
      ...users,
      ...compose({ web: '', orders: '', users: '' }),
    }),
  ).toEqual(['web calls orders']);
});

test('a call reaches the endpoint with its method and path', () => {
  const users = service('users', {
    'src/main.ts': `import { NestFactory } from '@nestjs/core'; import { Module } from '@nestjs/common'; import { Users } from './users'; @Module({ controllers: [Users] }) class App {} NestFactory.create(App).then(app => app.listen(3000));`,
    'src/users.ts': `import { Controller, Get, Post } from '@nestjs/common'; @Controller('users') export class Users { @Get(':id') one() {} @Get('me') me() {} @Post() add() {} }`,
  });
  const web = service('web', {
    'src/main.js': `exports.f = id => [fetch('http://users:3000/users/' + id), fetch('http://users:3000/users/me'), fetch('http://users:3000/users', { method: 'POST' })];`,
  });
  const files = { ...web, ...users, ...compose({ web: '', users: '' }) };
  expect(systemIn(files).endpoints.map(e => e.id)).toEqual([
    'users GET /users/:id',
    'users GET /users/me',
    'users POST /users',
  ]);
  expect(saysOf(files)).toEqual([
    'web calls users GET /users/:id',
    'web calls users GET /users/me',
    'web calls users POST /users',
  ]);
});

test('proxies of code and of files call what they hand requests on to', () => {
  const gateway = service('gateway', {
    'src/main.js': `const { createProxyMiddleware } = require('http-proxy-middleware'); const app = require('express')(); const routes = [{ path: '/orders', proxy: { target: 'http://orders:3001' } }]; routes.forEach(r => app.use(r.path, createProxyMiddleware(r.proxy)));`,
  });
  expect(saysOf({ ...gateway, ...orders, ...compose({ gateway: '', orders: '' }) })).toEqual(['gateway calls orders']);
  const web = service('web', {
    'src/main.js': `document.title = 'shop';`,
    'nginx.conf': `upstream backend { server orders:3001; }\nserver {\n  location /api/ {\n    # proxy_pass http://elsewhere;\n    proxy_pass http://backend/;\n  }\n}\n`,
  });
  expect(saysOf({ ...web, ...orders, ...compose({ web: '', orders: '' }) })).toEqual(['web calls orders']);
});

test('a page that asks for a path asks the service that the ingress leads the path to', () => {
  const client = {
    'client/package.json': '{"name":"client","scripts":{"dev":"next"},"dependencies":{"next":"14","react":"18"}}',
    'client/Dockerfile': 'FROM node\nCMD npm run dev\n',
    'client/pages/index.js': `import axios from 'axios'; export const load = () => axios.get('/api/orders/mine');`,
  };
  const manifest = (name: string): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  template:\n    metadata:\n      labels:\n        app: ${name}\n    spec:\n      containers:\n        - name: ${name}\n          image: shop/${name}\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}-srv\nspec:\n  selector:\n    app: ${name}\n`;
  expect(
    saysOf({
      ...client,
      ...orders,
      'k8s/client.yaml': manifest('client'),
      'k8s/orders.yaml': manifest('orders'),
      'k8s/ingress.yaml': `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: way\nspec:\n  rules:\n    - http:\n        paths:\n          - path: /api/orders/?(.*)\n            backend:\n              service:\n                name: orders-srv\n          - path: /?(.*)\n            backend:\n              service:\n                name: client-srv\n`,
    }),
  ).toEqual(['client calls orders']);
});

test('a sidecar of Dapr calls the application that a header names', () => {
  const web = service('web', {
    'src/main.js': `const axios = require('axios'); exports.f = () => axios.get('http://localhost:3500/orders', { headers: { 'dapr-app-id': process.env.APP || 'orders-app' } });`,
  });
  expect(saysOf({ ...web, ...orders, ...compose({ web: '', orders: '' }) })).toEqual(['web calls orders (likely)']);
});

test('clients of GraphQL and tRPC call when they are asked', () => {
  const web = service('web', {
    'src/main.ts': `import { ApolloClient, ApolloLink, createHttpLink } from '@apollo/client'; import { createTRPCClient, httpLink } from '@trpc/client'; const client = new ApolloClient({ link: ApolloLink.from([createHttpLink({ uri: 'http://orders:3001/graphql' })]) }); const rpc = createTRPCClient({ links: [httpLink({ url: 'http://users:3002/trpc' })] }); export const f = () => [client.query({}), rpc.users.list.query()];`,
  });
  const users = service('users', { 'src/main.js': `require('express')().listen(3002);` });
  expect(saysOf({ ...web, ...orders, ...users, ...compose({ web: '', orders: '', users: '' }) })).toEqual([
    'web calls orders',
    'web calls users',
  ]);
});

test('routes of Express have the prefixes of what they are mounted on, in other files too', () => {
  const users = service('users', {
    'src/main.js': `const express = require('express'); const app = express(); const api = express.Router(); require('pg'); api.use('/users', require('./users')); app.use('/api', api); app.get('/health', (req, res) => res.end()); app.get('etag'); app.listen(3000);`,
    'src/users.js': `const router = require('express').Router(); const { Pool } = require('pg'); const pool = new Pool(); router.get('/:id', () => pool.query('select 1')); router.route('/').post(() => {}).all(() => {}); module.exports = router;`,
  });
  expect(systemIn({ ...users, ...compose({ users: '' }) }).endpoints.map(e => e.id)).toEqual([
    'users ANY /api/users',
    'users GET /api/users/:id',
    'users GET /health',
    'users POST /api/users',
  ]);
});

test('a wrapper that is seen with and without a path calls what it is given', () => {
  const web = service('web', {
    'src/main.ts': `import axios from 'axios'; const api = axios.create({ baseURL: 'http://orders:3001' }); export const get = (path: string) => api.get(path); export const f = () => get('/orders');`,
  });
  const orders = service('orders', {
    'src/main.js': `const app = require('express')(); app.get('/orders', (_, res) => res.json([])); app.listen(3001);`,
  });
  expect(saysOf({ ...web, ...orders, ...compose({ web: '', orders: '' }) })).toEqual(['web calls orders GET /orders']);
});

test('a call of gRPC goes to who serves it, not to who took its port on this machine', () => {
  const serve = (name: string, port: number) =>
    service(name, {
      'src/main.js': `const grpc = require('@grpc/grpc-js'); const proto = grpc.loadPackageDefinition(load()); const server = new grpc.Server(); server.addService(proto.shop.${name}.service, {}); server.bindAsync('0.0.0.0:${port}', null, () => {});`,
    });
  const web = service('web', {
    'src/main.js': `const grpc = require('@grpc/grpc-js'); const proto = grpc.loadPackageDefinition(load()); const payments = new proto.shop.Payments(process.env.PAYMENTS, null); exports.f = () => payments.Pay({}, () => {});`,
    '.env.example': 'PAYMENTS=localhost:50055\n',
  });
  expect(
    saysOf({
      ...web,
      ...serve('Payments', 50057),
      ...serve('Admin', 50055),
      ...compose({ web: '', Payments: '', Admin: 'ports: ["50055:50055"]' }),
    }),
  ).toEqual(['web calls Payments']);
});
