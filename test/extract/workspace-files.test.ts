import { expect, test } from 'vitest';
import { parseNestCli } from '../../src/extract/nest-cli.ts';
import { parseNxProject, parseNxWorkspace } from '../../src/extract/nx.ts';
import { parsePackageJson } from '../../src/extract/package-json.ts';
import { parsePm2 } from '../../src/extract/pm2.ts';
import { parseProcfile } from '../../src/extract/procfile.ts';

test('nest-cli.json gives the folder of a project even where only its source is named', () => {
  expect(
    parseNestCli(
      'nest-cli.json',
      '{\n  // ours\n  "projects": {\n    "orders": { "type": "application", "sourceRoot": "apps/orders/src" },\n  }\n}',
    ),
  ).toMatchObject({
    isMonorepo: true,
    projects: [{ name: 'orders', root: 'apps/orders', isApplication: true, at: { line: 4 } }],
  });
});

test('project.json and the old workspace.json say the same', () => {
  const project = {
    projectType: 'application',
    targets: { build: { executor: '@nx/webpack:webpack', options: { main: 'apps/orders/src/main.ts' } } },
  };
  const expected = { type: 'application', main: 'apps/orders/src/main.ts', executors: ['@nx/webpack:webpack'] };
  expect(parseNxProject('project.json', JSON.stringify(project))).toMatchObject(expected);
  expect(
    parseNxWorkspace(
      'workspace.json',
      JSON.stringify({ projects: { orders: { root: 'apps/orders', ...project }, web: 'apps/web' } }),
    ),
  ).toMatchObject([{ name: 'orders', root: 'apps/orders', ...expected }]);
});

test('package.json gives the line of its name, and a problem where it is none', () => {
  expect(parsePackageJson('package.json', '{\n  "version": "1",\n  "name": "orders"\n}').facts).toMatchObject({
    name: 'orders',
    at: { line: 3 },
  });
  expect(parsePackageJson('package.json', '{ "name": ').problem).toBeDefined();
});

test('processes of pm2 and of a Procfile', () => {
  expect(
    parsePm2(
      'ecosystem.config.js',
      'module.exports = { apps: [{ name: "orders", script: "dist/main.js", args: ["--port", "80"], env_prod: { DB: "x" } }, other] };',
    ),
  ).toMatchObject([
    { name: 'orders', script: 'dist/main.js', args: '--port 80', env: [{ name: 'DB', value: 'x', stage: 'prod' }] },
  ]);
  expect(parseProcfile('Procfile', 'web: node index.js\n# no\nworker: node worker.js\n').map(one => one.name)).toEqual([
    'web',
    'worker',
  ]);
});
