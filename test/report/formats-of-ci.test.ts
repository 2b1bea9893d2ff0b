import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sarifToMarkdown } from '@security-alert/sarif-to-markdown';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { Finding } from '../../src/check/rule.ts';
import { checkReporters } from '../../src/report/index.ts';
import { root } from '../run-lintel.ts';
import { findings, reportOf } from './shop.ts';

const schema = (name: string) => readFileSync(join(root, 'test', 'schemas', name), 'utf8');
const at = (file: string, line = 1) => ({ file, line, column: 1 });

/** A finding with these particulars; the rest is that of the first one of the shop. */
function found(more: Partial<Finding>): Finding {
  const [first] = findings;
  if (first === undefined) throw new Error('the shop has findings');
  return { ...first, ...more };
}

const many = (number: number, severity: Finding['severity']) =>
  Array.from({ length: number }, (_, index) =>
    found({ severity, at: at(`${severity}/a.ts`, index + 1), fingerprint: `${severity}${index}` }),
  );

/** What a repository may hold to end a word of a format and begin another. */
const hostile = found({
  message: 'a%b,c:d "e" <f> &g]]> \u0000\u001b[31m\uD800\uFFFE | `h` @shop/db\r\n::error::i [j](1) </testcase>',
  at: at('o(r d)ers/ü,:%#?.ts'),
  related: [{ message: 'owned [by] \\ orders', at: at('a b.ts') }],
  fingerprint: 'hostile',
});
const all = [
  ...findings,
  hostile,
  found({ fingerprint: '5f0c' }),
  found({ suppressed: 'agreed & done' }),
  found({ baselined: true }),
  found({ rule: 'lintel/unused-suppression', severity: 'warn', url: 'https://example.com/lintel' }),
];

describe('SARIF', async () => {
  const render = await checkReporters.sarif();
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  const isValid = ajv.compile(JSON.parse(schema('sarif-2.1.0.json')));
  const runOf = (shown: readonly Finding[], more = {}) => JSON.parse(render(reportOf(shown, more))).runs[0];

  test.for([
    ['nothing', []],
    ['everything', all],
  ] as const)('is valid with %s found', ([, shown]) => {
    const repository = { url: 'https://github.com/shop/shop', revision: 'c0ffee', files: '' };
    isValid(JSON.parse(render(reportOf(shown, { repository, prefix: 'back end/' }))));
    expect(isValid.errors).toBeNull();
  });

  test('is read by another program', () => {
    const [read] = sarifToMarkdown({ owner: 'shop', repo: 'shop', branch: 'main', sourceRoot: '' })(
      JSON.parse(render(reportOf(findings))),
    );
    expect(read?.hasMessages).toBe(true);
    expect(read?.body).toContain('billing/src/invoice.ts#L4');
    expect(read?.body).toContain('What no-foreign-read finds');
  });

  test('tells of each rule its help, its page and its level, and of each finding which rule it is of', () => {
    const { tool, results } = runOf(all);
    const [rule] = tool.driver.rules;
    expect(rule).toMatchObject({
      id: 'database-per-service/no-foreign-read',
      help: { text: 'The way out: ask the owner.', markdown: expect.stringContaining('Why it matters') },
      helpUri: expect.stringMatching(/database-per-service\.md#no-foreign-read$/),
      defaultConfiguration: { level: 'error' },
    });
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
  });

  test('gives places from the root of the repository, and links to those that prove it', () => {
    const [result] = runOf(findings, { prefix: 'back end/' }).results;
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'back%20end/billing/src/invoice.ts', uriBaseId: '%SRCROOT%' },
      region: { startLine: 4, startColumn: 12 },
    });
    expect(result.message.text).toContain('[owned by orders, which migrates it](1)');
    expect(result.relatedLocations[0]).toMatchObject({ id: 1, physicalLocation: { region: { startLine: 2 } } });
  });

  test('leaves the hash of the line to GitHub, which warns about any but its own', () => {
    const prints = runOf(all).results.map((result: { partialFingerprints: object }) => result.partialFingerprints);
    expect(prints[0]).toEqual({ 'lintelFingerprint/v1': '5f0c' });
    expect(new Set(prints.map((print: object) => JSON.stringify(print))).size).toBe(all.length);
  });

  test('says what is suppressed, and why', () => {
    const { results } = runOf([found({ suppressed: 'agreed' }), found({ baselined: true }), found({})]);
    expect(results.map((result: { suppressions: object }) => result.suppressions)).toMatchObject([
      [{ kind: 'inSource', justification: 'agreed' }],
      [{ kind: 'external', justification: 'in the baseline' }],
      [],
    ]);
  });

  test('holds what GitHub keeps, the errors before the rest, and says what is left out', () => {
    const { results, invocations } = runOf([...many(4000, 'warn'), ...many(2000, 'error')]);
    const levels = Map.groupBy(results, (result: { level: string }) => result.level);
    expect([levels.get('error')?.length, levels.get('warning')?.length]).toEqual([2000, 3000]);
    expect(invocations[0].toolExecutionNotifications[0].message.text).toBe('1000 more results left out of this file');
  });
});

