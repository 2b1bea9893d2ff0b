import { isInCode, strongest } from './evidence.ts';
import type {
  Confidence,
  Datastore,
  Edge,
  EdgeKind,
  Endpoint,
  Evidence,
  Purpose,
  Service,
  Site,
  System,
  Table,
} from './system.ts';

/** Makes a computation over a System that is done once for each System, however many rules ask for it. */
export function oncePerSystem<T>(compute: (system: System) => T): (system: System) => T {
  const done = new WeakMap<System, { readonly value: T }>();
  return system => {
    const known = done.get(system) ?? { value: compute(system) };
    done.set(system, known);
    return known.value;
  };
}

interface Index {
  readonly services: ReadonlyMap<string, Service>;
  readonly datastores: ReadonlyMap<string, Datastore>;
  readonly tables: ReadonlyMap<string, Table>;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly edgesTo: ReadonlyMap<string, readonly Edge[]>;
  readonly edgesFrom: ReadonlyMap<string, readonly Edge[]>;
}

const indexOf = oncePerSystem(
  (system): Index => ({
    services: new Map(system.services.map(service => [service.id, service])),
    datastores: new Map(system.datastores.map(store => [store.id, store])),
    tables: new Map(system.tables.map(table => [table.id, table])),
    endpoints: new Map(system.endpoints.map(endpoint => [endpoint.id, endpoint])),
    edgesTo: Map.groupBy(system.edges, edge => edge.to),
    edgesFrom: Map.groupBy(system.edges, edge => edge.from),
  }),
);

export function serviceOf(system: System, id: string): Service | undefined {
  return indexOf(system).services.get(id);
}

export function datastoreOf(system: System, id: string): Datastore | undefined {
  return indexOf(system).datastores.get(id);
}

export function tableOf(system: System, id: string): Table | undefined {
  return indexOf(system).tables.get(id);
}

export function edgesTo(system: System, id: string, ...kinds: readonly EdgeKind[]): readonly Edge[] {
  return (indexOf(system).edgesTo.get(id) ?? []).filter(edge => kinds.includes(edge.kind));
}

export function edgesFrom(system: System, id: string, ...kinds: readonly EdgeKind[]): readonly Edge[] {
  return (indexOf(system).edgesFrom.get(id) ?? []).filter(edge => kinds.includes(edge.kind));
}

/** The service that a call reaches, be it named itself or one of its endpoints; undefined for other edges. */
export function calleeOf(system: System, edge: Edge): string | undefined {
  if (edge.kind !== 'calls') return undefined;
  return indexOf(system).endpoints.get(edge.to)?.service ?? serviceOf(system, edge.to)?.id;
}

/** One place where a deployed service speaks to others or is spoken to. */
export interface Saying {
  readonly service: string;
  readonly kind: 'calls' | 'publishes' | 'consumes';
  /** What it calls or the id of the topic; absent where that is not in this repository, or not known. */
  readonly to?: string;
  readonly site: Site;
  readonly confidence: Confidence;
}

/** Every place where deployed services speak to each other and to the world, frontends left out. */
export const sayings = oncePerSystem((system): readonly Saying[] => {
  const inside = system.edges.flatMap(edge => {
    const { kind, from: service, confidence } = edge;
    if (kind !== 'calls' && kind !== 'publishes' && kind !== 'consumes') return [];
    const to = kind === 'calls' ? calleeOf(system, edge) : edge.to;
    return (edge.sites ?? []).map((site): Saying => ({ service, kind, ...(to ? { to } : {}), site, confidence }));
  });
  const outside = system.outbound.flatMap(({ service, kind, sites }) =>
    sites.map((site): Saying => ({ service, kind, site, confidence: 'certain' as const })),
  );
  return [...inside, ...outside].filter(
    ({ service }) => isDeployed(system, service) && serviceOf(system, service)?.role !== 'frontend',
  );
});

/** Where a site speaks in the end, if that is not the line that leads to it from what stands around it. */
export function endOf({ at, through }: Site, call: Evidence): Evidence | undefined {
  return [through, at].find(place => place !== undefined && lineOf(place) !== lineOf(call));
}

/** A place as a key, by its line. */
export function lineOf({ file, line }: Evidence): string {
  return `${file}:${line}`;
}

/** The name of a topic without its broker: `kafka:order-placed` is `order-placed`. */
export function topicName(system: System, id: string): string {
  return system.topics.find(topic => topic.id === id)?.name ?? id;
}

/** The service that owns a table; null where nobody does. A library is not deployed, so it owns nothing. */
export function ownerOf(system: System, table: string): string | null {
  const owner = tableOf(system, table)?.owner ?? null;
  return owner !== null && serviceOf(system, owner)?.role === 'library' ? null : owner;
}

/** The datastore at the other end of an edge, be it named itself or one of its tables. */
export function storeOf(system: System, id: string): Datastore | undefined {
  return datastoreOf(system, tableOf(system, id)?.store ?? id);
}

