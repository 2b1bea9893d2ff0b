import type { CallSite, Site } from '../model/technology.ts';
import { each, type Handle, literal, text, type Use, type Value } from '../model/value.ts';
import { arrayMethods } from './array-methods.ts';
import { dialectOf, runSql } from './run-sql.ts';
import { withdraw } from './sql-fragment.ts';
import { tableName } from './table-name.ts';

const writes = new Set([
  'insert',
  'update',
  'del',
  'delete',
  'truncate',
  'increment',
  'decrement',
  'upsert',
  'updateFrom',
]);

const joins = new Set([
  'join',
  'innerJoin',
  'leftJoin',
  'leftOuterJoin',
  'rightJoin',
  'rightOuterJoin',
  'outerJoin',
  'fullOuterJoin',
  'crossJoin',
]);

const tables = new Set(['from', 'into', 'table']);
const commonTables = new Set(['with', 'withRecursive', 'withMaterialized', 'withNotMaterialized', 'withWrapped']);

/** A query on a store; its table comes later. */
export function queryOf(on: Handle): Handle {
  const { t, tech, store, name, extra } = on;
  return {
    t,
    tech,
    kind: 'query',
    ...(store ? { store } : {}),
    ...(name === undefined ? {} : { name }),
    ...(extra?.ctes ? { extra: { ctes: extra.ctes } } : {}),
  };
}

export function tableQuery(c: Site, on: Handle, table: Value, op: Use['op'] = 'read'): Handle {
  return main(c, queryOf(on), table, op);
}

export function onQuery(c: CallSite, given: Handle): Value | undefined {
  const { name } = c;
  const [first] = c.args;
  if (arrayMethods.has(name)) return undefined;
  // the tables of a query that is made a string have been seen
  if (name === 'toString' || name === 'toQuery') return text('select 1', c.origin);
  const on = withPieces(c, given);
  if (commonTables.has(name)) {
    nested(c, on);
    const known = on.extra?.ctes;
    const ctes: Value = { t: 'arr', items: [...(known?.t === 'arr' ? known.items : []), ...(first ? [first] : [])] };
    return { ...on, extra: { ...on.extra, ctes } };
  }
  if (tables.has(name)) return first ? main(c, on, first, pending(on) ? 'write' : 'read') : on;
  if (joins.has(name)) {
    const [table] = each(first);
    // `rows.join(', ')`
    if (table?.t === 'text' && !/\w/.test(literal(table) ?? 'x')) return undefined;
    nested(c, on);
    return (first && mention(c, on, first, 'read', 'join')) ?? on;
  }
  if (name === 'using' || name === 'updateFrom') {
    const tables = first?.t === 'arr' ? first.items : first ? [first] : [];
    for (const table of tables) mention(c, on, table, 'read', 'join');
  }
  if (name === 'withSchema') {
    if (first && on.use) on.use.schema = first;
    return first ? { ...on, extra: { ...on.extra, schema: first } } : on;
  }
  nested(c, on);
  if (name === 'transacting' || name === 'connection') {
    const trx = each(first).find(v => v.t === 'handle');
    return trx?.t === 'handle' && trx.store && !on.store ? { ...on, store: trx.store } : on;
  }
  return writes.has(name) ? write(c, on) : on;
}

function write(c: CallSite, on: Handle): Handle {
  if (!on.table) return { ...on, extra: { ...on.extra, pending: { t: 'bool', v: true } } };
  // a query that another function began, as `const orders = () => knex('orders')`, stays what it is for others
  if (on.use && c.act.uses.includes(on.use)) {
    on.use.op = 'write';
    return on;
  }
  const schema = on.extra?.schema;
  return add(c, on, on.table, 'write', 'query', schema);
}

function pending(on: Handle): boolean {
  return on.extra?.pending !== undefined;
}

/** Gives a query its table. */
function main(c: Site, on: Handle, given: Value, op: Use['op']): Handle {
  const found = each(given)
    .map(v => mention(c, on, v, op, 'query'))
    .find(v => v !== undefined);
  return found ?? on;
}

