import { fitting, listed } from '../../src/check/message.ts';
import { defineRule, type Violation } from '../../src/check/rule.ts';
import { compareEvidence } from '../../src/model/evidence.ts';
import { areOne, compareText, edgesTo, isDeployed, lineOf, serviceOf } from '../../src/model/query.ts';
import type { Confidence, Endpoint, Site, System } from '../../src/model/system.ts';
import { isAnswering, isBeside, isEnding, isFor, nearestOf, partsOf } from './paths.ts';

const noCallToMissingEndpoint = defineRule({
  id: 'api-composition/no-call-to-missing-endpoint',
  title: 'A service asks another for something that it does not offer',
  severity: 'warn',
  remedy: 'mend the path or the method on one side, and write the API down so that both are checked against it',
  check: system =>
    [...Map.groupBy(system.endpoints, endpoint => endpoint.service)].flatMap(([service, endpoints]) =>
      isFullyKnown(system, service, endpoints) ? violationsOf(system, service, endpoints) : [],
    ),
});
export default noCallToMissingEndpoint;

/**
 * All that a service answers to is known where it says nothing else, no part of a path is unknown, and others reach
 * it under the paths that were read: else a prefix may have been missed.
 */
function isFullyKnown(system: System, service: string, endpoints: readonly Endpoint[]): boolean {
  const { language, openRoutes } = serviceOf(system, service) ?? {};
  return (
    (language === 'javascript' || language === 'typescript') &&
    openRoutes !== true &&
    endpoints.length > 1 &&
    endpoints.every(({ path }) => !path.includes(':any')) &&
    endpoints.some(({ id, path }) => isTelling(path) && edgesTo(system, id, 'calls').length > 0)
  );
}

/** A path of parameters alone matches whatever is asked. */
function isTelling(path: string): boolean {
  return partsOf(path).some(part => /^[\w.~-]+$/.test(part));
}

interface Asked {
  readonly from: string;
  readonly site: Site;
  readonly method: string;
  readonly path: string;
  readonly confidence: Confidence;
}

function violationsOf(system: System, service: string, endpoints: readonly Endpoint[]): Violation[] {
  const asked = edgesTo(system, service, 'calls').flatMap(({ from, sites = [], confidence }) =>
    confidence === 'guess' || !isDeployed(system, from) || areOne(system, from, service)
      ? []
      : sites.flatMap((site): Asked[] => {
          const { method, path, address, routed } = site;
          const isDirect = routed !== true && address !== undefined && /^\w+:\/\/./.test(address.text);
          return method && path && isDirect ? [{ from, site, method, path, confidence }] : [];
        }),
  );
  const missing = asked.filter(({ method, path }) => !endpoints.some(endpoint => isAnswering(endpoint, method, path)));
  return [...Map.groupBy(missing, ({ from, method, path }) => `${from} ${method} ${path}`).values()].flatMap(same =>
    violationOf(service, endpoints, same),
  );
}

/** Only what looks like something that is there: all else may be answered by what was not read. */
function violationOf(service: string, endpoints: readonly Endpoint[], same: readonly Asked[]): Violation[] {
  const [first, ...more] = same.toSorted((a, b) => compareEvidence(a.site.at, b.site.at));
  if (first === undefined || endpoints.some(({ path }) => isEnding(path, first.path))) return [];
  const { from, site, method, path, confidence } = first;
  const nearest = nearestOf(endpoints, method, path);
  const offered = nearest ?? endpoints.find(endpoint => isBeside(endpoint.path, path));
  if (offered === undefined) return [];
  const [there] = offered.evidence;
  const what = `${from} asks ${service} for ${method} ${path.replaceAll(':any', '…')}`;
  const methods = [...new Set(endpoints.filter(e => isFor(e, path)).map(e => e.method))].sort(compareText);
  const isOther = methods.length > 0;
  const meant = nearest === undefined ? [] : [`did you mean ${nearest.method} ${nearest.path}?`];
  return [
    {
      message: fitting(
        ...(isOther
          ? [`${what}, which it offers by ${listed(methods)} only`]
          : meant.flatMap(question => [`${what}, which it does not offer: ${question}`, `${what}: ${question}`])),
        `${what}, which it does not offer`,
        `${from} asks ${service} for something that it does not offer`,
      ),
      at: site.through ?? site.at,
      related: [
        ...(site.through ? [{ message: `${from} asks from here`, at: site.at }] : []),
        ...more
          .filter(one => lineOf(one.site.at) !== lineOf(site.at))
          .slice(0, 3)
          .map(one => ({ message: 'and here', at: one.site.at })),
        ...(there ? [{ message: `${service} offers ${offered.method} ${offered.path} here`, at: there }] : []),
      ],
      service: from,
      services: [from, service],
      confidence: confidence === 'certain' ? 'likely' : confidence,
      identity: [from, service, method, path],
    },
  ];
}
