import type { Datastore, Edge, EdgeKind, Endpoint, Evidence, Service, System, Table } from '../src/model/system.ts';

/** `billing writes postgres:main/shop#orders`, alone or with what else is to be known of the edge. */
type EdgeSketch = string | readonly [string, Partial<Edge>];

export interface Sketch {
  /** Only those that are more than a plain service in a folder of its own name. */
  readonly services?: Readonly<Record<string, Partial<Service>>>;
  readonly datastores?: Readonly<Record<string, Partial<Datastore>>>;
  readonly tables?: Readonly<Record<string, Partial<Table>>>;
  readonly edges?: readonly EdgeSketch[];
  readonly outbound?: System['outbound'];
  readonly practices?: System['practices'];
  readonly routes?: System['routes'];
  /** `orders GET /orders/:id`, which is its id too. */
  readonly endpoints?: readonly string[];
}

/** A System of what a sketch names. The first edge shows at line 1 of its service, the second at line 2 and so on. */
export function systemOf(sketch: Sketch): System {
  const edges = (sketch.edges ?? []).map(edgeOf);
  const topics = [...new Set(edges.flatMap(({ kind, to }) => (isMessage(kind) ? [to] : [])))];
  const endpoints = (sketch.endpoints ?? []).map(endpointOf);
  const offered = new Set(endpoints.map(({ id }) => id));
  const ends = edges.flatMap(({ kind, to }) => (isMessage(kind) || offered.has(to) ? [] : [to]));
  const tables = named(sketch.tables, ends.filter(isTable));
  const stores = named(sketch.datastores, [...ends.filter(isStore), ...tables.map(storeOf)]);
  const owners = tables.flatMap(id => sketch.tables?.[id]?.owner ?? []);
  const services = named(sketch.services, [
    ...edges.map(({ from }) => from),
    ...ends.filter(isService),
    ...endpoints.map(({ service }) => service),
    ...owners,
  ]);
  return {
    schema: 1,
    services: services.map(id => ({
      id,
      root: id,
      role: 'service',
      language: 'typescript',
      evidence: [at(`${id}/package.json`)],
      ...sketch.services?.[id],
    })),
    datastores: stores.map(id => ({ ...datastoreOf(id), ...sketch.datastores?.[id] })),
    tables: tables.map(id => ({
      id,
      store: storeOf(id),
      name: id.slice(id.indexOf('#') + 1),
      evidence: [],
      ...sketch.tables?.[id],
    })),
    topics: topics.map(id => ({
      id,
      broker: id.split(':')[0] ?? '',
      name: id.slice(id.indexOf(':') + 1),
      evidence: [],
    })),
    endpoints,
    edges,
    outbound: sketch.outbound ?? [],
    practices: sketch.practices ?? [],
    routes: sketch.routes ?? [],
    unresolved: [],
  };
}

export function at(file: string, line = 1): Evidence {
  return { file, line, column: 1 };
}

const kinds: Readonly<Record<string, EdgeKind>> = {
  connects: 'connects',
  reads: 'reads',
  writes: 'writes',
  migrates: 'migrates',
  imports: 'imports',
  calls: 'calls',
  publishes: 'publishes',
  consumes: 'consumes',
};

function isMessage(kind: EdgeKind): boolean {
  return kind === 'publishes' || kind === 'consumes';
}

function edgeOf(sketch: EdgeSketch, index: number): Edge {
  const [sentence, known] = typeof sketch === 'string' ? [sketch, {}] : sketch;
  const [from = '', verb = '', to = ''] = sentence.split(' ');
  const kind = kinds[verb];
  if (kind === undefined) throw new Error(`no edge in '${sentence}'`);
  return { kind, from, to, confidence: 'certain', evidence: [at(`${from}/src/main.ts`, index + 1)], ...known };
}

function endpointOf(id: string, index: number): Endpoint {
  const [service = '', method = '', path = ''] = id.split(' ');
  return { id, service, method, path, evidence: [at(`${service}/src/routes.ts`, index + 1)] };
}

function named(known: Readonly<Record<string, unknown>> | undefined, mentioned: readonly string[]): string[] {
  return [...new Set([...Object.keys(known ?? {}), ...mentioned])];
}

function datastoreOf(id: string): Datastore {
  const [, engine = '', server = '', database = ''] = /^([^:]+):([^/]*)\/?(.*)$/.exec(id) ?? [];
  return { id, engine, server, database, evidence: [] };
}

function isTable(id: string): boolean {
  return id.includes('#');
}

function isStore(id: string): boolean {
  return id.includes(':') && !isTable(id);
}

function isService(id: string): boolean {
  return !id.includes(':');
}

function storeOf(table: string): string {
  return table.split('#')[0] ?? '';
}
