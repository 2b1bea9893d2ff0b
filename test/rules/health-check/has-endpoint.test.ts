import { expect, test } from 'vitest';
import hasEndpoint from '../../../rules/health-check/has-endpoint.ts';
import { at } from '../../system-of.ts';
import { messages } from '../practices.ts';

test('reports a service that answers requests and says nowhere whether it is well', () => {
  expect(messages(hasEndpoint, { services: { orders: {} }, endpoints: ['orders GET /orders'], practices: [] })).toEqual(
    ['nothing can tell whether orders is well: it has no health endpoint and no probe'],
  );
});

test.each([
  '/health',
  '/api/healthz',
  '/_health',
  '/actuator/health/liveness',
  '/live',
  '/readyz',
  '/status',
  '/ping',
  '/isalive',
  '/health-check',
])('knows %s for a health endpoint', path => {
  const endpoints = ['orders POST /orders', `orders GET ${path}`];
  expect(messages(hasEndpoint, { services: { orders: {} }, endpoints, practices: [] })).toEqual([]);
});

test.each(['/livestock', '/delivery-status-texts', '/already-paid', '/shipping', '/orders/upload'])(
  'does not take %s for one',
  path => {
    const endpoints = [`orders GET ${path}`];
    expect(messages(hasEndpoint, { services: { orders: {} }, endpoints, practices: [] })).toHaveLength(1);
  },
);

test('accepts a probe of any kind', () => {
  expect(
    messages(hasEndpoint, {
      services: { orders: {} },
      endpoints: ['orders GET /orders'],
      practices: [{ kind: 'probe', probe: 'liveness', service: 'orders', evidence: [at('k8s/orders.yaml', 20)] }],
    }),
  ).toEqual([]);
});

// microservices on Amazon ECS: `router.get('/', …)` with the words 'Ready to receive requests'
test('accepts an answer at the root, for which a load balancer asks', () => {
  expect(
    messages(hasEndpoint, { services: { users: {} }, endpoints: ['users GET /', 'users GET /users'], practices: [] }),
  ).toEqual([]);
});

test('says nothing of what answers no requests, of pages, or of what answers to more than is known', () => {
  expect(
    messages(hasEndpoint, {
      services: { mailer: { role: 'worker' }, web: { role: 'frontend' }, gateway: { openRoutes: true }, stock: {} },
      endpoints: ['mailer GET /jobs', 'web GET /cart', 'gateway GET /orders'],
      practices: [],
    }),
  ).toEqual([]);
});
