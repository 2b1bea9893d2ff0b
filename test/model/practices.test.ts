import { expect, test } from 'vitest';
import { emptyConfig } from '../../src/config.ts';
import { analyse } from '../../src/model/analyse.ts';
import { treeOf } from '../../src/model/tree.ts';

const practicesIn = (files: Readonly<Record<string, string>>) =>
  analyse(treeOf(files), emptyConfig).system.practices.map(({ kind, service, evidence, ...rest }) => ({
    says: `${service} ${kind} ${evidence.map(({ file, line }) => `${file}:${line}`).join(' ')}`,
    ...rest,
  }));

const service = (name: string, main: string): Record<string, string> => ({
  [`${name}/package.json`]: JSON.stringify({
    name,
    scripts: { start: 'node src/main.js' },
    dependencies: { express: '5' },
  }),
  [`${name}/Dockerfile`]:
    'FROM node:24\nCOPY . .\nHEALTHCHECK CMD curl -f http://localhost:3000/health\nCMD ["node", "src/main.js"]\n',
  [`${name}/src/main.js`]: main,
});
const compose = 'services:\n  orders:\n    build: ./orders\n  billing:\n    build: ./billing\n';
const app = "const app = require('express')();\napp.listen(3000);\n";

test('a healthcheck of compose goes before that of the image', () => {
  expect(
    practicesIn({
      ...service('orders', app),
      ...service('billing', app),
      'compose.yaml': `${compose}    healthcheck:\n      test: curl -f http://localhost:3000/ready\n`,
    }),
  ).toEqual([
    { says: 'billing probe compose.yaml:7', probe: 'container', path: '/ready', port: 3000 },
    { says: 'orders probe orders/Dockerfile:3', probe: 'container', path: '/health', port: 3000 },
  ]);
});

test('a path that the code writes is told from one that it does not know', () => {
  const routes =
    "const app = require('express')();\napp.get('/orders', list);\nhealth(app, { path: '/health' });\napp.listen(3000);\n";
  const paths = (path: string) =>
    practicesIn({
      ...service('orders', routes),
      'compose.yaml': `services:\n  orders:\n    build: ./orders\n    healthcheck:\n      test: curl -f localhost:3000${path}\n`,
    });
  expect(paths('/health')).toMatchObject([{ path: '/health', written: true }]);
  expect(paths('/healthz')).toEqual([
    { says: 'orders probe compose.yaml:5', probe: 'container', path: '/healthz', port: 3000 },
  ]);
});

test('what a library does is done by the services that load it, and tests and scripts do nothing', () => {
  const agent = "const https = require('https');\nexports.agent = new https.Agent({ rejectUnauthorized: false });\n";
  const what = 'the certificates of servers that it calls';
  expect(
    practicesIn({
      'package.json': JSON.stringify({ workspaces: ['orders', 'billing', 'agent'] }),
      ...service('orders', `const { agent } = require('agent');\n${app}`),
      ...service('billing', app),
      'billing/test/main.js': agent,
      'billing/fix-prices.js': agent,
      'agent/package.json': JSON.stringify({ name: 'agent', main: 'index.js' }),
      'agent/index.js': agent,
    }).filter(({ says }) => !says.includes('probe')),
  ).toEqual([{ says: 'orders unverified-tls agent/index.js:2', what }]);
});

test('a variable that switches verification off, in manifests of production and others', () => {
  const off = "    environment: { NODE_TLS_REJECT_UNAUTHORIZED: '0' }\n";
  const what = 'the certificate of any server';
  expect(
    practicesIn({
      ...service('orders', app),
      'compose.yaml': `services:\n  orders:\n    build: ./orders\n${off}`,
      'compose.prod.yaml': `services:\n  orders:\n    build: ./orders\n${off}`,
    }).filter(({ says }) => !says.includes('probe')),
  ).toEqual([
    { says: 'orders unverified-tls compose.prod.yaml:4', what, production: true },
    { says: 'orders unverified-tls compose.yaml:4', what },
  ]);
});

test('a token of a caller that is read, and one that is checked', () => {
  const read = "const jwt = require('jsonwebtoken');\nexports.of = request => jwt.decode(request.headers.token);\n";
  expect(
    practicesIn({
      ...service('orders', `const of = require('./caller');\n${app}`),
      'orders/src/caller.js': `${read}exports.check = token => jwt.verify(token, process.env.KEY);\n`,
      'compose.yaml': 'services:\n  orders:\n    build: ./orders\n    healthcheck: { disable: true }\n',
    }),
  ).toEqual([
    { says: 'orders token orders/src/caller.js:2', verified: false, flaws: [] },
    { says: 'orders token orders/src/caller.js:3', verified: true, flaws: [] },
  ]);
});
