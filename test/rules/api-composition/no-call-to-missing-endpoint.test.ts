import { expect, test } from 'vitest';
import noCallToMissingEndpoint from '../../../rules/api-composition/no-call-to-missing-endpoint.ts';
import type { Edge, Service, Site } from '../../../src/model/system.ts';
import { compose, service, systemIn } from '../../says-of.ts';
import { at, systemOf } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const endpoints = ['auth GET /auth/current-user', 'auth POST /auth/tokens/:user', 'auth POST /auth/login'];
const address = { by: 'given', text: 'http://auth:3000', at: at('compose.yaml', 4) } as const;

function asking(method: string, path: string, known: Partial<Site> = {}): readonly [string, Partial<Edge>] {
  return ['web calls auth', { sites: [{ at: at('web/src/auth.ts', 7), method, path, address, ...known }] }];
}

const login: readonly [string, Partial<Edge>] = ['web calls auth', { to: 'auth POST /auth/login' }];

function said(method: string, path: string, site: Partial<Site> = {}, auth: Partial<Service> = {}): string[] {
  return messagesOf(noCallToMissingEndpoint, {
    services: { auth },
    endpoints,
    edges: [login, asking(method, path, site)],
  });
}

test('reports a call of something that is not offered, with what is', () => {
  const system = systemOf({ endpoints, edges: [login, asking('GET', '/auth/currentuser')] });

  expect(noCallToMissingEndpoint.check(system)).toMatchObject([
    {
      message: 'web asks auth for GET /auth/currentuser, which it does not offer: did you mean GET /auth/current-user?',
      at: { file: 'web/src/auth.ts', line: 7 },
      related: [{ message: 'auth offers GET /auth/current-user here', at: { file: 'auth/src/routes.ts' } }],
      service: 'web',
    },
  ]);
});

test('tells a wrong method from a wrong path, and a name that is like none', () => {
  expect(said('GET', '/auth/tokens/:any')).toEqual([
    'web asks auth for GET /auth/tokens/…, which it offers by POST only',
  ]);
  expect(said('POST', '/auth/passwords')).toEqual(['web asks auth for POST /auth/passwords, which it does not offer']);
});

test('accepts what is offered, whatever case and parts that are not known', () => {
  for (const path of ['/auth/login', '/auth/LOGIN/', '/auth/:any', '/:any/login', '/auth/tokens/7', '/auth/:any/7'])
    expect(said('POST', path)).toEqual([]);
  expect(said('HEAD', '/auth/current-user')).toEqual([]);
});

test('accepts what may be answered by what was not read: other prefixes, other resources', () => {
  expect(said('POST', '/api/v1/auth/login')).toEqual([]);
  expect(said('POST', '/login')).toEqual([]);
  expect(said('GET', '/invoices')).toEqual([]);
});

test('says nothing of a call of which method, address or way is not known, nor of a guess', () => {
  const { method: _, ...site } = { at: at('web/src/auth.ts', 7), path: '/auth/currentuser', address, method: 'GET' };
  expect(
    messagesOf(noCallToMissingEndpoint, { endpoints, edges: [login, ['web calls auth', { sites: [site] }]] }),
  ).toEqual([]);
  expect(said('GET', '/auth/currentuser', { routed: true })).toEqual([]);
  expect(said('GET', '/auth/currentuser', { address: { ...address, text: '/auth/currentuser' } })).toEqual([]);
  const [sentence, known] = asking('GET', '/auth/currentuser');
  expect(
    messagesOf(noCallToMissingEndpoint, { endpoints, edges: [login, [sentence, { ...known, confidence: 'guess' }]] }),
  ).toEqual([]);
});

test('says nothing where it does not know all that a service answers to', () => {
  const asked = ['GET', '/auth/currentuser'] as const;
  expect(said(...asked, {}, { openRoutes: true })).toEqual([]);
  expect(said(...asked, {}, { language: 'java' })).toEqual([]);
  expect(messagesOf(noCallToMissingEndpoint, { endpoints, edges: [asking(...asked)] })).toEqual([]);
  expect(
    messagesOf(noCallToMissingEndpoint, {
      endpoints: [...endpoints, 'auth GET /:any/users'],
      edges: [login, asking(...asked)],
    }),
  ).toEqual([]);
  expect(
    messagesOf(noCallToMissingEndpoint, { endpoints: endpoints.slice(2), edges: [login, asking(...asked)] }),
  ).toEqual([]);
});

test('finds the calls of a gateway that the service behind it has outgrown', () => {
  const system = systemIn({
    ...service('gateway', {
      'src/main.js': `const axios = require('axios');
const auth = axios.create({ baseURL: process.env.AUTH_URL + '/api/v1/auth' });
exports.signIn = body => auth.post('/signin', body);
exports.current = () => auth.get('/currentuser');
exports.refresh = user => auth.get(\`/refresh-token/\${user}\`);
`,
    }),
    ...service('auth', {
      'src/main.js': `const express = require('express');
const router = express.Router();
router.post('/signin', (q, s) => s.end());
router.get('/current-user', (q, s) => s.end());
router.post('/refresh-token/:user', (q, s) => s.end());
const app = express();
app.use('/api/v1/auth', router);
app.listen(4002);
`,
    }),
    ...compose({ gateway: 'environment:\n  AUTH_URL: http://auth:4002', auth: '' }),
  });

  expect(noCallToMissingEndpoint.check(system).map(({ message }) => message)).toEqual([
    'gateway asks auth for GET /api/v1/auth/currentuser: did you mean GET /api/v1/auth/current-user?',
    'gateway asks auth for GET /api/v1/auth/refresh-token/…, which it offers by POST only',
  ]);
});
