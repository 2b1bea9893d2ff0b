import { expect, test } from 'vitest';
import noBreakerPerRequest from '../../../rules/circuit-breaker/no-breaker-per-request.ts';
import { at } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

test('reports a breaker for each request, and accepts one for the process', () => {
  expect(
    messagesOf(noBreakerPerRequest, {
      services: { orders: {}, billing: {} },
      practices: [
        { kind: 'breaker', per: 'request', service: 'orders', evidence: [at('orders/pay.ts', 4)] },
        { kind: 'breaker', per: 'process', service: 'billing', evidence: [at('billing/pay.ts', 4)] },
      ],
    }),
  ).toEqual(['orders makes a circuit breaker for each request: it counts one call and is forgotten']);
});
