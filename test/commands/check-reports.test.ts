import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOf, lintel, root } from '../run-lintel.ts';

const demo = join(root, 'fixtures/database-per-service/demo');

describe.concurrent('reports of a check', () => {
  test('go to files beside what is printed, with paths from the root of the repository', async () => {
    const folder = folderOf({});
    const outputs = ['sarif=lintel.sarif', 'gitlab=quality.json', 'junit=lintel.xml', 'markdown=lintel.md'];
    const args = ['check', demo, '--format', 'github', ...outputs.flatMap(output => ['--output', output])];
    const { stdout, stderr, exitCode } = await lintel(args, folder);
    const read = (file: string) => readFileSync(join(folder, file), 'utf8');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 1 });
    expect(stdout).toMatch(/^::error file=fixtures\/database-per-service\/demo\/services\/billing\//);
    const [{ tool, results }] = JSON.parse(read('lintel.sarif')).runs;
    const [rule] = tool.driver.rules.filter(({ id }: { id: string }) => id === 'database-per-service/no-foreign-read');
    expect(rule.help.markdown).toContain('## no-foreign-read');
    expect(results[0].locations[0].physicalLocation.artifactLocation.uri).toMatch(/^fixtures\/database-per-service\//);
    expect(JSON.parse(read('quality.json'))[0].location.path).toMatch(/^fixtures\/database-per-service\//);
    expect(read('lintel.xml')).toContain('<failure type="error"');
    expect(read('lintel.md')).toMatch(/^### Lintel: \d+ error/);
  });

  test.for([
    ['sarif=no/such/lintel.sarif', 'no/such/lintel.sarif cannot be written: there is no folder no/such'],
    ['sarif=taken', 'taken cannot be written: it is a folder'],
  ])('--output %s exits 2 before the check', async ([output = '', message]) => {
    const folder = folderOf({});
    mkdirSync(join(folder, 'taken'));
    const { stdout, stderr, exitCode } = await lintel(['check', demo, '--output', output], folder);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toContain(`error LT-010: ${message}\n`);
  });
});

describe.concurrent('in GitHub Actions', () => {
  const env = (folder: string) => ({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(folder, 'summary.md') });

  test('annotations come after what is printed, in which nothing is a command, and a summary is added', async () => {
    const folder = folderOf({ 'summary.md': 'of another step\n' });
    const { stdout, exitCode } = await lintel(['check', demo], folder, env(folder));
    const [, token = '', shown = '', rest = ''] =
      /^::stop-commands::([\w-]+)\n([\s\S]*)^::\1::\n([\s\S]*)$/m.exec(stdout) ?? [];
    expect(token.length).toBeGreaterThan(20);
    expect(shown).toContain('owned by orders');
    expect(rest).toMatch(/^::error file=/);
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toMatch(/^of another step\n### Lintel: \d+ error/);
    expect(exitCode).toBe(1);
  });

  test('a report for programs stays one, and --no-ci leaves everything as it is elsewhere', async () => {
    const folder = folderOf({});
    const json = await lintel(['check', demo, '--format', 'json'], folder, env(folder));
    expect(JSON.parse(json.stdout).schema).toBe(1);
    expect(existsSync(join(folder, 'summary.md'))).toBe(true);
    const plain = folderOf({});
    const { stdout } = await lintel(['check', demo, '--no-ci'], plain, env(plain));
    expect(stdout).not.toContain('::');
    expect(existsSync(join(plain, 'summary.md'))).toBe(false);
  });

  test('a summary that cannot be written is a note, no failure', async () => {
    const { stderr, exitCode } = await lintel(['check', demo, '--exit-zero'], root, {
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: '/no/such/summary.md',
    });
    expect(stderr).toBe('the summary of the job: /no/such/summary.md cannot be written: its folder does not exist\n');
    expect(exitCode).toBe(0);
  });
});
