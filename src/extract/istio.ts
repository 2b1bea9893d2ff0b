import type { Evidence } from '../model/system.ts';
import { at, itemsAt, parseYaml, textAt, textsAt, type Value } from './yaml.ts';

/** What a mesh does for all calls of a host. */
export interface MeshPolicy {
  readonly host: string;
  readonly does: 'timeout' | 'circuit-breaker' | 'bulkhead';
  readonly at: Evidence;
}

/** The policies of Istio in a manifest: outlier detection and limits of a DestinationRule, timeouts of a VirtualService. */
export function meshPolicies(path: string, text: string): MeshPolicy[] {
  if (!/^\s*kind:\s*(?:DestinationRule|VirtualService)\s*$/m.test(text) || text.includes('{{')) return [];
  return parseYaml(path, text).documents.flatMap(document =>
    (textAt(document, 'apiVersion') ?? '').startsWith('networking.istio.io/') ? policiesOf(document) : [],
  );
}

function policiesOf(document: Value): MeshPolicy[] {
  switch (textAt(document, 'kind')) {
    case 'DestinationRule': {
      const host = textAt(document, 'spec', 'host');
      const outliers = at(document, 'spec', 'trafficPolicy', 'outlierDetection');
      const pool = at(document, 'spec', 'trafficPolicy', 'connectionPool');
      if (host === undefined) return [];
      return [
        ...(outliers ? [{ host, does: 'circuit-breaker' as const, at: outliers.at }] : []),
        ...(pool ? [{ host, does: 'bulkhead' as const, at: pool.at }] : []),
      ];
    }
    case 'VirtualService': {
      // a timeout of some routes says nothing of the others
      const limits = itemsAt(document, 'spec', 'http').map(route => at(route, 'timeout'));
      const [first] = limits;
      if (first === undefined || limits.some(limit => limit === undefined)) return [];
      return textsAt(document, 'spec', 'hosts').map(host => ({ host, does: 'timeout', at: first.at }));
    }
    default:
      return [];
  }
}
