import { expect, test } from 'vitest';
import noDisabledTlsVerification from '../../../rules/zero-trust/no-disabled-tls-verification.ts';
import type { Evidence, Practice } from '../../../src/model/system.ts';
import { at } from '../../system-of.ts';
import { found, messages } from '../practices.ts';

const unverified = (
  service: string,
  place: Evidence,
  more: Partial<Practice & { kind: 'unverified-tls' }> = {},
): Practice => ({
  kind: 'unverified-tls',
  what: 'the certificate of the database',
  service,
  evidence: [place],
  ...more,
});

test('reports code that does not look at a certificate, once for each file', () => {
  const practices = [
    unverified('orders', at('orders/src/database.ts', 7)),
    unverified('orders', at('orders/src/database.ts', 19)),
  ];
  expect(found(noDisabledTlsVerification, { services: { orders: {} }, practices })).toEqual([
    { message: 'orders does not verify the certificate of the database', at: at('orders/src/database.ts', 7) },
  ]);
});

test('reports a manifest of production, and none of a laptop', () => {
  const what = 'the certificate of any server';
  const practices = [
    unverified('orders', at('k8s/orders.yaml', 30), { what, production: true }),
    unverified('billing', at('compose.yaml', 12), { what }),
  ];
  expect(messages(noDisabledTlsVerification, { services: { orders: {}, billing: {} }, practices })).toEqual([
    'orders does not verify the certificate of any server',
  ]);
});

// Nango: one package opens the connections of all services, and not all that load it connect
test('tells of a library who connects by it', () => {
  const practices = ['jobs', 'runner', 'server'].map(service =>
    unverified(service, at('packages/database/config.ts', 18)),
  );
  const connects = { kind: 'connects', evidence: [at('packages/database/config.ts', 15)] } as const;
  expect(
    messages(noDisabledTlsVerification, {
      services: { 'packages/database': { role: 'library' }, runner: {} },
      edges: [
        ['jobs connects postgres:nango', connects],
        ['server connects postgres:nango', connects],
      ],
      practices,
    }),
  ).toEqual(['code that jobs and server share does not verify the certificate of the database']);
});

test('says nothing of a library that is not deployed', () => {
  expect(
    messages(noDisabledTlsVerification, {
      services: { cli: { role: 'library' } },
      practices: [unverified('cli', at('cli/src/agent.ts'))],
    }),
  ).toEqual([]);
});
