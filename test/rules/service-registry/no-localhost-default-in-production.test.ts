import { expect, test } from 'vitest';
import noLocalhostDefaultInProduction from '../../../rules/service-registry/no-localhost-default-in-production.ts';
import type { Address, Edge } from '../../../src/model/system.ts';
import { compose, service, systemIn } from '../../says-of.ts';
import { at, systemOf } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const inCompose = { evidence: [at('compose.yaml', 8)] };

function calling(known: Partial<Address> = {}): Partial<Edge> {
  const address: Address = {
    by: 'default',
    text: 'http://localhost:3000',
    variable: 'STOCK_URL',
    at: at('orders/src/stock.ts', 2),
    unsetIn: [at('compose.yaml', 3)],
    ...known,
  };
  return { sites: [{ at: at('orders/src/stock.ts', 9), address }] };
}

test('reports a service that is deployed beside another without the variable that says where it is', () => {
  const system = systemOf({ services: { stock: inCompose }, edges: [['orders calls stock', calling()]] });

  expect(noLocalhostDefaultInProduction.check(system)).toMatchObject([
    {
      message: 'orders is deployed without STOCK_URL, and looks for stock at http://localhost:3000',
      at: { file: 'orders/src/stock.ts', line: 2 },
      related: [
        { message: 'orders is started without STOCK_URL here', at: { file: 'compose.yaml', line: 3 } },
        { message: 'orders calls stock here', at: { line: 9 } },
      ],
    },
  ]);
});

test('accepts a variable that is set, a default elsewhere, a callee that is deployed elsewhere, and one in the same pod', () => {
  const edges = (known: Partial<Address> = {}) => [['orders calls stock', calling(known)] as const];
  const check = (known: Partial<Address>, evidence = inCompose.evidence) =>
    messagesOf(noLocalhostDefaultInProduction, { services: { stock: { evidence } }, edges: edges(known) });

  expect(check({ unsetIn: [] })).toEqual([]);
  expect(check({ by: 'given' })).toEqual([]);
  expect(check({ text: 'http://stock:3000' })).toEqual([]);
  expect(check({}, [at('stock/package.json')])).toEqual([]);
  expect(check({}, [at('compose.yaml', 3)])).toEqual([]);
});

const shop = {
  ...service('orders', {
    'src/main.js':
      "const url = process.env.STOCK_URL || 'http://localhost:3000';\nexport const left = () => fetch(url + '/items');\n",
  }),
  ...service('stock', { 'src/main.js': "require('express')().listen(3000);\n" }),
};

test('sees in the manifests that nothing sets the variable', () => {
  const drifted = compose({ orders: 'environment:\n  - STOCK_ADDRESS=http://stock:3000', stock: '' });

  expect(noLocalhostDefaultInProduction.check(systemIn({ ...shop, ...drifted }))).toMatchObject([
    {
      message: 'orders is deployed without STOCK_URL, and looks for stock at http://localhost:3000',
      at: { file: 'orders/src/main.js', line: 1 },
      related: [{ at: { file: 'docker-compose.yml', line: 2 } }, {}],
    },
  ]);
});

test.each([
  ['the manifest sets it', 'environment:\n  STOCK_URL: http://stock:3000'],
  ['its value comes from outside', 'environment:\n  - STOCK_URL'],
  ['an env file is not committed', 'env_file: .env'],
  ['it has the network of its host', 'network_mode: host'],
  ['a vault gives the variables', 'command: doppler run -- node src/main.js'],
])('says nothing where %s', (_, lines) => {
  const system = systemIn({ ...shop, ...compose({ orders: lines, stock: '' }) });
  expect(noLocalhostDefaultInProduction.check(system)).toEqual([]);
});

test('says nothing of a service that no manifest deploys', () => {
  expect(noLocalhostDefaultInProduction.check(systemIn(shop))).toEqual([]);
});
