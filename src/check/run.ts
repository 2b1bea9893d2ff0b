import type { Config } from '../config.ts';
import { didYouMean } from '../did-you-mean.ts';
import { UserError } from '../errors.ts';
import { compareEvidence } from '../model/evidence.ts';
import { compareText } from '../model/query.ts';
import type { System } from '../model/system.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type Finding, type Pattern, type Rule, type Severity, urlOf, type Violation } from './rule.ts';

/** Runs every rule that is not switched off. Findings come in the order of their places, then of their rules. */
export function runRules(system: System, patterns: readonly Pattern[], config: Config): Finding[] {
  const rules = patterns.flatMap(pattern => pattern.rules);
  refuseUnknown(rules, config);
  return rules.flatMap(rule => findingsOf(rule, system, config.rules[rule.id] ?? rule.severity)).sort(compareFindings);
}

/** A rule named in the configuration that does not exist would check nothing, which must not look like a pass. */
function refuseUnknown(rules: readonly Rule[], config: Config): void {
  const known = rules.map(rule => rule.id);
  const unknown = Object.keys(config.rules).find(id => !known.some(rule => rule === id));
  if (unknown === undefined) return;
  const meant = didYouMean(unknown, known);
  throw new UserError('LT-005', `lintel.yaml: rule ${unknown} does not exist`, {
    hint: meant === undefined ? 'lintel explain lists the rules' : `did you mean ${meant}?`,
  });
}

function findingsOf(rule: Rule, system: System, severity: Severity): Finding[] {
  if (severity === 'off') return [];
  const seen = new Map<string, number>();
  return rule
    .check(system)
    .sort(compareViolations)
    .map(violation => {
      const { identity, isMinor, ...said } = violation;
      const key = JSON.stringify(identity);
      const nth = seen.get(key) ?? 0;
      seen.set(key, nth + 1);
      return {
        ...said,
        rule: rule.id,
        severity: violation.confidence === 'guess' || isMinor ? 'info' : severity,
        fingerprint: fingerprintOf(rule.id, identity, nth),
        url: urlOf(rule.id),
        fix: rule.remedy,
      };
    });
}

function compareViolations(a: Violation, b: Violation): number {
  return compareEvidence(a.at, b.at) || compareText(a.message, b.message);
}

function compareFindings(a: Finding, b: Finding): number {
  return compareEvidence(a.at, b.at) || compareText(a.rule, b.rule) || compareText(a.message, b.message);
}
