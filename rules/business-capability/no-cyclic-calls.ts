import { defineRule } from '../../src/check/rule.ts';
import { areOne, calleeOf, serviceOf } from '../../src/model/query.ts';
import type { System } from '../../src/model/system.ts';
import { circles, type Way } from './circle.ts';

const noCyclicCalls = defineRule({
  id: 'business-capability/no-cyclic-calls',
  title: 'Services call each other in a circle, and wait for the answers',
  severity: 'warn',
  remedy: 'turn the call that takes least into an event, or move what is asked for to the service that asks',
  check: system => circles(calls(system), { all: 'call each other', one: 'calls' }),
});
export default noCyclicCalls;

/** Calls between services of one's own. A page in a browser is called by nobody; a guess closes no circle. */
function calls(system: System): Way[] {
  return system.edges.flatMap(edge => {
    const to = calleeOf(system, edge);
    if (to === undefined || edge.confidence === 'guess' || areOne(system, edge.from, to)) return [];
    const roles = [serviceOf(system, edge.from)?.role, serviceOf(system, to)?.role];
    return roles.some(role => role === undefined || role === 'library' || role === 'frontend')
      ? []
      : [{ from: edge.from, to, edge }];
  });
}
