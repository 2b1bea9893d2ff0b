import { expect, test } from 'vitest';
import probeIsServed from '../../../rules/health-check/probe-is-served.ts';
import type { Practice } from '../../../src/model/system.ts';
import { at } from '../../system-of.ts';
import { found, messages } from '../practices.ts';

const probe = (path: string | undefined, more: Partial<Practice & { kind: 'probe' }> = {}): Practice => ({
  kind: 'probe',
  probe: 'readiness',
  ...(path === undefined ? {} : { path }),
  service: 'orders',
  evidence: [at('k8s/orders.yaml', 20)],
  ...more,
});

test('reports a probe that asks for what the service does not answer, where the probe stands', () => {
  expect(
    found(probeIsServed, {
      services: { orders: {} },
      endpoints: ['orders GET /health', 'orders GET /orders/:id'],
      practices: [probe('/healthz')],
    }),
  ).toEqual([
    {
      message: 'the readiness probe of orders asks for /healthz, which orders does not answer',
      at: at('k8s/orders.yaml', 20),
    },
  ]);
});

test('says it once of all probes that ask for the same', () => {
  const practices = [
    probe('/healthz'),
    probe('/healthz', { probe: 'liveness', evidence: [at('k8s/orders.yaml', 25)] }),
  ];
  expect(messages(probeIsServed, { services: { orders: {} }, endpoints: ['orders GET /health'], practices })).toEqual([
    'the probe of orders asks for /healthz, which orders does not answer',
  ]);
});

test.each(['GET /healthz', 'ANY /healthz', 'ALL /:page', 'GET /*', 'GET /{*rest}', 'HEAD /Healthz', 'GET /:any'])(
  'accepts an answer by %s',
  endpoint => {
    expect(
      messages(probeIsServed, {
        services: { orders: {} },
        endpoints: ['orders POST /orders', `orders ${endpoint}`],
        practices: [probe('/healthz')],
      }),
    ).toEqual([]);
  },
);

test('does not take what is answered to a POST for an answer', () => {
  expect(
    messages(probeIsServed, {
      services: { orders: {} },
      endpoints: ['orders POST /healthz'],
      practices: [probe('/healthz')],
    }),
  ).toHaveLength(1);
});

// robot-shop: `shipping` is written in Java, `web` is nginx with pages
test('says nothing where the endpoints are not known: other languages, pages, open routes', () => {
  const practices = ['shipping', 'web', 'gateway'].map(service => probe('/health', { service }));
  expect(
    messages(probeIsServed, {
      services: { shipping: { language: 'java' }, web: { role: 'frontend' }, gateway: { openRoutes: true } },
      endpoints: ['web GET /cart', 'gateway GET /orders'],
      practices,
    }),
  ).toEqual([]);
});

test('says nothing of the root, of a path that the code writes, and of a probe without a path', () => {
  expect(
    messages(probeIsServed, {
      services: { orders: {} },
      endpoints: ['orders GET /orders'],
      practices: [probe('/'), probe('/health', { written: true }), probe(undefined, { port: 3000 })],
    }),
  ).toEqual([]);
});
