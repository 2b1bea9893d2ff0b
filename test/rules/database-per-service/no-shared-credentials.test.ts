import { expect, test } from 'vitest';
import noSharedCredentials from '../../../rules/database-per-service/no-shared-credentials.ts';
import { systemOf } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const live = { login: 'a1b2', production: true } as const;

test('reports services that log in to one server as one user, each to its own database', () => {
  const system = systemOf({
    edges: [
      ['orders connects postgres:main/orders', live],
      ['billing connects postgres:main/billing', live],
    ],
  });

  expect(noSharedCredentials.check(system)).toMatchObject([
    {
      message: 'billing and orders log in to postgres:main as the same user',
      services: ['billing', 'orders'],
      confidence: 'likely',
    },
  ]);
});

test('leaves one database to the rule on shared databases', () => {
  const edges = [
    ['orders connects postgres:main/shop', live],
    ['billing connects postgres:main/shop', live],
  ] as const;

  expect(messagesOf(noSharedCredentials, { edges })).toEqual([]);
});

test('accepts the same user name on two servers, and two users on one', () => {
  const apart = [
    ['orders connects postgres:one/orders', live],
    ['billing connects postgres:two/billing', live],
  ] as const;
  const own = [
    ['orders connects postgres:main/orders', live],
    ['billing connects postgres:main/billing', { login: 'c3d4', production: true }],
  ] as const;

  expect(messagesOf(noSharedCredentials, { edges: apart })).toEqual([]);
  expect(messagesOf(noSharedCredentials, { edges: own })).toEqual([]);
});

test('only guesses from the environment of a laptop', () => {
  const system = systemOf({
    edges: [
      ['orders connects mongodb:cluster/orders', { login: 'a1b2' }],
      ['stock connects mongodb:cluster/stock', { login: 'a1b2' }],
    ],
  });

  expect(noSharedCredentials.check(system)).toMatchObject([{ confidence: 'guess' }]);
});
