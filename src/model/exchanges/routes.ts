import type { DiscoveredService } from '../discovery.ts';
import { hole } from '../settings.ts';
import { isLocal } from './address.ts';
import type { Place } from './places.ts';

/** A rule of a gateway that stands in a file: what comes for a host and a path goes to a service. */
export interface Route {
  readonly host?: string;
  readonly path: string;
  readonly to: Place;
  /** The gateway, where it is one of several ways; else any ingress will do. */
  readonly via?: Way;
  /** What the service gets in place of the path that was matched. */
  readonly rewrite?: string;
}

export interface Way {
  /** Its names, and `localhost:8080` for each port that it publishes. */
  readonly hosts: readonly string[];
  /** The folder of the system that it is part of: others may have gateways of the same names. */
  readonly folder: string;
}

/** Who gets a request, and the path that is left of it. */
export interface Routed extends Place {
  readonly path: string;
}

/** Routes of ingresses and gateways that stand in files. */
export class Routes {
  readonly #routes: readonly Route[];

  constructor(routes: readonly Route[]) {
    this.#routes = withoutDoubtful(routes);
  }

  /** Where a request goes that a browser makes, or that is made to a gateway or to the controller of an ingress. */
  of(host: string, port: string | undefined, path: string | undefined, from: DiscoveredService): readonly Routed[] {
    const way = isLocal(host) ? `localhost:${port ?? '80'}` : host;
    const own = nearest(
      this.#routes.filter(r => r.via?.hosts.includes(way) === true && (r.host === undefined || r.host === host)),
      from,
    );
    const isWay =
      own.length > 0 ||
      this.#routes.some(r => r.host !== undefined && r.host === host) ||
      /(^|[.-])(ingress|gateway|traefik|nginx)/.test(host);
    if (!(host === '' ? from.role === 'frontend' : isWay)) return [];
    if (path === undefined || path === '' || path === '/' || path.startsWith(`/${hole}`)) return [];
    const matching = (own.length > 0 ? own : this.#routes.filter(r => isMeant(r, host))).filter(r =>
      startsWith(path, r.path),
    );
    const longest = Math.max(...matching.map(r => r.path.length));
    return matching
      .filter(r => r.path.length === longest && r.to.service !== from)
      .slice(0, 1)
      .map(r => ({ ...r.to, path: left(path, r) }));
  }
}

/** One path of one gateway that leads to several: which of them is meant hangs on what is not known here. */
function withoutDoubtful(routes: readonly Route[]): readonly Route[] {
  const groups = Map.groupBy(routes, r => JSON.stringify([r.via, r.host, prefixOf(r.path)]));
  return routes.filter(
    r =>
      r.via === undefined ||
      new Set(groups.get(JSON.stringify([r.via, r.host, prefixOf(r.path)]))?.map(o => o.to.service)).size < 2,
  );
}

/** Those of the innermost system that a service is in. */
function nearest(routes: readonly Route[], from: DiscoveredService): readonly Route[] {
  const around = routes.flatMap(({ via }) => (via && isWithin(from.root, via.folder) ? [via.folder.length] : []));
  const most = Math.max(...around);
  return around.length === 0
    ? routes
    : routes.filter(r => r.via && r.via.folder.length === most && isWithin(from.root, r.via.folder));
}

function isWithin(folder: string, outer: string): boolean {
  return outer === '' || folder === outer || folder.startsWith(`${outer}/`);
}

/** Of a gateway that is not named, any rule may be meant but for those that only tell hosts apart. */
function isMeant(r: Route, host: string): boolean {
  if (host === '') return r.via === undefined || r.host === undefined || r.path !== '/';
  return r.via === undefined || r.host === host;
}

function startsWith(path: string, pattern: string): boolean {
  const prefix = prefixOf(pattern);
  return path === prefix || path.startsWith(`${prefix}/`) || (prefix !== '' && path.startsWith(prefix));
}

function left(path: string, { path: pattern, rewrite }: Route): string {
  return rewrite === undefined ? path : `${rewrite}/${path.slice(prefixOf(pattern).length)}`.replace(/\/{2,}/g, '/');
}

function prefixOf(pattern: string): string {
  return pattern.replace(/[(?*].*$/s, '').replace(/\/$/, '');
}
