import { readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Known } from '../../src/check/known.ts';
import { emptyConfig } from '../../src/config.ts';
import { remembering } from '../../src/io/memory.ts';
import { readTree } from '../../src/io/read-tree.ts';
import type { SourceTree } from '../../src/model/tree.ts';
import { folderOf } from '../run-lintel.ts';
import { systemOf } from '../system-of.ts';

const old = new Date(Date.now() - 60_000);

/** A repository with two files of which one is read, and how often that was found out. */
function repository() {
  const root = folderOf({ 'a.ts': 'one', 'b.ts': 'two' });
  for (const file of ['a.ts', 'b.ts']) utimesSync(join(root, file), old, old);
  const folder = folderOf({});
  let times = 0;
  const find = (tree: SourceTree): Known => {
    times++;
    return { system: systemOf({}), sources: 1, unused: [], problems: [], marked: [tree.read('a.ts') ?? 'nothing'] };
  };
  const know = (config = emptyConfig) => remembering(folder, root, find)(readTree(root), config).marked[0];
  return { root, folder, know, times: () => times };
}

test('nothing is found out twice while nothing changes, nor when a file changes that was not read', () => {
  const { root, know, times } = repository();
  expect([know(), know()]).toEqual(['one', 'one']);
  writeFileSync(join(root, 'b.ts'), 'other');
  expect(know()).toBe('one');
  expect(times()).toBe(1);
});

test('a file that changed, even to one of the same length, a new one, and another configuration are seen', () => {
  const { root, know, times } = repository();
  know();
  writeFileSync(join(root, 'a.ts'), 'new');
  expect(know()).toBe('new');
  writeFileSync(join(root, 'c.ts'), '');
  know();
  know({ ...emptyConfig, ignore: ['c.ts'] });
  expect(times()).toBe(4);
});

test('a file that was only touched is compared by what it holds', () => {
  const { root, know, times } = repository();
  know();
  utimesSync(join(root, 'a.ts'), new Date(), new Date());
  know();
  expect(times()).toBe(1);
});

test('what was kept and is damaged is found out again, and nothing is left beside it', () => {
  const { folder, know, times } = repository();
  know();
  for (const damaged of ['', '{', '{"key":1}', 'null\nnull\n', '[]\n{}']) {
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), damaged);
    expect(know()).toBe('one');
  }
  expect(times()).toBe(6);
  expect(readdirSync(folder)).toHaveLength(1);
});

test('a cache folder that cannot be made costs nothing but time', () => {
  const { root, folder, know } = repository();
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'a file');
  expect(know()).toBe('one');
  rmSync(folder);
  rmSync(join(root, 'a.ts'));
  expect(know()).toBe('nothing');
});
