import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ran, root, run } from './run-lintel.ts';

const place = mkdtempSync(join(tmpdir(), 'lintel-packed-'));
const shop = join(place, 'shop');
const lintel = join(place, 'node_modules', '.bin', 'lintel');

/** What `npm test` tells its own scripts, and would mislead an npm that works elsewhere. */
const ofThisRun = Object.keys(process.env).filter(name =>
  /^(npm_(package|lifecycle|command|config_(local_)?prefix)|INIT_CWD$)/.test(name),
);

/** npm as a user calls it, with a cache of its own that starts empty. */
function npm(args: readonly string[], cwd: string): Promise<Ran> {
  const env = Object.fromEntries(ofThisRun.map(name => [name, undefined]));
  return run('npm', [...args, '--cache', join(place, 'cache')], cwd, env);
}

const shell = (command: string, env: NodeJS.ProcessEnv = {}) => run('bash', ['-c', command], place, env);

/** What is packed is what is installed and run: the source alone would hide a file left out or an import not rewritten. */
beforeAll(async () => {
  const packed = await npm(['pack', '--pack-destination', place, '--silent'], root);
  expect(packed.exitCode, packed.stderr).toBe(0);
  writeFileSync(join(place, 'package.json'), '{ "private": true }\n');
  cpSync(join(root, 'fixtures', 'database-per-service', 'demo'), shop, { recursive: true });
  const tarball = join(place, packed.stdout.trim().split('\n').at(-1) ?? '');
  const installed = await npm(['install', tarball, '--omit=dev', '--no-audit', '--no-fund'], place);
  expect(installed.exitCode, installed.stderr).toBe(0);
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

describe('the packed program, installed into an empty folder', () => {
  test('tells its version and its help', async () => {
    expect(await shell(`${lintel} --version`)).toMatchObject({
      stdout: expect.stringMatching(/^lintel\/\d/),
      stderr: '',
      exitCode: 0,
    });
    expect(await shell(`${lintel} --help`)).toMatchObject({ stdout: expect.stringContaining('COMMANDS'), exitCode: 0 });
  });

  test('checks a repository', async () => {
    const { stdout, stderr, exitCode } = await run(lintel, ['check'], shop);
    expect(stderr).toBe('');
    expect(stdout).toContain('database-per-service/no-foreign-');
    expect(exitCode).toBe(1);
  });

  test('survives a reader that leaves early', async () => {
    const { stdout, stderr } = await shell(
      `${lintel} check shop --format json | head -n 1; echo "exit \${PIPESTATUS[0]}"`,
    );
    expect({ stdout, stderr }).toEqual({ stdout: '{\nexit 1\n', stderr: '' });
  });

  test('needs neither a terminal nor colours', async () => {
    const { stdout } = await shell(`${lintel} check shop < /dev/null | cat`, { NO_COLOR: '1' });
    expect(stdout).toMatch(/unresolved\n$/);
    expect(stdout).not.toContain(String.fromCharCode(27));
  });

  test('carries its documentation', async () => {
    expect((await shell(`${lintel} explain database-per-service`)).stdout).toMatch(/^# /);
  });

  test('carries no test, no source and no more dependencies than it names', async () => {
    const { stdout } = await shell('cd node_modules/lintel && find . -type f -not -path "./node_modules/*"');
    const files = stdout.trim().split('\n');
    expect(
      files.filter(file => !/^\.\/(bin\/|dist\/|docs\/patterns\/|package\.json$|README\.md$|LICENSE$)/.test(file)),
    ).toEqual([]);
  });
});
