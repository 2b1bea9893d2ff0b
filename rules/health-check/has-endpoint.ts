import { fitting } from '../../src/check/message.ts';
import type { Violation } from '../../src/check/rule.ts';
import { defineRule } from '../../src/check/rule.ts';
import type { Endpoint, Service, System } from '../../src/model/system.ts';
import { allEndpointsOf, isAboutHealth, probesOf } from './asked.ts';

const hasEndpoint = defineRule({
  id: 'health-check/has-endpoint',
  title: 'A service says nowhere whether it is well, and nothing asks it',
  severity: 'info',
  remedy: 'serve a path such as /health, and point a probe of Kubernetes or a healthcheck of compose at it',
  check: system => system.services.flatMap(service => violationOf(system, service)),
});
export default hasEndpoint;

function violationOf(system: System, service: Service): Violation[] {
  if (service.role !== 'service' && service.role !== 'gateway' && service.role !== 'bff') return [];
  const endpoints = allEndpointsOf(system, service);
  const [at] = service.evidence;
  if (at === undefined || endpoints.length === 0 || endpoints.some(isOfHealth)) return [];
  if (probesOf(system, service.id).length > 0) return [];
  const [first] = endpoints.flatMap(endpoint => endpoint.evidence);
  return [
    {
      message: fitting(`nothing can tell whether ${service.id} is well: it has no health endpoint and no probe`),
      at,
      related: first === undefined ? [] : [{ message: `${service.id} answers requests here`, at: first }],
      service: service.id,
      confidence: 'likely',
      identity: [service.id],
    },
  ];
}

/** A load balancer asks for the root unless told otherwise, and what answers there is well. */
function isOfHealth({ method, path }: Endpoint): boolean {
  return isAboutHealth(path) || (path === '/' && !/^(POST|PUT|PATCH|DELETE)$/.test(method));
}
