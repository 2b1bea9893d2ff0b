import type { Finding, Related } from '../check/rule.ts';
import { isOpen, type Summary } from '../check/verdict.ts';
import type { Evidence } from '../model/system.ts';
import { codeFrame } from './code-frame.ts';
import { count } from './count.ts';
import { asideOf } from './not-shown.ts';
import { type CheckReport, uriOf } from './report.ts';

/** Together they fit into a comment on GitHub, which holds 65,536 characters. */
const room = { table: 35_000, details: 25_000 };

/** Places shown of one finding. */
const mostPlaces = 5;

const badges = { error: '🔴 error', warn: '🟡 warn', info: '🔵 info' } as const satisfies Record<
  Finding['severity'],
  string
>;

/** Markdown for a comment on a pull request or the summary of a job: a table, and each finding to unfold. */
export function renderMarkdown(report: CheckReport): string {
  const { verdict, infos } = report;
  const open = (['error', 'warn', ...(infos ? (['info'] as const) : [])] as const).flatMap(severity =>
    verdict.findings.filter(finding => isOpen(finding) && finding.severity === severity),
  );
  const rows = fitting(
    open.map(finding => rowOf(report, finding)),
    room.table,
  );
  const details = fitting(
    open.map(finding => detailsOf(report, finding)),
    room.details,
  );
  const parts = [
    `### Lintel: ${resultOf(verdict.summary)}`,
    ...(rows.length > 0 ? [['| | finding | place | rule |', '|---|---|---|---|', ...rows].join('\n')] : []),
    ...(rows.length < open.length ? [`and ${count(open.length - rows.length, 'more finding')}`] : []),
    ...details,
    numbersOf(verdict.summary),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The first ones, as many as there is room for. */
function fitting(texts: readonly string[], characters: number): readonly string[] {
  let used = 0;
  const end = texts.findIndex(text => {
    used += text.length + 2;
    return used > characters;
  });
  return end < 0 ? texts : texts.slice(0, end);
}

function resultOf({ errors, warnings }: Summary): string {
  const found = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  return found.length > 0 ? found.join(', ') : 'no findings';
}

function numbersOf(summary: Summary): string {
  const { infos, suppressed, unresolved } = summary;
  const sizes = (['service', 'datastore', 'table'] as const).map(noun => count(summary[`${noun}s`], noun)).join(', ');
  const aside = [
    ...(infos > 0 ? [`${infos} at info`] : []),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
    ...asideOf(summary),
    `${unresolved} unresolved`,
  ];
  return `<sub>checked ${sizes} in ${count(summary.files, 'source file')}; ${aside.join(', ')}</sub>`;
}

function rowOf(report: CheckReport, { severity, message, at, rule, url }: Finding): string {
  return `| ${badges[severity]} | ${prose(message)} | ${linkTo(report, at)} | [${prose(rule)}](${url}) |`;
}

function detailsOf(report: CheckReport, finding: Finding): string {
  const { severity, message, at, related, fix } = finding;
  const more = related.length - mostPlaces;
  return [
    `<details><summary>${badges[severity]} ${inHtml(message)}</summary>`,
    '',
    linkTo(report, at),
    ...frameOf(report, at),
    ...related.slice(0, mostPlaces).flatMap(place => placeOf(report, place)),
    ...(more > 0 ? ['', `and ${count(more, 'more place')}`] : []),
    ...(fix === undefined ? [] : ['', `**Fix**: ${prose(fix)}`]),
    '',
    '</details>',
  ].join('\n');
}

function placeOf(report: CheckReport, { message, at }: Related): string[] {
  return ['', `${prose(message)}: ${linkTo(report, at)}`, ...frameOf(report, at)];
}

function frameOf({ lineAt }: CheckReport, at: Evidence): string[] {
  const line = lineAt(at);
  if (line === undefined) return [];
  const { code } = codeFrame(line, at.column);
  return ['', ...fenced(code.trim())];
}

/** Code may hold fences of its own. */
function fenced(code: string): string[] {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return [fence, code, fence];
}

function linkTo({ prefix, repository }: CheckReport, { file, line }: Evidence): string {
  const path = `${prefix}${file}`;
  const text = prose(`${path}:${line}`);
  return repository === undefined ? text : `[${text}](${repository.files}${uriOf(path)}#L${line})`;
}

/** Text as text: names out of a repository are no markup. */
function prose(text: string): string {
  return inHtml(text).replace(/<!-- -->|[\\`*_~[\]|#]/g, letter => (letter.length > 1 ? letter : `\\${letter}`));
}

/** `@shop/db` must not call a team of that name: what is between `@` and the name is not seen. `$HOST/$DB` is no formula. */
function inHtml(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/\$/g, () => '<span>$</span>')
    .replace(/@/g, '@<!-- -->');
}
