import type { ConfiguredRoute } from './gateway-route.ts';
import { at, itemsAt, parseYaml, textAt, textsAt, type Value } from './yaml.ts';

/** The routes of Kong's declarative configuration: within its services, or naming them. */
export function kongRoutes(path: string, text: string): ConfiguredRoute[] {
  return parseYaml(path, text).documents.flatMap(document => {
    const upstreams = new Map(
      itemsAt(document, 'upstreams').flatMap(u => {
        const target = textAt(itemsAt(u, 'targets')[0], 'target');
        return target === undefined ? [] : [[textAt(u, 'name') ?? '', `http://${target}`] as const];
      }),
    );
    const services = itemsAt(document, 'services');
    const named = itemsAt(document, 'routes').map(route => {
      const name = textAt(route, 'service', 'name') ?? textAt(route, 'service');
      return { route, service: services.find(s => name !== undefined && textAt(s, 'name') === name) };
    });
    const inside = services.flatMap(service => itemsAt(service, 'routes').map(route => ({ route, service })));
    return [...inside, ...named].flatMap(({ route, service }) => {
      const host = textAt(service, 'host');
      const port = textAt(service, 'port');
      const to =
        textAt(service, 'url') ??
        (host === undefined
          ? undefined
          : (upstreams.get(host) ?? `http://${host}${port === undefined ? '' : `:${port}`}`));
      return to === undefined ? [] : routesOf(route, to);
    });
  });
}

function routesOf(route: Value, to: string): ConfiguredRoute[] {
  const hosts = textsAt(route, 'hosts').filter(h => !h.includes('*'));
  const paths = textsAt(route, 'paths');
  const isStripped = textAt(route, 'strip_path') !== 'false';
  return (hosts.length > 0 ? hosts : [undefined]).flatMap(host =>
    (paths.length > 0 ? paths : ['/']).map(path => ({
      ...(host === undefined ? {} : { host }),
      path: path.replace(/^~/, '').replace(/\$$/, ''),
      to,
      ...(isStripped ? { rewrite: '' } : {}),
      at: at(route, 'paths')?.at ?? route.at,
    })),
  );
}
