import type { DiscoveredService } from '../discovery.ts';
import { hole, type Settings } from '../settings.ts';
import { addressOf, isLocal } from './address.ts';
import { type ExchangesFound, type Said, type ServiceExchange, textsOf } from './found.ts';
import type { Place, Places } from './places.ts';

/** Where a client that others ask for by name leads. */
export interface ClientPlace {
  readonly by: string;
  readonly hosts: readonly { readonly said: Said; readonly host: string; readonly port: string | undefined }[];
  readonly queues: ReadonlySet<string>;
  readonly groups?: ReadonlySet<string>;
}

interface Serving {
  readonly x: ServiceExchange;
  readonly names: ReadonlySet<string>;
}

const localFirst: ReadonlySet<string> = new Set(['moleculer', 'seneca']);

/** Services that answer to names: patterns of messages, services of gRPC, actions. */
export class Handlers {
  readonly #in: ExchangesFound;
  readonly #serving: Serving[] = [];
  readonly #listening: {
    readonly x: ServiceExchange;
    readonly queues: ReadonlySet<string>;
    readonly groups: ReadonlySet<string>;
  }[] = [];
  readonly #clients: { readonly x: ServiceExchange; readonly tokens: ReadonlySet<string> }[] = [];

  constructor(found: ExchangesFound) {
    this.#in = found;
    for (const x of found.exchanges) {
      const { exchange } = x;
      if (exchange.kind === 'serve' && exchange.name) this.#serving.push({ x, names: this.#known(x, exchange.name) });
      if (exchange.kind === 'listen' && exchange.by !== 'http')
        this.#listening.push({
          x,
          queues: this.#known(x, exchange.queue),
          groups: this.#known(x, exchange.group),
        });
      if (exchange.kind === 'client') this.#clients.push({ x, tokens: this.#known(x, exchange.name) });
    }
  }

  #known(x: ServiceExchange, v: ServiceExchange['exchange']['name']): ReadonlySet<string> {
    const settings = this.#in.settings.get(x.service.id);
    return new Set(settings ? textsOf(v, settings).flatMap(t => (t.holes.length === 0 ? [t.text] : [])) : []);
  }

  /** Queues, groups and transports on which a service is told of things by its framework. */
  listensOn(
    service: DiscoveredService,
  ): readonly { by: string; queues: ReadonlySet<string>; groups: ReadonlySet<string> }[] {
    return this.#listening.flatMap(({ x, queues, groups }) =>
      x.service === service ? [{ by: x.exchange.by, queues, groups }] : [],
    );
  }

  /** Where the clients lead that a service has under a name. */
  clientsOf(x: ServiceExchange, settings: Settings): readonly ClientPlace[] {
    const wanted = new Set(textsOf(x.exchange.client, settings).map(t => t.text));
    if (wanted.size === 0) return [];
    return this.#clients
      .filter(c => c.x.service === x.service && [...c.tokens].some(t => wanted.has(t)))
      .map(c => this.#placeOf(c.x, settings));
  }

  #placeOf(client: ServiceExchange, settings: Settings): ClientPlace {
    const { exchange } = client;
    const [port] = textsOf(exchange.port, settings).filter(p => p.holes.length === 0);
    const urls = textsOf(exchange.url, settings).flatMap(said => {
      const address = addressOf(said.text, true);
      return address?.host === undefined ? [] : [{ said, host: address.host, port: address.port }];
    });
    return {
      by: exchange.by,
      hosts: [...urls, ...textsOf(exchange.host, settings).map(said => ({ said, host: said.text, port: port?.text }))],
      queues: this.#known(client, exchange.queue),
    };
  }

  /** Who answers a call by name: of those that handle it, the one where the client leads; else who is found there. */
  targetsOf(x: ServiceExchange, settings: Settings, places: Places): readonly Place[] {
    const clients = this.clientsOf(x, settings);
    const names = this.#known(x, x.exchange.name);
    const own = this.#serving.find(s => s.x.service === x.service && answers(s, x, names));
    // a broker within the process asks who is there before it asks others
    if (own && localFirst.has(x.exchange.by)) return [{ service: own.x.service, confidence: 'certain', evidence: [] }];
    const queues = new Set(clients.flatMap(c => [...c.queues]));
    const located = clients.flatMap(c =>
      c.hosts.flatMap(h => places.at(h.host, h.port, h.said.environment, x.service)),
    );
    const addresses = textsOf(x.exchange.url, settings).flatMap(said => {
      const { host, port } = addressOf(said.text, true) ?? {};
      return host === undefined || host.includes(hole) ? [] : [{ said, host, port }];
    });
    const direct = addresses.flatMap(a => places.at(a.host, a.port, a.said.environment, x.service));
    const there = [...located, ...direct].filter(p => p.confidence !== 'guess');
    const serving = this.#serving.filter(s => s.x.service !== x.service && answers(s, x, names));
    const onQueue = this.#listening.filter(l => l.x.service !== x.service && [...l.queues].some(q => queues.has(q)));
    const reached = serving.filter(s => {
      const own = this.listensOn(s.x.service).flatMap(l => [...l.queues]);
      return (
        (queues.size === 0 || own.length === 0 || own.some(q => queues.has(q))) &&
        (there.length === 0 || there.some(p => p.service === s.x.service))
      );
    });
    // what a name says outweighs a port of this machine, which is often out of date
    const isOnMachine = [...clients.flatMap(c => c.hosts), ...addresses].every(a => isLocal(a.host));
    const isByName = onQueue.length === 0 && (there.length === 0 || isOnMachine);
    const found = reached.length > 0 ? reached : isByName ? serving : [];
    const handlers = found.map(
      (s): Place => ({
        service: s.x.service,
        confidence: 'certain',
        evidence: [this.#in.lines.at(s.x.exchange.origin)],
      }),
    );
    if (handlers.length > 0) return unique(handlers);
    if (onQueue.length > 0)
      return unique(
        onQueue.map(l => ({
          service: l.x.service,
          confidence: 'likely',
          evidence: [this.#in.lines.at(l.x.exchange.origin)],
        })),
      );
    if (there.length > 0) return unique(there);
    return unique(
      [...textsOf(x.exchange.client, settings), ...textsOf(x.exchange.name, settings)]
        .filter(t => t.holes.length === 0)
        .slice(0, 1)
        .flatMap(t => places.called(t.text, x.service)),
    );
  }
}

function answers(s: Serving, x: ServiceExchange, names: ReadonlySet<string>): boolean {
  return isSameWay(s.x.exchange.by, x.exchange.by) && [...s.names].some(n => names.has(n));
}

/** Handlers of Nest answer whatever carries the message. */
function isSameWay(a: string, b: string): boolean {
  return a === b || a === 'nest' || b === 'nest';
}

function unique(places: readonly Place[]): Place[] {
  return [...new Map(places.map(p => [p.service.id, p])).values()];
}
