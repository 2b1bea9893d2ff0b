import { isPartOfServer } from '../../extract/routing.ts';
import type { DiscoveredService } from '../discovery.ts';
import { hole, type Settings } from '../settings.ts';
import type { Endpoint } from '../system.ts';
import { each, literal, type Value } from '../value.ts';
import { type ExchangesFound, placeKey, placesOf, type ServiceExchange, textsOf } from './found.ts';

interface Mount {
  readonly outer: string | undefined;
  readonly path: string;
  readonly except: readonly string[];
}
interface Route {
  readonly service: string;
  readonly method: string;
  readonly versions: readonly string[];
}
interface Versions {
  readonly before: string;
  readonly otherwise: readonly string[];
}

/** What services answer to, by method and path. */
export class Endpoints {
  readonly #in: ExchangesFound;
  readonly #byService = new Map<string, Map<string, Endpoint>>();
  /** By service and router: below which paths of which routers it is. */
  readonly #mounts = new Map<string, Mount[]>();
  /** By service and router: what it puts before all its own paths. */
  readonly #own = new Map<string, Mount[]>();
  /** By service and router: how the version of a route shows in its path. */
  readonly #versions = new Map<string, Versions>();
  /** By service and place: code that is seen with the router that it is given; it may be seen without it as well. */
  readonly #told = new Set<string>();
  readonly #adrift: ReadonlySet<string>;
  /** By service and place: mounts at a path that is seen written out; it may be seen without it as well. */
  readonly #written: ReadonlySet<string>;
  readonly #open = new Set<string>();

