import { expect, test } from 'vitest';
import noSharedConsumerGroup from '../../../rules/async-messaging/no-shared-consumer-group.ts';
import { at } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const member = (service: string, group: string) => ({ sites: [{ at: at(`${service}/main.ts`), group }] });

test('reports two services that share the messages of one topic between them', () => {
  expect(
    messagesOf(noSharedConsumerGroup, {
      edges: [
        ['mailer consumes kafka:order-placed', member('mailer', 'shop')],
        ['stock consumes kafka:order-placed', member('stock', 'shop')],
      ],
    }),
  ).toEqual(['mailer and stock consume order-placed in one group (shop): each message reaches only one of them']);
});

test('accepts a group for each service, one group on different topics, and processes of one service', () => {
  expect(
    messagesOf(noSharedConsumerGroup, {
      services: { 'orders-worker': { root: 'orders', role: 'worker' }, orders: { root: 'orders' } },
      edges: [
        ['mailer consumes kafka:order-placed', member('mailer', 'mailer')],
        ['stock consumes kafka:order-placed', member('stock', 'stock')],
        ['stock consumes kafka:order-paid', member('stock', 'mailer')],
        ['orders consumes kafka:stock-low', member('orders', 'orders')],
        ['orders-worker consumes kafka:stock-low', member('orders-worker', 'orders')],
      ],
    }),
  ).toEqual([]);
});
