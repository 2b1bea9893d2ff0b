import { compareEvidence } from '../model/evidence.ts';
import { compareText } from '../model/query.ts';
import type { Evidence, System, Unresolved } from '../model/system.ts';
import type { Finding } from './rule.ts';

/** What was looked at and what came of it, in numbers. */
export interface Summary {
  readonly files: number;
  readonly services: number;
  readonly datastores: number;
  readonly tables: number;
  readonly unresolved: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly suppressed: number;
  readonly baselined: number;
  /** What the baseline holds and the check no longer finds. */
  readonly stale: number;
  /** Findings that are open and not shown, by what hides them. */
  readonly hidden: { readonly rule: number; readonly severity: number; readonly changed: number };
}

export interface Verdict {
  readonly findings: readonly Finding[];
  readonly unresolved: readonly Unresolved[];
  readonly summary: Summary;
  /** Whether there are more warnings than are allowed. */
  readonly failsOnWarnings: boolean;
  readonly exitCode: 0 | 1;
}

export interface Terms {
  /** Paths from the root; only what lies in one of them is shown and judged. Empty: everything. */
  readonly only: readonly string[];
  /** More warnings than this fail; where it is undefined, no number does. */
  readonly maxWarnings: number | undefined;
  readonly exitZero: boolean;
  /** Ids of the rules to show and judge; where it is undefined, all. */
  readonly rules?: ReadonlySet<string> | undefined;
  /** What is below is judged and not shown. */
  readonly severity?: Finding['severity'] | undefined;
  /** What changed; where it is given, only what has to do with it is shown and judged. */
  readonly changes?: Changes | undefined;
  /** How much of the baseline is no longer found, and whether that fails. */
  readonly stale?: number;
  readonly strictBaseline?: boolean;
}

/** What differs from a commit, and what hangs on it. */
export interface Changes {
  affects(finding: Finding): boolean;
  touches(at: Evidence): boolean;
}

/** Sorts, restricts, counts and judges. `files` is the number of source files analysed. */
export function verdictOf(system: System, findings: readonly Finding[], files: number, terms: Terms): Verdict {
  const { only, rules, severity = 'info', changes } = terms;
  const within = findings.filter(({ at }) => isWithin(at, only));
  const ofRules = within.filter(({ rule }) => rules === undefined || rules.has(rule));
  const judged = ofRules.filter(finding => changes === undefined || changes.affects(finding));
  const shown = judged.filter(finding => ranks[finding.severity] <= ranks[severity]).sort(byPlace);
  const unresolved = system.unresolved.filter(
    ({ evidence }) => isWithin(evidence, only) && (changes === undefined || changes.touches(evidence)),
  );
  const numbers = summaryOf(system, shown, unresolved, files);
  const hidden = {
    rule: opened(within) - opened(ofRules),
    severity: opened(judged) - opened(shown),
    changed: opened(ofRules) - opened(judged),
  };
  const failsOnWarnings = opened(judged, 'warn') > (terms.maxWarnings ?? Number.POSITIVE_INFINITY);
  const stale = terms.stale ?? 0;
  const fails = failsOnWarnings || opened(judged, 'error') > 0 || (terms.strictBaseline === true && stale > 0);
  return {
    findings: shown,
    unresolved,
    summary: { ...numbers, stale, hidden },
    failsOnWarnings,
    exitCode: fails && !terms.exitZero ? 1 : 0,
  };
}

const ranks = { error: 0, warn: 1, info: 2 } as const satisfies Record<Finding['severity'], number>;

function opened(findings: readonly Finding[], severity?: Finding['severity']): number {
  return findings.filter(one => isOpen(one) && (severity === undefined || one.severity === severity)).length;
}

/** Neither a suppressed nor a baselined finding counts against anybody. */
export function isOpen(finding: Finding): boolean {
  return finding.suppressed === undefined && finding.baselined !== true;
}

function summaryOf(
  system: System,
  findings: readonly Finding[],
  unresolved: readonly Unresolved[],
  files: number,
): Omit<Summary, 'stale' | 'hidden'> {
  return {
    files,
    services: system.services.filter(({ role }) => role !== 'library').length,
    datastores: system.datastores.length,
    tables: system.tables.length,
    unresolved: unresolved.length,
    errors: opened(findings, 'error'),
    warnings: opened(findings, 'warn'),
    infos: opened(findings, 'info'),
    suppressed: findings.filter(({ suppressed }) => suppressed !== undefined).length,
    baselined: findings.filter(({ baselined }) => baselined === true).length,
  };
}

function isWithin({ file }: Evidence, paths: readonly string[]): boolean {
  return paths.length === 0 || paths.some(path => path === '.' || file === path || file.startsWith(`${path}/`));
}

function byPlace(a: Finding, b: Finding): number {
  return compareEvidence(a.at, b.at) || compareText(a.rule, b.rule) || compareText(a.message, b.message);
}
