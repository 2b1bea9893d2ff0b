import { describe, expect, test } from 'vitest';
import { bin, folderOf, lintel, run } from '../run-lintel.ts';
import { shop } from './shop.ts';

const demo = 'fixtures/database-per-service/demo';
const ok = 'fixtures/database-per-service/ok';

describe.concurrent('check', () => {
  test('finds the access across services in the demo, with its place and its owner, and exits 1', async () => {
    const { stdout, stderr, exitCode } = await lintel(['check', demo]);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/error .* owned by orders .*database-per-service\/no-foreign-/);
    expect(stdout).toMatch(/\d+ errors?/);
    expect(stdout).toMatch(/checked \d+ services, \d+ datastores?, \d+ tables? in \d+ source files; \d+ unresolved\n$/);
    expect(exitCode).toBe(1);
  });

  test('prints JSON in its published shape', async () => {
    const { stdout, exitCode } = await lintel(['check', demo, '--format', 'json']);
    const { schema, findings, summary, ...rest } = JSON.parse(stdout);
    expect({ schema, rest, exitCode }).toEqual({ schema: 1, rest: {}, exitCode: 1 });
    expect(summary.errors).toBeGreaterThan(0);
    for (const finding of findings) {
      expect(finding).toMatchObject({
        rule: expect.stringMatching(/^[a-z-]+\/[a-z-]+$/),
        severity: expect.stringMatching(/^(error|warn|info)$/),
        message: expect.any(String),
        at: { file: expect.any(String), line: expect.any(Number), column: expect.any(Number) },
        related: expect.any(Array),
        confidence: expect.stringMatching(/^(certain|likely|guess)$/),
        fingerprint: expect.stringMatching(/./),
        url: expect.stringMatching(/^https:/),
      });
    }
  });

  test('says the same byte for byte when asked again', async () => {
    const [first, second] = await Promise.all([1, 2].map(() => lintel(['check', demo, '--format', 'json'])));
    expect(first?.stdout).toBe(second?.stdout);
  });

  test('is silent about errors where all is right, and exits 0', async () => {
    const { stdout, exitCode } = await lintel(['check', ok]);
    expect(stdout).toMatch(/^no findings/m);
    expect(exitCode).toBe(0);
  });

  test('--exit-zero shows what is found and exits 0', async () => {
    const { stdout, exitCode } = await lintel(['check', demo, '--exit-zero']);
    expect(stdout).toContain('no-foreign-');
    expect(exitCode).toBe(0);
  });

  test('paths restrict what is shown', async () => {
    const { stdout, exitCode } = await lintel([
      'check',
      demo,
      `${demo}/services/orders/migrations`,
      '--format',
      'json',
    ]);
    expect(JSON.parse(stdout).findings).toEqual([]);
    expect(exitCode).toBe(0);
  });

  test.for([
    [['check', 'no/such/folder'], /^error LT-002: no\/such\/folder does not exist\n$/],
    [['check', '--max-warnings', 'many'], /^error LT-001: .*max-warnings.*many/],
    [['check', '--format', 'xml'], /^error LT-001: expected --format=xml to be one of: console, json/],
    [['check', '--output'], /^error LT-001: flag --output expects a value\n/],
    [['check', '--no-such-flag'], /^error LT-001: nonexistent flag: --no-such-flag/],
    [['chekc'], /^error LT-001: there is no command chekc\n {2}did you mean lintel check\?\n$/],
  ] as const)('%j is wrong usage: exit 2, and nothing on stdout', async ([args, message]) => {
    const { stdout, stderr, exitCode } = await lintel(args);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test('a mistake in lintel.yaml exits 2 and points at it', async () => {
    const folder = folderOf({ 'lintel.yaml': 'servics: {}\n', 'a.js': '' });
    const { stderr, exitCode } = await lintel(['check'], folder);
    expect(stderr).toBe(
      'error LT-004: lintel.yaml:1:1: servics is not a key that Lintel knows\n  did you mean services?\n',
    );
    expect(exitCode).toBe(2);
  });

  test('a rule that does not exist exits 2', async () => {
    const folder = folderOf({ 'lintel.yaml': 'rules:\n  database-per-service/no-foreign-raed: off\n', 'a.js': '' });
    const { stderr, exitCode } = await lintel(['check'], folder);
    expect(stderr).toMatch(
      /^error LT-005: lintel\.yaml:2:3: rule .* does not exist\n {2}did you mean database-per-service\/no-foreign-read\?\n$/,
    );
    expect(exitCode).toBe(2);
  });

  test('a comment in the code that Lintel does not understand exits 2 and points at it', async () => {
    const billing = '  // lintel: tabel lines';
    const { stderr, exitCode } = await lintel(['check'], folderOf(shop({ orders: '', billing })));
    expect(stderr).toBe(
      'error LT-009: billing/main.js:3:3: tabel is not a kind of annotation\n  did you mean table?\n',
    );
    expect(exitCode).toBe(2);
  });

  test('nothing to check exits 3 and says why', async () => {
    const { stdout, stderr, exitCode } = await lintel(['check'], folderOf({ 'main.go': 'package main' }));
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error LT-006: nothing to check: no JavaScript or TypeScript source among 1 files?\n/);
    expect(exitCode).toBe(3);
  });

  test('sources without a service exit 3 too', async () => {
    const { stderr, exitCode } = await lintel(
      ['check'],
      folderOf({ 'notes/add.js': 'export const add = (a, b) => a + b;' }),
    );
    expect(stderr).toMatch(/^error LT-006: nothing to check: no service in 1 source files?\n/);
    expect(exitCode).toBe(3);
  });
});

test('a long JSON arrives whole at a slow reader', async () => {
  const tables = Array.from({ length: 400 }, (_, index) => `lines_${index}`);
  const statements = (sql: string) => tables.map(table => `await pool.query('${sql} ${table}');`).join('\n');
  const folder = folderOf(shop({ orders: statements('delete from'), billing: statements('select * from') }));
  const command = '"$0" "$1" check --format json | (sleep 1; cat)';
  const { stdout } = await run('bash', ['-c', command, process.execPath, bin], folder);
  expect(stdout.length).toBeGreaterThan(3 * 65_536);
  expect(JSON.parse(stdout).findings.length).toBeGreaterThanOrEqual(400);
});

describe.concurrent('a suppression', () => {
  const rule = 'database-per-service/no-foreign-read';
  const orders = "await pool.query('insert into lines (id) values (1)');";
  const check = async (comment: string) => {
    const { stdout } = await lintel(
      ['check', '--format', 'json'],
      folderOf(shop({ orders, billing: `${comment}\nawait pool.query('select * from lines');` })),
    );
    const findings: { rule: string; suppressed?: string }[] = JSON.parse(stdout).findings;
    return findings.filter(finding => finding.rule === rule || finding.rule.startsWith('lintel/'));
  };

  test('takes back the finding on the next line, with its reason', async () => {
    expect(await check(`// lintel-disable-next-line ${rule} -- moves out in May`)).toMatchObject([
      { rule, suppressed: 'moves out in May' },
    ]);
  });

  test('without a reason does nothing and is reported', async () => {
    const [reasonless, found] = await check(`// lintel-disable-next-line ${rule}`);
    expect(reasonless?.rule).toBe('lintel/suppression-needs-reason');
    expect(found).toMatchObject({ rule });
    expect(found?.suppressed).toBeUndefined();
  });

  test('that matches nothing is reported', async () => {
    expect(await check('// lintel-disable-next-line database-per-service/no-foreign-write -- long ago')).toMatchObject([
      { rule: 'lintel/unused-suppression' },
      { rule },
    ]);
  });
});
