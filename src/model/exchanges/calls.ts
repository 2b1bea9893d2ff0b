import { annotationFor } from '../annotations.ts';
import type { DiscoveredService } from '../discovery.ts';
import { strongest } from '../evidence.ts';
import { hole, type Settings } from '../settings.ts';
import type { Edge, Evidence, Unresolved } from '../system.ts';
import { each, type Origin } from '../value.ts';
import { addressOf, isLocal } from './address.ts';
import type { Endpoints } from './endpoints.ts';
import {
  type ExchangesFound,
  nameOfHole,
  placeKey,
  placesOf,
  type Said,
  type ServiceExchange,
  textsOf,
} from './found.ts';
import type { Handlers } from './handlers.ts';
import { namesAround } from './names-around.ts';
import type { Place, Places } from './places.ts';
import type { Routed, Routes } from './routes.ts';
import type { Leaving, Sites } from './sites.ts';

/** A target of a call, and what is asked of it. */
interface Target extends Place {
  readonly path?: string;
  /** True where a gateway leads there, which may change the path. */
  readonly routed?: true;
}

/** Who calls whom: addresses and logical names led to the services behind them. */
export class Calls {
  readonly #in: ExchangesFound;
  readonly #places: Places;
  readonly #handlers: Handlers;
  readonly #endpoints: Endpoints;
  readonly #routes: Routes;
  readonly #sites: Sites;
  readonly #leaving: Leaving;
  readonly #values: ReadonlyMap<string, readonly Said[]>;
  readonly edges: Edge[] = [];
  readonly #open: { readonly place: string; readonly unresolved: Unresolved }[] = [];
  readonly #settled = new Set<string>();

  constructor(
    found: ExchangesFound,
    places: Places,
    handlers: Handlers,
    endpoints: Endpoints,
    routes: Routes,
    sites: Sites,
    leaving: Leaving,
  ) {
    this.#in = found;
    this.#leaving = leaving;
    this.#sites = sites;
    this.#places = places;
    this.#handlers = handlers;
    this.#endpoints = endpoints;
    this.#routes = routes;
    this.#values = valuesOfVariables(found);
  }

  /** Calls of which nothing is known: where a wrapper is seen with and without what it is given, the one that says more counts. */
  get unresolved(): Unresolved[] {
    return this.#open.flatMap(o => (this.#settled.has(o.place) ? [] : [o.unresolved]));
  }

