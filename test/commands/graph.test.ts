import { describe, expect, test } from 'vitest';
import { folderOf, lintel } from '../run-lintel.ts';

const demo = 'fixtures/database-per-service/demo';

describe.concurrent('graph', () => {
  test('tells who uses what', async () => {
    const { stdout, exitCode } = await lintel(['graph', demo]);
    expect(stdout).toMatch(/^services\n/);
    expect(stdout).toMatch(/^ {2}orders \(service\) services\/orders$/m);
    expect(stdout).toMatch(/^ {4}order_lines, owned by orders$/m);
    expect(exitCode).toBe(0);
  });

  test('prints exactly the System as JSON', async () => {
    const { stdout } = await lintel(['graph', demo, '--format', 'json']);
    const system = JSON.parse(stdout);
    expect(Object.keys(system)).toEqual([
      'schema',
      'services',
      'datastores',
      'tables',
      'topics',
      'endpoints',
      'edges',
      'outbound',
      'practices',
      'routes',
      'unresolved',
    ]);
    expect(system.schema).toBe(1);
  });

  test('draws it', async () => {
    const { stdout } = await lintel(['graph', demo, '--format', 'mermaid']);
    expect(stdout).toMatch(/^flowchart LR\n/);
    expect(stdout).toMatch(/n\d+ ==>/);
  });

  test('nothing to analyse exits 3', async () => {
    expect(await lintel(['graph', '--format', 'json'], folderOf({ 'a.md': '' }))).toMatchObject({
      stdout: '',
      exitCode: 3,
    });
  });

  test('a file is no root', async () => {
    expect(await lintel(['graph', 'package.json'])).toMatchObject({
      stderr: 'error LT-002: package.json is not a folder\n  name the root of the repository\n',
      exitCode: 2,
    });
  });
});
