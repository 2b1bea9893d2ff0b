import { calleeOf, compareText, edgesTo, storeOf, tableOf } from '../model/query.ts';
import type { Datastore, Edge, Evidence, Service, System, Table, Topic, Unresolved } from '../model/system.ts';

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
    section(
      'topics',
      system.topics.map(topic => renderTopic(system, topic)),
    ),
    section('unresolved', system.unresolved.map(renderUnresolved)),
  ];
  return parts.filter(part => part !== '').join('\n');
}

function section(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `${title}\n${items.join('')}`;
}

/** Endpoints of one service that another calls, of which it names this many. */
const endpointsNamed = 4;

function renderService(system: System, { id, role, root }: Service): string {
  const edges = system.edges.filter(({ from }) => from === id);
  const lines = [
    ...renderCalls(system, edges),
    ...renderTables(system, edges),
    ...(['imports', 'publishes', 'consumes'] as const).flatMap(kind => {
      const ends = [...new Set(edges.filter(edge => edge.kind === kind).map(({ to }) => to))].sort();
      return ends.length > 0 ? [`${kind === 'imports' ? 'imports from' : kind} ${ends.join(', ')}`] : [];
    }),
  ];
  return `  ${id} (${role}) ${root}\n${lines.map(line => `    ${line}\n`).join('')}`;
}

/** Whom it calls, and what it asks of each. */
function renderCalls(system: System, edges: readonly Edge[]): string[] {
  const calls = edges.filter(({ kind }) => kind === 'calls');
  const callees = Map.groupBy(calls, edge => calleeOf(system, edge) ?? edge.to);
  return [...callees]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([callee, all]) => {
      const asked = [...new Set(all.map(({ to }) => to))]
        .filter(to => to !== callee)
        .map(to => to.slice(callee.length + 1))
        .sort();
      const more = asked.length - endpointsNamed;
      const named = more > 1 ? [...asked.slice(0, endpointsNamed), `${more} more`] : asked;
      return named.length === 0 ? `calls ${callee}` : `calls ${callee}: ${named.join(', ')}`;
    });
}

/** What it does to the tables of each datastore: tables to which it does the same stand together. */
function renderTables(system: System, edges: readonly Edge[]): string[] {
  const kinds = ['migrates', 'reads', 'writes'] as const;
  const uses = edges.filter(edge => edge.kind === 'connects' || kinds.some(kind => kind === edge.kind));
  const stores = Map.groupBy(uses, edge => storeOf(system, edge.to)?.id ?? edge.to);
  return [...stores]
    .toSorted(([a], [b]) => compareText(a, b))
    .flatMap(([store, all]) => {
      const tables = Map.groupBy(
        all.filter(edge => edge.kind !== 'connects'),
        edge => tableOf(system, edge.to)?.name ?? edge.to,
      );
      const alike = Map.groupBy([...tables], ([, of]) =>
        kinds.filter(kind => of.some(e => e.kind === kind)).join(', '),
      );
      const lines = [...alike].toSorted(([a], [b]) => compareText(a, b));
      if (lines.length === 0) return [`connects to ${store}`];
      return lines.map(
        ([done, same]) =>
          `${done} ${same
            .map(([name]) => name)
            .sort()
            .join(', ')} of ${store}`,
      );
    });
}

function renderTopic(system: System, { id }: Topic): string {
  const ends = (kind: 'publishes' | 'consumes'): string =>
    [...new Set(edgesTo(system, id, kind).map(({ from }) => from))].sort().join(', ') || 'nobody here';
  return `  ${id}: from ${ends('publishes')} to ${ends('consumes')}\n`;
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
