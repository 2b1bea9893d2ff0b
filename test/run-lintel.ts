import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

export const root = join(import.meta.dirname, '..');
export const bin = join(root, 'bin', 'run.js');

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** Runs the built program as a user does, without a terminal. */
export function lintel(args: readonly string[], cwd: string = root, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return run(process.execPath, [bin, ...args], cwd, env);
}

export function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const { NO_COLOR, FORCE_COLOR, ...inherited } = process.env;
  // what a test remembers is its own
  const own = { XDG_CACHE_HOME: join(tmpdir(), `lintel-test-cache-${process.pid}`) };
  const child = spawn(program, args, { cwd, env: { ...inherited, ...own, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', chunk => stdout.push(chunk));
  child.stderr.on('data', chunk => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', exitCode => {
      resolve({ stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), exitCode });
    });
  });
}

const folders: string[] = [];
// Not after each test: where tests run side by side, vitest cannot tell whose folder it is.
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  rmSync(join(tmpdir(), `lintel-test-cache-${process.pid}`), { recursive: true, force: true });
});

/** A folder with these files, gone after the tests of the file. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'lintel-test-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
