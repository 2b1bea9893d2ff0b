import type { Config } from '../../config.ts';
import type { DiscoveredService, Discovery, Environment } from '../discovery.ts';
import { hostBehind } from '../host-names.ts';
import type { Confidence, Evidence } from '../system.ts';
import { isLocal } from './address.ts';

/** A service that an address leads to. */
export interface Place {
  readonly service: DiscoveredService;
  readonly confidence: Confidence;
  /** What says that it is there. */
  readonly evidence: readonly Evidence[];
  /** True where a container file publishes the port. */
  readonly published?: true;
}

/** A port that the code of a service listens on, as one of its environments sets it. */
export interface Listening {
  readonly port: string;
  readonly evidence: readonly Evidence[];
}

/** Which services answer at which hosts and ports. */
export class Places {
  readonly #services: readonly DiscoveredService[];
  readonly #config: Config;
  readonly #listening: ReadonlyMap<string, readonly Listening[]>;

  constructor(discovery: Discovery, config: Config, listening: ReadonlyMap<string, readonly Listening[]>) {
    this.#services = discovery.services.filter(s => s.role !== 'library');
    this.#config = config;
    this.#listening = listening;
  }

  /** The services that may be meant by a host as one service sees it in one of its environments. */
  at(
    given: string,
    port: string | undefined,
    environment: Environment | undefined,
    from: DiscoveredService,
  ): readonly Place[] {
    const host = hostBehind(this.#config.hosts, given, port) ?? given;
    return isLocal(host) ? this.#onMachine(port ?? '80', from) : this.#named(host, environment, from);
  }

  #named(host: string, environment: Environment | undefined, from: DiscoveredService): readonly Place[] {
    const h = host.toLowerCase();
    const [label = ''] = h.split('.');
    const isInCluster = /\.svc(\.|$)|\.cluster\.local$/.test(h);
    for (const name of isInCluster ? [h, label] : [h]) {
      const answering = this.#services.filter(s => s.hosts.some(x => x.name.toLowerCase() === name));
      const near = environment
        ? answering.filter(s => s.hosts.some(x => x.name.toLowerCase() === name && x.project === environment.project))
        : [];
      const found = near.length > 0 ? near : nearest(answering, from);
      if (found.length > 0) return placed(found, 'certain');
    }
    if (h.includes('.') && !isInCluster) return [];
    const alike = nearest(
      this.#services.filter(s => s !== from && plainName(s.id) === plainName(label)),
      from,
    );
    return alike.length === 1 ? placed(alike, 'likely') : [];
  }

  /** On one machine a port is one service: the one that is published there, else the one that listens there. */
  #onMachine(port: string, from: DiscoveredService): readonly Place[] {
    const others = this.#services.filter(s => s !== from);
    const published = others.flatMap((service): Place[] => {
      const at = (service.ports ?? []).filter(p => String(p.outside ?? '') === port).map(p => p.at);
      return at.length > 0 ? [{ service, confidence: 'certain', evidence: at.slice(0, 1), published: true }] : [];
    });
    const listening = others.flatMap((service): Place[] => {
      const at = (this.#listening.get(service.id) ?? []).find(l => l.port === port);
      return at ? [{ service, confidence: 'certain', evidence: at.evidence }] : [];
    });
    const inside = others.flatMap((service): Place[] => {
      const at = (service.ports ?? []).find(p => String(p.inside) === port);
      return at ? [{ service, confidence: 'likely', evidence: [at.at] }] : [];
    });
    for (const list of [published, listening, inside]) {
      const near = nearest(
        list.map(p => p.service),
        from,
      );
      const found = list.filter(p => near.includes(p.service));
      if (found.length === 1) return found;
      // which of them runs there is not told
      if (found.length > 1) return found.map(p => ({ ...p, confidence: 'guess' }));
    }
    return [];
  }

  /** The service whose name a variable or a token carries: `ORDERS_SERVICE_URL`. */
  called(name: string, from: DiscoveredService): readonly Place[] {
    const wanted = plainName(name);
    if (wanted === '') return [];
    const found = nearest(
      this.#services.filter(s => plainName(s.id) === wanted),
      from,
    );
    return found.length === 1 && found[0] !== from ? placed(found, 'likely') : [];
  }
}

function placed(services: readonly DiscoveredService[], confidence: Confidence): Place[] {
  return services.map(service => ({ service, confidence, evidence: service.evidence.slice(0, 1) }));
}

/** Those that share the longest path with a service: repositories may hold several systems with the same names. */
function nearest(services: readonly DiscoveredService[], from: DiscoveredService): readonly DiscoveredService[] {
  if (services.length < 2) return services;
  const shared = (s: DiscoveredService): number => {
    const a = s.root.split('/');
    const b = from.root.split('/');
    let n = 0;
    while (n < a.length && a[n] === b[n]) n++;
    return n;
  };
  const most = Math.max(...services.map(shared));
  return services.filter(s => shared(s) === most);
}

const plainWords =
  /^(?:url|uri|urls|host|hostname|base|baseurl|api|apis|service|services|svc|srv|server|endpoint|addr|address|ms|microservice|http|https|internal|public|external|backend|port|domain|origin|app|next|vite|react|client|token|package|grpc|tcp|rmq|dev|prod|local)$/;

/** What is left of a name without the words that say what kind of thing it names. */
function plainName(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(w => w !== '');
  const telling = words.filter(w => !plainWords.test(w));
  // `PUBLIC_API_URL` may be that of the service `public`
  const rest =
    telling.length > 0 ? telling : words.filter(w => /^(?:public|internal|external|backend|client|token)$/.test(w));
  return rest.map(w => (w.length > 3 ? w.replace(/s$/, '') : w)).join('');
}
