import { fitting, listed } from '../../src/check/message.ts';
import type { Related, Violation } from '../../src/check/rule.ts';
import { strongest, weakest, withoutGuesses } from '../../src/model/evidence.ts';
import {
  areOne,
  edgesTo,
  foreignKeysTo,
  isDeployed,
  isInLibrary,
  oncePerSystem,
  ownerOf,
  purposeOf,
  sharingOf,
  tableOf,
} from '../../src/model/query.ts';
import type { Confidence, Edge, System, Table } from '../../src/model/system.ts';
import { furtherPlaces, ownerPlaces, usePlaces } from './places.ts';

/** How a service reaches a table of another: exactly one, the gravest, so that one fact gives one finding. */
export type Reach = 'writes' | 'reads' | 'joins' | 'refers';

/** A service and a table that is not its own; or, where nobody owns the table, all its users at once. */
export interface ForeignTable {
  readonly reach: Reach;
  readonly table: Table;
  readonly owner: string | null;
  /** The service at fault. */
  readonly service: string;
  readonly services: readonly string[];
  /** Who writes and who reads it, for the wording of a table that nobody owns. */
  readonly writers: readonly string[];
  readonly readers: readonly string[];
  /** The own table that it is joined with or referred to from. */
  readonly from?: Table;
  /** Every place where it shows, the gravest first. */
  readonly places: readonly Related[];
  readonly confidence: Confidence;
  /** True where a shared package declares the table or does the work: then one package is the fault, not each table. */
  readonly isShared: boolean;
}

/** Each foreign table that a service reaches, in the order of the System. */
export const foreignTables = oncePerSystem((system): readonly ForeignTable[] =>
  system.tables.flatMap(table => {
    const owner = ownerOf(system, table.id);
    const uses = usesOf(system, table);
    if (owner === null) return sharedByAll(system, table, uses);
    return [...Map.groupBy(uses, edge => edge.from)]
      .filter(([service]) => !areOne(system, service, owner))
      .flatMap(([service, edges]) => foreignTo(system, table, owner, service, edges))
      .concat(referredTo(system, table, owner, uses));
  }),
);

/** Whether a service's use of a table is a finding already, so that another rule can leave it at that. */
export function isReported(system: System, service: string, table: string): boolean {
  return foreignTables(system).some(
    found =>
      found.table.id === table &&
      (found.service === service || (found.owner === null && found.services.includes(service))),
  );
}

/**
 * The findings of one kind. What a service reaches through a shared package is one finding for each owner and database,
 * however many tables it is: there is one thing to mend, and a hundred lines about it help nobody.
 */
export function violationsOf(system: System, reach: Reach, messageOf: (found: ForeignTable) => string): Violation[] {
  const groups = Map.groupBy(foreignTables(system), one =>
    one.isShared
      ? [one.owner === null ? one.services.join() : one.service, one.owner ?? '', one.table.store].join('\n')
      : one.table.id + one.service,
  );
  return [...groups.values()].flatMap(group => {
    const ordered = group.toSorted((a, b) => gravest.indexOf(a.reach) - gravest.indexOf(b.reach));
    const [first] = ordered;
    if (first === undefined || first.reach !== reach) return [];
    return ordered.length === 1 ? violationOf(first, messageOf(first)) : violationOfMany(first, ordered);
  });
}

const gravest: readonly Reach[] = ['writes', 'reads', 'joins', 'refers'];
const verbs = { writes: 'writes', reads: 'reads', joins: 'joins its own with', refers: 'refers to' } as const;

/** `writes 3 and reads 12`: how many tables are reached each way. */
function reachesOf(group: readonly ForeignTable[]): string {
  const counts = gravest.flatMap(reach => {
    const many = group.filter(one => one.reach === reach).length;
    return many > 0 ? [`${verbs[reach]} ${many}`] : [];
  });
  return listed(counts);
}

