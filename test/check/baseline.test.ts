import { describe, expect, test } from 'vitest';
import { againstBaseline, parseBaseline, renderBaseline } from '../../src/check/baseline.ts';
import type { Finding } from '../../src/check/rule.ts';

const finding = (fingerprint: string, more: Partial<Finding> = {}): Finding => ({
  rule: 'outbox/no-dual-write',
  severity: 'error',
  message: `orders does ${fingerprint}`,
  at: { file: 'orders/a.ts', line: 7, column: 1 },
  related: [],
  confidence: 'certain',
  fingerprint,
  url: '',
  ...more,
});
const entry = (fingerprint: string, count = 1) => ({
  rule: 'outbox/no-dual-write',
  file: 'orders/a.ts',
  message: `orders does ${fingerprint}`,
  fingerprint,
  count,
});
const baselined = (findings: readonly Finding[]) => findings.map(one => one.baselined === true);

describe('held against a baseline', () => {
  test('what it holds is marked, whatever line it has moved to', () => {
    const moved = finding('a', { at: { file: 'orders/a.ts', line: 900, column: 3 } });
    const { findings, stale } = againstBaseline([moved, finding('b')], [entry('a')], 'keep');
    expect(baselined(findings)).toEqual([true, false]);
    expect(stale).toEqual([]);
  });

  test('one more than it holds is new, one less is stale', () => {
    const twice = [finding('a'), finding('a')];
    expect(baselined(againstBaseline(twice, [entry('a')], 'keep').findings)).toEqual([true, false]);
    expect(againstBaseline(twice, [entry('a', 3)], 'keep').stale).toEqual([entry('a')]);
  });

  test('what is suppressed in the code needs no entry', () => {
    const { findings, stale } = againstBaseline([finding('a', { suppressed: 'agreed' })], [entry('a')], 'keep');
    expect(baselined(findings)).toEqual([false]);
    expect(stale).toEqual([entry('a')]);
  });
});

describe('an update', () => {
  const found = [finding('b'), finding('c')];
  const before = [entry('a'), entry('b', 2)];

  test('takes everything into the first baseline', () => {
    const { findings, update } = againstBaseline(found, undefined, 'shrink');
    expect(baselined(findings)).toEqual([true, true]);
    expect(update).toEqual({ entries: [entry('b'), entry('c')], added: [entry('b'), entry('c')], removed: [] });
  });

  test('only takes away from one that is there', () => {
    const { findings, stale, update } = againstBaseline(found, before, 'shrink');
    expect(baselined(findings)).toEqual([true, false]);
    expect(stale).toEqual([]);
    expect(update).toEqual({ entries: [entry('b')], added: [], removed: [entry('a'), entry('b')] });
  });

  test('takes in what is new where it may grow', () => {
    const { findings, update } = againstBaseline(found, before, 'grow');
    expect(baselined(findings)).toEqual([true, true]);
    expect(update).toMatchObject({ added: [entry('c')], removed: [entry('a'), entry('b')] });
  });

  test('empties a baseline, and leaves it as it is', () => {
    expect(againstBaseline([], before, 'shrink').update?.entries).toEqual([]);
    expect(againstBaseline([finding('b')], [entry('b')], 'shrink').update).toMatchObject({ added: [], removed: [] });
  });
});

describe('the file', () => {
  test('has a line for each entry, sorted, and reads as it was written', () => {
    const entries = [entry('a'), entry('b', 2)];
    const text = renderBaseline(entries);
    expect(text.split('\n')[4]).toBe(
      '    {"rule":"outbox/no-dual-write","file":"orders/a.ts","message":"orders does b","fingerprint":"b","count":2}',
    );
    expect(parseBaseline(text, 'b.json')).toEqual(entries);
    expect(parseBaseline(renderBaseline([]), 'b.json')).toEqual([]);
    const { update } = againstBaseline([finding('z'), finding('b', { rule: 'a/b' })], undefined, 'shrink');
    expect(update?.entries.map(({ rule }) => rule)).toEqual(['a/b', 'outbox/no-dual-write']);
  });

  test.for([
    ['', 'b.json:1:1: is empty'],
    ['[]', 'b.json:1:1: must be a table of names and values, is a list'],
    ['{"findings": []}', 'b.json:1:1: must have schema 1'],
    ['{"schema": 2, "findings": []}', 'b.json:1:12: schema must have schema 1'],
    ['{"schema": 1}', 'b.json:1:1: has no findings'],
    ['{"schema": 1,\n "findings": {}}', 'b.json:2:14: findings must be a list, is a table'],
    ['{"schema": 1, "findings": [\n{"rule": "a/b"}]}', 'b.json:2:1: findings[0] has no file'],
    ['{"schema": 1, "findings": [\n{"rule": []}]}', 'b.json:2:10: findings[0].rule must be text, is a list'],
    ['{"schema": 1,\n "findings": [', 'b.json:2:'],
    [
      '{"schema": 1, "findings": [\n{"rule":"a","file":"b","message":"c","fingerprint":"d","count":0}]}',
      'b.json:2:64: findings[0].count must be a whole number from 1',
    ],
  ])('%j: %s', ([text = '', message = '']) => {
    expect(() => parseBaseline(text, 'b.json')).toThrow(
      expect.objectContaining({ code: 'LT-011', message: expect.stringContaining(message) }),
    );
  });

  test('the marks of a merge are told as such', () => {
    const text = renderBaseline([entry('a')]).replace('    {', '<<<<<<< HEAD\n    {');
    expect(() => parseBaseline(text, 'b.json')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('a merge left its marks') }),
    );
  });
});
