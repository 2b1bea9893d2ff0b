import { linesAfter } from '../model/lines-after.ts';
import { watchFor } from '../model/marked.ts';
import type { Evidence } from '../model/system.ts';
import type { SourceTree } from '../model/tree.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Finding, ownRules } from './rule.ts';

/** A comment that takes findings back: on the line after it, or in its whole file. */
export interface Suppression {
  readonly scope: 'next-line' | 'file';
  readonly rules: readonly string[];
  /** Empty where none is given; such a suppression does nothing and is reported. */
  readonly reason: string;
  readonly at: Evidence;
  /** The line it speaks of; for `file` its own. */
  readonly line: number;
}

const marker = 'lintel-disable';
const comment = /(?:\/\/|#|--|\/\*|<!--)\s*lintel-disable-(next-line|file)\b(.*)$/;

/** Notes which files hold a suppression while the analysis reads them. */
export function watchForSuppressions(tree: SourceTree): ReturnType<typeof watchFor> {
  return watchFor(marker, tree);
}

export function parseSuppressions(file: string, text: string): Suppression[] {
  const lines = text.split(/\r?\n/);
  const after = linesAfter(lines, line => comment.test(line));
  return lines.flatMap((line, index): Suppression[] => {
    const match = line.includes(marker) ? comment.exec(line) : null;
    if (match === null) return [];
    const [, scope, said = ''] = match;
    const [rules = '', ...reason] = said.replace(/(?<!\s)\s*(\*\/\}?|-->)\s*$/, '').split(/\s--\s|\s--$/);
    return [
      {
        scope: scope === 'file' ? 'file' : 'next-line',
        rules: rules.split(/[\s,]+/).filter(rule => rule !== ''),
        reason: reason.join(' -- ').trim(),
        at: { file, line: index + 1, column: match.index + 1 },
        line: scope === 'file' ? index + 1 : (after[index + 1] ?? index + 2),
      },
    ];
  });
}

/**
 * Marks what is taken back, with the reason, and adds what is wrong with the suppressions themselves: one without a
 * reason takes nothing back, one that matches no finding should go.
 */
export function applySuppressions(
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
  knownRules: readonly string[],
): Finding[] {
  const [valid, reasonless] = [suppressions.filter(hasReason), suppressions.filter(one => !hasReason(one))];
  const used = new Set<string>();
  const marked = findings.map(finding => {
    const by = valid.filter(suppression => covers(suppression, finding));
    for (const suppression of by) used.add(keyOf(suppression, finding.rule));
    return by[0] === undefined ? finding : { ...finding, suppressed: by[0].reason };
  });
  return [
    ...marked,
    ...reasonless.map(needsReason),
    ...valid.flatMap(suppression => unusedIn(suppression, used, knownRules)),
  ];
}

function hasReason({ reason }: Suppression): boolean {
  return reason !== '';
}

function covers({ scope, rules, at, line }: Suppression, finding: Finding): boolean {
  if (finding.at.file !== at.file || !rules.includes(finding.rule)) return false;
  return scope === 'file' || finding.at.line === line;
}

function keyOf({ at }: Suppression, rule: string): string {
  return `${at.file}:${at.line}:${at.column} ${rule}`;
}

function needsReason({ scope, rules, at }: Suppression): Finding {
  const comment = `lintel-disable-${scope}${rules.length > 0 ? ` ${rules.join(', ')}` : ''}`;
  return report('lintel/suppression-needs-reason', at, `${comment} gives no reason, so it takes nothing back`, {
    identity: [at.file, scope, ...rules],
    fix: `say why: ${comment} -- <reason>`,
  });
}

function unusedIn(suppression: Suppression, used: ReadonlySet<string>, knownRules: readonly string[]): Finding[] {
  const { scope, rules, at } = suppression;
  const unused = rules.filter(rule => !used.has(keyOf(suppression, rule)));
  const problems =
    rules.length === 0
      ? [`lintel-disable-${scope} names no rule`]
      : unused.map(rule =>
          knownRules.includes(rule)
            ? `lintel-disable-${scope} ${rule} matches no finding`
            : `lintel-disable-${scope} names ${rule}, a rule that does not exist`,
        );
  return problems.map(message =>
    report('lintel/unused-suppression', at, message, {
      identity: [at.file, scope, message],
      fix: 'delete the comment, or mend the name',
    }),
  );
}

const documentation = 'https://github.com/lintel-dev/lintel/blob/main/docs/configuration.md#suppressions';

function report(
  rule: (typeof ownRules)[number],
  at: Evidence,
  message: string,
  { identity, fix }: { identity: string[]; fix: string },
): Finding {
  const fingerprint = fingerprintOf(rule, identity);
  return {
    rule,
    severity: 'warn',
    message,
    at,
    related: [],
    confidence: 'certain',
    fingerprint,
    url: documentation,
    fix,
  };
}
