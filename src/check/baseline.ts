import { UserError } from '../errors.ts';
import { compareText } from '../model/query.ts';
import { fieldsOf, listOf, parseYaml, problemAt, textOf, type Value } from '../yaml-value.ts';
import type { Finding } from './rule.ts';
import { isOpen } from './verdict.ts';

/** Findings that are known and accepted for now, all those with one fingerprint. Line numbers are no part of it. */
export interface BaselineEntry {
  readonly rule: string;
  readonly file: string;
  readonly message: string;
  readonly fingerprint: string;
  readonly count: number;
}

export interface Compared {
  /** All findings; those that the baseline holds are marked. */
  readonly findings: readonly Finding[];
  /** What the baseline holds and the check no longer finds. */
  readonly stale: readonly BaselineEntry[];
}

export interface Update {
  readonly entries: readonly BaselineEntry[];
  readonly added: readonly BaselineEntry[];
  readonly removed: readonly BaselineEntry[];
}

/** Marks as many findings of a fingerprint as the baseline holds; one more than that is new. */
export function compareToBaseline(findings: readonly Finding[], baseline: readonly BaselineEntry[]): Compared {
  const left = new Map(baseline.map(({ fingerprint, count }) => [fingerprint, count]));
  const marked = findings.map(finding => {
    const allowed = left.get(finding.fingerprint) ?? 0;
    if (allowed === 0 || !isOpen(finding)) return finding;
    left.set(finding.fingerprint, allowed - 1);
    return { ...finding, baselined: true };
  });
  const stale = baseline.map(entry => ({ ...entry, count: left.get(entry.fingerprint) ?? 0 }));
  return { findings: marked, stale: stale.filter(({ count }) => count > 0) };
}

/** What is to become of the baseline: nothing, what is no longer found goes, what is new comes too. */
export type BaselineMode = 'keep' | 'shrink' | 'grow';

/**
 * Holds what is found against the baseline. `before` is undefined where there is none yet: then everything is taken
 * into it, whether it is to shrink or to grow.
 */
export function againstBaseline(
  findings: readonly Finding[],
  before: readonly BaselineEntry[] | undefined,
  mode: BaselineMode,
): Compared & { readonly update: Update | undefined } {
  if (mode === 'keep') return { ...compareToBaseline(findings, before ?? []), update: undefined };
  const known = mode === 'grow' || before === undefined ? findings.filter(isOpen) : baselined(findings, before);
  const entries = entriesFor(known);
  const update = updateOf(before ?? [], entries);
  return { ...compareToBaseline(findings, entries), update };
}

function baselined(findings: readonly Finding[], before: readonly BaselineEntry[]): readonly Finding[] {
  return compareToBaseline(findings, before).findings.filter(finding => finding.baselined === true);
}

function updateOf(before: readonly BaselineEntry[], entries: readonly BaselineEntry[]): Update {
  return { entries, added: difference(entries, before), removed: difference(before, entries) };
}

function difference(more: readonly BaselineEntry[], less: readonly BaselineEntry[]): readonly BaselineEntry[] {
  const counts = new Map(less.map(({ fingerprint, count }) => [fingerprint, count]));
  return more
    .map(entry => ({ ...entry, count: entry.count - (counts.get(entry.fingerprint) ?? 0) }))
    .filter(({ count }) => count > 0);
}

function entriesFor(findings: readonly Finding[]): readonly BaselineEntry[] {
  return [...Map.groupBy(findings, ({ fingerprint }) => fingerprint).values()]
    .flatMap(([first, ...more]) => (first === undefined ? [] : [entryOf(first, more.length + 1)]))
    .sort(compareEntries);
}

function entryOf({ rule, at, message, fingerprint }: Finding, count: number): BaselineEntry {
  return { rule, file: at.file, message, fingerprint, count };
}

function compareEntries(a: BaselineEntry, b: BaselineEntry): number {
  return (
    compareText(a.rule, b.rule) ||
    compareText(a.file, b.file) ||
    compareText(a.message, b.message) ||
    compareText(a.fingerprint, b.fingerprint)
  );
}

/** JSON with a line for each entry, so that a review shows what came and what went. */
export function renderBaseline(entries: readonly BaselineEntry[]): string {
  const lines = entries.map(({ rule, file, message, fingerprint, count }) =>
    JSON.stringify({ rule, file, message, fingerprint, ...(count > 1 && { count }) }),
  );
  const list = lines.length === 0 ? '[]' : `[\n    ${lines.join(',\n    ')}\n  ]`;
  return `{\n  "schema": 1,\n  "findings": ${list}\n}\n`;
}

/** Errors point at file and line. JSON is YAML, whose reader knows where things stand; as JSON it is read far faster. */
export function parseBaseline(text: string, file: string): readonly BaselineEntry[] {
  return readAsJson(text) ?? readWithPlaces(text, file);
}

function readAsJson(text: string): readonly BaselineEntry[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || value.schema !== 1 || !Array.isArray(value.findings)) return undefined;
    const entries = value.findings.map(entryFrom);
    return entries.every(entry => entry !== undefined) ? entries : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function entryFrom(value: unknown): BaselineEntry | undefined {
  if (!isRecord(value)) return undefined;
  const { rule, file, message, fingerprint, count = 1 } = value;
  const isWhole =
    typeof rule === 'string' &&
    typeof file === 'string' &&
    typeof message === 'string' &&
    typeof fingerprint === 'string' &&
    typeof count === 'number' &&
    Number.isInteger(count) &&
    count > 0;
  return isWhole ? { rule, file, message, fingerprint, count } : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function readWithPlaces(text: string, file: string): readonly BaselineEntry[] {
  try {
    const whole = parseYaml(text, file);
    if (whole === undefined) throw new UserError('LT-011', `${file}:1:1: is empty`);
    const { schema, findings } = fieldsOf(whole, ['schema', 'findings']);
    if (schema === undefined || textOf(schema) !== '1') throw problemAt(schema ?? whole, 'must have schema 1');
    if (findings === undefined) throw problemAt(whole, 'has no findings');
    return listOf(findings).map(entryAt);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const isConflict = /^(?:<{7}|={7}|>{7})/m.test(text);
    const hint = isConflict
      ? 'a merge left its marks: keep the lines of both sides, then run with --update-baseline'
      : 'write it anew: delete it and run with --update-baseline';
    throw new UserError('LT-011', error.message, { hint, cause: error });
  }
}

function entryAt(value: Value): BaselineEntry {
  const fields = fieldsOf(value, ['rule', 'file', 'message', 'fingerprint', 'count']);
  const text = (name: 'rule' | 'file' | 'message' | 'fingerprint') => {
    const field = fields[name];
    if (field === undefined) throw problemAt(value, `has no ${name}`);
    return textOf(field);
  };
  const count = fields.count === undefined ? 1 : Number(textOf(fields.count));
  if (!Number.isInteger(count) || count < 1) throw problemAt(fields.count ?? value, 'must be a whole number from 1');
  return { rule: text('rule'), file: text('file'), message: text('message'), fingerprint: text('fingerprint'), count };
}
