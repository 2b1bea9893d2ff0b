import { type MeshPolicy, meshPolicies } from '../../extract/istio.ts';
import { isTestFolder } from '../services/purpose.ts';
import type { Edge, Site } from '../system.ts';
import type { ExchangesFound } from './found.ts';
import type { Places } from './places.ts';

/** Says of each call what a mesh does for it: the code need not do it again. */
export function guardedByMesh(
  found: ExchangesFound,
  places: Places,
  edges: readonly Edge[],
  serviceOf: ReadonlyMap<string, string>,
): readonly Edge[] {
  const policies = policiesByService(found, places);
  if (policies.size === 0) return edges;
  return edges.map(edge => {
    const here = edge.kind === 'calls' ? policies.get(serviceOf.get(edge.to) ?? edge.to) : undefined;
    return here && edge.sites ? { ...edge, sites: edge.sites.map(site => guarded(site, here)) } : edge;
  });
}

function policiesByService(found: ExchangesFound, places: Places): Map<string, MeshPolicy[]> {
  const policies = new Map<string, MeshPolicy[]>();
  const [any] = found.discovery.services;
  for (const file of found.tree.files) {
    if (!any || !/\.ya?ml$/.test(file) || file.split('/').slice(0, -1).some(isTestFolder)) continue;
    const text = found.tree.read(file);
    if (!text?.includes('networking.istio.io')) continue;
    for (const policy of meshPolicies(file, text))
      for (const { service, confidence } of places.at(policy.host, undefined, undefined, any)) {
        if (confidence === 'guess') continue;
        policies.set(service.id, [...(policies.get(service.id) ?? []), policy]);
      }
  }
  return policies;
}

function guarded(site: Site, policies: readonly MeshPolicy[]): Site {
  const guards = policies.flatMap(({ does, at }) => (does === 'timeout' ? [] : [{ kind: does, at }]));
  return {
    ...site,
    ...(policies.some(({ does }) => does === 'timeout') ? { timeout: 'set' } : {}),
    ...(guards.length > 0 ? { guards: [...(site.guards ?? []), ...guards] } : {}),
  };
}
