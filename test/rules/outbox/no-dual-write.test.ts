import { expect, test } from 'vitest';
import noDualWrite from '../../../rules/outbox/no-dual-write.ts';
import { at } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const written = at('orders/place.ts', 4);
const afterWrite = { at: written, call: at('orders/place.ts', 5) };
const site = { at: at('orders/place.ts', 5), afterWrite };

test('names the table that is written and the topic that is published after it', () => {
  expect(
    messagesOf(noDualWrite, {
      edges: [
        ['orders writes postgres:main/orders#lines', { evidence: [written] }],
        ['orders publishes kafka:order-placed', { sites: [site] }],
      ],
    }),
  ).toEqual(['orders writes lines and then publishes order-placed: when it stops in between, nobody is told']);
});

test('accepts what is written into an outbox, and what is published in the transaction, which another rule reports', () => {
  const sites = [{ ...site, inTransaction: afterWrite }];
  expect(
    messagesOf(noDualWrite, {
      edges: [
        ['orders writes postgres:main/orders#outbox_messages', { evidence: [written] }],
        ['orders publishes kafka:order-placed', { sites: [site] }],
        ['billing publishes kafka:order-paid', { sites }],
      ],
    }),
  ).toEqual([]);
});
