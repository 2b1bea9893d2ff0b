import type { Edge, Table } from '../../src/model/system.ts';

const suffix = /(?:repository|schema|entity|model|document|dao|table)$/;

/** Whether one of the imported names is that of the table's model: `OrderEntity` and `OrderModel` of `orders`. */
export function isModelOf(edge: Edge, table: Table): boolean {
  if (!(table.declarations ?? []).some(declared => declared.service === edge.to)) return false;
  const name = singular(table.name.split('.').at(-1) ?? table.name);
  return (edge.names ?? []).some(
    imported => singular(imported) === name || singular(plain(imported).replace(suffix, '')) === name,
  );
}

function singular(name: string): string {
  return plain(name)
    .replace(/ies$/, 'y')
    .replace(/(?<=s|x|z|ch|sh)es$/, '')
    .replace(/(?<!s)s$/, '');
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
