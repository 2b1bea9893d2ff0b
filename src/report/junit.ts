import type { Finding } from '../check/rule.ts';
import { isOpen } from '../check/verdict.ts';
import type { Evidence } from '../model/system.ts';
import type { CheckReport } from './report.ts';

/**
 * JUnit XML, as Jenkins and others read it: a suite for each rule, a case for each finding, one that passes for a rule
 * without any. What fails the check is a failure; what does not is in the output of a case that passes.
 */
export function renderJunit({ verdict, rules }: CheckReport): string {
  const byRule = Map.groupBy(verdict.findings, ({ rule }) => rule);
  const ids = new Set<string>([...rules.map(({ id }) => id), ...byRule.keys()]);
  const suites = [...ids].map(rule => suiteOf(rule, byRule.get(rule) ?? [], verdict.failsOnWarnings));
  const total = sum(suites.map(({ tests }) => tests));
  const failures = sum(suites.map(suite => suite.failures));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="lintel" tests="${total}" failures="${failures}" errors="0">`,
    ...suites.map(({ xml }) => xml),
    '</testsuites>\n',
  ].join('\n');
}

interface Suite {
  readonly xml: string;
  readonly tests: number;
  readonly failures: number;
}

function suiteOf(rule: string, findings: readonly Finding[], failsOnWarnings: boolean): Suite {
  const fails = (finding: Finding) =>
    isOpen(finding) && (finding.severity === 'error' || (failsOnWarnings && finding.severity === 'warn'));
  const tests = Math.max(findings.length, 1);
  const failures = findings.filter(fails).length;
  const skipped = findings.filter(finding => !isOpen(finding)).length;
  const numbers = `tests="${tests}" failures="${failures}" errors="0" skipped="${skipped}"`;
  const cases = findings.map(finding => testCase(finding, outcomeOf(finding, fails(finding))));
  const none = `    <testcase${attributes({ classname: rule, name: 'no findings' })}/>`;
  const xml = [
    `  <testsuite${attributes({ name: rule })} ${numbers}>`,
    ...(cases.length > 0 ? cases : [none]),
    '  </testsuite>',
  ];
  return { xml: xml.join('\n'), tests, failures };
}

function testCase({ rule, message, at }: Finding, outcome: string): string {
  return [
    `    <testcase${attributes({ classname: rule, name: `${at.file}: ${message}` })}>`,
    `      ${outcome}`,
    '    </testcase>',
  ].join('\n');
}

function outcomeOf(finding: Finding, fails: boolean): string {
  const { severity, message, suppressed } = finding;
  if (suppressed !== undefined) return `<skipped>${escaped(`suppressed: ${suppressed}`)}</skipped>`;
  if (!isOpen(finding)) return '<skipped>in the baseline</skipped>';
  const text = escaped(detailsOf(finding));
  if (fails) return `<failure${attributes({ type: severity, message })}>${text}</failure>`;
  return `<system-out>${text}</system-out>`;
}

function detailsOf({ severity, message, at, related, fix, url }: Finding): string {
  return [
    `${severity} ${message}`,
    `at ${placeOf(at)}`,
    ...related.map(other => `${other.message}: ${placeOf(other.at)}`),
    ...(fix === undefined ? [] : [`fix: ${fix}`]),
    `url: ${url}`,
  ].join('\n');
}

function placeOf({ file, line, column }: Evidence): string {
  return `${file}:${line}:${column}`;
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value).replace(/\s/g, space => `&#${space.charCodeAt(0)};`)}"`)
    .join('')
    .replaceAll('&#32;', ' ');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Of the control characters XML takes only tab and line ends, even escaped; of surrogates only pairs. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\P{Cc}]|[\uFFFE\uFFFF]/gu, '\uFFFD')
    .replace(/[&<>"]/g, letter => entities[letter] ?? letter);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
