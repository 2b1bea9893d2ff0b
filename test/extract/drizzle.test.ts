import { expect, test } from 'vitest';
import { literal } from '../../src/model/value.ts';
import { usesIn, usesOf } from '../uses-of.ts';

const schema = `import { relations } from 'drizzle-orm'; import { integer, pgSchema, pgTable, serial, text } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: serial('id').primaryKey() });
export const orders = pgTable('orders', { id: serial('id').primaryKey(), userId: integer('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }) }, t => [index('i').on(t.userId)]);
export const lines = pgSchema('shop').table('order_lines', { id: serial('id'), orderId: integer('order_id').references(() => orders.id) });
export const orderRelations = relations(orders, ({ one, many }) => ({ user: one(users, { fields: [orders.userId], references: [users.id] }), lines: many(lines) }));`;
const declared = [
  'declare drizzle order_lines in shop',
  'declare drizzle orders',
  'declare drizzle orders via foreign-key',
  'declare drizzle users',
  'declare drizzle users via foreign-key',
];
const db = `import { drizzle } from 'drizzle-orm/node-postgres'; import * as schema from './schema'; export const db = drizzle(process.env.ORDERS_URL, { schema });`;
const all = { 'schema.ts': schema, 'db.ts': db };
const shared = ['connect drizzle', ...declared];

test('tables are values, and each statement reads or writes the table it is given', () => {
  expect(
    usesOf({
      ...all,
      'a.ts': `import { db } from './db'; import { orders, users } from './schema'; export const q = () => db.select({ id: orders.id }).from(orders).leftJoin(users, eq(users.id, orders.userId)).where(eq(orders.id, 1)).limit(1);`,
      'b.ts': `import { db } from './db'; import { lines, users } from './schema'; export async function f() { const [row] = await db.insert(lines).values({}).returning(); await db.update(users).set({ n: row.id }).where(eq(users.id, 1)); }`,
      'c.ts': `import { db } from './db'; import * as schema from './schema'; export const drop = id => db.delete(schema.orders).where(eq(schema.orders.id, id)); export const n = () => db.$count(schema.users);`,
    }),
  ).toEqual(
    [
      ...shared,
      'read drizzle orders',
      'read drizzle users',
      'read drizzle users via join',
      'write drizzle order_lines in shop',
      'write drizzle orders',
      'write drizzle users',
    ].sort(),
  );
});

test('which engine it is stands in the import, and the connection is the client that it is given', () => {
  const store = (files: Record<string, string>) =>
    usesIn(files).find(u => u.op === 'connect' && u.tech === 'drizzle')?.store;
  expect(
    store({
      'db.ts': `import { drizzle } from 'drizzle-orm/mysql2'; export const db = drizzle({ connection: { host: process.env.DB_HOST, database: 'shop' } });`,
    }),
  ).toMatchObject({ engine: 'mysql', database: { parts: ['shop'] } });
  expect(
    store({
      'db.ts': `import { drizzle } from 'drizzle-orm/node-postgres'; import { Pool } from 'pg'; const pool = new Pool({ connectionString: process.env.A_URL }); export const db = drizzle({ client: pool });`,
    }),
  ).toMatchObject({ engine: 'postgres', url: { parts: [{ key: 'A_URL' }] } });
  expect(
    store({
      'db.ts': `import { drizzle } from 'drizzle-orm/postgres-js'; import postgres from 'postgres'; export const db = drizzle(postgres(process.env.B_URL!));`,
    }),
  ).toMatchObject({ engine: 'postgres', url: { parts: [{ key: 'B_URL' }] } });
  expect(
    store({
      'db.ts': `import { drizzle } from 'drizzle-orm/libsql'; import { createClient } from '@libsql/client'; export const db = drizzle(createClient({ url: 'file:shop.db' }));`,
    }),
  ).toMatchObject({ engine: 'sqlite' });
});

test('relational queries read the table of the schema, and those of the relations they ask for', () => {
  expect(
    usesOf({
      ...all,
      'a.ts': `import { db } from './db'; export const q = () => db.query.orders.findMany({ where: {}, with: { lines: { columns: { id: true } }, user: true, other: true } });`,
    }),
  ).toEqual(
    [
      ...shared,
      'read drizzle order_lines in shop via relation',
      'read drizzle orders',
      'read drizzle users via relation',
    ].sort(),
  );
});

test('relations of a whole schema at once are understood', () => {
  expect(
    usesOf({
      'schema.ts': `import { pgTable } from 'drizzle-orm/pg-core'; export const users = pgTable('users', {}); export const carts = pgTable('carts', {});`,
      'relations.ts': `import { defineRelations } from 'drizzle-orm'; import * as schema from './schema'; export const relations = defineRelations(schema, r => ({ carts: { user: r.one.users({ from: r.carts.userId, to: r.users.id }) } }));`,
      'a.ts': `import { drizzle } from 'drizzle-orm/neon-http'; import { relations } from './relations'; const db = drizzle(process.env.URL, { relations }); export const q = () => db.query.carts.findFirst({ with: { user: true } });`,
    }),
  ).toEqual([
    'connect drizzle',
    'declare drizzle carts',
    'declare drizzle users',
    'read drizzle carts',
    'read drizzle users via relation',
  ]);
});

