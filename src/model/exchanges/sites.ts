import { compareEvidence } from '../evidence.ts';
import { hole, type Settings } from '../settings.ts';
import type { Address, Around, Evidence, Outbound, Site } from '../system.ts';
import type { Origin } from '../value.ts';
import { addressOf } from './address.ts';
import { Addresses } from './addresses.ts';
import { type ExchangesFound, placeKey, type ServiceExchange, textsOf } from './found.ts';

/** What surrounds a call or a message in code, as the System tells it. */
export class Sites {
  readonly #in: ExchangesFound;
  readonly #addresses: Addresses;
  /** Services in which a default for all clients ends what takes too long. */
  readonly #limited: ReadonlySet<string>;

  constructor(found: ExchangesFound) {
    this.#in = found;
    this.#addresses = new Addresses(found);
    const limiting = found.exchanges.filter(
      ({ exchange }) => exchange.kind === 'client' && exchange.by === 'http' && exchange.timeout === 'set',
    );
    this.#limited = new Set(limiting.map(({ service }) => service.id));
  }

  of(x: ServiceExchange, settings: Settings, path?: string, isRouted = false): Site {
    const { exchange, around } = x;
    const place = (origin: Origin): Evidence => this.#in.lines.at(origin);
    const whole = (a: { origin: Origin; call: Origin }): Around => ({ at: place(a.origin), call: place(a.call) });
    const at = place(x.from);
    const there = place(exchange.origin);
    const isElsewhere = compareEvidence(at, there) !== 0;
    const [method] = textsOf(exchange.method, settings).filter(m => m.holes.length === 0);
    const [group] = textsOf(exchange.group, settings).filter(g => g.holes.length === 0);
    const address = exchange.kind === 'call' ? this.#addresses.of(x, settings) : undefined;
    const asked = path ?? (address ? addressOf(address.text)?.path : undefined);
    const timeout = around?.timeout || this.#limited.has(x.service.id) ? 'set' : exchange.timeout;
    const retry = around?.retry ?? (exchange.repeats ? exchange.origin : undefined);
    const guards = [
      ...(around?.breaker ? [{ kind: 'circuit-breaker' as const, at: place(around.breaker) }] : []),
      ...(around?.bulkhead ? [{ kind: 'bulkhead' as const, at: place(around.bulkhead) }] : []),
    ];
    const acknowledged = exchange.acknowledged ?? around?.acknowledged;
    return {
      at,
      ...(isElsewhere ? { through: there } : {}),
      ...(method && exchange.by === 'http' && !exchange.assumed ? { method: method.text.toUpperCase() } : {}),
      ...(asked ? { path: asked.replaceAll(hole, ':any') } : {}),
      ...(address ? { address: withoutPath(address) } : {}),
      ...(isRouted ? { routed: true } : {}),
      ...(exchange.kind === 'call' && timeout ? { timeout } : {}),
      ...(exchange.kind === 'call' && retry ? { retry: place(retry) } : {}),
      ...(guards.length > 0 ? { guards } : {}),
      ...(exchange.headers ? { headers: exchange.headers } : {}),
      ...(around?.inTransaction ? { inTransaction: whole(around.inTransaction) } : {}),
      ...(around?.inLoop ? { inLoop: whole(around.inLoop) } : {}),
      ...(around?.waitsFor ? { waitsFor: place(around.waitsFor) } : {}),
      ...(exchange.kind === 'publish' && around?.afterWrite ? { afterWrite: whole(around.afterWrite) } : {}),
      ...(acknowledged ? { acknowledged: { how: acknowledged.how, at: place(acknowledged.origin) } } : {}),
      ...(group ? { group: group.text } : {}),
    };
  }
}

/** A path says what is asked for, not where. */
function withoutPath(address: Address): Address {
  return {
    ...address,
    text: address.text.replace(/^((?:[a-z][\w+.-]*:)?\/\/[^/?#]*)?.*$/is, (all, origin?: string) => origin ?? all),
  };
}

/** The same place may be reached with several arguments: what holds for all of them is said of it, and what is wrong in one. */
export function distinctSites(sites: readonly Site[]): Site[] {
  const all = new Map<string, Site>();
  for (const site of sites) {
    const key = `${site.at.file}:${site.at.line}:${site.at.column} ${site.method ?? ''} ${site.path ?? ''}`;
    const known = all.get(key);
    all.set(key, known ? both(known, site) : site);
  }
  return [...all.values()].toSorted((a, b) => compareEvidence(a.at, b.at));
}

function both(a: Site, b: Site): Site {
  const { timeout, headers, ...rest } = { ...b, ...a };
  return {
    ...rest,
    ...(timeout !== undefined && a.timeout === b.timeout ? { timeout } : {}),
    ...(headers !== undefined && a.headers?.join() === b.headers?.join() ? { headers } : {}),
  };
}

/** What leaves the repository, or goes nobody knows where, by service and way. */
export class Leaving {
  readonly #all = new Map<string, { readonly what: Omit<Outbound, 'sites'>; readonly sites: [string, Site][] }>();
  readonly #known = new Set<string>();

  /** The other end of what is said at a place is known, whatever else it is given there. Who hears one topic there may still hear others. */
  stays(x: ServiceExchange): void {
    this.#known.add(placeKey(x));
  }

  add(x: ServiceExchange, site: Site): void {
    const kind = x.exchange.kind === 'publish' ? 'publishes' : x.exchange.kind === 'consume' ? 'consumes' : 'calls';
    const what = { service: x.service.id, kind, by: x.exchange.by } as const;
    const key = `${what.service}\n${what.kind}\n${what.by}`;
    const known = this.#all.get(key) ?? { what, sites: [] };
    known.sites.push([placeKey(x), site]);
    this.#all.set(key, known);
  }

  get all(): Outbound[] {
    return [...this.#all]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { what, sites }]) => ({
        ...what,
        sites: distinctSites(
          sites.flatMap(([place, site]) => (what.kind !== 'consumes' && this.#known.has(place) ? [] : [site])),
        ),
      }))
      .filter(o => o.sites.length > 0);
  }
}
