import { expect, test } from 'vitest';
import { graphFormats, graphReporters } from '../../src/report/index.ts';
import { renderWhy } from '../../src/report/why.ts';
import { system } from './shop.ts';

test('json is exactly the System', async () => {
  const render = await graphReporters.json();
  expect(JSON.parse(render(system))).toEqual(system);
});

test('text tells who uses what and all that is unresolved', async () => {
  const render = await graphReporters.text();
  await expect(render(system)).toMatchFileSnapshot('graph.txt');
});

test('mermaid draws it, with thick lines to the data of others', async () => {
  const render = await graphReporters.mermaid();
  await expect(render(system)).toMatchFileSnapshot('graph.mmd');
});

test('dot draws the same for Graphviz', async () => {
  const render = await graphReporters.dot();
  await expect(render(system)).toMatchFileSnapshot('graph.dot');
});

test('names cannot break out of the drawing', async () => {
  const render = await graphReporters.mermaid();
  const renderDot = await graphReporters.dot();
  const evidence = [{ file: 'a.ts', line: 1, column: 1 }];
  const service = { id: '"]<b>#', root: '.', role: 'service', language: 'javascript', evidence } as const;
  const odd = { ...system, services: [service], datastores: [], topics: [], edges: [] };
  expect(render(odd)).toBe('flowchart LR\n  n0["#34;]#60;b#62;#35;"]\n');
  expect(renderDot(odd)).toContain('  "\\"]<b>#" [shape=box]\n');
});

test('every format has its reporter', () => {
  expect(Object.keys(graphReporters)).toEqual(graphFormats);
});

const at = (file: string, line: number) => ({ file, line, column: 1 });
const provenance = {
  'postgres:db/shop#lines': [
    { said: 'its name is', steps: [{ step: 'written lines', evidence: at('orders/migrations/1.sql', 2) }] },
    {
      said: 'billing reads it (certain)',
      steps: [
        { step: 'calls', evidence: at('billing/src/invoice.ts', 4) },
        { step: 'which does it by pg in libs/db', evidence: at('libs/db/read.ts', 9) },
        { step: 'in a word without a place' },
      ],
    },
  ],
};

test('why a table belongs to its owner, and who else uses it', async () => {
  await expect(renderWhy(system, provenance, 'postgres:db/shop#lines')).toMatchFileSnapshot('why.txt');
});

test('the end of an id will do', () => {
  expect(renderWhy(system, {}, 'lines')).toBe(renderWhy(system, {}, 'postgres:db/shop#lines'));
  expect(renderWhy(system, {}, 'orders')).toMatch(/^orders is a service in orders\n/);
  expect(renderWhy(system, {}, 'shop')).toMatch(/^postgres:db\/shop is a postgres datastore, shared, no owner\n/);
});

test('a name that is nothing is an error with the nearest', () => {
  expect(() => renderWhy(system, {}, 'ordrs')).toThrow(
    expect.objectContaining({ code: 'LT-007', hint: 'did you mean orders?' }),
  );
  expect(() => renderWhy(system, {}, 'warehouse')).toThrow(
    expect.objectContaining({ hint: 'lintel graph lists them' }),
  );
});
