import type { Evidence } from '../model/system.ts';
import type { ComposeService } from './compose.ts';
import type { ConfiguredRoute } from './gateway-route.ts';
import { at, entriesAt, itemsAt, parseYaml, textAt, textsAt, type Value } from './yaml.ts';

/** The hosts and paths of a rule: ``Host(`shop.dev`) && (PathPrefix(`/a`) || PathPrefix(`/b`))``. */
interface Matched {
  readonly hosts: readonly (string | undefined)[];
  readonly paths: readonly string[];
}

function matchedBy(rule: string): Matched {
  const given = (name: RegExp): string[] =>
    [...rule.matchAll(name)].flatMap(([, args = '']) =>
      [...args.matchAll(/[`"']([^`"']*)[`"']/g)].map(a => a[1] ?? ''),
    );
  const hosts = given(/\bHost\(([^)]*)\)/g);
  const paths = given(/\bPath(?:Prefix)?\(([^)]*)\)/g);
  return { hosts: hosts.length > 0 ? hosts : [undefined], paths: paths.length > 0 ? paths : ['/'] };
}

function routesOf(rule: string, to: string, stripped: readonly string[], place: Evidence): ConfiguredRoute[] {
  // what must not match, and what more must match, is more than a path and a host say
  if (/!\s*(?:Host|Path)/.test(rule)) return [];
  const { hosts, paths } = matchedBy(rule);
  return hosts.flatMap(host =>
    paths.map(path => ({
      ...(host === undefined ? {} : { host }),
      path,
      to,
      ...(stripped.includes(path) ? { rewrite: '' } : {}),
      at: place,
    })),
  );
}

/** A file of routers and services, or manifests of the routes of a cluster. */
export function traefikRoutes(path: string, text: string): ConfiguredRoute[] {
  if (text.includes('{{')) return [];
  const { documents } = parseYaml(path, text);
  const middlewares = new Map(
    documents.flatMap(d =>
      textAt(d, 'kind') === 'Middleware'
        ? [[textAt(d, 'metadata', 'name') ?? '', textsAt(d, 'spec', 'stripPrefix', 'prefixes')] as const]
        : [],
    ),
  );
  return documents.flatMap(d => (textAt(d, 'kind') === 'IngressRoute' ? inCluster(d, middlewares) : inFile(d)));
}

function inCluster(document: Value, middlewares: ReadonlyMap<string, readonly string[]>): ConfiguredRoute[] {
  return itemsAt(document, 'spec', 'routes').flatMap(route => {
    const stripped = itemsAt(route, 'middlewares').flatMap(m => middlewares.get(textAt(m, 'name') ?? '') ?? []);
    return itemsAt(route, 'services').flatMap(service => {
      const name = textAt(service, 'name');
      return name === undefined
        ? []
        : routesOf(textAt(route, 'match') ?? '', `http://${name}`, stripped, at(service, 'name')?.at ?? route.at);
    });
  });
}

function inFile(document: Value): ConfiguredRoute[] {
  const stripped = (router: Value): readonly string[] =>
    textsAt(router, 'middlewares').flatMap(name =>
      textsAt(document, 'http', 'middlewares', name.replace(/@.*$/, ''), 'stripPrefix', 'prefixes'),
    );
  return entriesAt(document, 'http', 'routers').flatMap(({ value }) => {
    const service = textAt(value, 'service')?.replace(/@.*$/, '') ?? '';
    const [server] = itemsAt(document, 'http', 'services', service, 'loadBalancer', 'servers');
    const url = textAt(server, 'url');
    return url === undefined || !server
      ? []
      : routesOf(textAt(value, 'rule') ?? '', url, stripped(value), at(server, 'url')?.at ?? server.at);
  });
}

/** Labels of a container: rules of the routes that lead to it, in the words of the first version and of later ones. */
export function labelledRoutes(service: ComposeService, all: readonly ComposeService[]): ConfiguredRoute[] {
  const labels = new Map(service.labels.map(l => [l.name.toLowerCase(), l.raw ?? '']));
  if (labels.get('traefik.enable') === 'false') return [];
  const everywhere = new Map(all.flatMap(s => s.labels.map(l => [l.name.toLowerCase(), l.raw ?? ''] as const)));
  const to = `http://${service.name}`;
  return service.labels.flatMap(({ name, raw, at: place }) => {
    const key = name.toLowerCase();
    const rule = (raw ?? '').replaceAll('$$', '$');
    const router = /^traefik\.http\.routers\.([\w@-]+)\.rule$/.exec(key)?.[1];
    if (router !== undefined) {
      const used = (labels.get(`traefik.http.routers.${router}.middlewares`) ?? '').split(',');
      const stripped = used.flatMap(m =>
        (everywhere.get(`traefik.http.middlewares.${m.trim().replace(/@.*$/, '')}.stripprefix.prefixes`) ?? '').split(
          ',',
        ),
      );
      return routesOf(
        rule,
        to,
        stripped.map(p => p.trim()),
        place,
      );
    }
    return /^traefik\.(?:[\w-]+\.)?frontend\.rule$/.test(key) ? firstVersion(rule, to, place) : [];
  });
}

/** `Host:shop.dev;PathPrefixStrip:/orders,/returns` */
function firstVersion(rule: string, to: string, place: Evidence): ConfiguredRoute[] {
  const parts = rule.split(';').map(p => /^\s*(\w+):(.*)$/.exec(p) ?? []);
  const host = parts
    .find(p => p[1] === 'Host')?.[2]
    ?.split(',')[0]
    ?.trim();
  return parts
    .filter(p => /^Path(?:Prefix)?(?:Strip)?$/.test(p[1] ?? ''))
    .flatMap(([, kind = '', paths = '']) =>
      paths.split(',').map(path => ({
        ...(host === undefined ? {} : { host }),
        path: path.trim(),
        to,
        ...(kind.endsWith('Strip') ? { rewrite: '' } : {}),
        at: place,
      })),
    );
}
