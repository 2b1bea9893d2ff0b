import { listed } from '../../src/check/message.ts';
import type { Related } from '../../src/check/rule.ts';
import { placesOf } from '../../src/model/evidence.ts';
import { edgesFrom, edgesTo, foreignKeysTo, nearestFirst } from '../../src/model/query.ts';
import type { Edge, OwnershipReason, System, Table } from '../../src/model/system.ts';
import { isModelOf } from './model-name.ts';

/** Where edges show, the writes first. */
export function usePlaces(system: System, service: string, edges: readonly Edge[]): Related[] {
  return (['writes', 'reads'] as const).flatMap(kind =>
    [
      ...Map.groupBy(
        edges.filter(edge => edge.kind === kind),
        wordingOf,
      ),
    ].flatMap(([message, same]) => nearestFirst(system, service, placesOf(same)).map(at => ({ message, at }))),
  );
}

function wordingOf(edge: Edge): string {
  const through = edge.through === undefined || edge.through.length === 0 ? '' : `, through ${listed(edge.through)}`;
  const how = edge.via === 'join' ? ' by a join' : edge.via === 'relation' ? ' by a relation' : '';
  return `${edge.from} ${edge.kind} it here${how}${through}`;
}

/** What the same service does to the same table besides: other rules' business alone, part of the story here. */
export function furtherPlaces(system: System, service: string, table: Table): Related[] {
  const keys = foreignKeysTo(system, table.id).filter(key => key.service === service);
  const migrations = edgesTo(system, table.id, 'migrates').filter(edge => edge.from === service);
  const imports = edgesFrom(system, service, 'imports').filter(
    edge => edge.imported === 'model' && isModelOf(edge, table),
  );
  return [
    ...placesOf(keys.map(key => ({ evidence: [key.evidence] }))).map(at => ({
      message: `${service} declares a foreign key to it here`,
      at,
    })),
    ...placesOf(migrations).map(at => ({ message: `${service} migrates it here`, at })),
    ...imports.flatMap(edge =>
      placesOf([edge]).map(at => ({ message: `${service} imports its model from ${edge.to} here`, at })),
    ),
  ];
}

const because = {
  migrates: 'which migrates it',
  'only-writer': 'the only service that writes it',
  'only-user': 'the only service that used it',
  'main-writer': 'which writes it most',
  'named-after': 'which it is named after',
  configuration: 'as lintel.yaml says',
} as const satisfies Record<OwnershipReason, string>;

/** The proof that a table belongs to its owner; three places convince as well as thirty. */
export function ownerPlaces(table: Table, owner: string): Related[] {
  const reason = table.ownedBecause === undefined ? '' : `, ${because[table.ownedBecause]}`;
  return (table.ownerEvidence ?? []).slice(0, 3).map(at => ({ message: `owned by ${owner}${reason}`, at }));
}
