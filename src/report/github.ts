import type { Finding } from '../check/rule.ts';
import { isOpen } from '../check/verdict.ts';
import { count } from './count.ts';
import type { CheckReport } from './report.ts';

/** GitHub shows so many annotations of a kind for a step, and drops the others without a word. */
const mostOfAKind = 10;

const commands = { error: 'error', warn: 'warning', info: 'notice' } as const satisfies Record<
  Finding['severity'],
  string
>;

/** Workflow commands, which GitHub Actions turns into annotations at the lines of a pull request. */
export function renderGithub(report: CheckReport): string {
  const { verdict, prefix, infos } = report;
  const open = verdict.findings.filter(finding => isOpen(finding) && (infos || finding.severity !== 'info'));
  const kinds = (['error', 'warn', 'info'] as const).map(severity => open.filter(one => one.severity === severity));
  const shown = kinds.flatMap(alike => alike.slice(0, mostOfAKind));
  const left = open.length - shown.length;
  return [
    ...shown.map(finding => annotation(finding, prefix)),
    ...(left > 0
      ? [`${count(left, 'more finding')} not annotated: GitHub takes ${mostOfAKind} of each kind from a step`]
      : []),
  ]
    .map(line => `${line}\n`)
    .join('');
}

function annotation({ severity, message, rule, at, fix, url }: Finding, prefix: string): string {
  const properties = Object.entries({
    file: `${prefix}${at.file}`,
    line: String(at.line),
    col: String(at.column),
    title: rule,
  });
  const text = [message, ...(fix === undefined ? [] : [`fix: ${fix}`]), url].join('\n');
  return `::${commands[severity]} ${properties.map(([name, value]) => `${name}=${property(value)}`).join(',')}::${data(text)}`;
}

/** What a repository holds must not end the command and begin another. */
function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

/** Between the token and its repetition GitHub takes nothing for a command, whatever the code that is shown holds. */
export function withoutCommands(text: string, token: string): string {
  return `::stop-commands::${token}\n${text}::${token}::\n`;
}
