import type { Confidence, Evidence, System } from '../model/system.ts';

export type Severity = 'error' | 'warn' | 'info' | 'off';

export interface Related {
  readonly message: string;
  readonly at: Evidence;
}

/** What a rule says. The runner adds rule id, severity, fingerprint and url. */
export interface Violation {
  readonly message: string;
  readonly at: Evidence;
  readonly related: readonly Related[];
  /** The service at fault. */
  readonly service?: string;
  /** All services that take part. */
  readonly services?: readonly string[];
  readonly datastore?: string;
  readonly table?: string;
  readonly tables?: readonly string[];
  readonly topic?: string;
  readonly confidence: Confidence;
  /** True for a lighter form of what the rule is about: information, whatever the severity of the rule. */
  readonly isMinor?: true;
  /** What does not change when lines move; the fingerprint is made of this and the rule's id. */
  readonly identity: readonly string[];
}

export interface Rule {
  readonly id: `${string}/${string}`;
  /** One line, shown in lists. */
  readonly title: string;
  readonly severity: Exclude<Severity, 'off'>;
  /** The way out, in one or two sentences: what to do about any finding of this rule. */
  readonly remedy: string;
  check(system: System): Violation[];
}

export interface Finding extends Omit<Violation, 'identity' | 'isMinor'> {
  readonly rule: string;
  readonly severity: Exclude<Severity, 'off'>;
  readonly fingerprint: string;
  readonly url: string;
  /** The way out, as the rule tells it. */
  readonly fix?: string;
  /** The reason given in the code or in lintel.yaml, where it is suppressed. */
  readonly suppressed?: string;
  readonly baselined?: boolean;
}

/** What Lintel says of its own comments in the code. */
export const ownRules = [
  'lintel/suppression-needs-reason',
  'lintel/unused-suppression',
  'lintel/unused-annotation',
] as const;

export interface Pattern {
  readonly id: string;
  readonly title: string;
  readonly rules: readonly Rule[];
}

export function defineRule(rule: Rule): Rule {
  return rule;
}

/** Keeps the id as a literal, so that the ids of all patterns can be derived from the catalogue. */
export function definePattern<const P extends Pattern>(pattern: P): P {
  return pattern;
}

const documents = 'https://github.com/lintel-dev/lintel/blob/main/docs/patterns';

/** Where the documentation of a rule stands. */
export function urlOf(rule: string): string {
  const [pattern, name] = rule.split('/');
  return `${documents}/${pattern}.md#${name}`;
}
