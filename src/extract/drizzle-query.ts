import type { CallSite, Site } from '../model/technology.ts';
import { each, get, type Handle, type Use, unknown, type Value } from '../model/value.ts';
import { arrayMethods } from './array-methods.ts';
import { isTable, relatedTables } from './drizzle-table.ts';
import { dialectOf, runSql } from './run-sql.ts';
import { sqlOf } from './sql-fragment.ts';

const joins = new Set([
  'leftJoin',
  'rightJoin',
  'innerJoin',
  'fullJoin',
  'crossJoin',
  'leftJoinLateral',
  'innerJoinLateral',
  'crossJoinLateral',
]);

/** Methods that are given a table. */
export const runs: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'from', '$count', ...joins]);

export function onDatabase(c: CallSite, on: Handle): Value | undefined {
  const [first] = c.args;
  switch (c.name) {
    case 'insert':
    case 'update':
    case 'delete':
      return first ? (mention(c, query(on), first, 'write', 'query') ?? query(on)) : query(on);
    case '$count':
      return first ? (mention(c, query(on), first, 'read', 'query') ?? unknown) : unknown;
    case 'execute':
    case 'run':
    case 'all':
    case 'get':
    case 'values':
      statement(c, on, first);
      return unknown;
    case 'transaction':
      return c.ev.invoke(first, [on], c);
    case '$with':
      return { ...on, kind: 'cte' };
    case 'with':
    case '$withAuth':
    case 'withReplicas':
      return on;
    case 'batch':
      return unknown;
    default:
      return onQuery(c, query(on));
  }
}

export function onQuery(c: CallSite, on: Handle): Value | undefined {
  const [first] = c.args;
  if (on.kind === 'finder') return find(c, on);
  if (arrayMethods.has(c.name) && c.name !== 'values') return undefined;
  for (const a of c.args) pieces(c, on, a);
  if (c.name === 'from' && first) return mention(c, on, first, 'read', on.use ? 'join' : 'query') ?? on;
  if (joins.has(c.name) && first) mention(c, on, first, 'read', 'join');
  if (c.name === 'execute') return unknown;
  // the query that is inserted, and what callbacks add to a query
  for (const a of c.args) for (const fn of each(a)) if (fn.t === 'fn') c.ev.invoke(fn, [{ ...on, kind: 'db' }], c);
  return on;
}

function query(on: Handle): Handle {
  const { t, tech, store, name } = on;
  return { t, tech, kind: 'query', ...(store ? { store } : {}), ...(name === undefined ? {} : { name }) };
}

function mention(c: CallSite, on: Handle, given: Value, op: Use['op'], via: Use['via']): Handle | undefined {
  const found = each(given).filter(isTable);
  const [other] = each(given);
  if (found.length > 0) {
    const [use] = found.map(table => add(c, on, table.table, table.extra?.schema, op, via));
    return use && via !== 'join' ? { ...on, table: use.table ?? unknown, use } : on;
  }
  // a subquery speaks for itself; of what is not known at all, only that there is a table
  if (via === 'join' || (other && other.t !== 'bound')) return undefined;
  const table = other?.t === 'bound' ? tableCalled(c, other.name, undefined) : unknown;
  const use = add(c, on, table, undefined, op, via);
  return { ...on, table, ...(use ? { use } : {}) };
}

/** The table whose name is like that of a property: `orderLines` for `order_lines`. */
export function tableCalled(site: Site, name: string, otherwise: Value | undefined): Value {
  const key = name.replace(/[^a-z\d]/gi, '').toLowerCase();
  const ref = { ref: 'drizzle-table', key, origin: site.origin, ...(otherwise ? { def: otherwise } : {}) };
  return { t: 'text', parts: [ref], origin: site.origin };
}

function add(
  c: CallSite,
  on: Handle,
  table: Value | undefined,
  schema: Value | undefined,
  op: Use['op'],
  via: Use['via'],
): Use | undefined {
  if (!on.store) return undefined;
  return c.ev.use(c, 'drizzle', {
    op,
    store: on.store,
    table: table ?? unknown,
    via,
    query: on.use?.query ?? c.ev.query(),
    ...(schema ? { schema } : {}),
    ...(on.name === 'guessed' ? { guessed: true } : {}),
  });
}

/** `db.query.orders.findMany({ with: { lines: true } })` */
function find(c: CallSite, on: Handle): Value | undefined {
  if (!/^find(Many|First)$/.test(c.name) || !on.store) return undefined;
  const guessed = on.name === 'guessed' ? { guessed: true } : {};
  const described = each(on.extra?.described).find(isTable);
  const schema = on.extra?.schema;
  const main = { op: 'read', store: on.store, table: on.table ?? unknown, ...guessed } as const;
  c.ev.use(c, 'drizzle', { ...main, ...(schema ? { schema } : {}) });
  if (!described) return unknown;
  for (const table of relatedTables(c, described, on.model, get(c.args[0], 'with'))) {
    const within = table.extra?.schema;
    const use = { op: 'read', via: 'relation', store: on.store, table: table.table ?? unknown, ...guessed } as const;
    c.ev.use(c, 'drizzle', { ...use, ...(within ? { schema: within } : {}) });
  }
  return unknown;
}

function statement(c: CallSite, on: Handle, given: Value | undefined): void {
  if (!on.store) return;
  // a query of the builder, handed over to be run, speaks for itself
  if (each(given).some(v => v.t === 'handle' && !v.text)) return;
  const how = on.name === 'guessed' ? { guessed: true } : {};
  runSql(c, 'drizzle', on.store, sqlOf(given), dialectOf(on.store.engine), how);
}

/** Pieces of SQL that hold a query of their own, as they stand in conditions and columns. */
function pieces(c: CallSite, on: Handle, given: Value, depth = 0): void {
  for (const one of each(given)) {
    if (one.t === 'handle' && one.kind === 'sql' && one.text && on.store) {
      runSql(c, 'drizzle', on.store, one.text, dialectOf(on.store.engine), { fragment: true });
    }
    if (depth > 3) continue;
    if (one.t === 'obj') for (const key of one.keys()) pieces(c, on, one.get(key) ?? unknown, depth + 1);
    if (one.t === 'arr') for (const item of one.items) pieces(c, on, item, depth + 1);
    // `and(eq(…), sql`…`)`
    if (one.t === 'ext') for (const item of one.args ?? []) pieces(c, on, item, depth + 1);
  }
}
