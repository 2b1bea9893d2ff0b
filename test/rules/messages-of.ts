import type { Rule } from '../../src/check/rule.ts';
import { type Sketch, systemOf } from '../system-of.ts';

/** What a rule says of a sketched System. */
export function messagesOf(rule: Rule, sketch: Sketch): string[] {
  return rule.check(systemOf(sketch)).map(({ message }) => message);
}
