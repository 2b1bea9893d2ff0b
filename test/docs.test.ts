import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { checkFormats, graphFormats } from '../src/report/index.ts';
import { lintel, root } from './run-lintel.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(read('package.json'));

const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.md'))
    .map(path => `docs/${path}`),
];

describe.each(pages)('%s', page => {
  const text = read(page);
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');

  test('links to pages that exist, and to headings in them', () => {
    const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const broken = links.filter(target => !/^https?:/.test(target) && !leadsSomewhere(page, target));
    expect(broken).toEqual([]);
  });

  test('names paths that exist', () => {
    const known = readdirSync(root).filter(name => existsSync(join(root, name)));
    const named = [...prose.matchAll(/`((?:\.?[\w-]+\/)+[\w.-]*)`/g)].map(([, path = '']) => path);
    const ours = named.filter(path => known.includes(path.split('/')[0] ?? '') && path !== 'dist/');
    expect(ours.filter(path => !existsSync(join(root, path)))).toEqual([]);
  });

  test('names npm scripts that exist', () => {
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script = '']) => script);
    expect(named.filter(script => !(script in manifest.scripts))).toEqual([]);
  });
});

function leadsSomewhere(page: string, target: string): boolean {
  const [path = '', heading] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(root, file))) return false;
  return heading === undefined || headingsOf(read(file)).includes(heading);
}

function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

describe('every lintel command that a page shows is one that the program takes', async () => {
  const shown = pages.flatMap(page =>
    [...read(page).matchAll(/(?:`|^|npx |bin\/run\.js |- run: npx )lintel ([a-z]+[^`\n]*)/gm)].map(([, line = '']) =>
      line.trim(),
    ),
  );
  const flags = new Map<string, string>();
  for (const command of ['check', 'graph', 'explain']) flags.set(command, (await lintel([command, '--help'])).stdout);

  test.for([...new Set(shown)])('lintel %s', line => {
    const [command = '', ...words] = line.split(/\s+/);
    const help = flags.get(command);
    expect(help, `there is no command ${command}`).toBeDefined();
    for (const flag of words.filter(word => word.startsWith('--')))
      expect(help?.replace('--[no-]', '--no-')).toContain(flag);
    const format = /--format[ =](\w+)/.exec(line)?.[1];
    if (format) expect(command === 'check' ? checkFormats : graphFormats).toContain(format);
  });
});

test('what the README shows of the demo is what the demo shows', async () => {
  const [, shown = ''] = /npm run demo\n```\n\n```\n([\s\S]*?)```/.exec(read('README.md')) ?? [];
  const { stdout } = await lintel(['check', 'fixtures/database-per-service/demo']);
  expect(shown.split('\n').filter(line => line !== '').length).toBeGreaterThan(1);
  for (const line of shown.split('\n')) expect(stdout).toContain(line);
});

test('the configuration in docs/configuration.md is one that Lintel takes', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(read('docs/configuration.md')) ?? [];
  const config = readConfig(example, 'lintel.yaml');
  expect(config.services.map(({ id }) => id)).toEqual(['orders', 'billing']);
  expect(config.ignore).toEqual(['tools/**']);
});

test('docs/dependencies.md gives a reason for each dependency, and for no other', () => {
  const [product = '', development = ''] = read('docs/dependencies.md').split('## For development');
  const named = (text: string) =>
    [...text.matchAll(/^\| (\S+) \| \S.* \|$/gm)].map(([, name = '']) => name).filter(name => name !== 'Package');
  expect(named(product)).toEqual(Object.keys(manifest.dependencies).sort());
  expect(named(development)).toEqual(Object.keys(manifest.devDependencies).sort());
});

test('the test command of the README is what CI runs, and nothing else', () => {
  expect(read('README.md')).toContain('`npm test` runs everything');
  const commands = read('.ci/run')
    .split('\n')
    .filter(line => /^(npm|npx|node)\b/.test(line));
  expect(commands).toEqual(['npm test']);
});

test('the lockfile names no registry', () => {
  const { packages } = JSON.parse(read('package-lock.json'));
  expect(Object.keys(packages).filter(name => 'resolved' in packages[name])).toEqual([]);
});