  constructor(found: ExchangesFound) {
    this.#in = found;
    this.#adrift = adriftRouters(found.exchanges);
    const mounts = found.exchanges.filter(x => x.exchange.kind === 'mount');
    this.#written = new Set(mounts.flatMap(x => (literal(x.exchange.path) === undefined ? [] : [placeKey(x)])));
    for (const x of found.exchanges) if (isOfRouter(x) && !this.#isAdrift(x)) this.#told.add(placeKey(x));
    for (const x of mounts) if (!this.#isVague(x)) this.#mount(x);
    for (const { service, exchange } of found.exchanges)
      if (exchange.kind === 'serve' && exchange.by === 'http' && !exchange.path && !exchange.name)
        this.#open.add(service.id);
  }

  #isVague(x: ServiceExchange): boolean {
    return this.#isAdrift(x) && this.#told.has(placeKey(x));
  }

  #isAdrift({ service, exchange }: ServiceExchange): boolean {
    const router = literal(exchange.client);
    return exchange.client === undefined || (router !== undefined && this.#adrift.has(`${service.id} ${router}`));
  }

  #mount(x: ServiceExchange): void {
    const { service, exchange } = x;
    const settings = this.#in.settings.get(service.id);
    if (!settings) return;
    const [inner] = textsOf(exchange.name, settings);
    const [outer] = textsOf(exchange.client, settings);
    const said = textsOf(exchange.path, settings);
    // what one environment does not say is what the others say
    const known = said.filter(p => p.holes.length === 0);
    const paths = known.length > 0 ? known : said;
    if (literal(exchange.path) === undefined && this.#written.has(placeKey(x))) return;
    if (!outer || paths.length === 0 || known.length < said.length) this.#open.add(service.id);
    if (!inner) return;
    const key = `${service.id} ${inner.text}`;
    if (exchange.version) {
      const [before] = textsOf(exchange.version, settings);
      this.#versions.set(key, { before: before?.text ?? '', otherwise: listed(exchange.key, settings) });
      return;
    }
    const except = listed(exchange.except, settings);
    const mounts = outer?.text === inner.text ? this.#own : this.#mounts;
    const list = mounts.get(key) ?? [];
    for (const { text } of paths) list.push({ outer: outer?.text, path: text, except });
    mounts.set(key, list);
  }

  /** Each path that a path of a router has for who asks. */
  #whole(route: Route, router: string | undefined, path: string, depth = 0): readonly string[] {
    if (router === undefined || depth > 6) return [path];
    const key = `${route.service} ${router}`;
    const own = this.#own.get(key) ?? [];
    const paths = this.#versioned(key, route.versions, path).flatMap(p =>
      own.length === 0 ? [p] : own.map(m => (isLeft(m, route.method, path) ? p : `${m.path}/${p}`)),
    );
    const mounts = this.#mounts.get(key) ?? [];
    if (mounts.length === 0) return paths;
    return [
      ...new Set(mounts.flatMap(m => paths.flatMap(p => this.#whole(route, m.outer, `${m.path}/${p}`, depth + 1)))),
    ];
  }

  /** A path below each version of its route, where its router has versions in paths. */
  #versioned(router: string, given: readonly string[], path: string): readonly string[] {
    const versions = this.#versions.get(router);
    const all = !versions || given.length > 0 ? given : versions.otherwise;
    if (!versions || all.length === 0) return [path];
    return all.map(v => (v === '' ? path : `${versions.before}${v}/${path}`));
  }

  add(x: ServiceExchange): void {
    const settings = this.#in.settings.get(x.service.id);
    if (!settings || this.#isVague(x)) return;
    const [method = 'ANY'] = textsOf(x.exchange.method, settings).map(m => m.text.toUpperCase());
    const [router] = textsOf(x.exchange.client, settings);
    const said = textsOf(x.exchange.path, settings);
    const versions = listed(x.exchange.version, settings);
    const route = { service: x.service.id, method, versions };
    const paths = said.flatMap(one => this.#whole(route, router?.text, one.text));
    // a router that somebody hands over may be mounted anywhere
    const isAdrift =
      router === undefined || (isPartOfServer(router.text) && !this.#mounts.has(`${x.service.id} ${router.text}`));
    if (said.length === 0 || paths.some(isPartly) || isAdrift) this.#open.add(x.service.id);
    // what a frontend is told to answer by code is its server for development
    if (x.service.role === 'frontend' && x.exchange.tech !== 'next-routes') return;
    for (const given of paths) {
      const path = normal(given.replaceAll(hole, ':any'));
      const id = `${x.service.id} ${method} ${path}`;
      const known = this.#byService.get(x.service.id) ?? new Map<string, Endpoint>();
      this.#byService.set(x.service.id, known);
      if (!known.has(id))
        known.set(id, { id, service: x.service.id, method, path, evidence: placesOf(x, this.#in.lines) });
    }
  }

  /** Whether a service may answer to more than its endpoints tell, as far as its routes show. */
  isOpen(service: string): boolean {
    return this.#open.has(service) || !this.#byService.has(service);
  }

  get all(): Endpoint[] {
    return [...this.#byService.values()].flatMap(m => [...m.values()]);
  }

  /** The endpoint that a request reaches: the one with the most of its path written out. */
  asked(service: DiscoveredService, method: string | undefined, path: string | undefined): Endpoint | undefined {
    if (path === undefined || path === '') return undefined;
    const asked = normal(path);
    const matching = [...(this.#byService.get(service.id)?.values() ?? [])].filter(
      e => isAnswered(e.method, method?.toUpperCase()) && isMatch(e.path, asked),
    );
    return matching.sort(
      (a, b) =>
        guessed(a.path, asked) - guessed(b.path, asked) || written(b.path) - written(a.path) || (a.id < b.id ? -1 : 1),
    )[0];
  }
}

/** Servers answer HEAD with the head of what they answer to GET. */
function isAnswered(method: string, asked: string | undefined): boolean {
  return asked === undefined || method === 'ANY' || method === asked || (asked === 'HEAD' && method === 'GET');
}

/** Routers that are only mounted in routers of which nothing is known. */
function adriftRouters(exchanges: readonly ServiceExchange[]): ReadonlySet<string> {
  const outer = new Map<string, Set<string | undefined>>();
  for (const { service, exchange } of exchanges) {
    const inner = exchange.kind === 'mount' ? literal(exchange.name) : undefined;
    const by = literal(exchange.client);
    if (inner === undefined || inner === by) continue;
    const key = `${service.id} ${inner}`;
    outer.set(key, (outer.get(key) ?? new Set()).add(by === undefined ? undefined : `${service.id} ${by}`));
  }
  const adrift = new Set<string>();
  for (let before = -1; before < adrift.size; ) {
    before = adrift.size;
    for (const [key, list] of outer) if ([...list].every(by => by === undefined || adrift.has(by))) adrift.add(key);
  }
  return adrift;
}

/** Whether a mount leaves a route where it is: `GET /health`. */
function isLeft(mount: Mount, method: string, path: string): boolean {
  return mount.except.some(e => {
    const [asked = '', pattern = ''] = e.split(' ');
    return (asked === 'ANY' || asked === method) && isMatch(normal(pattern), normal(path));
  });
}

function isOfRouter({ exchange }: ServiceExchange): boolean {
  return exchange.kind === 'mount' || (exchange.kind === 'serve' && exchange.path !== undefined);
}

function listed(v: Value | undefined, settings: Settings): readonly string[] {
  return each(v).flatMap(one =>
    one.t === 'arr' ? one.items.flatMap(i => listed(i, settings)) : textsOf(one, settings).map(t => t.text),
  );
}

/** Holes, wildcards and patterns: what such a path covers is not told. A parameter may say what it takes. */
function isPartly(path: string): boolean {
  // below what is written out, a wildcard covers what it says
  const plain = path
    .replace(/(?<=\/[\w-]+.*)\/(?:\*\w*|\{\*\w+\}|\{\w+\*\}|\(\.\*\)|:\w+\*)$/, '')
    .replace(/:\w+(?:\([^)]*\)|\{[^}]*\})(?=\??(?:\/|$))/g, ':any');
  return (
    plain.includes(hole) ||
    /[*()+|^$\\]|[^/][:{]/.test(plain) ||
    /\?/.test(plain.replace(/\/(?::\w+\?|\{\w+\?\})$/, ''))
  );
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
  if (rest !== undefined && /^\*|^\{\w*\*|^:\w+\*|\(\.\*\)/.test(rest))
    return isMatch(a.slice(0, -1).join('/'), b.slice(0, a.length - 1).join('/'));
  // a last parameter that may be left out
  if (rest !== undefined && /^[:{].*\?\}?$/.test(rest) && b.length === a.length - 1) a.pop();
  return a.length === b.length && a.every((p, i) => /^[:{*]/.test(p) || p === b[i] || (b[i] ?? '').includes(hole));
}
