import type { DiscoveredService } from '../discovery.ts';
import { hole } from '../settings.ts';
import type { Endpoint } from '../system.ts';
import { type ExchangesFound, placesOf, type ServiceExchange, textsOf } from './found.ts';

/** What services answer to, by method and path. */
export class Endpoints {
  readonly #in: ExchangesFound;
  readonly #byService = new Map<string, Map<string, Endpoint>>();
  /** By service and router: below which paths of which routers it is. */
  readonly #mounts = new Map<string, { readonly outer: string | undefined; readonly path: string }[]>();

  constructor(found: ExchangesFound) {
    this.#in = found;
    for (const { service, exchange } of found.exchanges) {
      const settings = found.settings.get(service.id);
      if (exchange.kind !== 'mount' || !settings) continue;
      const [inner] = textsOf(exchange.name, settings);
      const [outer] = textsOf(exchange.client, settings);
      if (!inner) continue;
      const key = `${service.id} ${inner.text}`;
      const list = this.#mounts.get(key) ?? [];
      for (const { text } of textsOf(exchange.path, settings)) list.push({ outer: outer?.text, path: text });
      this.#mounts.set(key, list);
    }
  }

  #prefixes(service: string, router: string | undefined, depth = 0): readonly string[] {
    const mounts = router === undefined || depth > 5 ? [] : (this.#mounts.get(`${service} ${router}`) ?? []);
    if (mounts.length === 0) return [''];
    return [...new Set(mounts.flatMap(m => this.#prefixes(service, m.outer, depth + 1).map(p => `${p}/${m.path}`)))];
  }

  add(x: ServiceExchange): void {
    const settings = this.#in.settings.get(x.service.id);
    if (!settings || x.service.role === 'frontend') return;
    const [method = 'ANY'] = textsOf(x.exchange.method, settings).map(m => m.text.toUpperCase());
    const [router] = textsOf(x.exchange.client, settings);
    const paths = textsOf(x.exchange.path, settings).flatMap(said =>
      this.#prefixes(x.service.id, router?.text).map(prefix => `${prefix}/${said.text}`),
    );
    for (const given of paths) {
      const path = normal(given.replaceAll(hole, ':any'));
      const id = `${x.service.id} ${method} ${path}`;
      const known = this.#byService.get(x.service.id) ?? new Map<string, Endpoint>();
      this.#byService.set(x.service.id, known);
      if (!known.has(id))
        known.set(id, { id, service: x.service.id, method, path, evidence: placesOf(x, this.#in.lines) });
    }
  }

  get all(): Endpoint[] {
    return [...this.#byService.values()].flatMap(m => [...m.values()]);
  }

  /** The endpoint that a request reaches: the one with the most of its path written out. */
  asked(service: DiscoveredService, method: string | undefined, path: string | undefined): Endpoint | undefined {
    if (path === undefined || path === '') return undefined;
    const asked = normal(path);
    const matching = [...(this.#byService.get(service.id)?.values() ?? [])].filter(
      e => (method === undefined || e.method === 'ANY' || e.method === method.toUpperCase()) && isMatch(e.path, asked),
    );
    return matching.sort(
      (a, b) =>
        guessed(a.path, asked) - guessed(b.path, asked) || written(b.path) - written(a.path) || (a.id < b.id ? -1 : 1),
    )[0];
  }
}

function normal(path: string): string {
  return `/${path.split('/').filter(Boolean).join('/')}`;
}

function written(path: string): number {
  return path.split('/').filter(p => p !== '' && !/^[:*{]/.test(p)).length;
}

/** How many parts of a path match a written one only because they are not known. */
function guessed(pattern: string, path: string): number {
  const b = path.split('/');
  return pattern.split('/').filter((p, i) => (b[i] ?? '').includes(hole) && !/^[:*{]/.test(p)).length;
}

/** A part that is not known matches any one part of the pattern. */
function isMatch(pattern: string, path: string): boolean {
  const a = pattern.split('/').filter(Boolean);
  const b = path.split('/').filter(Boolean);
  const rest = a.at(-1);
  if (rest !== undefined && /^\*|^\{\*|\(\.\*\)/.test(rest))
    return isMatch(a.slice(0, -1).join('/'), b.slice(0, a.length - 1).join('/'));
  return a.length === b.length && a.every((p, i) => /^[:{*]/.test(p) || p === b[i] || (b[i] ?? '').includes(hole));
}
