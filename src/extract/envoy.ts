import type { ConfiguredRoute } from './gateway-route.ts';
import { at, itemsAt, parseYaml, textAt, textsAt, type Value } from './yaml.ts';

/** The routes of Envoy's static configuration, through its clusters. */
export function envoyRoutes(path: string, text: string): ConfiguredRoute[] {
  if (text.includes('{{')) return [];
  return parseYaml(path, text).documents.flatMap(document => {
    const clusters = new Map(
      itemsAt(document, 'static_resources', 'clusters').flatMap(cluster => {
        const to = addressOf(cluster);
        return to === undefined ? [] : [[textAt(cluster, 'name') ?? '', to] as const];
      }),
    );
    return itemsAt(document, 'static_resources', 'listeners')
      .flatMap(listener => itemsAt(listener, 'filter_chains'))
      .flatMap(chain => itemsAt(chain, 'filters'))
      .flatMap(filter => [at(filter, 'typed_config', 'route_config'), at(filter, 'config', 'route_config')])
      .flatMap(config => itemsAt(config, 'virtual_hosts'))
      .flatMap(virtual => routesIn(virtual, clusters));
  });
}

/** The first server of a cluster, in the form of today or of before. */
function addressOf(cluster: Value): string | undefined {
  const endpoints = itemsAt(cluster, 'load_assignment', 'endpoints')
    .flatMap(e => itemsAt(e, 'lb_endpoints'))
    .map(e => at(e, 'endpoint', 'address', 'socket_address'));
  const [place] = [...endpoints, ...itemsAt(cluster, 'hosts').map(h => at(h, 'socket_address'))];
  const host = textAt(place, 'address');
  return host === undefined ? undefined : `http://${host}:${textAt(place, 'port_value') ?? '80'}`;
}

function routesIn(virtual: Value, clusters: ReadonlyMap<string, string>): ConfiguredRoute[] {
  const domains = textsAt(virtual, 'domains').map(d => d.replace(/:\d+$/, ''));
  const hosts = domains.length === 0 || domains.some(d => d.includes('*')) ? [undefined] : domains;
  return itemsAt(virtual, 'routes').flatMap(route => {
    const weighted = itemsAt(route, 'route', 'weighted_clusters', 'clusters').map(c => textAt(c, 'name'));
    const rewrite = textAt(route, 'route', 'prefix_rewrite');
    const path =
      textAt(route, 'match', 'prefix') ??
      textAt(route, 'match', 'path') ??
      textAt(route, 'match', 'path_separated_prefix');
    if (path === undefined) return [];
    return [textAt(route, 'route', 'cluster'), ...weighted].flatMap(name => {
      const to = clusters.get(name ?? '');
      return to === undefined
        ? []
        : hosts.map(host => ({
            ...(host === undefined ? {} : { host }),
            path,
            to,
            ...(rewrite === undefined ? {} : { rewrite: rewrite.replace(/\/$/, '') }),
            at: at(route, 'route')?.at ?? route.at,
          }));
    });
  });
}
