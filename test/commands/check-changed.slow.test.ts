import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commitAll, committed, git } from '../git.ts';
import { folderOf, lintel } from '../run-lintel.ts';
import { shop } from './shop.ts';

const orders = "await pool.query('delete from lines');";
const files: Readonly<Record<string, string>> = {
  ...shop({ orders, billing: "await pool.query('select * from lines');" }),
  'billing/old.js': 'export const old = 1;\n',
};

test('--changed shows what the branch has to do with, counts the rest, and passes where that is nothing', async () => {
  const folder = await committed(files);
  await git(folder, 'switch', '-q', '-c', 'feature');
  writeFileSync(join(folder, 'README.md'), '# Shop\n');
  await commitAll(folder);

  const nothing = await lintel(['check', '--changed', '--format', 'json'], folder);
  expect(nothing.exitCode).toBe(0);
  const { findings, summary } = JSON.parse(nothing.stdout);
  expect({ findings, errors: summary.errors }).toEqual({ findings: [], errors: 0 });
  expect(summary.hidden.changed).toBeGreaterThan(1);

  writeFileSync(join(folder, 'orders/main.js'), `// moved down\n${files['orders/main.js']}`);
  const owner = await lintel(['check', '--changed', 'main'], folder);
  expect(owner.stdout).toMatch(/error billing reads postgres:db\/shop#lines, a table owned by orders/);
  expect(owner.exitCode).toBe(1);
});

test('--changed without git, or with a ref that it does not know, exits 2', async () => {
  const plain = await lintel(['check', '--changed'], folderOf(files));
  expect(plain).toMatchObject({ exitCode: 2, stdout: '' });
  expect(plain.stderr).toMatch(/^error LT-012: --changed: this folder is in no git work tree\n/);
  const unknown = await lintel(['check', '--changed', 'mian'], await committed(files));
  expect(unknown).toMatchObject({ exitCode: 2, stdout: '' });
  expect(unknown.stderr).toMatch(/^error LT-012: --changed: git knows no commit mian\n/);
});
