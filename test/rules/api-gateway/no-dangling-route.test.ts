import { expect, test } from 'vitest';
import noDanglingRoute from '../../../rules/api-gateway/no-dangling-route.ts';
import { compose, service, systemIn } from '../../says-of.ts';
import { at, systemOf } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const stock = { service: 'gateway', path: '/items', host: 'stock', isThere: true, at: at('gateway/nginx.conf', 4) };

test('reports a route to a name that nothing has, and the name that may be meant', () => {
  const lost = { service: 'gateway', path: '/orders', host: 'order', isThere: false, at: at('gateway/nginx.conf', 8) };
  const system = systemOf({ services: { gateway: {}, orders: {}, stock: {} }, routes: [stock, lost] });

  expect(noDanglingRoute.check(system)).toMatchObject([
    {
      message: 'gateway hands /orders on to order, which is not there: did you mean orders?',
      at: { file: 'gateway/nginx.conf', line: 8 },
      service: 'gateway',
    },
  ]);
});

test('names the file where the gateway is no service', () => {
  const place = at('k8s/ingress.yaml', 20);
  expect(
    messagesOf(noDanglingRoute, {
      routes: [
        { path: '/', host: 'web', isThere: true, at: at('k8s/ingress.yaml', 12) },
        { path: '/mail', host: 'notifications', isThere: false, at: place },
      ],
    }),
  ).toEqual(['ingress.yaml hands /mail on to notifications, and no manifest here has anything of that name']);
});

test('accepts what is there, what is not told, and a gateway all of whose targets are elsewhere', () => {
  expect(
    messagesOf(noDanglingRoute, {
      routes: [
        stock,
        { service: 'gateway', host: 'billing', at: at('gateway/nginx.conf', 9) },
        { service: 'edge', host: 'orders', isThere: false, at: at('edge/nginx.conf', 3) },
      ],
    }),
  ).toEqual([]);
});

const nginx = (items: string) => ({
  'gateway/nginx.conf': `upstream shop { server orders:3000; }
server {
  location /orders { proxy_pass http://shop; }
  location /traces { proxy_pass http://jaeger:16686; }
  location /items { proxy_pass ${items}; }
}
`,
});
const shop = {
  ...service('orders', { 'src/main.js': "require('express')().listen(3000);\n" }),
  'docker-compose.yml': `services:
  gateway:
    image: nginx
    volumes: ['./gateway/nginx.conf:/etc/nginx/nginx.conf']
  orders:
    build: ./orders
  jaeger:
    image: jaegertracing/all-in-one
`,
};

test('finds the route that nginx would not start with, and takes containers of others for there', () => {
  expect(noDanglingRoute.check(systemIn({ ...shop, ...nginx('http://stock:3000') }))).toMatchObject([
    { message: 'nginx.conf hands /items on to stock, and no manifest here has anything of that name', at: { line: 5 } },
  ]);
});

test.each(['http://stock.example.com', 'http://127.0.0.1:3000', 'http://$backend', 'http://unix:/run/stock.sock'])(
  'leaves %s alone',
  to => {
    expect(noDanglingRoute.check(systemIn({ ...shop, ...nginx(to) }))).toEqual([]);
  },
);

test('leaves a name alone that another file gives', () => {
  const terraform = { 'infra/main.tf': 'resource "kubernetes_service" "stock" {}\n' };
  expect(noDanglingRoute.check(systemIn({ ...shop, ...nginx('http://stock:3000'), ...terraform }))).toEqual([]);
});

test('finds the backend of an ingress that no Service has the name of', () => {
  const ingress = (...names: string[]) =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: shop }\nspec:\n  rules:\n    - http:\n        paths:\n${names
      .map(
        name =>
          `          - path: /${name}\n            backend:\n              service: { name: ${name}-srv, port: { number: 80 } }\n`,
      )
      .join('')}`;
  const cluster = {
    ...service('orders', { 'src/main.js': "require('express')().listen(3000);\n" }),
    'k8s/orders.yaml':
      'apiVersion: v1\nkind: Service\nmetadata: { name: orders-srv }\nspec: { selector: { app: orders }, ports: [{ port: 80 }] }\n',
  };

  expect(noDanglingRoute.check(systemIn({ ...cluster, 'k8s/ingress.yaml': ingress('orders', 'stock') }))).toMatchObject(
    [{ message: expect.stringContaining('/stock on to stock-srv'), at: { file: 'k8s/ingress.yaml' } }],
  );
  expect(noDanglingRoute.check(systemIn({ ...cluster, 'k8s/ingress.yaml': ingress('orders') }))).toEqual([]);
});

test('finds a proxy in code that leads nowhere', () => {
  const system = systemIn({
    ...service('gateway', {
      'src/main.js': `const { createProxyMiddleware } = require('http-proxy-middleware');
const app = require('express')();
app.use('/orders', createProxyMiddleware({ target: 'http://orders:3000' }));
app.use('/items', createProxyMiddleware({ target: 'http://warehouse:3000' }));
`,
    }),
    ...service('orders', { 'src/main.js': "require('express')().listen(3000);\n" }),
    ...compose({ gateway: '', orders: '' }),
  });

  expect(noDanglingRoute.check(system)).toMatchObject([
    {
      message: 'gateway hands on to warehouse, and no manifest here has anything of that name',
      at: { file: 'gateway/src/main.js', line: 4 },
    },
  ]);
});
