import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { committed } from '../git.ts';
import { folderOf, lintel } from '../run-lintel.ts';
import { shop } from './shop.ts';

const writes = (...tables: string[]) => tables.map(table => `await pool.query('delete from ${table}');`).join('\n');
const reads = (...tables: string[]) => tables.map(table => `await pool.query('select * from ${table}');`).join('\n');
const orders = writes('lines', 'prices', 'offers', 'stock');

test('after a change that removes two findings and adds one, that one is shown, and the baseline shrinks by two', async () => {
  const folder = await committed(shop({ orders, billing: reads('lines', 'prices', 'offers') }));
  const baseline = () => JSON.parse(readFileSync(join(folder, 'baseline.json'), 'utf8')).findings;
  const check = (...more: string[]) => lintel(['check', '--baseline', 'baseline.json', ...more], folder);

  const first = await check('--update-baseline');
  expect(first.stderr).toMatch(/^baseline baseline\.json: (\d+) added, 0 removed, \1 findings in it\n {2}\+ /);
  expect(first).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^no findings \(\d+ in the baseline\)/m) });
  const before = baseline().length;

  const { 'billing/main.js': changed = '' } = shop({ orders, billing: `\n\n${reads('offers', 'stock')}` });
  writeFileSync(join(folder, 'billing/main.js'), changed);

  const second = await check();
  expect(second.stdout.match(/^ {2}(error|warn) .*/gm)).toEqual([
    expect.stringMatching(/error billing reads postgres:db\/shop#stock, /),
  ]);
  expect(second.stderr).toMatch(/^baseline baseline\.json: 2 findings no longer found, --update-baseline takes them/);
  expect(second.exitCode).toBe(1);

  const third = await check('--update-baseline', '--format', 'json');
  expect(JSON.parse(third.stdout).summary).toMatchObject({ errors: 1, stale: 0, baselined: before - 2 });
  expect(third.stderr).toMatch(/^baseline baseline\.json: 0 added, 2 removed, /);
  expect(
    third.stderr.match(/^ {2}- billing\/main\.js: billing reads postgres:db\/shop#(lines|prices),/gm),
  ).toHaveLength(2);
  expect(baseline()).toHaveLength(before - 2);
  expect(third.exitCode).toBe(1);
});

describe.concurrent('a baseline', () => {
  const files = shop({ orders, billing: reads('lines') });

  test('that is not there is an error, and so is one that is no baseline', async () => {
    const folder = folderOf({ ...files, 'broken.json': '{\n  "schema": 1,\n  "findings": 7\n}\n' });
    const gone = await lintel(['check', '--baseline', 'gone.json'], folder);
    expect(gone).toMatchObject({ exitCode: 2, stdout: '' });
    expect(gone.stderr).toMatch(/^error LT-002: there is no baseline gone\.json\n/);
    const broken = await lintel(['check', '--baseline', 'broken.json'], folder);
    expect(broken).toMatchObject({ exitCode: 2, stdout: '' });
    expect(broken.stderr).toMatch(/^error LT-011: broken\.json:3:15: findings must be a list, is number 7\n/);
  });

  test('that holds too much fails with --strict-baseline, and --grow-baseline takes in what is new', async () => {
    const entry = { rule: 'a/b', file: 'a.ts', message: 'gone', fingerprint: 'gone' };
    const folder = folderOf({ ...files, 'b.json': JSON.stringify({ schema: 1, findings: [entry] }) });
    const strict = ['check', '--baseline', 'b.json', '--strict-baseline', '--rule', 'outbox'];
    expect(await lintel(strict, folder)).toMatchObject({ exitCode: 1 });
    expect(await lintel(['check', '--baseline', 'b.json', '--grow-baseline'], folder)).toMatchObject({ exitCode: 0 });
    expect(await lintel(strict, folder)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('is needed where it is to be updated', async () => {
    const { stderr, exitCode } = await lintel(['check', '--update-baseline'], folderOf(files));
    expect(stderr).toMatch(/^error LT-001: all of the following .* --update-baseline: --baseline\n/);
    expect(exitCode).toBe(2);
  });
});

test('--quiet prints errors and nothing else', async () => {
  const { stdout, stderr } = await lintel(['check', '--quiet'], folderOf(shop({ orders, billing: reads('lines') })));
  expect(stdout).toMatch(/^billing\/main\.js\n\n {2}error billing reads /);
  expect(stdout).not.toMatch(/warn|checked|unresolved/);
  expect(stderr).toBe('');
});