function violationOfMany(first: ForeignTable, group: readonly ForeignTable[]): Violation[] {
  const tables = group.map(one => one.table);
  const noun = `${nounOf(first.table)}s`.replace(/indexs$/, 'indexes');
  const wordings = [8, 6, 4, 3, 2].map(most => {
    const names = listed(
      tables.map(table => table.name),
      most,
    );
    return first.owner === null
      ? `${listed(first.services, 4)} share ${tables.length} ${noun} that nobody owns: ${names}`
      : `${first.service} ${reachesOf(group)} ${noun} owned by ${first.owner}: ${names}`;
  });
  const [place, ...places] = group.flatMap(one => one.places);
  if (place === undefined) return [];
  return [
    {
      message: fitting(...wordings),
      at: place.at,
      related: unique([
        ...places,
        ...(first.owner === null ? [] : group.flatMap(one => ownerPlaces(one.table, first.owner ?? ''))),
      ]),
      service: first.service,
      services: first.services,
      datastore: first.table.store,
      tables: tables.map(table => table.id),
      confidence: strongest(group.map(one => one.confidence)),
      identity: [first.service, first.owner ?? '', ...tables.map(table => table.id).toSorted()],
    },
  ];
}

function unique(related: readonly Related[]): Related[] {
  return [...new Map(related.map(one => [`${one.message} ${one.at.file}:${one.at.line}`, one])).values()];
}

export function violationOf(found: ForeignTable, message: string): Violation[] {
  const [first, ...more] = found.places;
  if (first === undefined) return [];
  return [
    {
      message,
      at: first.at,
      related: [...more, ...(found.owner === null ? [] : ownerPlaces(found.table, found.owner))],
      service: found.service,
      services: found.services,
      datastore: found.table.store,
      table: found.table.id,
      confidence: found.confidence,
      identity: found.owner === null ? [found.table.id] : [found.service, found.table.id],
    },
  ];
}

/** What a table is called where it lives. */
export function nounOf(table: Table): string {
  const engine = table.store.split(':')[0] ?? '';
  if (engine === 'mongodb' || engine === 'mongo' || engine === 'firestore') return 'collection';
  if (engine === 'elasticsearch' || engine === 'opensearch') return 'index';
  return engine === 'redis' ? 'key' : 'table';
}

/** `a table owned by orders`, `an index owned by search`. */
export function ownedBy(found: ForeignTable): string {
  const noun = nounOf(found.table);
  return `${noun === 'index' ? 'an' : 'a'} ${noun} owned by ${found.owner}`;
}

function usesOf(system: System, table: Table): readonly Edge[] {
  return edgesTo(system, table.id, 'reads', 'writes').filter(
    edge => isDeployed(system, edge.from) && purposeOf(system, table.store, edge.from) === 'data',
  );
}

function foreignTo(system: System, table: Table, owner: string, service: string, all: readonly Edge[]): ForeignTable[] {
  const edges = withoutGuesses(all);
  const { reach, from } = reachOf(system, service, edges);
  const gravest = edges.filter(edge => (reach === 'writes' ? edge.kind === 'writes' : true));
  return [
    {
      reach,
      table,
      owner,
      service,
      services: [service, owner],
      writers: reach === 'writes' ? [service] : [],
      readers: [service],
      ...(from === undefined ? {} : { from }),
      places: [...usePlaces(system, service, edges), ...furtherPlaces(system, service, table)],
      confidence: weakest(strongest(gravest.map(edge => edge.confidence)), reliance(table)),
      isShared: isOfPackage(system, table, edges),
    },
  ];
}

function reachOf(system: System, service: string, edges: readonly Edge[]): { reach: Reach; from?: Table } {
  if (edges.some(edge => edge.kind === 'writes' && edge.via !== 'foreign-key')) return { reach: 'writes' };
  const own = ownTablesBeside(system, service, edges);
  const isOnly = (...ways: readonly Edge['via'][]) => edges.every(edge => ways.includes(edge.via));
  // without an own table on the other side it is a plain read of two foreign tables
  if (isOnly('foreign-key')) return own === null ? { reach: 'reads' } : { reach: 'refers', ...own };
  if (isOnly('join', 'relation', 'foreign-key')) return own === null ? { reach: 'reads' } : { reach: 'joins', ...own };
  return { reach: 'reads' };
}

