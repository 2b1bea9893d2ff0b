import { expect, test } from 'vitest';
import type { Address, GatewayRoute, Site } from '../../src/model/system.ts';
import { compose, service, systemIn } from '../says-of.ts';

type Files = Readonly<Record<string, string>>;

function sitesIn(files: Files): Site[] {
  return systemIn(files).edges.flatMap(edge => (edge.kind === 'calls' ? (edge.sites ?? []) : []));
}

function addressesIn(files: Files): (Address | undefined)[] {
  return sitesIn(files).map(({ address }) => address);
}

const stock = service('stock', { 'src/main.js': "require('express')().listen(3000);\n" });
const asking = (url: string): Files => ({
  ...service('orders', { 'src/main.js': `exports.left = () => fetch(${url});\n` }),
  ...stock,
});

test('tells an address that is written from one that a variable gives, and from its default', () => {
  const files = compose({ orders: '', stock: '' });

  expect(addressesIn({ ...asking("'http://stock:3000/items'"), ...files })).toMatchObject([
    { by: 'written', text: 'http://stock:3000', at: { file: 'orders/src/main.js', line: 1 } },
  ]);
  expect(
    addressesIn({ ...asking("(process.env.STOCK_URL ?? 'http://stock:3000') + '/items'"), ...files }),
  ).toMatchObject([{ by: 'default', text: 'http://stock:3000', variable: 'STOCK_URL' }]);
  expect(
    addressesIn({
      ...asking("process.env.STOCK_URL + '/items'"),
      ...compose({ orders: 'environment:\n  STOCK_URL: http://user:pass@stock:3000', stock: '' }),
    }),
  ).toMatchObject([
    { by: 'given', text: 'http://stock:3000', variable: 'STOCK_URL', at: { file: 'docker-compose.yml', line: 5 } },
  ]);
});

test('tells nothing of an address that is chosen by a variable', () => {
  const url = "process.env.NODE_ENV === 'production' ? process.env.STOCK_URL : 'http://stock:3000'";
  expect(addressesIn({ ...asking(url), ...compose({ orders: '', stock: '' }) })).toEqual([undefined]);
});

test('takes the address of a call by name from the client that makes it', () => {
  const files = {
    ...service('orders', {
      'src/main.ts': `import { Inject, Module } from '@nestjs/common';
import { ClientProxy, ClientsModule, Transport } from '@nestjs/microservices';
class Left {
  constructor(@Inject('STOCK') private readonly stock: ClientProxy) {}
  of(item: string) { return this.stock.send('left', item); }
}
@Module({
  imports: [ClientsModule.register([{ name: 'STOCK', transport: Transport.TCP, options: { host: '127.0.0.1', port: 4001 } }])],
  providers: [Left],
})
export class AppModule {}
`,
    }),
    ...service('stock', {
      'src/main.ts': `import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
@Controller()
export class Stock { @MessagePattern('left') left() { return 3; } }
`,
    }),
    ...compose({ orders: '', stock: '' }),
  };

  expect(addressesIn(files)).toMatchObject([
    { by: 'written', text: '127.0.0.1:4001', at: { file: 'orders/src/main.ts', line: 8 } },
  ]);
});

test('names the manifests that start a service with nothing but its default', () => {
  const files = asking("(process.env.STOCK_URL ?? 'http://localhost:3000') + '/items'");
  const both = { ...files, ...compose({ orders: '', stock: '' }) };
  const unset = [{ file: 'docker-compose.yml', line: 2 }];

  expect(addressesIn(both)).toMatchObject([{ by: 'default', unsetIn: unset }]);
  expect(addressesIn({ ...both, '.env.example': 'STOCK_URL=http://stock:3000\n' })).toMatchObject([{ unsetIn: unset }]);
  expect(addressesIn({ ...both, 'orders/.env': 'STOCK_URL=http://localhost:3000\n' })).toMatchObject([
    { unsetIn: unset },
  ]);
  expect(addressesIn({ ...both, 'orders/.env': 'STOCK_URL=http://stock:3000\n' })[0]).not.toHaveProperty('unsetIn');
  expect(addressesIn(files)[0]).not.toHaveProperty('unsetIn');
});

test('knows that a Secret or a chart may set what is not seen', () => {
  const files = asking("(process.env.STOCK_URL ?? 'http://localhost:3000') + '/items'");
  const deployment = (name: string, more = '') =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec:\n  template:\n    spec:\n      containers:\n        - name: ${name}\n          image: shop/${name}\n${more}`;
  const cluster = (more: string) => ({
    ...files,
    'k8s/orders.yaml': deployment('orders', more),
    'k8s/stock.yaml': deployment('stock'),
  });

  expect(addressesIn(cluster(''))).toMatchObject([{ unsetIn: [{ file: 'k8s/orders.yaml' }] }]);
  const secret = '          envFrom: [{ secretRef: { name: orders } }]\n';
  expect(addressesIn(cluster(secret))[0]).not.toHaveProperty('unsetIn');
});

test('does not tell the method of a request whose options are not known', () => {
  const wrapper = `const ask = (path, options) => {
  options.headers = { ...options.headers, 'x-shop': '1' };
  return fetch('http://stock:3000' + path, options);
};
exports.left = given => ask('/items', given);
exports.right = () => fetch('http://stock:3000/orders');
`;
  const files = { ...service('orders', { 'src/main.js': wrapper }), ...stock, ...compose({ orders: '', stock: '' }) };

  expect(sitesIn(files).filter(({ path }) => path !== undefined)).toMatchObject([
    expect.not.objectContaining({ method: 'GET' }),
    { method: 'GET', path: '/orders' },
  ]);
});

test('marks a call that an ingress leads to its target', () => {
  const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop }
spec:
  rules:
    - http:
        paths:
          - path: /items
            backend: { service: { name: stock, port: { number: 80 } } }
`;
  const files = { ...asking("'http://ingress-nginx-controller/items/7'"), 'k8s/ingress.yaml': ingress };

  expect(sitesIn(files)).toMatchObject([{ path: '/items/7', routed: true }]);
});

test('lists whom gateways hand on to, and whether anything has that name', () => {
  const conf = `upstream items { server stock:3000; }
server {
  location /items { proxy_pass http://items; }
  location /cache { proxy_pass http://redis:6379; }
  location /gone { proxy_pass http://billing:3000; }
  location /far { proxy_pass http://\${FAR_HOST}:3000; }
}
`;
  const system = systemIn({
    ...stock,
    'edge/nginx.conf': conf,
    'docker-compose.yml': 'services:\n  stock: { build: ./stock }\n  cache: { image: redis, container_name: redis }\n',
  });
  const told = ({ path, host, isThere }: GatewayRoute) => `${path} ${host} ${isThere}`;

  expect(system.routes.map(told)).toEqual(['/items stock true', '/cache redis true', '/gone billing false']);
});
