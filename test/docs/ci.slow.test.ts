import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commitAll, committed, git } from '../git.ts';
import { lintel, root } from '../run-lintel.ts';

const page = readFileSync(join(root, 'docs', 'ci.md'), 'utf8');
const commands = [...page.matchAll(/npx lintel ([^\n'`]+)/g)].map(([, words = '']) => words.trim().split(' '));

test('every command of docs/ci.md does what it says, in the order of the page', async () => {
  const folder = await committed({});
  cpSync(join(root, 'fixtures/database-per-service/demo'), folder, { recursive: true });
  await commitAll(folder);
  await git(folder, 'branch', '-q', '-M', 'main');
  expect(commands.length).toBeGreaterThan(7);
  for (const words of commands) {
    const { stdout, stderr, exitCode } = await lintel(words, folder);
    const said = `lintel ${words.join(' ')}\n${stdout}${stderr}`;
    expect(stderr, said).not.toMatch(/^error/m);
    const passes = words.some(word => /^--(exit-zero|baseline|changed)$/.test(word));
    expect(exitCode, said).toBe(passes ? 0 : 1);
    for (const word of words.filter(one => one.includes('='))) {
      expect(existsSync(join(folder, word.replace(/^.*=/, ''))), said).toBe(true);
    }
  }
});

test('and so do the flags that it shows', async () => {
  const { stdout } = await lintel(['check', '--help']);
  for (const [, flag = ''] of page.matchAll(/`(--[\w-]+)/g)) {
    expect(stdout.replaceAll('--[no-]', '--no-')).toContain(flag);
  }
});