/** A table as a query names it: a text, `{ alias: table }`, a part of SQL, or a query of its own, which speaks for itself. */
function mention(c: Site, on: Handle, given: Value, op: Use['op'], via: Use['via']): Handle | undefined {
  if (given.t === 'fn') {
    subquery(c, on, given);
    return undefined;
  }
  if (given.t === 'handle') {
    const sql = given.kind === 'raw' ? literal(given.extra?.sql) : undefined;
    return sql !== undefined && /^["`[\]\w.]+(\s+(as\s+)?["`\w]+)?$/i.test(sql.trim())
      ? mention(c, on, text(sql.trim()), op, via)
      : undefined;
  }
  if (given.t === 'obj') {
    const all = given.keys().flatMap(alias => {
      const table = given.get(alias);
      const made = table && mention(c, on, table, op, via);
      return made ? [made] : [];
    });
    return all[0];
  }
  if (given.t === 'union') return given.of.map(v => mention(c, on, v, op, via)).find(v => v !== undefined);
  if (given.t === 'arr') return given.items.map(v => mention(c, on, v, op, via)).find(v => v !== undefined);
  if (isCommonTable(on, given)) return undefined;
  const { table, schema } = tableName(given);
  return add(c, on, table, op, via, schema ?? on.extra?.schema);
}

function isCommonTable(on: Handle, given: Value): boolean {
  const name = literal(tableName(given).table);
  return name !== undefined && commonNames(on).has(name);
}

function commonNames(on: Handle): ReadonlySet<string> {
  const ctes = on.extra?.ctes;
  // a common table may be named with its columns: `tree(id, parent)`
  return new Set(ctes?.t === 'arr' ? ctes.items.map(v => (literal(v) ?? '').replace(/(?<!\s)\s*\(.*$/s, '')) : []);
}

function add(c: Site, on: Handle, table: Value, op: Use['op'], via: Use['via'], schema: Value | undefined): Handle {
  if (!on.store) return on;
  const use = c.ev.use(c, 'knex', {
    op,
    store: on.store,
    table,
    via,
    query: on.use?.query ?? c.ev.query(),
    ...(schema ? { schema } : {}),
    ...(on.name === 'guessed' ? { guessed: true } : {}),
  });
  const uses = [...(on.uses ?? []), use];
  return via === 'join' ? { ...on, uses } : { ...on, table, use, uses };
}

/** Functions that are given a builder: conditions, subqueries, common tables. */
function nested(c: CallSite, on: Handle): void {
  for (const a of c.args)
    for (const v of a.t === 'arr' ? a.items : each(a))
      if (v.t === 'fn') subquery(c, on, v, c.name === 'modify' ? [on, ...c.args.slice(1)] : undefined);
}

function subquery(c: Site, on: Handle, fn: Value & { t: 'fn' }, args?: readonly Value[]): void {
  const builder = queryOf(on);
  c.ev.invoke(fn.self || fn.unit.arrow ? fn : { ...fn, self: builder }, args ?? [builder], c);
}

/** What is put into a query may name the common tables of it; pieces of SQL need name no table at all. */
function withPieces(c: CallSite, on: Handle): Handle {
  const isOwn = (table: string): boolean => commonNames(on).has(table);
  const inner = c.args
    .flatMap(a => (a.t === 'arr' ? a.items : each(a)))
    .flatMap(v => (v.t === 'handle' && v.tech === 'knex' ? [v] : []));
  for (const v of inner) withdraw(c, v.uses, isOwn, v.kind === 'raw');
  const uses = [...inner.flatMap(v => v.uses ?? []), ...sqlPiece(c, on)];
  return uses.length === 0 ? on : { ...on, uses: [...(on.uses ?? []), ...uses] };
}

/** `whereRaw('exists (select …)')`, `joinRaw('left join …')` */
function sqlPiece(c: CallSite, on: Handle): readonly Use[] {
  const [sql] = c.args;
  if (!on.store || sql?.t !== 'text' || !/Raw$/.test(c.name)) return [];
  const dialect = dialectOf(on.store.kind === 'open' ? on.store.engine : undefined);
  // a table function stands for the table that is joined to, which has a use of its own
  const before =
    c.name === 'joinRaw' ? 'select * from generate_series(1, 1) ' : c.name === 'fromRaw' ? 'select * from ' : '';
  const whole = before === '' ? sql : { ...sql, plain: false, parts: [before, ...sql.parts] };
  const uses = runSql(c, 'knex', on.store, whole, dialect, { fragment: true });
  withdraw(c, uses, table => commonNames(on).has(table), true);
  return uses;
}
