import { type Finding, type Related, type Rule, urlOf } from '../check/rule.ts';
import { isOpen } from '../check/verdict.ts';
import type { Evidence } from '../model/system.ts';
import { count } from './count.ts';
import { type CheckReport, uniqueFingerprints, uriOf } from './report.ts';

/** GitHub keeps 5,000 results, and refuses a file with more than 25,000. */
const mostResults = 5000;

/** GitHub keeps 100 locations of a result, and refuses more than 1,000. */
const mostRelated = 99;

/** Places that the message itself links to; GitHub shows no others. */
const linked = 5;

const levels = { error: 'error', warn: 'warning', info: 'note' } as const satisfies Record<Finding['severity'], string>;
const problems = { error: 'error', warn: 'warning', info: 'recommendation' } as const satisfies Record<
  Finding['severity'],
  string
>;

/**
 * SARIF 2.1.0, for code scanning and editors. `primaryLocationLineHash` is left to GitHub, which computes its own and
 * warns about any other.
 */
export function renderSarif(report: CheckReport): string {
  const { version, repository } = report;
  const kept = mostImportant(report.verdict.findings, mostResults);
  const rules = describedRules(report, kept);
  const ids = rules.map(({ id }) => id);
  const fingerprints = uniqueFingerprints(kept);
  const run = {
    tool: {
      driver: {
        name: 'Lintel',
        organization: 'Lintel',
        informationUri: 'https://github.com/lintel-dev/lintel',
        version,
        semanticVersion: version,
        rules,
      },
    },
    ...(repository && {
      versionControlProvenance: [{ repositoryUri: repository.url, revisionId: repository.revision }],
    }),
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'the root of the repository' } } },
    columnKind: 'utf16CodeUnits',
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: notificationsOf(report, kept.length) }],
    results: kept.map((finding, index) => ({
      ...resultOf(finding, report.prefix),
      ruleIndex: ids.indexOf(finding.rule),
      partialFingerprints: { 'lintelFingerprint/v1': fingerprints[index] },
    })),
  };
  const $schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
  return `${JSON.stringify({ $schema, version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

/** The first by what is open, then by severity, in the order of their places. */
function mostImportant(findings: readonly Finding[], most: number): readonly Finding[] {
  if (findings.length <= most) return findings;
  const severities = ['error', 'warn', 'info'];
  const rank = (finding: Finding) => (isOpen(finding) ? 0 : 3) + severities.indexOf(finding.severity);
  const kept = new Set(findings.toSorted((a, b) => rank(a) - rank(b)).slice(0, most));
  return findings.filter(finding => kept.has(finding));
}

/** The rules of the catalogue, then what Lintel says of comments in the code, which has a page but no rule. */
function describedRules(report: CheckReport, findings: readonly Finding[]) {
  const known = new Set<string>(report.rules.map(({ id }) => id));
  const own = new Map(findings.filter(({ rule }) => !known.has(rule)).map(finding => [finding.rule, finding]));
  return [...report.rules.map(rule => describedRule(report, rule)), ...[...own.values()].map(describedComment)];
}

function describedRule(report: CheckReport, rule: Rule) {
  const { id, title, severity, remedy } = rule;
  const help = report.helpOf(rule);
  return {
    id,
    name: nameOf(id),
    shortDescription: { text: title },
    fullDescription: { text: `${title}. The way out: ${remedy}.` },
    help: { text: `The way out: ${remedy}.`, ...(help !== undefined && { markdown: help }) },
    helpUri: urlOf(id),
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: ['architecture', 'microservices', id.split('/')[0]], 'problem.severity': problems[severity] },
  };
}

function describedComment({ rule, severity, url, fix = '' }: Finding) {
  const text = rule.split('/').at(-1)?.replaceAll('-', ' ') ?? rule;
  return {
    id: rule,
    name: nameOf(rule),
    shortDescription: { text },
    help: { text: `The way out: ${fix}.` },
    helpUri: url,
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: ['architecture'], 'problem.severity': problems[severity] },
  };
}

/** `NoForeignRead`: the name of a rule has no hyphens. */
function nameOf(rule: string): string {
  const name = rule.split('/').at(-1) ?? rule;
  return name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function resultOf(finding: Finding, prefix: string) {
  const { rule, severity, at, related, service, confidence } = finding;
  const places = related.slice(0, mostRelated);
  return {
    ruleId: rule,
    level: levels[severity],
    message: { text: messageOf(finding, places) },
    locations: [
      {
        physicalLocation: physicalLocation(at, prefix),
        ...(service !== undefined && { logicalLocations: [{ name: service, kind: 'module' }] }),
      },
    ],
    ...(places.length > 0 && {
      relatedLocations: places.map((place, index) => ({
        id: index + 1,
        message: { text: place.message },
        physicalLocation: physicalLocation(place.at, prefix),
      })),
    }),
    suppressions: suppressionsOf(finding),
    properties: { confidence },
  };
}

/** A related place is linked once for all that say the same. */
function messageOf({ message, fix }: Finding, places: readonly Related[]): string {
  const said = [...new Set(places.map(place => place.message))].slice(0, linked);
  const links = said.map(
    text => `[${text.replace(/[[\]\\]/g, '\\$&')}](${places.findIndex(place => place.message === text) + 1})`,
  );
  return [
    `${message}.`,
    ...(links.length > 0 ? [`See: ${links.join('; ')}.`] : []),
    ...(fix === undefined ? [] : [`The way out: ${fix}.`]),
  ].join('\n');
}

function physicalLocation({ file, line, column }: Evidence, prefix: string) {
  return {
    artifactLocation: { uri: uriOf(`${prefix}${file}`), uriBaseId: '%SRCROOT%' },
    region: { startLine: line, startColumn: column },
  };
}

function suppressionsOf({ suppressed, baselined }: Finding) {
  if (suppressed !== undefined) return [{ kind: 'inSource', status: 'accepted', justification: suppressed }];
  return baselined === true ? [{ kind: 'external', status: 'accepted', justification: 'in the baseline' }] : [];
}

function notificationsOf({ verdict: { findings, unresolved } }: CheckReport, kept: number) {
  const left = findings.length - kept;
  const notes = [
    ...(left > 0 ? [{ level: 'warning', text: `${count(left, 'more result')} left out of this file` }] : []),
    ...(unresolved.length > 0
      ? [{ level: 'note', text: `${count(unresolved.length, 'use')} could not be told from the code alone` }]
      : []),
  ];
  return notes.map(({ level, text }) => ({ level, message: { text } }));
}
