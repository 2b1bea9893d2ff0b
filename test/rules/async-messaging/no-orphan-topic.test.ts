import { expect, test } from 'vitest';
import noOrphanTopic from '../../../rules/async-messaging/no-orphan-topic.ts';
import { at } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const joined = ['orders publishes kafka:order-placed', 'mailer consumes kafka:order-placed'];

test('reports a topic that nobody hears and one that nobody speaks to', () => {
  expect(
    messagesOf(noOrphanTopic, { edges: [...joined, 'orders publishes kafka:paid', 'stock consumes kafka:payed'] }),
  ).toEqual([
    'orders publishes paid, and no service here consumes it',
    'stock consumes payed, and no service here publishes it',
  ]);
});

test('accepts a broker on which nothing here meets, names that are half known, and a consumer of something unknown', () => {
  const sites = [{ at: at('stock/main.ts') }];
  expect(messagesOf(noOrphanTopic, { edges: ['orders publishes sns:paid'] })).toEqual([]);
  expect(messagesOf(noOrphanTopic, { edges: [...joined, 'orders publishes kafka:paid-*'] })).toEqual([]);
  expect(
    messagesOf(noOrphanTopic, {
      edges: [...joined, 'orders publishes kafka:paid'],
      outbound: [{ service: 'stock', kind: 'consumes', by: 'kafka', sites }],
    }),
  ).toEqual([]);
});
