import type { Finding } from '../check/rule.ts';
import { isOpen } from '../check/verdict.ts';
import { type CheckReport, uniqueFingerprints } from './report.ts';

const severities = { error: 'major', warn: 'minor', info: 'info' } as const satisfies Record<
  Finding['severity'],
  string
>;

/** GitLab Code Quality. It knows no suppressions, so what is taken back is not in it; of equal fingerprints it keeps one. */
export function renderGitlab({ verdict, prefix, infos }: CheckReport): string {
  const open = verdict.findings.filter(finding => isOpen(finding) && (infos || finding.severity !== 'info'));
  const fingerprints = uniqueFingerprints(open);
  const issues = open.map(({ rule, severity, message, at, fix, url }, index) => ({
    type: 'issue',
    check_name: rule,
    description: message,
    content: { body: [...(fix === undefined ? [] : [`The way out: ${fix}.`]), url].join('\n\n') },
    categories: ['Complexity'],
    fingerprint: fingerprints[index],
    severity: severities[severity],
    location: { path: `${prefix}${at.file}`, lines: { begin: at.line } },
  }));
  return `${JSON.stringify(issues, null, 2)}\n`;
}
