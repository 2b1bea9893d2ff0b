import { fitting } from '../../src/check/message.ts';
import type { Violation } from '../../src/check/rule.ts';
import { defineRule } from '../../src/check/rule.ts';
import { isInCode, placesOf } from '../../src/model/evidence.ts';
import { serviceOf } from '../../src/model/query.ts';
import type { Endpoint, System } from '../../src/model/system.ts';
import { allEndpointsOf, isAboutHealth, type Probe, probesOf } from './asked.ts';

const probeIsServed = defineRule({
  id: 'health-check/probe-is-served',
  title: 'A probe asks for a path that the service does not answer',
  severity: 'warn',
  remedy: 'point the probe at a path that the service answers, or serve the path that it asks for',
  check: system =>
    [...Map.groupBy(probesOf(system), probe => JSON.stringify([probe.service, probe.path])).values()].flatMap(probes =>
      violationOf(system, probes),
    ),
});
export default probeIsServed;

const names = {
  liveness: 'liveness probe',
  readiness: 'readiness probe',
  startup: 'startup probe',
  container: 'health check',
} as const satisfies Record<Probe['probe'], string>;

function violationOf(system: System, probes: readonly Probe[]): Violation[] {
  const [first] = probes;
  const service = first && serviceOf(system, first.service);
  const path = first?.path;
  const [at, ...more] = placesOf(probes);
  if (first === undefined || service === undefined || path === undefined || at === undefined) return [];
  // somebody who is not seen may answer to a path that the code writes; at the root, anything may
  if (path === '/' || first.written || service.role === 'frontend' || service.role === 'function') return [];
  const endpoints = allEndpointsOf(system, service).filter(endpoint => endpoint.evidence.some(isInCode));
  if (endpoints.length === 0 || endpoints.some(endpoint => answers(endpoint, path))) return [];
  const name = probes.length === 1 || probes.every(({ probe }) => probe === first.probe) ? names[first.probe] : 'probe';
  return [
    {
      message: fitting(
        `the ${name} of ${service.id} asks for ${path}, which ${service.id} does not answer`,
        `the ${name} of ${service.id} asks for a path that it does not answer`,
      ),
      at,
      related: [
        ...more.map(place => ({ message: `${path} is asked for here too`, at: place })),
        ...endpoints
          .filter(endpoint => isAboutHealth(endpoint.path))
          .flatMap(endpoint =>
            endpoint.evidence
              .slice(0, 1)
              .map(place => ({ message: `${service.id} answers ${endpoint.path} here`, at: place })),
          ),
      ],
      service: service.id,
      confidence: 'likely',
      identity: [service.id, path],
    },
  ];
}

/** Whether a GET for a path is answered: a part of the endpoint that is open, or not known, matches anything. */
function answers(endpoint: Endpoint, path: string): boolean {
  if (/^(POST|PUT|PATCH|DELETE|OPTIONS)$/.test(endpoint.method)) return false;
  const pattern = endpoint.path.split('/').filter(Boolean);
  const asked = path.split('/').filter(Boolean);
  const rest = pattern.findIndex(part => /[*(]/.test(part));
  const fixed = rest < 0 ? pattern : pattern.slice(0, rest);
  return (
    (rest < 0 ? pattern.length === asked.length : fixed.length <= asked.length) &&
    fixed.every((part, index) => /^[:{]/.test(part) || part.toLowerCase() === asked[index]?.toLowerCase())
  );
}
