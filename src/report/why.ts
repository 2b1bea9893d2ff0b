import { didYouMean } from '../did-you-mean.ts';
import { UserError } from '../errors.ts';
import { datastoreOf, serviceOf, tableOf } from '../model/query.ts';
import type { Datastore, Evidence, OwnershipReason, Service, System, Table } from '../model/system.ts';

const reasons = {
  migrates: 'it migrates the table',
  'only-writer': 'it is the only service that writes the table',
  'only-user': 'it is the only service that uses the table',
  'main-writer': 'it does most of the writing',
  'named-after': 'the datastore is named after it',
  configuration: 'lintel.yaml says so',
} as const satisfies Record<OwnershipReason, string>;

/** Why the System says what it says about a service, datastore or table, by its id or the end of it. */
export function renderWhy(system: System, name: string): string {
  const id = claimNamed(system, name);
  const service = serviceOf(system, id);
  if (service) return renderService(service);
  const table = tableOf(system, id);
  if (table) return renderTable(system, table);
  const store = datastoreOf(system, id);
  return store ? renderStore(system, store) : '';
}

/** `lines` will do for `postgres:orders-db/orders#lines` where no other claim ends like that. */
function claimNamed({ services, datastores, tables }: System, name: string): string {
  const ids = [...services, ...datastores, ...tables].map(({ id }) => id);
  if (ids.includes(name)) return name;
  const [found, ...more] = ids.filter(id => ['#', '/', ':'].some(before => id.endsWith(before + name)));
  if (found !== undefined && more.length === 0) return found;
  const meant = didYouMean(name, ids);
  if (found !== undefined) {
    throw new UserError('LT-007', `${name} may be any of ${[found, ...more].join(', ')}`, {
      hint: 'name the whole id',
    });
  }
  throw new UserError('LT-007', `no service, datastore or table is called ${name}`, {
    hint: meant === undefined ? 'lintel graph lists them' : `did you mean ${meant}?`,
  });
}

function renderService({ id, role, root, evidence }: Service): string {
  return page(`${id} is a ${role} in ${root}`, ['it is deployed or started by', evidence]);
}

function renderStore(system: System, store: Datastore): string {
  return page(
    `${store.id} is a ${store.engine} datastore, ${owner(store)}`,
    ['it is named in', store.evidence],
    ...usesOf(system, store.id),
  );
}

function renderTable(system: System, table: Table): string {
  const because = table.ownedBecause === undefined ? '' : `, because ${reasons[table.ownedBecause]}`;
  return page(
    `${table.id} is a table of ${table.store}, ${owner(table)}${because}`,
    ['the ownership shows in', table.ownerEvidence ?? []],
    ['it is named in', table.evidence],
    ...usesOf(system, table.id),
  );
}

function owner({ owner: id }: Datastore | Table): string {
  if (id === undefined) return 'used by nobody';
  return id === null ? 'shared, no owner' : `owned by ${id}`;
}

function usesOf(system: System, id: string): [string, readonly Evidence[]][] {
  const edges = system.edges.filter(({ to }) => to === id);
  return edges.map(edge => [
    `${edge.from} ${edge.kind} it${edge.via && edge.via !== 'query' ? ` by ${edge.via}` : ''} (${edge.confidence})`,
    edge.evidence,
  ]);
}

function page(title: string, ...sections: readonly (readonly [string, readonly Evidence[]])[]): string {
  const shown = sections.filter(([, evidence]) => evidence.length > 0);
  return `${title}\n${shown.map(([said, evidence]) => `  ${said}\n${evidence.map(line).join('')}`).join('')}`;
}

function line({ file, line: number, column }: Evidence): string {
  return `    ${file}:${number}:${column}\n`;
}
