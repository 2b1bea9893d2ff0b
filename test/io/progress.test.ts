import { expect, test } from 'vitest';
import { isWatched, withProgress } from '../../src/io/progress.ts';
import { treeOf } from '../../src/model/tree.ts';

const files = { 'a.ts': 'a', 'b.ts': 'b', 'c.ts': 'c' };
const clear = '\r\u001b[K';

/** Reads the files of a tree, each taking so many milliseconds. */
function told(milliseconds: number, paths: readonly string[] = Object.keys(files)): string[] {
  const written: string[] = [];
  let time = 0;
  const { tree, done } = withProgress(
    treeOf(files),
    text => written.push(text),
    () => time,
  );
  for (const path of paths) {
    time += milliseconds;
    expect(tree.read(path)).toBe(path[0]);
  }
  done();
  return written;
}

test('a run of less than a second says nothing', () => {
  expect(told(300)).toEqual([]);
});

test('a longer one says how many files it has read, each counted once, and how long it takes, and leaves nothing behind', () => {
  expect(told(600)).toEqual([`${clear}2 files read, 1 s`, `${clear}3 files read, 2 s`, clear]);
  expect(told(600, ['a.ts', 'a.ts'])).toEqual([`${clear}1 files read, 1 s`, clear]);
});

test('not more often than somebody can read', () => {
  expect(
    told(
      60,
      Array.from({ length: 40 }, () => 'a.ts'),
    ).length,
  ).toBeLessThan(16);
});

test('nobody watches CI, a dumb terminal or a pipe, as the one of this test', () => {
  for (const [ci, env] of [
    [true, {}],
    [false, { TERM: 'dumb' }],
  ] as const)
    expect(isWatched(ci, env)).toBe(false);
});
