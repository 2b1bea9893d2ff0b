import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { changedFiles } from '../../src/io/git-changes.ts';
import { commitAll, committed, git } from '../git.ts';
import { folderOf } from '../run-lintel.ts';

const files = { 'a.ts': 'a', 'b.ts': 'b', 'c.ts': 'c', 'd.ts': 'd', 'in/e ü.ts': 'e' };
const sorted = (root: string, ref?: string, env = {}) => {
  const { paths, gone } = changedFiles(root, ref, env);
  return { paths: paths.toSorted(), gone: gone.toSorted() };
};

describe.concurrent('what changed', () => {
  test('is what is committed on the branch, staged, edited, new, renamed or deleted', async () => {
    const root = await committed(files);
    await git(root, 'switch', '-q', '-c', 'feature');
    writeFileSync(join(root, 'a.ts'), 'other');
    await commitAll(root);
    writeFileSync(join(root, 'b.ts'), 'other');
    renameSync(join(root, 'c.ts'), join(root, 'renamed.ts'));
    rmSync(join(root, 'in/e ü.ts'));
    writeFileSync(join(root, 'fresh.ts'), '');
    await git(root, 'add', 'fresh.ts');
    expect(sorted(root)).toEqual({
      paths: ['a.ts', 'b.ts', 'c.ts', 'fresh.ts', 'in/e ü.ts', 'renamed.ts'],
      gone: ['c.ts', 'in/e ü.ts'],
    });
    expect(sorted(root, 'HEAD').paths).not.toContain('a.ts');
  });

  test('is counted from where the branch left the other, not from where that is now', async () => {
    const root = await committed(files);
    await git(root, 'switch', '-q', '-c', 'feature');
    await git(root, 'switch', '-q', 'main');
    writeFileSync(join(root, 'a.ts'), 'later on main');
    await commitAll(root);
    await git(root, 'switch', '-q', 'feature');
    writeFileSync(join(root, 'b.ts'), 'other');
    expect(sorted(root, 'main').paths).toEqual(['b.ts']);
    expect(sorted(root, '').paths).toEqual(['b.ts']);
  });

  test('is no file whose time or permission alone differs', async () => {
    const root = await committed(files);
    utimesSync(join(root, 'a.ts'), 1, 1);
    chmodSync(join(root, 'b.ts'), 0o755);
    symlinkSync('a.ts', join(root, 'link.ts'));
    expect(sorted(root)).toEqual({ paths: ['link.ts'], gone: [] });
  });

  test('is told from the folder that is checked, and only of it', async () => {
    const root = await committed(files);
    writeFileSync(join(root, 'a.ts'), 'other');
    writeFileSync(join(root, 'in/e ü.ts'), 'other');
    expect(sorted(join(root, 'in')).paths).toEqual(['e ü.ts']);
  });

  test('of a submodule is its folder', async () => {
    const root = await committed(files);
    const inner = join(root, 'shared');
    mkdirSync(inner);
    writeFileSync(join(inner, 'x.ts'), 'x');
    await git(inner, 'init', '-q');
    await commitAll(inner);
    await commitAll(root);
    writeFileSync(join(inner, 'x.ts'), 'y');
    await commitAll(inner);
    expect(sorted(root).paths).toEqual(['shared']);
  });

  test('in CI is counted from the branch that the change goes into', async () => {
    const root = await committed(files);
    await git(root, 'update-ref', 'refs/remotes/origin/release', 'HEAD');
    writeFileSync(join(root, 'a.ts'), 'other');
    await commitAll(root);
    expect(sorted(root).paths).toEqual([]);
    expect(sorted(root, '', { GITHUB_BASE_REF: 'release' }).paths).toEqual(['a.ts']);
  });

  test('runs no filter that the repository configures', async () => {
    const root = await committed({ ...files, '.gitattributes': '*.ts filter=trap diff=trap\n' });
    for (const key of ['filter.trap.clean', 'diff.trap.textconv', 'diff.trap.command', 'core.fsmonitor']) {
      await git(root, 'config', key, `touch ${join(root, 'ran')}; cat`);
    }
    writeFileSync(join(root, 'a.ts'), 'other');
    expect(sorted(root).paths).toEqual(['a.ts']);
  });
});

describe.concurrent('is an error', () => {
  test('outside of a work tree', () => {
    expect(() => changedFiles(folderOf(files), undefined, {})).toThrow(
      expect.objectContaining({ code: 'LT-012', message: expect.stringContaining('in no git work tree') }),
    );
  });

  test('with a ref that git does not know, even one that looks like a flag', async () => {
    const root = await committed(files);
    for (const ref of ['mian', '--all', 'HEAD:a.ts']) {
      expect(() => changedFiles(root, ref, {})).toThrow(`--changed: git knows no commit ${ref}`);
    }
  });

  test('without a default branch, and without a common ancestor with it', async () => {
    const root = await committed(files);
    await git(root, 'branch', '-q', '-m', 'trunk');
    expect(() => changedFiles(root, '', {})).toThrow('git knows no default branch');
    await git(root, 'switch', '-q', '--orphan', 'main');
    await git(root, 'commit', '-q', '--allow-empty', '-m', 'Another beginning');
    await git(root, 'switch', '-q', 'trunk');
    expect(() => changedFiles(root, '', {})).toThrow('git knows no common ancestor with main');
    expect(sorted(root, 'main').paths).toHaveLength(5);
  });
});
