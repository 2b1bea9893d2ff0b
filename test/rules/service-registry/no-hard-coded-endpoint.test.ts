import { expect, test } from 'vitest';
import { patterns } from '../../../rules/index.ts';
import noHardCodedEndpoint from '../../../rules/service-registry/no-hard-coded-endpoint.ts';
import { runRules } from '../../../src/check/run.ts';
import { emptyConfig } from '../../../src/config.ts';
import type { Address, Edge } from '../../../src/model/system.ts';
import { compose, service, systemIn } from '../../says-of.ts';
import { at, systemOf } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

function calling(text: string, by: Address['by'] = 'written', line = 9): Partial<Edge> {
  return { sites: [{ at: at('orders/src/stock.ts', line), address: { by, text, at: at('orders/src/stock.ts', 2) } }] };
}

test('reports an address of another service that is written into the code, where it is written', () => {
  const system = systemOf({ edges: [['orders calls stock', calling('http://localhost:3000')]] });

  expect(noHardCodedEndpoint.check(system)).toMatchObject([
    {
      message: 'orders calls stock at http://localhost:3000, an address written into the code',
      at: { file: 'orders/src/stock.ts', line: 2 },
      related: [
        { message: 'orders calls stock here', at: { line: 9 } },
        { message: 'stock is defined here', at: { file: 'stock/package.json' } },
      ],
      services: ['orders', 'stock'],
    },
  ]);
});

test('takes a name that DNS resolves for a lighter matter than an IP', () => {
  const severityOf = (text: string) =>
    runRules(systemOf({ edges: [['orders calls stock', calling(text)]] }), patterns, emptyConfig)
      .filter(({ rule }) => rule === noHardCodedEndpoint.id)
      .map(({ severity }) => severity);

  expect(severityOf('http://10.0.3.7')).toEqual(['warn']);
  expect(severityOf('127.0.0.1:50051')).toEqual(['warn']);
  expect(severityOf('http://stock:3000')).toEqual(['info']);
  expect(severityOf('http://stock')).toEqual([]);
});

test('reports a place once, however many calls it serves', () => {
  const sites = [9, 12].flatMap(line => calling('http://localhost:3000', 'written', line).sites ?? []);
  expect(messagesOf(noHardCodedEndpoint, { edges: [['orders calls stock', { sites }]] })).toHaveLength(1);
});

test('accepts what a variable decides, names that are resolved, paths of a page, and guesses', () => {
  expect(
    messagesOf(noHardCodedEndpoint, {
      services: { web: { role: 'frontend' } },
      edges: [
        ['orders calls stock', calling('http://stock:3000', 'given')],
        ['orders calls billing', calling('http://localhost:3000', 'default')],
        ['orders calls mail', calling('mail', 'name')],
        ['orders calls search', calling('http://localhost::any')],
        ['orders calls users', { ...calling('http://localhost:3000'), confidence: 'guess' }],
        ['web calls orders', calling('http://localhost:3000')],
      ],
    }),
  ).toEqual([]);
});

test('finds the table of addresses that a gateway keeps', () => {
  const system = systemIn({
    ...service('gateway', {
      'src/addresses.js': "module.exports = { ORDERS_URL: 'http://localhost:8081' };",
      'src/main.js':
        "const proxy = require('express-http-proxy');\nconst { ORDERS_URL } = require('./addresses');\nconst app = require('express')();\napp.use('/orders', proxy(ORDERS_URL));\n",
    }),
    ...service('orders', { 'src/main.js': "const app = require('express')();\napp.listen(8081);\n" }),
  });

  expect(noHardCodedEndpoint.check(system)).toMatchObject([
    {
      message: 'gateway calls orders at http://localhost:8081, an address written into the code',
      at: { file: 'gateway/src/addresses.js', line: 1 },
    },
  ]);
});

test('accepts an address that is chosen by a variable', () => {
  const system = systemIn({
    ...service('orders', {
      'src/main.js':
        "const url = process.env.NODE_ENV === 'development' ? 'http://localhost:3000' : process.env.STOCK_URL;\nexport const left = () => fetch(url + '/items');\n",
    }),
    ...service('stock', { 'src/main.js': "require('express')().listen(3000);\n" }),
    ...compose({ orders: '', stock: 'ports: ["3000:3000"]' }),
  });

  expect(noHardCodedEndpoint.check(system)).toEqual([]);
});
