import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTree } from '../../src/io/read-tree.ts';
import { folderOf } from '../run-lintel.ts';

function git(folder: string, ...args: string[]) {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
}

/** A repository with all of `files` committed. */
function repositoryOf(files: Readonly<Record<string, string>>): string {
  const folder = folderOf(files);
  git(folder, 'init', '-q');
  git(folder, 'add', '--all', '--force');
  git(folder, 'commit', '-q', '-m', 'all');
  return folder;
}

describe('in a git work tree', () => {
  test('lists what is tracked or would be, sorted, without node_modules', () => {
    const folder = repositoryOf({
      'b/z.ts': '',
      'a name.ts': '',
      'node_modules/x/index.js': '',
      'b/node_modules/y.js': '',
    });
    for (const file of ['é.ts', 'ignored.ts']) writeFileSync(join(folder, file), '');
    writeFileSync(join(folder, '.gitignore'), 'ignored.ts\n');
    expect(readTree(folder).files).toEqual(['.gitignore', 'a name.ts', 'b/z.ts', 'é.ts']);
  });

  test('leaves out what is tracked and deleted', () => {
    const folder = repositoryOf({ 'a.ts': 'a', 'b.ts': 'b' });
    rmSync(join(folder, 'b.ts'));
    const tree = readTree(folder);
    expect(tree.files).toEqual(['a.ts']);
    expect([tree.has('b.ts'), tree.read('b.ts')]).toEqual([false, undefined]);
  });

  test('a file that goes while it is looked at reads as nothing', () => {
    const folder = repositoryOf({ 'a.ts': 'a' });
    const tree = readTree(folder);
    rmSync(join(folder, 'a.ts'));
    expect(tree.read('a.ts')).toBeUndefined();
  });

  test('a folder of it is a root of its own, and paths are from there', () => {
    const folder = repositoryOf({ 'shop/orders/a.ts': '', 'b.ts': '' });
    expect(readTree(join(folder, 'shop')).files).toEqual(['orders/a.ts']);
  });

  test('a folder that git ignores is read all the same when it is the root', () => {
    const folder = repositoryOf({ '.gitignore': 'out/\n' });
    const inside = folderOf({ 'a.ts': '' });
    spawnSync('cp', ['-r', inside, join(folder, 'out')]);
    expect(readTree(join(folder, 'out')).files).toEqual(['a.ts']);
  });

  test('repositories within it are read too', () => {
    const folder = repositoryOf({ 'a.ts': '' });
    spawnSync('cp', ['-r', repositoryOf({ 'in.ts': 'in' }), join(folder, 'clone')]);
    const tree = readTree(folder);
    expect(tree.files).toEqual(['a.ts', 'clone/in.ts']);
    expect(tree.read('clone/in.ts')).toBe('in');
    git(folder, 'add', 'clone');
    expect(readTree(folder).files).toEqual(['a.ts', 'clone/in.ts']);
  });

  test('nothing below a folder that has since become a link', () => {
    const outside = folderOf({ 'a.ts': 'secret' });
    const folder = repositoryOf({ 'shop/a.ts': 'a', 'b.ts': 'b' });
    rmSync(join(folder, 'shop'), { recursive: true });
    symlinkSync(outside, join(folder, 'shop'));
    expect(['shop/a.ts', 'b.ts'].map(readTree(folder).read)).toEqual([undefined, 'b']);
  });

  test('runs no program that the repository names', () => {
    const folder = repositoryOf({ 'a.ts': '' });
    for (const setting of ['core.fsmonitor', 'core.sshCommand', 'core.pager', 'filter.x.clean'])
      git(folder, 'config', setting, 'touch ran;');
    git(folder, 'config', 'remote.x.url', 'ext::touch ran');
    git(folder, 'config', 'protocol.ext.allow', 'always');
    git(folder, 'config', 'extensions.partialClone', 'x');
    writeFileSync(join(folder, '.gitattributes'), '* filter=x\n');
    expect(readTree(folder).files).toEqual(['.gitattributes', 'a.ts']);
    expect(existsSync(join(folder, 'ran'))).toBe(false);
  });
});

