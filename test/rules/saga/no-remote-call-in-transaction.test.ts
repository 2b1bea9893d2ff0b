import { expect, test } from 'vitest';
import noRemoteCallInTransaction from '../../../rules/saga/no-remote-call-in-transaction.ts';
import { at } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const inTransaction = { at: at('orders/place.ts', 3), call: at('orders/place.ts', 5) };
const site = { at: at('orders/place.ts', 5), inTransaction };

test('reports a call of another service inside a transaction once, however many endpoints it may reach', () => {
  expect(
    messagesOf(noRemoteCallInTransaction, {
      edges: [
        ['orders calls payments', { sites: [site] }],
        ['orders calls payments', { sites: [site] }],
      ],
    }),
  ).toEqual(['orders calls payments inside a database transaction, which stays open until the answer comes']);
});

test('reports a call that leaves the repository, by its host where that is known', () => {
  const address = { by: 'written', text: 'https://api.bank.example', at: at('orders/place.ts', 5) } as const;
  expect(
    messagesOf(noRemoteCallInTransaction, {
      services: { orders: {}, billing: {} },
      outbound: [
        { service: 'orders', kind: 'calls', by: 'http', sites: [{ ...site, address }] },
        { service: 'billing', kind: 'calls', by: 'http', sites: [site] },
      ],
    }),
  ).toEqual([
    'orders calls api.bank.example inside a database transaction, which stays open until the answer comes',
    'billing calls another program inside a database transaction, which stays open until the answer comes',
  ]);
});

test('accepts a call before or after the transaction', () => {
  expect(
    messagesOf(noRemoteCallInTransaction, {
      edges: [['orders calls payments', { sites: [{ at: at('orders/place.ts', 9) }] }]],
    }),
  ).toEqual([]);
});
