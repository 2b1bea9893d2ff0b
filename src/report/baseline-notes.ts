import type { BaselineEntry, Update } from '../check/baseline.ts';
import { count } from './count.ts';

/** Entries told one by one; a first baseline has thousands. */
const mostTold = 20;

/** What became of the baseline. */
export function renderUpdate(file: string, { entries, added, removed }: Update): string {
  const all = total(entries);
  if (added.length + removed.length === 0) return `baseline ${file}: nothing to change, ${count(all, 'finding')}`;
  return [
    `baseline ${file}: ${total(added)} added, ${total(removed)} removed, ${count(all, 'finding')} in it`,
    ...told(removed, '-'),
    ...told(added, '+'),
  ].join('\n');
}

/** What the baseline holds for nothing. */
export function renderStale(file: string, stale: readonly BaselineEntry[]): string {
  return [
    `baseline ${file}: ${count(total(stale), 'finding')} no longer found, --update-baseline takes them out`,
    ...told(stale, '-'),
  ].join('\n');
}

export function total(entries: readonly BaselineEntry[]): number {
  return entries.reduce((sum, entry) => sum + entry.count, 0);
}

function told(entries: readonly BaselineEntry[], sign: string): string[] {
  const rest = total(entries.slice(mostTold));
  return [
    ...entries.slice(0, mostTold).map(({ rule, file, message, count: times }) => {
      const often = times > 1 ? ` (${times} times)` : '';
      return `  ${sign} ${file}: ${message}${often}  ${rule}`.replace(/\p{Cc}/gu, '�');
    }),
    ...(rest > 0 ? [`  ${sign} and ${rest} more`] : []),
  ];
}
