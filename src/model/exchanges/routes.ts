import type { DiscoveredService } from '../discovery.ts';
import type { Place } from './places.ts';

/** A rule of a gateway that stands in a file: what comes for a host and a path goes to a service. */
export interface Route {
  readonly host?: string;
  readonly path: string;
  readonly to: Place;
}

/** Routes of ingresses and gateways that stand in files. */
export class Routes {
  readonly #routes: readonly Route[];
  readonly #ways: ReadonlySet<string>;

  constructor(routes: readonly Route[], ways: ReadonlySet<string> = new Set()) {
    this.#routes = routes;
    this.#ways = ways;
  }

  /** Where a request goes that a browser makes, or that is made to the controller of an ingress. */
  of(host: string, path: string | undefined, from: DiscoveredService): readonly Place[] {
    const isWay =
      this.#ways.has(host) ||
      this.#routes.some(r => r.host !== undefined && r.host === host) ||
      /(^|[.-])(ingress|gateway|traefik|nginx)/.test(host);
    if (!(host === '' ? from.role === 'frontend' : isWay)) return [];
    if (path === undefined || path === '' || path === '/') return [];
    const matching = this.#routes.filter(
      r =>
        (r.host === undefined || host === '' || r.host === host || !host.includes('.') || isWay) &&
        startsWith(path, r.path),
    );
    const longest = Math.max(...matching.map(r => r.path.length));
    return matching
      .filter(r => r.path.length === longest && r.to.service !== from)
      .slice(0, 1)
      .map(r => r.to);
  }
}

function startsWith(path: string, pattern: string): boolean {
  const prefix = pattern.replace(/[(?*].*$/s, '').replace(/\/$/, '');
  return path === prefix || path.startsWith(`${prefix}/`) || (prefix !== '' && path.startsWith(prefix));
}
