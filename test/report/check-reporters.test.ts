import { describe, expect, test } from 'vitest';
import { checkFormats, checkReporters } from '../../src/report/index.ts';
import { findings, reportOf, system } from './shop.ts';

const render = await checkReporters.console();
const lucky = { ...system, unresolved: [] };

describe('for people', () => {
  test('findings by file with the code, then what is unresolved, then the numbers', async () => {
    await expect(render(reportOf(findings))).toMatchFileSnapshot('console.txt');
  });

  test('colours only where asked for', () => {
    const start = String.fromCharCode(27);
    expect(render(reportOf(findings))).not.toContain(start);
    expect(render(reportOf(findings, { color: true }))).toContain(`${start}[31merror`);
  });

  test('what is only a hint is shown with --verbose, and counted without', () => {
    expect(render(reportOf(findings))).toContain('(1 at info, shown with --verbose)');
    expect(render(reportOf(findings, { verbose: true }))).toContain(
      'info port 5432 of db is open to everybody (guess)',
    );
  });

  test('what is suppressed is counted, not shown', () => {
    const suppressed = findings.map(finding => ({ ...finding, suppressed: 'agreed' }));
    expect(render(reportOf(suppressed, {}, lucky))).toBe(
      'no findings (3 suppressed)\nchecked 2 services, 1 datastore, 1 table in 2 source files; 0 unresolved\n',
    );
  });

  test('of many places that say the same the first are shown', () => {
    const places = [1, 2, 3, 4, 5].map(line => ({
      message: 'billing reads it',
      at: { file: 'a.ts', line, column: 1 },
    }));
    const [first] = findings;
    const many = first ? [{ ...first, related: [...places, ...first.related] }] : [];
    expect(render(reportOf(many))).toMatch(
      /a\.ts:1:1\n.*a\.ts:2:1\n {6}and in 3 more places, shown with --verbose\n {4}└ owned by orders/,
    );
    expect(render(reportOf(many, { verbose: true }))).toContain('a.ts:5:1');
  });

  test('a place whose line cannot be read is named without its code', () => {
    const [first] = findings;
    const gone = first ? [{ ...first, at: { file: 'gone.ts', line: 9, column: 1 } }] : [];
    expect(render(reportOf(gone, {}, lucky))).toContain('    gone.ts:9:1\n    └ owned by orders');
  });
});

test('for programs: all findings and the numbers', async () => {
  const renderJson = await checkReporters.json();
  const report = reportOf(findings);
  const { findings: shown, summary } = report.verdict;
  const text = renderJson(report);
  expect(JSON.parse(text)).toEqual({ schema: 1, findings: shown, summary });
  expect(shown).toHaveLength(3);
  expect(text.endsWith('}\n')).toBe(true);
});

test('every format has its reporter', () => {
  expect(Object.keys(checkReporters)).toEqual(checkFormats);
});
