import { expect, test } from 'vitest';
import { matcherOf, without } from '../../src/model/glob.ts';
import { treeOf } from '../../src/model/tree.ts';

test.for([
  ['tools/**', 'tools/seed.ts', true],
  ['tools/**', 'tools/a/b.ts', true],
  ['tools/**', 'apps/tools/a.ts', false],
  ['tools', 'tools/a.ts', true],
  ['./tools/', 'tools/a.ts', true],
  ['tools', 'toolshed/a.ts', false],
  ['**/tools/*.ts', 'tools/a.ts', true],
  ['**/tools/*.ts', 'apps/tools/a.ts', true],
  ['**/tools/*.ts', 'apps/oldtools/a.ts', false],
  ['**/tools/*.ts', 'apps/tools/b/a.ts', false],
  ['apps/*/legacy', 'apps/orders/legacy/db.ts', true],
  ['apps/*/legacy', 'apps/legacy/db.ts', false],
  ['**/*.{old,bak}.ts', 'apps/db.old.ts', true],
  ['**/*.{old,bak}.ts', 'apps/db.new.ts', false],
  ['{apps,libs}/old', 'libs/old/a.ts', true],
  ['apps/{orders', 'apps/{orders/a.ts', true],
  ['apps/v?.ts', 'apps/v1.ts', true],
  ['apps/v?.ts', 'apps/v12.ts', false],
  ['apps/[id].ts', 'apps/[id].ts', true],
] as const)('%s and %s: %s', ([pattern, path, matches]) => {
  expect(matcherOf([pattern])(path)).toBe(matches);
});

test('what matches is not there', () => {
  const tree = without(['tools/**'], treeOf({ 'tools/a.ts': 'a', 'apps/b.ts': 'b' }));
  expect(tree.files).toEqual(['apps/b.ts']);
  expect([tree.has('tools/a.ts'), tree.read('tools/a.ts')]).toEqual([false, undefined]);
  expect([tree.has('apps/b.ts'), tree.read('apps/b.ts')]).toEqual([true, 'b']);
});
