import { expect, test } from 'vitest';
import noUnverifiedToken from '../../../rules/jwt/no-unverified-token.ts';
import type { Practice } from '../../../src/model/system.ts';
import { at } from '../../system-of.ts';
import { messages } from '../practices.ts';

const token = (service: string, verified: boolean, ...flaws: (Practice & { kind: 'token' })['flaws']): Practice => ({
  kind: 'token',
  verified,
  flaws,
  service,
  evidence: [at(`${service}/src/caller.ts`, 4)],
});

test('reports a service that reads tokens and verifies none', () => {
  expect(messages(noUnverifiedToken, { services: { orders: {} }, practices: [token('orders', false)] })).toEqual([
    'orders learns who calls from a token whose signature it never verifies',
  ]);
});

test('reports a check that proves nothing, be the service behind a gateway or not', () => {
  const practices = [
    token('orders', true, 'accepts-none'),
    token('billing', true, 'ignores-expiry'),
    token('gateway', true),
  ];
  expect(
    messages(noUnverifiedToken, { services: { orders: {}, billing: {}, gateway: { role: 'gateway' } }, practices }),
  ).toEqual([
    'orders accepts tokens that nobody has signed: `none` is one of its algorithms',
    'billing accepts tokens after they have expired',
  ]);
});

// novu: a decorator decodes what the guard of Passport has verified before
test('accepts a token that the service verifies at another place', () => {
  expect(
    messages(noUnverifiedToken, { services: { api: {} }, practices: [token('api', false), token('api', true)] }),
  ).toEqual([]);
});

test('accepts a token that a gateway, or whoever calls the service, has verified', () => {
  const practices = [token('orders', false), token('bff', true)];
  expect(messages(noUnverifiedToken, { services: { orders: {}, bff: { role: 'bff' } }, practices })).toEqual([]);
  expect(
    messages(noUnverifiedToken, {
      edges: ['billing calls orders'],
      practices: [token('orders', false), token('billing', true)],
    }),
  ).toEqual([]);
});

test('says nothing of pages, and of functions behind the gateway of a cloud', () => {
  const services = { web: { role: 'frontend' }, partners: { role: 'function' } } as const;
  expect(messages(noUnverifiedToken, { services, practices: [token('web', false), token('partners', false)] })).toEqual(
    [],
  );
});
