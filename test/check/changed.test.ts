import { expect, test } from 'vitest';
import { changesIn } from '../../src/check/changed.ts';
import type { Finding } from '../../src/check/rule.ts';
import type { System } from '../../src/model/system.ts';
import { findings, system as shop } from '../report/shop.ts';

const at = (file: string, line = 1) => ({ file, line, column: 1 });
const affected = (paths: readonly string[], found: readonly Finding[], gone: readonly string[] = [], system = shop) => {
  const changes = changesIn(system, { paths, gone });
  return found.filter(finding => changes.affects(finding)).map(({ fingerprint }) => fingerprint);
};

/** Of the shop, the finding that billing reads lines, moved to a file that nothing else stands in. */
const read = findings.slice(0, 1).map((one): Finding => ({ ...one, at: at('billing/src/report.ts'), related: [] }));

test('a finding in a changed file has to do with the change, and so has one that is proved by it', () => {
  expect(affected(['billing/src/invoice.ts'], findings)).toContain('5f0c');
  expect(affected(['orders/migrations/1.sql'], findings)).toEqual(['5f0c']);
  expect(affected(['compose.yaml'], findings)).toEqual(['77aa', '01bc']);
  expect(affected(['README.md'], findings)).toEqual([]);
});

test('a finding about a table whose owner declares it in a changed file', () => {
  expect(affected(['orders/migrations/1.sql'], read)).toEqual(['5f0c']);
});

test('a finding of a service on what it reaches through a changed file, a library or the opening of a connection', () => {
  const { edges, ...rest } = shop;
  const moved = edges.map(edge => (edge.kind === 'connects' ? { ...edge, evidence: [at('libs/db.ts')] } : edge));
  expect(affected(['libs/db.ts'], read, [], { ...rest, edges: moved })).toEqual(['5f0c']);
  expect(affected(['libs/db.ts'], read)).toEqual([]);
});

test('a finding at a call of an endpoint that is declared in a changed file', () => {
  const [first] = read;
  if (first === undefined) throw new Error('the shop has findings');
  const { table, ...call } = { ...first, fingerprint: 'call' };
  const endpoint = { id: 'orders GET /orders', service: 'orders', method: 'GET', path: '/orders' };
  const system: System = {
    ...shop,
    endpoints: [{ ...endpoint, evidence: [at('orders/src/routes.ts')] }],
    edges: [{ kind: 'calls', from: 'billing', to: endpoint.id, confidence: 'certain', evidence: [call.at] }],
  };
  expect(affected(['orders/src/routes.ts'], [call], [], system)).toEqual(['call']);
  expect(affected(['orders/src/other.ts'], [call], [], system)).toEqual([]);
});

test('a finding about what a service used or owned one of whose files is gone', () => {
  expect(affected(['orders/src/old.ts'], read, ['orders/src/old.ts'])).toEqual(['5f0c']);
  expect(affected(['orders/migrations/0.sql'], read, ['orders/migrations/0.sql'])).toEqual(['5f0c']);
  for (const other of ['stock/src/old.ts', 'orders/logo.png', 'orders/src/old.test.ts']) {
    expect(affected([other], read, [other])).toEqual([]);
  }
});

test('a submodule changes as a whole, and lintel.yaml changes everything', () => {
  expect(affected(['billing'], read)).toEqual(['5f0c']);
  expect(affected(['bill'], read)).toEqual([]);
  expect(affected(['lintel.yaml'], findings)).toHaveLength(3);
});
