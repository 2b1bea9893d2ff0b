import { createHash } from 'node:crypto';

/** Identity of a finding, without line numbers: the rule, what the rule says identifies it, and which of equals it is. */
export function fingerprintOf(rule: string, identity: readonly string[], nth = 0): string {
  const parts = nth === 0 ? [rule, ...identity] : [rule, ...identity, `#${nth}`];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
