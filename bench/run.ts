// npm run bench [-- <folder>] [--peers]: what `lintel check` costs beside reading, parsing and other programs.
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { readTree } from '../src/io/read-tree.ts';
import { writeWorkspace } from './workspace.ts';

const runs = 3;
const project = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'lintel-bench-'));
const workspace = join(scratch, 'workspace');
const lintel = join(project, 'bin', 'run.js');
const isSource = /\.[cm]?[jt]sx?$/;

const cruiser = [
  join(project, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
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
  const withPeers = process.argv.includes('--peers');
  const [given] = process.argv.slice(2).filter(argument => argument !== '--peers');
  if (given === undefined) writeWorkspace(workspace);
  else copyOf(resolve(given));
  const sources = readTree(workspace).files.filter(file => isSource.test(file));
  console.log(`${sources.length} source files in ${given ?? 'a generated workspace'}; node ${process.version}`);
  console.log(`median of ${runs} runs, peers once; processes that a program starts are not counted\n`);
  console.log('                                   CPU s   wall s  peak MB   CPU, times parsing');

  const parse = median(() => measure([join(project, 'bench', 'parse-all.ts'), workspace]));
  const line = (name: string, cost: Cost): void => {
    const figures = [
      cost.cpuSeconds.toFixed(2).padStart(8),
      cost.wallSeconds.toFixed(2).padStart(9),
      cost.peakMegabytes.toFixed(0).padStart(9),
    ];
    console.log(`${name.padEnd(32)}${figures.join('')}   ${(cost.cpuSeconds / parse.cpuSeconds).toFixed(2)}`);
  };
  const readAll = join(project, 'bench', 'read-all.ts');
  line(
    'read',
    median(() => measure([readAll, workspace])),
  );
  line(
    'read, imports by oxc',
    median(() => measure([readAll, workspace, 'imports'])),
  );
  line('read and parse, oxc', parse);

  const check = ['check', workspace, '--format', 'json', '--exit-zero'];
  line(
    'lintel check, cold',
    median(() => measure([lintel, ...check, '--no-cache'])),
  );
  measure([lintel, ...check]);
  line(
    'lintel check, nothing changed',
    median(() => measure([lintel, ...check])),
  );
  line(
    'lintel check, one file changed',
    median(() => {
      touch(sources.slice(0, 1));
      return measure([lintel, ...check]);
    }),
  );

  line('dependency-cruiser', measure([...cruiser, '.'], workspace));
  const cache = ['--cache', join(scratch, 'cruiser'), '--cache-strategy', 'content'];
  measure([...cruiser, ...cache, '.'], workspace);
  line('dependency-cruiser, warm', measure([...cruiser, ...cache, '.'], workspace));
  if (withPeers) for (const [name, program] of peers()) line(name, measure(program, workspace));

  console.log('\nto start                           CPU s   wall s');
  const empty = join(scratch, 'empty');
  mkdirSync(join(empty, 'shop'), { recursive: true });
  writeFileSync(join(empty, 'shop', 'main.js'), "require('http').createServer(() => {}).listen(3000);\n");
  writeFileSync(join(empty, 'shop', 'package.json'), '{"name":"shop","scripts":{"start":"node main.js"}}\n');
  for (const [name, program] of [
    ['node -e 0', ['-e', '0']],
    ['lintel --help', [lintel, '--help']],
    ['lintel check, one small service', [lintel, 'check', empty, '--no-cache']],
  ] as const) {
    const cost = median(() => measure(program));
    console.log(
      `${name.padEnd(32)}${cost.cpuSeconds.toFixed(3).padStart(8)}${cost.wallSeconds.toFixed(3).padStart(9)}`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** What is measured changes files, and writes caches beside them. */
function copyOf(folder: string): void {
  const tree = readTree(folder);
  for (const file of tree.files) {
    const text = tree.read(file);
    if (text === undefined) continue;
    mkdirSync(dirname(join(workspace, file)), { recursive: true });
    writeFileSync(join(workspace, file), text);
  }
  // as in a clone, git lists the files
  spawnSync('git', ['init', '--quiet'], { cwd: workspace });
}

function touch(files: readonly string[]): void {
  for (const file of files) appendFileSync(join(workspace, file), '\n');
}

/** Programs that are no dependency of ours: installed beside, for the time of the run. */
function peers(): [string, string[]][] {
  const folder = join(scratch, 'peers');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  const packages = ['eslint', 'eslint-plugin-boundaries', '@typescript-eslint/parser', 'typescript@5'];
  const installed = spawnSync('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: folder });
  if (installed.status !== 0) throw new Error(`npm install ${packages.join(' ')}: ${installed.stderr}`);
  writeFileSync(
    join(folder, 'eslint.config.js'),
    `import boundaries from 'eslint-plugin-boundaries';
import parser from '@typescript-eslint/parser';
export default [
  {
    files: ['**/*.{js,jsx,ts,tsx,mjs,cjs}'],
    languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: true } } },
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    plugins: { boundaries },
    settings: { 'boundaries/elements': [{ type: 'service', pattern: '*/*', capture: ['kind', 'service'] }] },
    rules: { 'boundaries/element-types': ['error', { default: 'disallow' }] },
  },
];
`,
  );
  cpSync(join(folder, 'eslint.config.js'), join(workspace, 'eslint.config.js'));
  cpSync(join(folder, 'node_modules'), join(workspace, 'node_modules'), { recursive: true });
  const eslint = [join(workspace, 'node_modules', 'eslint', 'bin', 'eslint.js'), '.', '--format', 'json', '--quiet'];
  const flags = ['-o', join(scratch, 'eslint.json'), '--no-inline-config', '--no-error-on-unmatched-pattern'];
  return [['eslint-plugin-boundaries', [...eslint, ...flags, '--pass-on-no-patterns']]];
}

function median(measureOnce: () => Cost): Cost {
  const costs = Array.from({ length: runs }, measureOnce).sort((a, b) => a.cpuSeconds - b.cpuSeconds);
  const middle = costs[Math.floor(runs / 2)];
  if (middle === undefined) throw new Error('no run was measured');
  return middle;
}

/** Runs a program and asks it what it used. A linter that finds something exits 1. */
function measure(program: readonly string[], cwd: string = project): Cost {
  const usage = join(scratch, 'usage.json');
  const preload = ['--import', join(project, 'bench', 'usage.js')];
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [...preload, ...program], {
    cwd,
    env: { ...process.env, BENCH_USAGE: usage, XDG_CACHE_HOME: join(scratch, 'cache') },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  const wallSeconds = (performance.now() - start) / 1000;
  if (status !== 0 && status !== 1) throw new Error(`${program.join(' ')} exited ${status}: ${stderr}`);
  return { wallSeconds, ...JSON.parse(readFileSync(usage, 'utf8')) };
}