test('schemas may be put together from several modules', () => {
  expect(
    usesOf({
      'a.ts': `import { sqliteTable } from 'drizzle-orm/sqlite-core'; export const stock = sqliteTable('stock_items', {});`,
      'b.ts': `import { sqliteTableCreator } from 'drizzle-orm/sqlite-core'; const table = sqliteTableCreator(name => \`shop_\${name}\`); export const shelves = table('shelves', t => ({ id: t.integer() }));`,
      'index.ts': `import * as a from './a'; import * as b from './b'; import { drizzle } from 'drizzle-orm/better-sqlite3'; import Database from 'better-sqlite3'; export const db = drizzle(new Database('x.db'), { schema: { ...a, ...b } });`,
      'c.ts': `import { db } from '.'; export const q = () => [db.query.stock.findMany(), db.query.shelves.findFirst()];`,
    }),
  ).toEqual(expect.arrayContaining(['read drizzle shop_shelves', 'read drizzle stock_items']));
});

test('templates of SQL name tables by their values; a piece of SQL counts where it holds a query', () => {
  expect(
    usesOf({
      ...all,
      'a.ts': `import { sql } from 'drizzle-orm'; import { db } from './db'; import { orders, users, lines } from './schema'; export const q = id => db.execute(sql\`select * from \${orders} o join \${users} on true where \${orders.id} = \${id}\`); export const n = () => db.select({ n: sql<number>\`(select count(*) from \${lines})\` }).from(users).where(sql\`\${users.id} > 3\`);`,
    }),
  ).toEqual(
    [
      ...shared,
      'read drizzle order_lines in shop',
      'read drizzle orders',
      'read drizzle users',
      'read drizzle users via join',
    ].sort(),
  );
});

test('transactions, and databases that a container or a type gives, are the same', () => {
  expect(
    usesOf({
      ...all,
      'a.ts': `import { db } from './db'; import { orders, users } from './schema'; export const f = () => db.transaction(async tx => { await tx.insert(orders).values({}); await helper(tx); }); async function helper(tx) { await tx.delete(users); }`,
      'b.ts': `import { NodePgDatabase } from 'drizzle-orm/node-postgres'; import * as schema from './schema'; export class Orders { constructor(@Inject('DB') private readonly db: NodePgDatabase<typeof schema>) {} all() { return this.db.query.lines.findMany(); } }`,
      'c.ts': `import { orders } from './schema'; export const f = async (ctx: Context) => ctx.db.select().from(orders);`,
    }),
  ).toEqual(
    expect.arrayContaining([
      ...shared,
      'read drizzle order_lines in shop',
      'read drizzle orders guessed',
      'write drizzle orders',
      'write drizzle users',
    ]),
  );
});

test('subqueries and common tables are no tables of their own', () => {
  const uses = usesIn({
    ...all,
    'a.ts': `import { db } from './db'; import { orders, users } from './schema'; export function f() { const sq = db.select().from(orders).as('sq'); const recent = db.$with('recent').as(db.select().from(users)); return db.with(recent).select().from(recent).innerJoin(sq, eq(1, 1)); }`,
  });
  expect(
    uses
      .filter(u => u.op === 'read')
      .map(u => literal(u.table))
      .sort(),
  ).toEqual(['orders', 'users']);
});

test('a program that runs its migrations says so', () => {
  expect(
    usesOf({
      'db.ts': db,
      'schema.ts': '',
      'a.ts': `import { migrate } from 'drizzle-orm/node-postgres/migrator'; import { db } from './db'; export const start = () => migrate(db, { migrationsFolder: 'drizzle' });`,
    }),
  ).toEqual(['connect drizzle', 'run-migrations drizzle']);
});

test('what only looks like it is nothing', () => {
  expect(
    usesOf({
      'a.ts': `import { eq } from 'drizzle-orm'; export const f = (list, db) => { list.insert(1); db.select().from('orders'); eq(1, 2); Array.from(list); return db.query.findMany(); };`,
    }),
  ).toEqual([]);
});

test('a table may refer to itself, and two tables to each other', () => {
  expect(
    usesOf({
      'a.ts': `import { drizzle } from 'drizzle-orm/node-postgres'; import { integer, pgTable } from 'drizzle-orm/pg-core'; export const folders = pgTable('folders', { parent: integer().references((): AnyPgColumn => folders.id) }); export const heads = pgTable('heads', { tail: integer().references(() => tails.id) }); export const tails = pgTable('tails', { head: integer().references(() => heads.id) }); const db = drizzle(process.env.URL); export const add = () => [db.insert(folders).values({}), db.delete(tails), db.delete(heads)];`,
    }),
  ).toEqual(expect.arrayContaining(['write drizzle folders', 'write drizzle heads', 'write drizzle tails']));
});

test('types that hold themselves do no harm', () => {
  expect(
    usesOf({
      'a.ts': `import type { Kysely } from 'kysely'; type Nested = Nested[]; type Pair = Map<string, Pair>; export const f = (n: Nested, p: Pair, db: Kysely<any>) => [n.at(0), p.get('a'), db.selectFrom('orders').execute()];`,
    }),
  ).toEqual(['read kysely orders']);
});

test('a database that is copied with some methods put before others is the same', () => {
  expect(
    usesOf({
      ...all,
      'copy.ts': `import { db } from './db'; const withReplica = primary => { const make = () => { return { ...primary, select: primary.select.bind(primary), now: () => make() }; }; return make(); }; export const copy = withReplica(db);`,
      'a.ts': `import { copy } from './copy'; import { orders, users } from './schema'; export const f = () => [copy.select().from(orders), copy.now().insert(users).values({}), copy.query.lines.findMany()];`,
    }),
  ).toEqual([...shared, 'read drizzle order_lines in shop', 'read drizzle orders', 'write drizzle users'].sort());
});
