import { expect, test } from 'vitest';
import noPublishInTransaction from '../../../rules/outbox/no-publish-in-transaction.ts';
import { at, systemOf } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const inTransaction = { at: at('orders/place.ts', 3), call: at('orders/place.ts', 5) };

test('reports a message that is published inside a transaction, at the call that leads to it', () => {
  const site = { at: at('orders/bus.ts', 9), inTransaction };
  const system = systemOf({ edges: [['orders publishes kafka:order-placed', { sites: [site] }]] });

  expect(noPublishInTransaction.check(system)).toMatchObject([
    {
      message:
        'orders publishes order-placed before its transaction is committed: a rollback does not take the message back',
      at: at('orders/place.ts', 5),
      related: [
        { message: 'the transaction begins here', at: at('orders/place.ts', 3) },
        { message: 'and the message is published here', at: at('orders/bus.ts', 9) },
      ],
      service: 'orders',
      topic: 'kafka:order-placed',
    },
  ]);
});

test('reports a place once that publishes to several topics, and one of which the topic is not known', () => {
  const site = { at: at('orders/place.ts', 5), inTransaction };
  expect(
    messagesOf(noPublishInTransaction, {
      edges: [
        ['orders publishes kafka:order-placed', { sites: [site] }],
        ['orders publishes kafka:stock-low', { sites: [site] }],
      ],
      services: { billing: {} },
      outbound: [{ service: 'billing', kind: 'publishes', by: 'sns', sites: [site] }],
    }),
  ).toEqual([
    'orders publishes order-placed before its transaction is committed: a rollback does not take the message back',
    'billing publishes a message before its transaction is committed: a rollback does not take the message back',
  ]);
});

test('accepts a message outside, a call inside, and what a library does that nobody uses', () => {
  const site = { at: at('orders/place.ts', 5), inTransaction };
  expect(
    messagesOf(noPublishInTransaction, {
      services: { kit: { role: 'library' } },
      edges: [
        ['orders publishes kafka:order-placed', { sites: [{ at: at('orders/place.ts', 8) }] }],
        ['orders calls billing', { sites: [site] }],
        ['kit publishes kafka:order-placed', { sites: [site] }],
      ],
    }),
  ).toEqual([]);
});