export interface ForeignKey {
  readonly from: Table;
  /** The service in whose folder it is declared. */
  readonly service: string;
  readonly evidence: Evidence;
}

const foreignKeys = oncePerSystem(system =>
  Map.groupBy(
    system.tables.flatMap(from => (from.foreignKeys ?? []).map(key => ({ ...key, from }))),
    key => key.table,
  ),
);

/** The foreign keys that refer to a table. */
export function foreignKeysTo(system: System, table: string): readonly ForeignKey[] {
  return foreignKeys(system).get(table) ?? [];
}

/** What a service uses a datastore for; `data` unless something else is known. */
export function purposeOf(system: System, store: string, service: string): Purpose {
  return datastoreOf(system, store)?.purposes?.[service] ?? 'data';
}

/** Whether a service can be blamed for what it touches: a library acts only on behalf of the services that use it. */
export function isDeployed(system: System, id: string): boolean {
  const role = serviceOf(system, id)?.role;
  return role !== undefined && role !== 'library';
}

/** Whether a file belongs to a library: of all folders of services that hold it, the innermost is one. */
export function isInLibrary(system: System, file: string): boolean {
  const holders = system.services.filter(({ root }) => root === '.' || file.startsWith(`${root}/`));
  return holders.toSorted((a, b) => b.root.length - a.root.length)[0]?.role === 'library';
}

/** A service's own code first, then code that works for it, then configuration: what is first is where to mend it. */
export function nearestFirst(system: System, id: string, places: readonly Evidence[]): Evidence[] {
  const service = serviceOf(system, id);
  const roots = service === undefined ? [] : [service.root, ...(service.roots ?? [])];
  const isOwn = ({ file }: Evidence) => roots.some(root => root === '.' || file.startsWith(`${root}/`));
  const distance = (place: Evidence) => (isInCode(place) ? (isOwn(place) ? 0 : 1) : 2);
  return places.toSorted((a, b) => distance(a) - distance(b));
}

/** Whether two services are processes of one: `orders` and `orders-worker` of one folder, or a worker inside that folder. */
export function areOne(system: System, a: string, b: string): boolean {
  if (a === b) return true;
  const [one, other] = [serviceOf(system, a), serviceOf(system, b)];
  if (one === undefined || other === undefined) return false;
  return isProcessOf(one, other) || isProcessOf(other, one);
}

/** One folder may hold many services, so the folder alone says nothing. */
function isProcessOf(process: Service, service: Service): boolean {
  if (process.root === service.root)
    return process.id.startsWith(service.id) && /^[-_.:]/.test(process.id.slice(service.id.length));
  const isWorker = process.role === 'worker' || process.role === 'function';
  return isWorker && service.root !== '.' && process.root.startsWith(`${service.root}/`);
}

/** Of services that are processes of one, only the first. */
export function distinct(system: System, services: Iterable<string>): string[] {
  const kept: string[] = [];
  for (const service of new Set(services)) if (!kept.some(other => areOne(system, other, service))) kept.push(service);
  return kept;
}

export interface StoreUser {
  readonly service: string;
  readonly edges: readonly Edge[];
}

const storeUsers = oncePerSystem(system => {
  const uses = system.edges.flatMap(edge => {
    const store = isDataUse(edge) ? storeOf(system, edge.to) : undefined;
    const counts =
      store !== undefined && isDeployed(system, edge.from) && purposeOf(system, store.id, edge.from) === 'data';
    return counts ? [{ store: store.id, edge }] : [];
  });
  return Map.groupBy(uses, use => use.store);
});

/** The deployed services that keep or look for data in a datastore, by name, each with the edges that show it. */
export function usersOf(system: System, store: string): StoreUser[] {
  const edges = (storeUsers(system).get(store) ?? []).map(use => use.edge);
  return [...Map.groupBy(edges, edge => edge.from)]
    .map(([service, edges]) => ({ service, edges }))
    .sort((a, b) => compareText(a.service, b.service));
}

export interface Sharing {
  readonly services: readonly string[];
  readonly confidence: Confidence;
}

/** Who takes part in these edges, as far as it is known; by guess only where fewer than two are known. */
export function sharingOf(system: System, edges: readonly Edge[]): Sharing {
  const trust = new Map(
    [...Map.groupBy(edges, edge => edge.from)].map(([service, own]) => [
      service,
      strongest(own.map(edge => edge.confidence)),
    ]),
  );
  const all = distinct(system, [...trust.keys()].sort(compareText));
  const known = all.filter(service => trust.get(service) !== 'guess');
  if (known.length < 2) return { services: all, confidence: 'guess' };
  return {
    services: known,
    confidence: known.filter(service => trust.get(service) === 'certain').length > 1 ? 'certain' : 'likely',
  };
}

function isDataUse(edge: Edge): boolean {
  return edge.kind === 'connects' || edge.kind === 'reads' || edge.kind === 'writes' || edge.kind === 'migrates';
}

/** Order by code unit, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
