import { expect, test } from 'vitest';
import { literal } from '../../src/model/value.ts';
import { usesIn, usesOf } from '../uses-of.ts';

const db = `import { Kysely, PostgresDialect } from 'kysely'; import { Pool } from 'pg'; export const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: new Pool({ connectionString: process.env.ORDERS_URL }) }) });`;
const connect = ['connect kysely', 'connect pg'];

test('each kind of statement reads or writes its table', () => {
  expect(
    usesOf({
      'db.ts': db,
      'a.ts': `import { db } from './db'; export const all = () => db.selectFrom('orders as o').selectAll().where('o.open', '=', true).execute();`,
      'b.ts': `import { db } from './db'; export const add = row => db.insertInto('lines').values(row).onConflict(oc => oc.doNothing()).returningAll().executeTakeFirstOrThrow();`,
      'c.ts': `import { db } from './db'; export const pay = id => db.updateTable('shop.invoices').set({ paid: true }).where('id', '=', id).execute();`,
      'd.ts': `import { db } from './db'; export const drop = id => db.deleteFrom('carts').using('coupons').where('carts.id', '=', id).execute();`,
    }),
  ).toEqual([
    ...connect,
    'read kysely coupons via join',
    'read kysely orders',
    'write kysely carts',
    'write kysely invoices in shop',
    'write kysely lines',
  ]);
});

test('joins, subqueries in callbacks and builders are seen, and common tables are no tables', () => {
  const uses = usesIn({
    'db.ts': db,
    'a.ts': `import { db } from './db'; import { jsonArrayFrom } from 'kysely/helpers/postgres'; export const q = () => db.with('recent', d => d.selectFrom('payments').selectAll()).selectFrom('orders').innerJoin('users as u', 'u.id', 'orders.user_id').leftJoin('recent', 'recent.order_id', 'orders.id').select(eb => ['orders.id', jsonArrayFrom(eb.selectFrom('lines').selectAll()).as('lines')]).where(({ exists, selectFrom }) => exists(selectFrom('stock'))).$if(true, q => q.innerJoin('shops', 'a', 'b')).execute();`,
  });
  expect(uses.map(u => `${literal(u.table) ?? u.op} ${u.via}`).sort()).toEqual([
    'connect query',
    'connect query',
    'lines query',
    'orders query',
    'payments query',
    'shops join',
    'stock query',
    'users join',
  ]);
  const queryOf = (table: string) => uses.find(u => literal(u.table) === table)?.query;
  expect(queryOf('users')).toBe(queryOf('orders'));
});

test('transactions, schemas and typed parameters are the same database', () => {
  expect(
    usesOf({
      'db.ts': db,
      'a.ts': `import { db } from './db'; export const f = () => db.transaction().setIsolationLevel('serializable').execute(async trx => { await trx.insertInto('orders').values({}).execute(); return add(trx); }); async function add(trx) { await trx.updateTable('stock').set({}).execute(); }`,
      'b.ts': `import type { Kysely, Transaction } from 'kysely'; export const f = (k: Kysely<any> | Transaction<any>) => k.withSchema('billing').selectFrom('invoices').execute();`,
      'c.ts': `import { db } from './db'; export class Repository { constructor(private readonly k = db) {} all() { return this.k.selectFrom('carts').selectAll().execute(); } }`,
    }),
  ).toEqual([
    ...connect,
    'read kysely carts',
    'read kysely invoices in billing',
    'write kysely orders',
    'write kysely stock',
  ]);
});

test('templates of SQL are run where they are executed, with the tables that are put into them', () => {
  expect(
    usesOf({
      'db.ts': db,
      'a.ts': `import { sql } from 'kysely'; import { db } from './db'; export const q = id => sql<Row>\`select * from \${sql.table('orders')} o join lines l on l.order_id = o.id where o.id = \${id}\`.execute(db); export const n = () => db.selectFrom('carts').select(sql<number>\`count(*)\`.as('n')).execute();`,
    }),
  ).toEqual([...connect, 'read kysely carts', 'read kysely lines via join', 'read kysely orders']);
});

test('names are in snake case where a plugin makes them so', () => {
  expect(
    usesOf({
      'a.ts': `import { CamelCasePlugin, Kysely, SqliteDialect } from 'kysely'; import Database from 'better-sqlite3'; const db = new Kysely({ dialect: new SqliteDialect({ database: new Database('shop.db') }), plugins: [new CamelCasePlugin()] }); export const q = () => db.selectFrom('orderLines as l').selectAll().execute();`,
    }),
  ).toContain('read kysely order_lines');
});

test('a class that extends Kysely is a database, and a container may make it', () => {
  expect(
    usesOf({
      'db.ts': `import { Kysely, MysqlDialect } from 'kysely'; import { createPool } from 'mysql2'; export class Db extends Kysely<Tables> {} export const module = { provide: Db, useFactory: () => new Db({ dialect: new MysqlDialect({ pool: createPool(process.env.URL) }) }) };`,
      'a.ts': `import { Db } from './db'; export class Orders { constructor(private readonly db: Db) {} all() { return this.db.selectFrom('orders').execute(); } }`,
    }),
  ).toEqual(expect.arrayContaining(['connect kysely', 'read kysely orders']));
});

test('migrations change tables and refer to others, and a migrator runs them', () => {
  expect(
    usesOf({
      'migrations/1.ts': `import { Kysely, sql } from 'kysely'; export async function up(db: Kysely<any>) { await db.schema.createTable('orders').addColumn('id', 'serial', col => col.primaryKey()).addColumn('user_id', 'integer', col => col.references('users.id').notNull()).addForeignKeyConstraint('fk', ['shop_id'], 'shops', ['id']).execute(); await db.schema.createIndex('i').on('lines').column('a').execute(); await sql\`alter table stock add n int\`.execute(db); }`,
      'migrate.ts': `import { Migrator, FileMigrationProvider } from 'kysely'; import { db } from './db'; const migrator = new Migrator({ db, provider: new FileMigrationProvider({}) }); export const start = () => migrator.migrateToLatest();`,
      'db.ts': db,
    }),
  ).toEqual([
    ...connect,
    'run-migrations kysely',
    'schema kysely lines',
    'schema kysely orders',
    'schema kysely shops via foreign-key',
    'schema kysely stock',
    'schema kysely users via foreign-key',
  ]);
});

test('rows are not a query, and other builders are not this one', () => {
  expect(
    usesOf({
      'db.ts': db,
      'a.ts': `import { db } from './db'; export async function f() { const rows = await db.selectFrom('orders').execute(); return rows.map(r => r.insertInto('nothing')); }`,
      'b.ts': `import { other } from 'other'; export const f = () => other.selectFrom('nothing').execute();`,
    }),
  ).toEqual([...connect, 'read kysely orders']);
});
