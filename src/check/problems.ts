import type { Problem } from '../extract/yaml.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Finding } from './rule.ts';

const documentation = 'https://github.com/lintel-dev/lintel/blob/main/docs/robustness.md#what-is-not-read';

/** What is wrong with the files themselves: of what a file says there nothing is checked. */
export function findingsOfProblems(problems: readonly Problem[]): Finding[] {
  const unread = new Set(problems.filter(one => one.isUnread).map(({ at }) => at.file));
  const shown = problems.filter(({ at, isUnread }) => isUnread || !unread.has(at.file));
  // a file that is read as two kinds of manifest is wrong once
  const distinct = new Map(shown.map(one => [`${one.at.file}:${one.at.line}:${one.at.column} ${one.message}`, one]));
  return [...distinct.values()].map(({ message, at, isUnread }) => ({
    rule: isUnread ? 'lintel/unread' : 'lintel/unclear-manifest',
    severity: isUnread ? 'warn' : 'info',
    message,
    at,
    related: [],
    confidence: 'certain',
    fingerprint: fingerprintOf(isUnread ? 'lintel/unread' : 'lintel/unclear-manifest', [at.file, message]),
    url: documentation,
    fix: isUnread
      ? 'mend the file, or name it in lintel.yaml under ignore'
      : 'mend the place, or name the file in lintel.yaml under ignore',
  }));
}
