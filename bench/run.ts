// npm run bench [-- <folder>]: what `lintel check` costs beside parsing alone and beside dependency-cruiser.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readTree } from '../src/io/read-tree.ts';
import { writeWorkspace } from './workspace.ts';

const runs = 3;
const project = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'lintel-bench-'));

const cruiserFlags = [
  '--no-config',
  '--ts-pre-compilation-deps',
  '--do-not-follow',
  'node_modules',
  '--output-type',
  'null',
];

interface Cost {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMegabytes: number;
}

try {
  const [given] = process.argv.slice(2);
  const folder = given === undefined ? join(scratch, 'workspace') : resolve(given);
  if (given === undefined) writeWorkspace(folder);
  const sources = readTree(folder).files.filter(file => /\.[cm]?[jt]sx?$/.test(file)).length;
  console.log(`${sources} source files in ${given ?? 'a generated workspace'}; node ${process.version}`);
  console.log(`median of ${runs} runs, dependency-cruiser once; processes that a program starts are not counted\n`);
  const parse = median(() => measure([join(project, 'bench', 'parse-all.ts'), folder]));
  const check = median(() =>
    measure([join(project, 'bin', 'run.js'), 'check', folder, '--format', 'json', '--exit-zero']),
  );
  const cruise = measure(
    [join(project, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs'), ...cruiserFlags, '.'],
    folder,
  );
  console.log('                               CPU s   wall s  peak MB   CPU, times parsing');
  for (const [name, cost] of [
    ['read and parse, oxc', parse],
    ['lintel check', check],
    ['dependency-cruiser', cruise],
  ] as const) {
    const figures = [
      cost.cpuSeconds.toFixed(2).padStart(8),
      cost.wallSeconds.toFixed(2).padStart(9),
      cost.peakMegabytes.toFixed(0).padStart(9),
    ];
    console.log(`${name.padEnd(28)}${figures.join('')}   ${(cost.cpuSeconds / parse.cpuSeconds).toFixed(2)}`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function median(measureOnce: () => Cost): Cost {
  const costs = Array.from({ length: runs }, measureOnce).sort((a, b) => a.cpuSeconds - b.cpuSeconds);
  const middle = costs[Math.floor(runs / 2)];
  if (middle === undefined) throw new Error('no run was measured');
  return middle;
}

/** Runs a program and asks it what it used. */
function measure(program: readonly string[], cwd: string = project): Cost {
  const usage = join(scratch, 'usage.json');
  const preload = ['--import', join(project, 'bench', 'usage.js')];
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [...preload, ...program], {
    cwd,
    env: { ...process.env, BENCH_USAGE: usage },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  const wallSeconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${program.join(' ')} exited ${status}: ${stderr}`);
  return { wallSeconds, ...JSON.parse(readFileSync(usage, 'utf8')) };
}
