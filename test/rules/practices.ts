import type { Rule } from '../../src/check/rule.ts';
import type { Endpoint, Evidence, Practice } from '../../src/model/system.ts';
import { at, type Sketch, systemOf } from '../system-of.ts';

/** `orders GET /health` as an endpoint, told by the code of its service. */
export function endpoint(id: string): Endpoint {
  const [service = '', method = '', path = ''] = id.split(' ');
  return { id, service, method, path, evidence: [at(`${service}/src/routes.ts`)] };
}

export interface Doing extends Sketch {
  readonly endpoints?: readonly string[];
  readonly practices: readonly Practice[];
}

/** What a rule says of what the services of a sketch answer to and do. */
export function found(rule: Rule, doing: Doing): { message: string; at: Evidence }[] {
  return rule
    .check({
      ...systemOf(doing),
      endpoints: (doing.endpoints ?? []).map(endpoint),
      practices: doing.practices,
    })
    .map(({ message, at }) => ({ message, at }));
}

export function messages(rule: Rule, doing: Doing): string[] {
  return found(rule, doing).map(({ message }) => message);
}
