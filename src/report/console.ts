import { Chalk, type ChalkInstance } from 'chalk';
import type { Finding, Related } from '../check/rule.ts';
import { isOpen, type Summary } from '../check/verdict.ts';
import type { Evidence, Unresolved } from '../model/system.ts';
import { codeFrame } from './code-frame.ts';
import { count } from './count.ts';
import { asideOf } from './not-shown.ts';
import type { CheckReport } from './report.ts';

/** Unresolved uses shown in full; the rest is counted. */
const unresolvedShown = 3;

/** Places shown of those that say the same about one finding. */
const placesShown = 2;

/** For people: findings by file with the code, then what could not be resolved, then the numbers. */
export function renderConsole(report: CheckReport): string {
  const { lineAt, verbose, quiet } = report;
  const infos = verbose || report.infos;
  const page: Page = { lineAt, verbose, infos, chalk: new Chalk({ level: report.color ? 1 : 0 }) };
  const { findings, unresolved, summary } = report.verdict;
  const shown = findings.filter(finding => isOpen(finding) && (infos || finding.severity !== 'info'));
  const parts = [
    ...[...Map.groupBy(shown, ({ at }) => at.file)].map(([file, inFile]) => renderFile(page, file, inFile)),
    ...(unresolved.length > 0 && !quiet ? [renderUnresolved(page, unresolved)] : []),
    ...(quiet ? [] : [renderSummary(page, summary)]),
  ];
  return parts.length === 0 ? '' : `${parts.join('\n\n')}\n`;
}

interface Page {
  lineAt(at: Evidence): string | undefined;
  readonly verbose: boolean;
  readonly infos: boolean;
  readonly chalk: ChalkInstance;
}

function renderFile(page: Page, file: string, findings: readonly Finding[]): string {
  return [page.chalk.underline(file), ...findings.map(finding => renderFinding(page, finding))].join('\n\n');
}

function renderFinding(page: Page, finding: Finding): string {
  const { chalk } = page;
  const { severity, message, rule, at, related, url, confidence, fix } = finding;
  const badge = { error: chalk.red, warn: chalk.yellow, info: chalk.blue }[severity](severity);
  const doubt = confidence === 'certain' ? '' : chalk.dim(` (${confidence})`);
  return [
    `  ${badge} ${chalk.bold(message)}${doubt}  ${chalk.dim(rule)}`,
    `    ${chalk.cyan(placeOf(at))}`,
    ...renderFrame(page, at, chalk.red),
    ...[...Map.groupBy(related, other => other.message).values()].flatMap(alike => renderAlike(page, alike)),
    `    ${chalk.dim('url:')} ${url}`,
    ...(fix === undefined ? [] : [`    ${chalk.dim('fix:')} ${fix}`]),
  ].join('\n');
}

/** Places that say the same: the first few, and how many more there are. */
function renderAlike(page: Page, alike: readonly Related[]): string[] {
  const shown = page.verbose ? alike : alike.slice(0, placesShown);
  const rest = alike.length - shown.length;
  return [
    ...shown.flatMap(other => renderRelated(page, other)),
    ...(rest > 0 ? [page.chalk.dim(`      and in ${count(rest, 'more place')}, shown with --verbose`)] : []),
  ];
}

function renderRelated(page: Page, { message, at }: Related): string[] {
  const line = page.lineAt(at);
  const code = line === undefined ? [] : [gutter(page, at.line, codeFrame(line, at.column).code.trimStart())];
  return [`    ${page.chalk.dim('└')} ${message}: ${page.chalk.cyan(placeOf(at))}`, ...code];
}

function renderFrame(page: Page, at: Evidence, color: ChalkInstance): string[] {
  const line = page.lineAt(at);
  if (line === undefined) return [];
  const { code, mark } = codeFrame(line, at.column);
  return [gutter(page, at.line, code), gutter(page, '', color(mark))];
}

function gutter({ chalk }: Page, number: number | '', code: string): string {
  return `    ${chalk.dim(`${String(number).padStart(5)} │`)} ${code}`;
}

function renderUnresolved({ chalk }: Page, unresolved: readonly Unresolved[]): string {
  const rest = unresolved.length - unresolvedShown;
  return [
    `${chalk.yellow('unresolved')}: ${count(unresolved.length, 'use')} that could not be told from the code alone, so nothing is claimed about them`,
    ...unresolved
      .slice(0, unresolvedShown)
      .flatMap(({ service, kind, what, evidence, hint }) => [
        `  ${chalk.cyan(placeOf(evidence))} ${service}: ${kind} ${what}`,
        `    ${chalk.dim('to settle it:')} ${hint}`,
      ]),
    ...(rest > 0 ? [chalk.dim(`  and ${rest} more, see lintel graph`)] : []),
  ].join('\n');
}

function renderSummary({ chalk, infos: shown }: Page, summary: Summary): string {
  const { errors, warnings, infos, suppressed, unresolved } = summary;
  const found = [
    ...(errors > 0 ? [chalk.red(count(errors, 'error'))] : []),
    ...(warnings > 0 ? [chalk.yellow(count(warnings, 'warning'))] : []),
  ];
  const aside = [
    ...(infos > 0 ? [shown ? `${infos} at info` : `${infos} at info, shown with --verbose`] : []),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
    ...asideOf(summary),
  ];
  const result = found.length > 0 ? found.join(', ') : chalk.green('no findings');
  const checked = ['service', 'datastore', 'table'] as const;
  const sizes = checked.map(noun => count(summary[`${noun}s`], noun)).join(', ');
  return [
    `${result}${aside.length > 0 ? chalk.dim(` (${aside.join(', ')})`) : ''}`,
    chalk.dim(`checked ${sizes} in ${count(summary.files, 'source file')}; ${unresolved} unresolved`),
  ].join('\n');
}

function placeOf({ file, line, column }: Evidence): string {
  return `${file}:${line}:${column}`;
}
