import type { CallSite } from '../model/technology.ts';
import { each, type Handle, literal, text, unknown, type Value } from '../model/value.ts';
import { dialectOf, runSql } from './run-sql.ts';
import { tableName } from './table-name.ts';

/** Methods that change the shape of the table named first. */
const changes = new Set([
  'createTable',
  'createTableIfNotExists',
  'createTableLike',
  'alterTable',
  'table',
  'dropTable',
  'dropTableIfExists',
  'renameTable',
  'createView',
  'createViewOrReplace',
  'createMaterializedView',
  'dropView',
  'dropViewIfExists',
]);

/** The schema builder, the builder of one table that its callbacks are given, and the columns made there. */
export function onSchema(c: CallSite, on: Handle): Value | undefined {
  const { store } = on;
  const [first, second] = c.args;
  if (!store) return undefined;
  if (on.kind !== 'schema') return onTable(c, on);
  if (c.name === 'withSchema') return first ? { ...on, extra: { schema: first } } : on;
  if (c.name === 'raw') runSql(c, 'knex', store, first, dialectOf(store.kind === 'open' ? store.engine : undefined));
  if (!changes.has(c.name) || !first) return on;
  const builder = changed(c, on, first);
  if (c.name === 'renameTable' && second) changed(c, on, second);
  for (const a of c.args) {
    for (const fn of each(a))
      if (fn.t === 'fn') c.ev.invoke(fn.unit.arrow ? fn : { ...fn, self: builder }, [builder], c);
  }
  return on;
}

function changed(c: CallSite, on: Handle, given: Value): Handle {
  const { table, schema } = tableName(given);
  const within = schema ?? on.extra?.schema;
  if (on.store) c.ev.use(c, 'knex', { op: 'schema', store: on.store, table, ...(within ? { schema: within } : {}) });
  return { ...on, kind: 'builder', table };
}

/** `references('id').inTable('users')`, or `references('users.id')`. */
function onTable(c: CallSite, on: Handle): Value {
  const [first] = c.args;
  const column: Handle = { ...on, kind: 'column' };
  if (c.name === 'inTable') return first ? refer(c, column, first) : column;
  if (c.name !== 'references') return column;
  const target = literal(first);
  const dot = target?.lastIndexOf('.') ?? -1;
  return target !== undefined && dot > 0 ? refer(c, column, text(target.slice(0, dot), c.origin)) : column;
}

function refer(c: CallSite, on: Handle, given: Value): Handle {
  const { table, schema } = tableName(given);
  const within = schema ? { schema } : {};
  if (on.store)
    c.ev.use(c, 'knex', {
      op: 'schema',
      via: 'foreign-key',
      store: on.store,
      table,
      from: on.table ?? unknown,
      ...within,
    });
  return on;
}