describe('the annotations of GitHub', async () => {
  const render = await checkReporters.github();

  test('stand at the line, with what to do', () => {
    const [first] = render(reportOf(findings, { prefix: 'backend/' })).split('\n');
    expect(first).toBe(
      '::error file=backend/billing/src/invoice.ts,line=4,col=12,title=database-per-service/no-foreign-read::' +
        'billing reads postgres:db/shop#lines, a table owned by orders%0Afix: ask orders through its API%0A' +
        'https://example.com/no-foreign-read',
    );
  });

  test('are ten errors and ten warnings, and the number of what is left', () => {
    const lines = render(reportOf([...many(12, 'error'), ...many(10, 'warn'), ...many(3, 'info')])).split('\n');
    expect(lines.filter(line => line.startsWith('::error '))).toHaveLength(10);
    expect(lines.filter(line => line.startsWith('::warning '))).toHaveLength(10);
    expect(lines.slice(20)).toEqual(['2 more findings not annotated: GitHub takes 10 of each kind from a step', '']);
  });

  test('cannot be left by what a repository holds', () => {
    const text = render(reportOf([hostile]));
    expect(text.split(/\r|\n/)).toHaveLength(2);
    expect(text).toMatch(/^::error file=o\(r d\)ers\/ü%2C%3A%25#\?\.ts,line=1,col=1,title=[^,:]+::a%25b,c:d /);
    expect(text).toContain('%0D%0A::error::i');
  });

  test('say nothing of what is taken back', () => {
    expect(render(reportOf([found({ suppressed: 'agreed' }), found({ baselined: true })]))).toBe('');
  });
});

describe('the Code Quality report of GitLab', async () => {
  const render = await checkReporters.gitlab();
  const isValid = new Ajv({ allErrors: true }).compile(JSON.parse(schema('gitlab-code-quality.json')));

  test('has all that GitLab asks for, with no fingerprint twice', () => {
    const issues = JSON.parse(render(reportOf(all, { prefix: 'backend/' })));
    isValid(issues);
    expect(isValid.errors).toBeNull();
    const prints = issues.map(({ fingerprint }: { fingerprint: string }) => fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
    expect(issues[0]).toMatchObject({
      check_name: 'database-per-service/no-foreign-read',
      severity: 'major',
      location: { path: 'backend/billing/src/invoice.ts', lines: { begin: 4 } },
    });
  });

  test('leaves out what is taken back, and hints', () => {
    const shown = [...findings, found({ suppressed: 'agreed' }), found({ baselined: true })];
    expect(JSON.parse(render(reportOf(shown)))).toHaveLength(2);
    expect(JSON.parse(render(reportOf(shown, { infos: true })))).toHaveLength(3);
  });
});

describe('JUnit XML', async () => {
  const render = await checkReporters.junit();
  const lint = (xml: string) =>
    validateXML({
      xml: { fileName: 'lintel.xml', contents: xml },
      schema: { fileName: 'junit.xsd', contents: schema('junit.xsd') },
    });

  test('is valid, whatever a repository holds', async () => {
    for (const xml of [render(reportOf([])), render(reportOf(all))]) {
      expect(await lint(xml)).toMatchObject({ valid: true, errors: [] });
    }
  });

  test('is a suite for each rule: failures for errors, a case that passes for a rule that found nothing', () => {
    const xml = render(reportOf(findings));
    expect(xml).toMatch(/<testsuites name="lintel" tests="4" failures="1" errors="0">/);
    expect(xml).toMatch(/<testsuite name="database-per-service\/no-foreign-read" tests="1" failures="1"/);
    expect(xml).toMatch(/<failure type="error" message="billing reads[^"]+">error billing reads/);
    expect(xml).toMatch(/classname="database-per-service\/no-join" name="no findings"\/>/);
  });

  test('warnings are failures where they fail the check, and what is taken back is skipped', () => {
    const { verdict } = reportOf([found({ severity: 'warn' }), found({ suppressed: 'agreed' })]);
    const render2 = (failsOnWarnings: boolean) => render(reportOf([], { verdict: { ...verdict, failsOnWarnings } }));
    expect(render2(false)).not.toContain('<failure');
    expect(render2(true)).toContain('<failure type="warn"');
    expect(render2(true)).toContain('<skipped>suppressed: agreed</skipped>');
  });
});

describe('Markdown', async () => {
  const render = await checkReporters.markdown();

  test('is a table with each finding to unfold, and links to lines where the repository is known', async () => {
    const files = 'https://github.com/shop/shop/blob/c0ffee/';
    const repository = { url: 'https://github.com/shop/shop', revision: 'c0ffee', files };
    await expect(render(reportOf(findings, { repository, prefix: 'backend/' }))).toMatchFileSnapshot('report.md');
  });

  test('takes no markup and calls nobody from what a repository holds', () => {
    const [, row = ''] = render(reportOf([hostile])).split('|---|---|---|---|\n');
    const cells = row.split('\n')[0]?.split(/(?<!\\)\|/);
    expect(cells).toHaveLength(6);
    expect(cells?.[2]).toContain('&lt;f> &amp;g\\]\\]>');
    expect(render(reportOf([hostile]))).not.toContain('@shop');
    expect(render(reportOf([found({ message: 'reads $HOST/$DB' })]))).toContain('<span>$</span>HOST/<span>$</span>DB');
  });

  test('fits into a comment, errors first, and says how many are left', () => {
    const text = render(reportOf([...many(900, 'warn'), ...many(3, 'error')]));
    expect(text.length).toBeLessThan(65_536);
    expect(text.split('\n')[4]).toContain('error');
    expect(text).toMatch(/\nand \d+ more findings\n/);
  });
});
