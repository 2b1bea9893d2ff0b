import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { patterns } from '../rules/index.ts';
import { root } from './run-lintel.ts';

const foldersIn = (...path: string[]) =>
  readdirSync(join(root, ...path), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/** Rules are the files that define one; the rest of the folder is what they share. */
const rulesIn = (pattern: string) =>
  readdirSync(join(root, 'rules', pattern))
    .filter(file => readFileSync(join(root, 'rules', pattern, file), 'utf8').includes('= defineRule('))
    .map(file => file.replace(/\.ts$/, ''))
    .sort();

test('lists every pattern that has a folder, in order, and no other', () => {
  expect(patterns.map(({ id }) => id)).toEqual(foldersIn('rules'));
  expect(readdirSync(join(root, 'docs', 'patterns')).sort()).toEqual(patterns.map(({ id }) => `${id}.md`));
});

describe.each(patterns)('$id', pattern => {
  const names = pattern.rules.map(({ id }) => id.split('/')[1]);

  test('lists every rule that has a file, under the id that is its path', () => {
    expect(pattern.rules.map(({ id }) => id).sort()).toEqual(rulesIn(pattern.id).map(name => `${pattern.id}/${name}`));
  });

  test('has a test and a section of its document for each rule, and none left over', () => {
    const tests = readdirSync(join(root, 'test', 'rules', pattern.id)).map(file => file.replace(/\.test\.ts$/, ''));
    const document = readFileSync(join(root, 'docs', 'patterns', `${pattern.id}.md`), 'utf8');

    expect(tests.sort()).toEqual(names.toSorted());
    expect([...document.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual(names);
  });

  test.each(pattern.rules)('$id says in a line what it reports, and what to do', rule => {
    expect(rule.title).toMatch(/^[A-Z].{10,90}[^.]$/);
    expect(rule.remedy).toMatch(/^[a-z].{30,160}[^.]$/);
  });
});
