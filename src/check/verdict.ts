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
}

/** Sorts, restricts, counts and judges. `files` is the number of source files analysed. */
export function verdictOf(system: System, findings: readonly Finding[], files: number, terms: Terms): Verdict {
  const shown = findings.filter(finding => isWithin(finding.at, terms.only)).sort(byPlace);
  const unresolved = system.unresolved.filter(({ evidence }) => isWithin(evidence, terms.only));
  const summary = summaryOf(system, shown, unresolved, files);
  const failsOnWarnings = summary.warnings > (terms.maxWarnings ?? Number.POSITIVE_INFINITY);
  const fails = !terms.exitZero && (failsOnWarnings || summary.errors > 0);
  return { findings: shown, unresolved, summary, failsOnWarnings, exitCode: fails ? 1 : 0 };
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
): Summary {
  const open = findings.filter(isOpen);
  return {
    files,
    services: system.services.filter(({ role }) => role !== 'library').length,
    datastores: system.datastores.length,
    tables: system.tables.length,
    unresolved: unresolved.length,
    errors: open.filter(({ severity }) => severity === 'error').length,
    warnings: open.filter(({ severity }) => severity === 'warn').length,
    infos: open.filter(({ severity }) => severity === 'info').length,
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