test('without git it walks, past .gitignore, node_modules and build output', () => {
  const folder = folderOf({
    '.gitignore': '*.log\n/secret\n',
    'a.ts': '',
    'a.log': '',
    'secret/a.ts': '',
    'orders/.gitignore': 'gen\n',
    'orders/gen/a.ts': '',
    'orders/secret/a.ts': '',
    'node_modules/x/a.js': '',
    'orders/dist/a.js': '',
  });
  expect(readTree(folder).files).toEqual(['.gitignore', 'a.ts', 'orders/.gitignore', 'orders/secret/a.ts']);
});

describe('without git it is not held up by', () => {
  test.skipIf(process.platform === 'win32')('a pipe in place of a file', () => {
    const folder = folderOf({ 'a.ts': 'a' });
    spawnSync(
      'mkfifo',
      ['.gitignore', 'b.ts'].map(name => join(folder, name)),
    );
    const tree = readTree(folder);
    expect(tree.files).toEqual(['a.ts']);
    expect(['a.ts', 'b.ts'].map(tree.read)).toEqual(['a', undefined]);
  });

  test('patterns of a .gitignore that take for ever', () => {
    const path = `${'a'.repeat(60)}/${'a'.repeat(200)}.ts`;
    const folder = folderOf({ '.gitignore': `${'*a'.repeat(20)}b\n[\n\\\n*.log\n`, [path]: '', 'a.log': '' });
    expect(readTree(folder).files).toEqual(['.gitignore', path]);
  });

  test('folders in folders, and links in a circle', () => {
    const deep = `${'d/'.repeat(400)}a.ts`;
    const folder = folderOf({ [deep]: '' });
    symlinkSync('.', join(folder, 'loop'));
    expect(readTree(folder).files).toEqual([deep, 'loop']);
  });
});

describe('reads', () => {
  test('a link within the root, and none that leads out of it', () => {
    const outside = folderOf({ 'secret.ts': 'secret' });
    const folder = folderOf({ 'a.ts': 'a' });
    symlinkSync('a.ts', join(folder, 'in.ts'));
    symlinkSync(join(outside, 'secret.ts'), join(folder, 'out.ts'));
    symlinkSync(outside, join(folder, 'folder'));
    symlinkSync('loop.ts', join(folder, 'loop.ts'));
    const tree = readTree(folder);
    expect(['in.ts', 'out.ts', 'loop.ts', 'folder', 'folder/secret.ts'].map(tree.read)).toEqual([
      'a',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('text only, up to two megabytes, without a byte order mark', () => {
    const folder = folderOf({
      'binary.ts': 'a\0b',
      'large.ts': 'x'.repeat(2 * 1024 * 1024 + 1),
      'marked.ts': '\uFEFFa',
    });
    writeFileSync(join(folder, 'wide.ts'), Buffer.from('\uFEFFconst a = 1;', 'utf16le'));
    writeFileSync(join(folder, 'swapped.ts'), Buffer.from('\uFEFFconst a = 1;', 'utf16le').swap16());
    writeFileSync(join(folder, 'old.ts'), Buffer.from('const é = 1;', 'latin1'));
    const tree = readTree(folder);
    expect(['binary.ts', 'large.ts', 'marked.ts', 'wide.ts', 'swapped.ts', 'old.ts'].map(tree.read)).toEqual([
      undefined,
      undefined,
      'a',
      'const a = 1;',
      'const a = 1;',
      'const \uFFFD = 1;',
    ]);
  });

  test('nothing that it did not list', () => {
    const folder = folderOf({ 'shop/a.ts': '', 'secret.ts': 'secret' });
    expect(readTree(join(folder, 'shop')).read('../secret.ts')).toBeUndefined();
  });
});
