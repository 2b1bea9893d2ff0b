import type { CallSite } from '../model/technology.ts';
import { each, type Handle, literal, text, type Use, unknown, type Value } from '../model/value.ts';
import { dialectOf, runSql } from './run-sql.ts';
import { withdraw } from './sql-fragment.ts';
import { tableName } from './table-name.ts';

const starts: Readonly<Record<string, Use['op']>> = {
  selectFrom: 'read',
  insertInto: 'write',
  replaceInto: 'write',
  updateTable: 'write',
  deleteFrom: 'write',
  mergeInto: 'write',
};

const joins = new Set([
  'innerJoin',
  'leftJoin',
  'rightJoin',
  'fullJoin',
  'crossJoin',
  'innerJoinLateral',
  'leftJoinLateral',
  'crossJoinLateral',
  'crossApply',
  'outerApply',
  'using',
  'from',
]);

const ends = new Set(['execute', 'executeTakeFirst', 'executeTakeFirstOrThrow', 'stream', 'explain']);

/** Statements begin on a database, a transaction or the builder that callbacks are given; joins follow on a query. */
export function onQuery(c: CallSite, on: Handle): Value | undefined {
  const [first] = c.args;
  const { name } = c;
  if (name === 'with' || name === 'withRecursive') {
    nested(c, on);
    const known = on.extra?.ctes;
    const ctes: Value = { t: 'arr', items: [...(known?.t === 'arr' ? known.items : []), ...(first ? [first] : [])] };
    return { ...on, extra: { ...on.extra, ctes } };
  }
  if (ends.has(name)) return unknown;
  // `$if(wanted, query => query.innerJoin(…))`
  if (name.startsWith('$')) {
    for (const a of c.args) for (const fn of each(a)) if (fn.t === 'fn') c.ev.invoke(fn, [on], c);
    return on;
  }
  if (name === 'withSchema' && on.kind === 'db') return first ? { ...on, extra: { ...on.extra, schema: first } } : on;
  const op = Object.hasOwn(starts, name) ? starts[name] : undefined;
  if (op && first) {
    const query: Handle = { ...on, kind: 'query' };
    nested(c, on);
    return mention(c, query, first, op, 'query') ?? query;
  }
  if (on.kind === 'query' && joins.has(name) && first) mention(c, on, first, 'read', 'join');
  nested(c, on);
  if (name === 'selectNoFrom') return { ...on, kind: 'query' };
  // conditions and values are made by calling the builder or its other methods
  return on;
}

function mention(c: CallSite, on: Handle, given: Value, op: Use['op'], via: Use['via']): Handle | undefined {
  if (given.t === 'arr') return given.items.map(v => mention(c, on, v, op, via)).find(v => v !== undefined);
  if (given.t === 'union') return given.of.map(v => mention(c, on, v, op, via)).find(v => v !== undefined);
  if (given.t === 'fn' || (given.t === 'handle' && given.kind !== 'dynamic')) return undefined;
  const { table, schema } = tableName(given.t === 'handle' ? (given.table ?? unknown) : given);
  if (!on.store || isCommonTable(on, table)) return undefined;
  const within = schema ?? on.extra?.schema;
  const use = c.ev.use(c, 'kysely', {
    op,
    store: on.store,
    table: named(on, table),
    via,
    query: on.use?.query ?? c.ev.query(),
    ...(within ? { schema: within } : {}),
  });
  return via === 'join' ? on : { ...on, table, use };
}

function isCommonTable(on: Handle, table: Value): boolean {
  const name = literal(table);
  return name !== undefined && commonNames(on).has(name);
}

/** A common table may be named with its columns: `tree(id, parent)`. */
function commonNames(on: Handle): ReadonlySet<string> {
  const ctes = on.extra?.ctes;
  return new Set(ctes?.t === 'arr' ? ctes.items.map(v => (literal(v) ?? '').replace(/(?<!\s)\s*\(.*$/s, '')) : []);
}

function named(on: Handle, table: Value): Value {
  const known = literal(table);
  if (known === undefined || on.name !== 'snake') return table;
  return text(known.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase(), table.t === 'text' ? table.origin : undefined);
}

/** Functions that are given a builder, and pieces of SQL that hold a query. */
function nested(c: CallSite, on: Handle): void {
  const { t, tech, store, name, extra } = on;
  const builder: Handle = {
    t,
    tech,
    kind: 'db',
    ...(store ? { store } : {}),
    ...(name === undefined ? {} : { name }),
    ...(extra ? { extra } : {}),
  };
  for (const a of c.args) {
    for (const v of a.t === 'arr' ? a.items : each(a)) {
      if (v.t === 'fn') pieces(c, on, c.ev.invoke(v, [builder, builder], c));
      else pieces(c, on, v);
    }
  }
}

function pieces(c: CallSite, on: Handle, v: Value): void {
  for (const one of v.t === 'arr' ? v.items : each(v)) {
    if (one.t !== 'handle' || one.kind !== 'sql' || !one.text || !on.store) continue;
    const dialect = dialectOf(on.store.kind === 'open' ? on.store.engine : undefined);
    const uses = runSql(c, 'kysely', on.store, one.text, dialect, { fragment: true });
    withdraw(c, uses, table => commonNames(on).has(table), true);
  }
}

const changes = new Set([
  'createTable',
  'alterTable',
  'dropTable',
  'createView',
  'dropView',
  'refreshMaterializedView',
]);

/** The schema builder, the builder of one table, and its columns. */
export function onSchema(c: CallSite, on: Handle): Value | undefined {
  const [first] = c.args;
  const { store } = on;
  if (!store) return undefined;
  switch (on.kind) {
    case 'schema':
      if (c.name === 'withSchema') return first ? { ...on, extra: { schema: first } } : on;
      if (c.name === 'createIndex' || c.name === 'dropIndex') return { ...on, kind: 'builder' };
      return changes.has(c.name) && first ? change(c, on, first) : on;
    case 'builder':
      return onTable(c, on, c.args);
    default: {
      const target = c.name === 'references' ? literal(first) : undefined;
      const dot = target?.lastIndexOf('.') ?? -1;
      if (target !== undefined && dot > 0) refer(c, on, text(target.slice(0, dot), c.origin));
      return on;
    }
  }
}

function onTable(c: CallSite, on: Handle, args: readonly Value[]): Handle {
  const [first] = args;
  if ((c.name === 'renameTo' || c.name === 'on') && first) change(c, on, first);
  // addForeignKeyConstraint(name, columns, table, columns)
  if (c.name === 'addForeignKeyConstraint' && args[2]) refer(c, on, args[2]);
  for (const a of args) for (const fn of each(a)) if (fn.t === 'fn') c.ev.invoke(fn, [{ ...on, kind: 'column' }], c);
  return on;
}

function change(c: CallSite, on: Handle, given: Value): Handle {
  const { table, schema } = tableName(given);
  const within = schema ?? on.extra?.schema;
  if (on.store)
    c.ev.use(c, 'kysely', {
      op: 'schema',
      store: on.store,
      table: named(on, table),
      ...(within ? { schema: within } : {}),
    });
  return { ...on, kind: 'builder', table };
}

function refer(c: CallSite, on: Handle, given: Value): void {
  if (!on.store || !on.table) return;
  const { table, schema } = tableName(given);
  const use = {
    op: 'schema',
    via: 'foreign-key',
    store: on.store,
    table: named(on, table),
    from: named(on, on.table),
  } as const;
  c.ev.use(c, 'kysely', { ...use, ...(schema ? { schema } : {}) });
}