/** The own table that a foreign one is joined with; empty where the joined tables are not known, null where none is own. */
function ownTablesBeside(system: System, service: string, edges: readonly Edge[]): { from?: Table } | null {
  const beside = edges.flatMap(edge => edge.joinedWith ?? []);
  if (beside.length === 0) return {};
  const own = beside.map(id => tableOf(system, id)).find(table => table !== undefined && isOwn(system, service, table));
  return own === undefined ? null : { from: own };
}

function isOwn(system: System, service: string, table: Table): boolean {
  const owner = ownerOf(system, table.id);
  return owner !== null && areOne(system, owner, service);
}

/** Services that only declare a foreign key from a table of their own. Keys declared in a library are the library's rule. */
function referredTo(system: System, table: Table, owner: string, uses: readonly Edge[]): ForeignTable[] {
  const foreign = foreignKeysTo(system, table.id).filter(
    key =>
      isDeployed(system, key.service) &&
      !isInLibrary(system, key.evidence.file) &&
      !areOne(system, key.service, owner) &&
      isOwn(system, key.service, key.from),
  );
  return [...Map.groupBy(foreign, key => key.service)].flatMap(([service, keys]) => {
    const [first] = keys;
    if (first === undefined || uses.some(edge => edge.from === service)) return [];
    return [
      {
        reach: 'refers',
        table,
        owner,
        service,
        services: [service, owner],
        writers: [],
        readers: [],
        from: first.from,
        places: furtherPlaces(system, service, table),
        confidence: reliance(table),
        isShared: false,
      },
    ];
  });
}

/** A table that nobody owns and several use: one finding for all, since blaming one would be wrong half the time. */
function sharedByAll(system: System, table: Table, all: readonly Edge[]): ForeignTable[] {
  const real = all.filter(edge => edge.via !== 'foreign-key');
  const { services, confidence } = sharingOf(system, real);
  const known = confidence === 'guess' ? real : withoutGuesses(real);
  const writers = services.filter(user => known.some(edge => edge.kind === 'writes' && edge.from === user));
  const users = [...writers, ...services.filter(user => !writers.includes(user))];
  const service = users[1];
  if (service === undefined) return [];
  const order = [service, ...users.filter(user => user !== service)];
  const byUser = Map.groupBy(known, edge => edge.from);
  return [
    {
      reach: writers.length > 1 ? 'writes' : 'reads',
      table,
      owner: null,
      service,
      services: users,
      writers,
      readers: users.filter(user => !writers.includes(user)),
      places: order.flatMap(user => [
        ...usePlaces(system, user, byUser.get(user) ?? []),
        ...furtherPlaces(system, user, table),
      ]),
      confidence: weakest(confidence, table.owner === null ? reliance(table) : 'certain'),
      isShared: isOfPackage(system, table, known),
    },
  ];
}

/** Whether a library declares the table, or does the work on it for the services. */
function isOfPackage(system: System, table: Table, edges: readonly Edge[]): boolean {
  const declared = table.declarations ?? [];
  if (declared.length > 0 && declared.every(({ service }) => !isDeployed(system, service))) return true;
  return edges.length > 0 && edges.every(edge => (edge.through ?? []).length > 0);
}

/** Search indexes and warehouses are copies that several fill and read by design; who owns one is not seen from its users. */
const copies: readonly string[] = ['elasticsearch', 'opensearch', 'clickhouse'];

/** How far an owner found this way can be relied on. */
function reliance(table: Table): Confidence {
  if (copies.includes(table.store.split(':')[0] ?? '')) return 'guess';
  const reason = table.ownedBecause;
  return reason === 'main-writer' || reason === 'named-after' || reason === 'only-user' ? 'likely' : 'certain';
}
