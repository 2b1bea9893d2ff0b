import type { CallSite } from '../model/technology.ts';
import { get, type Handle, unknown, type Value } from '../model/value.ts';
import { defaultStore, references } from './sequelize-model.ts';
import { type TableName, tableName } from './table-name.ts';

const changes = new Set([
  'createTable',
  'dropTable',
  'addColumn',
  'removeColumn',
  'changeColumn',
  'renameColumn',
  'addIndex',
  'removeIndex',
  'addConstraint',
  'removeConstraint',
]);
const writes = new Set([
  'bulkInsert',
  'bulkUpdate',
  'bulkDelete',
  'insert',
  'update',
  'delete',
  'upsert',
  'increment',
  'decrement',
]);
const reads = new Set(['select', 'rawSelect']);

/** A method of a QueryInterface, as migrations and seeds use it. */
export function onQueryInterface(c: CallSite, on: Handle): Value | undefined {
  const store = on.store ?? defaultStore(c);
  const [first, second, third] = c.args;
  const table = (v: Value | undefined): TableName => {
    const inner = get(v, 'tableName');
    const schema = get(v, 'schema');
    return { ...(inner ? tableName(inner) : v ? tableName(v) : { table: unknown }), ...(schema ? { schema } : {}) };
  };
  if (changes.has(c.name)) {
    const place = table(first);
    c.ev.use(c, 'sequelize', { op: 'schema', store, ...place });
    if (c.name === 'createTable') references(c, store, 'schema', place.table, second);
    if (c.name === 'addColumn' || c.name === 'changeColumn')
      references(c, store, 'schema', place.table, {
        t: 'obj',
        sig: 'column',
        origin: c.origin,
        get: key => (key === 'column' ? third : undefined),
        keys: () => ['column'],
      });
    const target = get(get(second, 'references'), 'table');
    if (c.name === 'addConstraint' && target)
      c.ev.use(c, 'sequelize', { op: 'schema', store, ...table(target), from: place.table, via: 'foreign-key' });
    return unknown;
  }
  if (c.name === 'renameTable') {
    for (const v of [first, second]) c.ev.use(c, 'sequelize', { op: 'schema', store, ...table(v) });
    return unknown;
  }
  // the query interface's own `insert(instance, table)`, `update(instance, table)`, `select(model, table)` name the table second
  const isBulk = c.name.startsWith('bulk');
  if (writes.has(c.name)) {
    c.ev.use(c, 'sequelize', { op: 'write', store, ...table(isBulk || c.name === 'upsert' ? first : second) });
    return unknown;
  }
  if (reads.has(c.name)) {
    c.ev.use(c, 'sequelize', { op: 'read', store, ...table(c.name === 'select' ? second : first) });
    return unknown;
  }
  return undefined;
}

export function queryInterface(on: Handle): Handle {
  return { t: 'handle', tech: 'sequelize', kind: 'query-interface', ...(on.store ? { store: on.store } : {}) };
}
