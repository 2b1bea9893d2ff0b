import type { Datastore, EdgeKind, Evidence, Service, System, Table, Unresolved } from '../model/system.ts';

/** The System for people: who is there, who owns and uses what, and what could not be told. */
export function renderGraphText(system: System): string {
  const parts = [
    section(
      'services',
      system.services.map(service => renderService(system, service)),
    ),
    section(
      'datastores',
      system.datastores.map(store => renderStore(system, store)),
    ),
    section('unresolved', system.unresolved.map(renderUnresolved)),
  ];
  return parts.filter(part => part !== '').join('\n');
}

function section(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `${title}\n${items.join('')}`;
}

const verbs = {
  connects: 'connects to',
  reads: 'reads',
  writes: 'writes',
  migrates: 'migrates',
  publishes: 'publishes',
  consumes: 'consumes',
  imports: 'imports from',
  calls: 'calls',
} as const satisfies Record<EdgeKind, string>;

function renderService(system: System, { id, role, root }: Service): string {
  const edges = Map.groupBy(
    system.edges.filter(({ from }) => from === id),
    ({ kind }) => kind,
  );
  const uses = [...edges].map(
    ([kind, of]) => `    ${verbs[kind]} ${[...new Set(of.map(({ to }) => to))].sort().join(', ')}\n`,
  );
  return `  ${id} (${role}) ${root}\n${uses.join('')}`;
}

function renderStore(system: System, store: Datastore): string {
  const tables = system.tables.filter(table => table.store === store.id);
  return `  ${store.id}${ownedBy(store)}\n${tables.map(table => `    ${table.name}${ownedBy(table)}\n`).join('')}`;
}

function ownedBy({ owner }: Datastore | Table): string {
  if (owner === undefined) return '';
  return owner === null ? ', shared, no owner' : `, owned by ${owner}`;
}

function renderUnresolved({ service, kind, what, evidence, hint }: Unresolved): string {
  return `  ${placeOf(evidence)} ${service}: ${kind} ${what}\n    to settle it: ${hint}\n`;
}

function placeOf({ file, line }: Evidence): string {
  return `${file}:${line}`;
}
