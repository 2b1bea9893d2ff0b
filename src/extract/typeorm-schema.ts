import type { CallSite } from '../model/technology.ts';
import { each, get, type Handle, type StoreRef, unknown, type Value } from '../model/value.ts';
import { dialectOf, runSql } from './run-sql.ts';
import { type TableName, tableName } from './table-name.ts';
import { placed, placeOf } from './typeorm-entity.ts';

const changes = new Set([
  'createTable',
  'dropTable',
  'renameTable',
  'addColumn',
  'addColumns',
  'renameColumn',
  'changeColumn',
  'changeColumns',
  'dropColumn',
  'dropColumns',
  'createPrimaryKey',
  'updatePrimaryKeys',
  'dropPrimaryKey',
  'createUniqueConstraint',
  'createUniqueConstraints',
  'dropUniqueConstraint',
  'dropUniqueConstraints',
  'createCheckConstraint',
  'createCheckConstraints',
  'dropCheckConstraint',
  'createExclusionConstraint',
  'createForeignKey',
  'createForeignKeys',
  'dropForeignKey',
  'dropForeignKeys',
  'createIndex',
  'createIndices',
  'dropIndex',
  'dropIndices',
  'createView',
  'dropView',
  'changeTableComment',
]);

/** A method of a QueryRunner, as migrations use it. */
export function onRunner(c: CallSite, on: Handle, store: StoreRef): Value | undefined {
  const [first, second] = c.args;
  if (c.name === 'query') {
    runSql(c, 'typeorm', store, first, dialectOf(store.engine));
    return unknown;
  }
  if (c.name === 'clearTable') {
    c.ev.use(c, 'typeorm', { op: 'write', store, ...placeOf(described(first)) });
    return unknown;
  }
  if (!changes.has(c.name)) return undefined;
  for (const t of each(first)) {
    const table = described(t);
    c.ev.use(c, 'typeorm', { op: 'schema', store, ...placeOf(table) });
    for (const key of [
      get(optionsOf(t), 'foreignKeys'),
      c.name.startsWith('createForeignKey') || c.name.startsWith('addColumn') ? second : undefined,
    ])
      foreignKeys(c, store, table, key);
  }
  return on;
}

function foreignKeys(c: CallSite, store: StoreRef, table: TableName, keys: Value | undefined): void {
  for (const k of keys?.t === 'arr' ? keys.items : keys ? [keys] : []) {
    const target = get(optionsOf(k), 'referencedTableName');
    if (!target) continue;
    const schema = get(optionsOf(k), 'referencedSchema');
    c.ev.use(c, 'typeorm', {
      op: 'schema',
      store,
      ...tableName(target),
      ...(schema ? { schema } : {}),
      from: table.table,
      via: 'foreign-key',
    });
  }
}

/** `new Table(options)`, `new TableForeignKey(options)`, `new View(options)`, or a name. */
function described(v: Value | undefined): TableName {
  const options = optionsOf(v);
  const name = get(options, 'name');
  return name ? placed(name, options) : v ? tableName(v) : { table: unknown };
}

function optionsOf(v: Value | undefined): Value | undefined {
  return v?.t === 'handle' ? v.extra?.options : v;
}
