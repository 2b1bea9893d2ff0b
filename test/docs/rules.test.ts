import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { patterns } from '../../rules/index.ts';
import type { Finding } from '../../src/check/rule.ts';
import { runRules } from '../../src/check/run.ts';
import { emptyConfig } from '../../src/config.ts';
import { analyse } from '../../src/model/analyse.ts';
import { treeOf } from '../../src/model/tree.ts';
import { root } from '../run-lintel.ts';
import { type Files, partsOf } from './examples.ts';

function found(files: Files): string[] {
  return findingsIn(files)
    .filter(({ severity }) => severity !== 'info')
    .map(({ rule }) => rule);
}

function findingsIn(files: Files): readonly Finding[] {
  return runRules(analyse(treeOf(files), emptyConfig).system, patterns, emptyConfig);
}

describe.each(patterns)('document of $id', pattern => {
  const { base, rules } = partsOf(readFileSync(join(root, 'docs', 'patterns', `${pattern.id}.md`), 'utf8'));

  test('starts from a shop in which all is right', () => {
    expect(found(base)).toEqual([]);
  });

  test.each(rules)('$rule: the bad example is reported, the good one is not', ({ rule, bad, good }) => {
    const [worse, better] = [bad, good].map(files => findingsIn({ ...base, ...files }).map(one => one.rule));
    expect(worse).toContain(`${pattern.id}/${rule}`);
    expect(better).not.toContain(`${pattern.id}/${rule}`);
    expect(found({ ...base, ...good })).toEqual([]);
  });

  test('tells of each rule what it is, why, the way out, and when not to use it', () => {
    expect(rules.map(({ rule }) => `${pattern.id}/${rule}`).sort()).toEqual(pattern.rules.map(({ id }) => id).sort());
    for (const { text } of rules) {
      for (const part of ['**Why**', '### Bad', '### Good', '**What to do**', '**When not to use it**'])
        expect(text).toContain(part);
    }
  });
});
