import { textOf } from '../model/texts.ts';
import type { Part, Text, Value } from '../model/value.ts';

export interface TableName {
  readonly table: Value;
  readonly schema?: Value;
  readonly database?: Value;
}

/** What a query builder calls a table: `shop.orders as o` is the table `orders` of the schema `shop`. */
export function tableName(v: Value): TableName {
  if (v.t !== 'text') return { table: v };
  const names = separated(withoutAlias(v.parts)).map((parts): Text => textOf(parts.map(unquoted), v.origin));
  const [table, schema, database] = names.reverse();
  return { table: table ?? v, ...(schema ? { schema } : {}), ...(database ? { database } : {}) };
}

function withoutAlias(parts: readonly Part[]): readonly Part[] {
  const at = parts.findIndex(p => typeof p === 'string' && /\S\s+\S|^\s+(as\s|\S)/i.test(p));
  const part = parts[at];
  if (typeof part !== 'string') return parts;
  const name = part.replace(at === 0 ? /^(\s*\S+)\s.*$/s : /^(\S*)\s.*$/s, '$1');
  return [...parts.slice(0, at), name];
}

function separated(parts: readonly Part[]): Part[][] {
  const names: Part[][] = [[]];
  for (const p of parts) {
    if (typeof p !== 'string') {
      names.at(-1)?.push(p);
      continue;
    }
    for (const [i, piece] of p.trim().split('.').entries()) {
      if (i > 0) names.push([]);
      if (piece !== '') names.at(-1)?.push(piece);
    }
  }
  return names.filter(name => name.length > 0);
}

function unquoted(p: Part): Part {
  return typeof p === 'string' ? p.replace(/["`[\]]/g, '') : p;
}
