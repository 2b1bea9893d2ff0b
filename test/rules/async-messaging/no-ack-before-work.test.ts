import { expect, test } from 'vitest';
import noAckBeforeWork from '../../../rules/async-messaging/no-ack-before-work.ts';
import { at } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const place = at('mailer/main.ts', 4);

test('tells apart a broker that is told to forget at once, and a handler that acknowledges too early', () => {
  expect(
    messagesOf(noAckBeforeWork, {
      edges: [
        ['mailer consumes rabbitmq:mails', { sites: [{ at: place, acknowledged: { how: 'automatic', at: place } }] }],
        ['stock consumes rabbitmq:orders', { sites: [{ at: place, acknowledged: { how: 'early', at: place } }] }],
      ],
    }),
  ).toEqual([
    'mailer takes mails without acknowledging (noAck): a message is lost when it stops meanwhile',
    'stock takes orders and acknowledges it before the work: a message is lost when it stops meanwhile',
  ]);
});

test('accepts an acknowledgement after the work, answers to a question, and what is not known', () => {
  const automatic = { at: place, acknowledged: { how: 'automatic' as const, at: place } };
  expect(
    messagesOf(noAckBeforeWork, {
      edges: [
        ['mailer consumes rabbitmq:mails', { sites: [{ at: place, acknowledged: { how: 'after-work', at: place } }] }],
        ['web consumes rabbitmq:orders-reply', { sites: [automatic] }],
        ['web consumes rabbitmq:answers-*', { sites: [automatic] }],
        ['stock consumes rabbitmq:orders', { sites: [{ at: place }] }],
      ],
    }),
  ).toEqual([]);
});
