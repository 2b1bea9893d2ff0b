import { strongest } from '../evidence.ts';
import { hole } from '../settings.ts';
import { Calls } from './calls.ts';
import { Endpoints } from './endpoints.ts';
import { fileRoutes } from './file-routes.ts';
import { distinctPlaces, type ExchangesFound, type Joined, textsOf } from './found.ts';
import { GatewayRoutes } from './gateway-routes.ts';
import { gatewaysOf } from './gateways.ts';
import { Handlers } from './handlers.ts';
import { guardedByMesh } from './mesh.ts';
import { openRoutes } from './open-routes.ts';
import { type Listening, Places } from './places.ts';
import { Routes } from './routes.ts';
import { distinctSites, Leaving, Sites } from './sites.ts';
import { Topics } from './topics.ts';
import { triggered } from './triggers.ts';

/** What all services say to each other, joined at both ends. */
export function joinExchanges(seen: ExchangesFound): Joined {
  const found = { ...seen, exchanges: [...seen.exchanges, ...triggered(seen), ...fileRoutes(seen)] };
  const places = new Places(found.discovery, found.config, listeningOf(found));
  const handlers = new Handlers(found);
  const endpoints = new Endpoints(found);
  const sites = new Sites(found);
  const leaving = new Leaving();
  const topics = new Topics(found, handlers, sites, leaving);
  for (const x of found.exchanges) if (x.exchange.kind === 'serve' && x.exchange.path) endpoints.add(x);
  const handed = new GatewayRoutes(found, places);
  const gateways = gatewaysOf(found, places, handed);
  const calls = new Calls(found, places, handlers, endpoints, new Routes(gateways.routes), sites, leaving);
  for (const x of found.exchanges) {
    if (x.exchange.kind === 'call') {
      calls.add(x);
      handed.addCall(x);
    }
    if (x.exchange.kind === 'publish' || x.exchange.kind === 'consume') topics.add(x);
  }
  const messages = topics.join();
  const services = new Map(endpoints.all.map(e => [e.id, e.service]));
  const called = merged(withoutVaguer([...calls.edges, ...gateways.edges], services));
  const edges = [...guardedByMesh(found, places, called, services), ...messages.edges];
  return {
    edges,
    topics: messages.topics.sort((a, b) => (a.id < b.id ? -1 : 1)),
    endpoints: endpoints.all.sort((a, b) => (a.id < b.id ? -1 : 1)),
    open: openRoutes(found, endpoints),
    outbound: leaving.all,
    routes: handed.all,
    unresolved: [...calls.unresolved, ...topics.unresolved],
  };
}

/** Ports that each service's code listens on, in each of its environments. */
function listeningOf(found: ExchangesFound): Map<string, Listening[]> {
  const ports = new Map<string, Listening[]>();
  for (const { service, exchange } of found.exchanges) {
    const settings = found.settings.get(service.id);
    if (exchange.kind !== 'listen' || !exchange.port || !settings) continue;
    for (const said of textsOf(exchange.port, settings)) {
      const port = said.text.includes(hole) ? undefined : /^\d+$/.exec(said.text)?.[0];
      if (port === undefined) continue;
      const list = ports.get(service.id) ?? [];
      list.push({ port, evidence: [...said.evidence, found.lines.at(exchange.origin)] });
      ports.set(service.id, list);
    }
  }
  return ports;
}

/** A wrapper may be seen with and without the path that it is given: at one place, the call that says more counts. */
function withoutVaguer(edges: Joined['edges'], serviceOf: ReadonlyMap<string, string>): Joined['edges'] {
  const keyOf = (e: Joined['edges'][number], to: string): string =>
    `${e.from}\n${to}\n${e.evidence[0]?.file}:${e.evidence[0]?.line}`;
  const said = new Set(
    edges.flatMap(e => {
      const service = serviceOf.get(e.to);
      return service === undefined ? [] : [keyOf(e, service)];
    }),
  );
  return edges.filter(e => serviceOf.has(e.to) || !said.has(keyOf(e, e.to)));
}

/** One edge for each pair, with all places that show it. */
function merged(edges: Joined['edges']): Joined['edges'] {
  const groups = Map.groupBy(edges, e => `${e.kind}\n${e.from}\n${e.to}`);
  return [...groups.values()].flatMap(group => {
    const [first] = group;
    if (!first) return [];
    const confidence = strongest(group.map(e => e.confidence));
    const sites = distinctSites(group.flatMap(e => e.sites ?? []));
    const evidence = distinctPlaces(group.flatMap(e => e.evidence));
    return [{ ...first, confidence, evidence, ...(sites.length > 0 ? { sites } : {}) }];
  });
}
