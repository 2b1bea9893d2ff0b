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
  /** What does not change when lines move; the fingerprint is made of this and the rule's id. */
  readonly identity: readonly string[];
}

export interface Rule {
  readonly id: `${string}/${string}`;
  /** One line, shown in lists. */
  readonly title: string;
  readonly severity: Exclude<Severity, 'off'>;
  check(system: System): Violation[];
}

export interface Finding extends Omit<Violation, 'identity'> {
  readonly rule: string;
  readonly severity: Exclude<Severity, 'off'>;
  readonly fingerprint: string;
  readonly url: string;
  /** The reason given in the code or in lintel.yaml, where it is suppressed. */
  readonly suppressed?: string;
  readonly baselined?: boolean;
}

export interface Pattern {
  readonly id: string;
  readonly title: string;
  readonly rules: readonly Rule[];
}

export function defineRule(rule: Rule): Rule {
  return rule;
}

export function definePattern(pattern: Pattern): Pattern {
  return pattern;
}
