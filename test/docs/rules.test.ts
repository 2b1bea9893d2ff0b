import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { patterns } from '../../rules/index.ts';
import { runRules } from '../../src/check/run.ts';
import { emptyConfig } from '../../src/config.ts';
import { analyse } from '../../src/model/analyse.ts';
import { treeOf } from '../../src/model/tree.ts';
import { root } from '../run-lintel.ts';
import { type Files, partsOf } from './examples.ts';

function found(files: Files, rule?: string): string[] {
  const findings = runRules(analyse(treeOf(files), emptyConfig).system, patterns, emptyConfig);
  return findings.filter(f => f.severity !== 'info' || f.rule === rule).map(f => f.rule);
}

describe.each(patterns)('document of $id', pattern => {
  const { base, rules } = partsOf(readFileSync(join(root, 'docs', 'patterns', `${pattern.id}.md`), 'utf8'));

  test('starts from a shop in which all is right', () => {
    expect(found(base)).toEqual([]);
  });

  test.each(rules)('$rule: the bad example is reported, the good one is not', ({ rule, bad, good }) => {
    const id = `${pattern.id}/${rule}`;
    expect(found({ ...base, ...bad }, id)).toContain(id);
    expect(found({ ...base, ...good }, id)).toEqual([]);
  });

  test('tells of each rule what it is, why, the way out, and when not to use it', () => {
    expect(rules.map(({ rule }) => `${pattern.id}/${rule}`).sort()).toEqual(pattern.rules.map(({ id }) => id).sort());
    for (const { text } of rules) {
      for (const part of ['**Why**', '### Bad', '### Good', '**What to do**', '**When not to use it**'])
        expect(text).toContain(part);
    }
  });
});
