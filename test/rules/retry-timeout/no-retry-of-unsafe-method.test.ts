import { expect, test } from 'vitest';
import noRetryOfUnsafeMethod from '../../../rules/retry-timeout/no-retry-of-unsafe-method.ts';
import { at } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const site = {
  at: at('orders/pay.ts', 7),
  method: 'POST',
  path: '/charges',
  retry: at('orders/pay.ts', 5),
  headers: ['content-type'],
};

test('reports a POST that is sent again when it fails', () => {
  expect(messagesOf(noRetryOfUnsafeMethod, { edges: [['orders calls payments', { sites: [site] }]] })).toEqual([
    'orders repeats POST /charges of payments when it fails, though it may have been carried out',
  ]);
});

test('accepts what may be repeated, what carries a key, and headers that are not known', () => {
  const { headers: _, ...vague } = site;
  const sites = [
    { ...site, method: 'PUT' },
    { ...site, headers: ['idempotency-key'] },
    { at: site.at, method: 'POST', path: '/charges', headers: [] },
    vague,
  ];
  expect(messagesOf(noRetryOfUnsafeMethod, { edges: [['orders calls payments', { sites }]] })).toEqual([]);
});