  add(x: ServiceExchange): void {
    const settings = this.#in.settings.get(x.service.id);
    if (!settings) return;
    const { exchange, service } = x;
    const isLogical = exchange.name !== undefined || exchange.client !== undefined;
    const named = isLogical ? this.#named(x, settings) : [];
    // a name that nobody answers to may come with an address
    const targets = named.length > 0 || (isLogical && !exchange.url) ? named : this.#byAddress(x, settings);
    const place = placeKey(x);
    if (targets === 'outside' || targets.length > 0) this.#settled.add(place);
    if (targets === 'outside') {
      this.#leaving.add(x, this.#sites.of(x, settings));
      return;
    }
    const at = placesOf(x, this.#in.lines);
    if (targets.length > 0) {
      for (const t of targets) this.#edge(x, t, settings, at);
      return;
    }
    const [here] = at;
    if (!here || service.role === 'frontend') return;
    const said = this.#in.annotations.settling('calls', here);
    const meant = said && this.#in.discovery.services.find(s => s.id === said.value);
    if (said && meant) this.#edge(x, { service: meant, confidence: 'certain', evidence: [said.at] }, settings, at);
    else {
      this.#leaving.add(x, this.#sites.of(x, settings));
      this.#open.push({
        place,
        unresolved: {
          service: service.id,
          kind: 'call',
          what: `whom ${service.id} calls over ${exchange.by}`,
          evidence: here,
          hint: annotationFor('calls', '<service>', here.file),
        },
      });
    }
  }

  /** Who answers to a name, and what is asked of it where the address is only a path. */
  #named(x: ServiceExchange, settings: Settings): readonly Target[] {
    const targets = this.#handlers.targetsOf(x, settings, this.#places);
    const [path] = textsOf(x.exchange.url, settings).map(said => addressOf(said.text));
    return path && path.host === undefined ? targets.map(t => ({ ...t, path: path.path })) : targets;
  }

  #edge(x: ServiceExchange, t: Target, settings: Settings, at: readonly Evidence[]): void {
    this.#leaving.stays(x);
    if (t.service === x.service) return;
    const method = textsOf(x.exchange.method, settings).find(m => m.holes.length === 0)?.text;
    const endpoint = this.#endpoints.asked(t.service, method, t.path);
    this.edges.push({
      kind: 'calls',
      from: x.service.id,
      to: endpoint?.id ?? t.service.id,
      confidence: t.confidence,
      evidence: [...at, ...(endpoint?.evidence ?? t.evidence)],
      sites: [this.#sites.of(x, settings, t.path, t.routed)],
    });
  }

  #byAddress(x: ServiceExchange, settings: Settings): readonly Target[] | 'outside' {
    const { exchange, service } = x;
    const found: Target[] = [];
    let isOutside = false;
    const look = (host: string, port: string | undefined, said: Said, path: string | undefined): void => {
      if (host.includes(hole)) return;
      // a port of this machine that a gateway publishes is the gateway's, whoever listens there inside a container
      const through = isLocal(host) ? this.#routes.of(host, port, path, service) : [];
      const there = through.length > 0 ? [] : this.#places.at(host, port, said.environment, service);
      const places = isLocal(host) && (!said.given || there.length !== 1) ? this.#meant(there, x) : there;
      const routed = places.length > 0 || through.length > 0 ? through : this.#routes.of(host, port, path, service);
      if (places.length === 0 && routed.length === 0 && host !== '' && !isLocal(host)) isOutside = true;
      for (const p of places)
        found.push({ ...p, evidence: [...said.evidence, ...p.evidence], ...(path === undefined ? {} : { path }) });
      for (const p of routed.map(routedTo)) found.push({ ...p, evidence: [...said.evidence, ...p.evidence] });
    };
    const urls = textsOf(exchange.url, settings);
    for (const said of urls) {
      const address = addressOf(said.text, exchange.by !== 'http');
      if (!address) continue;
      if (address.host !== undefined) look(address.host, address.port, said, address.path);
      else found.push(...this.#routes.of('', undefined, address.path, service).map(routedTo));
    }
    for (const said of textsOf(exchange.host, settings))
      look(said.text, textsOf(exchange.port, settings).find(p => p.holes.length === 0)?.text, said, undefined);
    if (found.length > 0) return distinct(found);
    for (const said of [...urls, ...textsOf(exchange.host, settings)]) {
      const address = addressOf(said.text, exchange.by !== 'http');
      const [unknown] = said.holes;
      if (!address?.host?.includes(hole) || unknown === undefined) continue;
      found.push(...this.#byVariable(nameOfHole(unknown), service).map(p => ({ ...p, path: address.path })));
    }
    return found.length > 0 ? distinct(found) : isOutside || isRelative(urls) ? 'outside' : [];
  }

  /**
   * A port of this machine that is written into the code is often out of date or taken by several: the name that it is
   * written under tells more than who listens there now.
   */
  #meant(there: readonly Place[], { exchange, service }: ServiceExchange): readonly Place[] {
    if (there.length === 1 && there[0]?.published === true) return there;
    const names = each(exchange.url).flatMap(v =>
      v.t === 'text'
        ? [
            ...v.parts.flatMap(p => (p !== null && typeof p === 'object' ? [p.key] : [])),
            ...this.#namesOf(v.start ?? v.origin),
          ]
        : [],
    );
    const [named] = names.map(name => this.#places.called(name, service)).filter(places => places.length > 0);
    return named ?? there;
  }

  #namesOf(origin: Origin | undefined): string[] {
    return origin ? namesAround(this.#in.tree.read(origin.file) ?? '', origin.at) : [];
  }

  /** A variable that nothing gives this service: what it is for the others, else the service that it is named after. */
  #byVariable(name: string, service: DiscoveredService): readonly Place[] {
    if (!/^[A-Z0-9_]+$/i.test(name)) return [];
    const places = (this.#values.get(name) ?? []).flatMap(said => {
      const address = addressOf(said.text);
      return address?.host === undefined
        ? []
        : this.#places
            .at(address.host, address.port, said.environment, service)
            .map(p => ({ ...p, confidence: 'likely' as const, evidence: [...said.evidence, ...p.evidence] }));
    });
    return new Set(places.map(p => p.service)).size === 1 ? places.slice(0, 1) : this.#places.called(name, service);
  }
}

/** Every value that a variable is given anywhere. */
function valuesOfVariables(found: ExchangesFound): Map<string, Said[]> {
  const values = new Map<string, Said[]>();
  for (const service of found.discovery.services)
    for (const environment of service.environments)
      for (const { name, value, at } of Object.values(environment.variables)) {
        if (!value || !/[:.]/.test(value)) continue;
        const list = values.get(name) ?? [];
        list.push({ text: value, holes: [], evidence: [at], given: true, environment });
        values.set(name, list);
      }
  return values;
}

/** A path alone is asked of who served the page, or of a server that a wrapper knows. */
function isRelative(urls: readonly Said[]): boolean {
  return urls.length > 0 && urls.every(u => addressOf(u.text)?.host === undefined);
}

function routedTo(place: Routed): Target {
  return { ...place, routed: true };
}

function distinct(targets: readonly Target[]): Target[] {
  const best = new Map<string, Target>();
  for (const t of targets) {
    const key = `${t.service.id}\n${t.path ?? ''}`;
    const known = best.get(key);
    if (!known || strongest([t.confidence, known.confidence]) !== known.confidence) best.set(key, t);
  }
  return [...best.values()];
}
