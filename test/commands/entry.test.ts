import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bin, folderOf, lintel, root, run } from '../run-lintel.ts';

const demo = 'fixtures/database-per-service/demo';

/** A copy of the program with one command more, that fails as the code says. */
function programWith(code: string): string {
  const folder = folderOf({ 'dist/src/commands/fail.js': `import { Command } from '@oclif/core';\n${code}` });
  mkdirSync(join(folder, 'bin'));
  for (const file of ['package.json', 'bin/run.js']) cpSync(join(root, file), join(folder, file));
  for (const file of ['errors.js', 'did-you-mean.js', 'io'])
    cpSync(join(root, 'dist', 'src', file), join(folder, 'dist', 'src', file), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'bin', 'run.js');
}

const shell = (command: string) => run('bash', ['-c', command], root, { LINTEL: `${process.execPath} ${bin}` });

describe.concurrent('the entry', () => {
  test('--help and --version', async () => {
    expect(await lintel(['--version'])).toMatchObject({ stdout: expect.stringMatching(/^lintel\/\d/), exitCode: 0 });
    expect(await lintel(['-h'])).toMatchObject({ stdout: expect.stringMatching(/COMMANDS\n {2}check /), exitCode: 0 });
    expect(await lintel(['check', '--help'])).toMatchObject({
      stdout: expect.stringContaining('EXAMPLES'),
      exitCode: 0,
    });
    expect(await lintel([])).toMatchObject({ stdout: expect.stringContaining('USAGE'), exitCode: 0 });
  });

  test('a crash exits 4 with its stack, never 1', async () => {
    const program = programWith("export default class extends Command { run() { throw new Error('no such edge'); } }");
    const { stdout, stderr, exitCode } = await run(process.execPath, [program, 'fail'], root);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 4 });
    expect(stderr).toMatch(/^internal error, please tell us at https:.*\nError: no such edge\n +at .*fail\.js/);
  });

  test('so does one that nobody waits for', async () => {
    const program = programWith(
      "export default class extends Command { async run() { setTimeout(() => { throw new Error('late'); }); } }",
    );
    const { stderr, exitCode } = await run(process.execPath, [program, 'fail'], root);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('Error: late\n');
  });

  test('and a part that cannot be loaded', async () => {
    const program = programWith("export default class extends Command { run() { return import('./gone.js'); } }");
    const { stderr, exitCode } = await run(process.execPath, [program, 'fail'], root);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('gone.js');
  });

  test('a reader that leaves early is no failure', async () => {
    for (const command of ['--help', `check ${demo}`, `check ${demo} --format json`, `graph ${demo} --format json`]) {
      const { stdout, stderr } = await shell(`$LINTEL ${command} | head -n 1; echo "exit \${PIPESTATUS[0]}"`);
      expect(stderr).toBe('');
      expect(stdout).toMatch(/\nexit [01]\n$/);
    }
  });

  test('all of the output arrives at a slow reader', async () => {
    const { stdout } = await shell(`$LINTEL graph ${demo} --format json | (sleep 1; cat)`);
    expect(JSON.parse(stdout).schema).toBe(1);
  });

  test('colours as the environment asks', async () => {
    const start = String.fromCharCode(27);
    expect((await lintel(['check', demo])).stdout).not.toContain(start);
    expect((await lintel(['check', demo], root, { FORCE_COLOR: '1' })).stdout).toContain(start);
    expect((await lintel(['check', demo], root, { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout).not.toContain(start);
  });

  test('on an old Node it says so and exits 2', async () => {
    const old = "data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.19.1'}})";
    const { stdout, stderr, exitCode } = await run(process.execPath, ['--import', old, bin, 'check'], root);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toMatch(/^error LT-008: Lintel needs Node\.js [\d.]+ or newer, this is 20\.19\.1\n$/);
  });
});
