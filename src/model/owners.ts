import type { Evidence, OwnershipReason } from './system.ts';

/** How services use one table. */
export interface TableUsers {
  readonly name: string;
  readonly migrators: ReadonlyMap<string, readonly Evidence[]>;
  readonly writers: ReadonlyMap<string, readonly Evidence[]>;
  readonly readers: ReadonlyMap<string, readonly Evidence[]>;
  readonly declarers: ReadonlyMap<string, readonly Evidence[]>;
}

export interface Ownership {
  readonly owner: string | null;
  readonly because?: OwnershipReason;
  readonly evidence: readonly Evidence[];
}

/**
 * Whose table it is: what the configuration says; else who migrates it; else the only writer; else, of several
 * writers, the one that the table is named after or that writes most; else, read only, the one that it is named
 * after or the only user; else nobody.
 */
export function ownerOf(users: TableUsers, configured: Ownership | undefined): Ownership {
  if (configured) return configured;
  const { migrators, writers, readers } = users;
  const only = (map: ReadonlyMap<string, readonly Evidence[]>): readonly [string, readonly Evidence[]] | undefined =>
    map.size === 1 ? [...map][0] : undefined;
  const migrator = only(migrators);
  if (migrator) return { owner: migrator[0], because: 'migrates', evidence: migrator[1] };
  // of several that make the table, as `synchronize` does wherever the entity is declared, the one that fills it
  const making = new Map([...writers].filter(([service]) => migrators.has(service)));
  const candidates = migrators.size > 1 ? (making.size > 0 ? making : migrators) : writers;
  const writer = only(candidates);
  if (writer) return { owner: writer[0], because: 'only-writer', evidence: writer[1] };
  const all = new Map([...readers, ...writers, ...migrators]);
  const named =
    namedAfter(users.name, [...(candidates.size > 0 ? candidates : all).keys()]) ??
    (candidates.size > 0 ? undefined : namedAfter(users.name, [...all.keys()]));
  if (named !== undefined) return { owner: named, because: 'named-after', evidence: all.get(named) ?? [] };
  if (candidates.size > 1) {
    const ranked = [...writers].sort((a, b) => b[1].length - a[1].length);
    const [first, second] = ranked;
    if (first && second && first[1].length >= 2 * second[1].length && candidates.has(first[0]))
      return { owner: first[0], because: 'main-writer', evidence: first[1] };
    return { owner: null, evidence: [] };
  }
  const user = only(all);
  if (user) return { owner: user[0], because: 'only-user', evidence: user[1] };
  const declarer = only(new Map([...users.declarers].filter(([service]) => all.has(service))));
  if (declarer) return { owner: declarer[0], because: 'only-writer', evidence: declarer[1] };
  return { owner: null, evidence: [] };
}

/** The one service whose name the table's name starts or ends with: `orders` of orders-service, `order_lines` of orders. */
export function namedAfter(table: string, services: readonly string[]): string | undefined {
  const words = wordsOf(table.slice(table.lastIndexOf('.') + 1));
  const scored = services
    .map(service => ({ service, score: likeness(words, wordsOf(service)) }))
    .filter(s => s.score > 0)
    .sort((a, b) => b.score - a.score);
  const [first, second] = scored;
  return first && first.score > (second?.score ?? 0) ? first.service : undefined;
}

const filler = new Set([
  'service',
  'svc',
  'api',
  'app',
  'server',
  'backend',
  'worker',
  'micro',
  'microservice',
  'ms',
  'tbl',
  'table',
  'the',
  'apps',
  'services',
  'packages',
  'management',
  'db',
  'biz',
]);

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(w => w !== '' && !filler.has(w))
    .map(singular);
}

function singular(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(ses|xes|ches|shes)$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') && word.length > 3 ? word.slice(0, -1) : word;
}

function likeness(table: readonly string[], service: readonly string[]): number {
  if (service.length === 0 || table.length === 0) return 0;
  const shared = service.filter(w => table.includes(w)).length;
  if (shared === 0) return 0;
  return shared / service.length + shared / table.length;
}
