import { expect, test } from 'vitest';
import type { Finding } from '../../src/check/rule.ts';
import { type Terms, verdictOf } from '../../src/check/verdict.ts';
import type { System } from '../../src/model/system.ts';

const at = (file: string, line = 1) => ({ file, line, column: 1 });

const system: System = {
  schema: 1,
  services: [
    { id: 'orders', root: 'orders', role: 'service', language: 'typescript', evidence: [] },
    { id: 'kit', root: 'kit', role: 'library', language: 'typescript', evidence: [] },
  ],
  datastores: [],
  tables: [],
  topics: [],
  endpoints: [],
  edges: [],
  outbound: [],
  practices: [],
  routes: [],
  unresolved: [{ service: 'orders', kind: 'table', what: 'name', evidence: at('orders/a.ts'), hint: '' }],
};

function finding(severity: Finding['severity'], file = 'orders/a.ts', more: Partial<Finding> = {}): Finding {
  return {
    rule: 'a/b',
    severity,
    message: '',
    at: at(file),
    related: [],
    confidence: 'certain',
    fingerprint: '',
    url: '',
    ...more,
  };
}

function verdict(findings: readonly Finding[], terms: Partial<Terms> = {}) {
  return verdictOf(system, findings, 7, { only: [], maxWarnings: undefined, exitZero: false, ...terms });
}

test('an error fails, a warning or less does not', () => {
  expect(verdict([finding('error')]).exitCode).toBe(1);
  expect(verdict([finding('warn'), finding('info')]).exitCode).toBe(0);
  expect(verdict([]).exitCode).toBe(0);
});

test('more warnings than --max-warnings fail', () => {
  expect(verdict([finding('warn')], { maxWarnings: 1 }).exitCode).toBe(0);
  expect(verdict([finding('warn'), finding('warn')], { maxWarnings: 1 }).exitCode).toBe(1);
  expect(verdict([finding('warn')], { maxWarnings: 0 }).exitCode).toBe(1);
});

test('--exit-zero passes whatever is found', () => {
  expect(verdict([finding('error')], { exitZero: true }).exitCode).toBe(0);
});

test('what is suppressed or in the baseline does not fail, and is counted apart', () => {
  const { exitCode, summary } = verdict([
    finding('error', 'a.ts', { suppressed: 'agreed' }),
    finding('error', 'a.ts', { baselined: true }),
  ]);
  expect(exitCode).toBe(0);
  expect(summary).toMatchObject({ errors: 0, suppressed: 1, baselined: 1 });
});

test('paths restrict what is shown and judged, whole folders only', () => {
  const findings = [finding('error', 'orders/a.ts'), finding('error', 'orders-api/a.ts')];
  expect(verdict(findings, { only: ['orders'] }).findings).toHaveLength(1);
  expect(verdict(findings, { only: ['orders/a.ts', 'orders-api'] }).findings).toHaveLength(2);
  expect(verdict(findings, { only: ['billing'] })).toMatchObject({ exitCode: 0, unresolved: [] });
});

test('counts what was looked at; a library is no service', () => {
  expect(verdict([]).summary).toMatchObject({ files: 7, services: 1, datastores: 0, tables: 0, unresolved: 1 });
});

test('findings come in the order of their places', () => {
  const findings = [
    finding('warn', 'b.ts'),
    finding('warn', 'a.ts', { at: at('a.ts', 10) }),
    finding('warn', 'a.ts', { at: at('a.ts', 9) }),
  ];
  expect(verdict(findings).findings.map(one => `${one.at.file}:${one.at.line}`)).toEqual([
    'a.ts:9',
    'a.ts:10',
    'b.ts:1',
  ]);
});

test('only the named rules are shown and judged, and the others counted', () => {
  const other = finding('error', 'a.ts', { rule: 'a/c' });
  const { exitCode, findings, summary } = verdict([finding('warn'), other], { rules: new Set(['a/b']) });
  expect({ exitCode, hidden: summary.hidden.rule }).toEqual({ exitCode: 0, hidden: 1 });
  expect(findings).toHaveLength(1);
});

test('what is below a severity is counted and not shown, but judged', () => {
  const findings = [finding('error'), finding('warn'), finding('info'), finding('warn', 'a.ts', { suppressed: 'why' })];
  const { summary, ...rest } = verdict(findings, { severity: 'error', maxWarnings: 0 });
  expect(rest.findings).toHaveLength(1);
  expect(summary).toMatchObject({ errors: 1, warnings: 0, hidden: { severity: 2 } });
  expect(verdict([finding('warn')], { severity: 'error', maxWarnings: 0 })).toMatchObject({
    exitCode: 1,
    findings: [],
  });
});

test('a baseline that holds too much fails only where that is asked for', () => {
  expect(verdict([], { stale: 2 })).toMatchObject({ exitCode: 0, summary: { stale: 2 } });
  expect(verdict([], { stale: 2, strictBaseline: true }).exitCode).toBe(1);
  expect(verdict([], { stale: 0, strictBaseline: true }).exitCode).toBe(0);
});
