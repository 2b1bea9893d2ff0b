import { expect, test } from 'vitest';
import { literal } from '../../src/model/value.ts';
import { usesIn, usesOf } from '../uses-of.ts';

const db = `import knex from 'knex'; export const db = knex({ client: 'pg', connection: process.env.ORDERS_URL });`;
const connect = 'connect knex';

test('a query is a read of its table, and what writes turns it into a write', () => {
  expect(
    usesOf({
      'db.ts': db,
      'a.ts': `import { db } from './db'; export const open = () => db('orders').where({ open: true }).first();`,
      'b.ts': `import { db } from './db'; export const close = id => db('orders as o').where('o.id', id).update({ open: false }).returning('*');`,
      'c.ts': `import { db } from './db'; export const add = row => db.insert(row).into('order_lines');`,
      'd.ts': `import { db } from './db'; export const drop = id => db.from('carts').where({ id }).del();`,
      'e.ts': `import { db } from './db'; export const rows = () => db.select('*').from('invoices').orderBy('id');`,
      'f.ts': `import { db } from './db'; export const many = rows => db.batchInsert('events', rows);`,
    }),
  ).toEqual([
    connect,
    'read knex invoices',
    'read knex orders',
    'write knex carts',
    'write knex events',
    'write knex order_lines',
    'write knex orders',
  ]);
});

test('joins, subqueries and schemas are told from the main table, and common tables are none', () => {
  expect(
    usesOf({
      'db.ts': db,
      'a.ts': `import { db } from './db'; export const q = () => db('orders as o').withSchema('shop').join('customers as c', 'c.id', 'o.customer_id').leftJoin({ l: 'crm.leads' }, function () { this.on('l.id', 'c.id'); });`,
      'b.ts': `import { db } from './db'; export const q = () => db('stock').whereIn('id', function () { this.select('stock_id').from('reservations'); }).whereExists(b => b.from('shelves'));`,
      'c.ts': `import { db } from './db'; export const q = () => db.with('recent', q => q.select().from('payments')).select('*').from('recent');`,
    }),
  ).toEqual([
    connect,
    'read knex customers in shop via join',
    'read knex leads in crm via join',
    'read knex orders in shop',
    'read knex payments',
    'read knex reservations',
    'read knex shelves',
    'read knex stock',
  ]);
});

test('the tables of one statement share a number, and those of two do not', () => {
  const uses = usesIn({
    'db.ts': db,
    'a.ts': `import { db } from './db'; export const q = () => db('orders').join('customers', 'a', 'b'); export const p = () => db('payments');`,
  });
  const queryOf = (table: string) => uses.find(u => literal(u.table) === table)?.query;
  expect(queryOf('orders')).toBe(queryOf('customers'));
  expect(queryOf('orders')).not.toBe(queryOf('payments'));
});

test('raw statements are read, with identifiers put in from their bindings; pieces of SQL name no table', () => {
  expect(
    usesOf({
      'db.ts': db,
      'a.ts': `import { db } from './db'; export const q = id => db.raw('select * from ?? join items on true where id = ?', ['orders', id]);`,
      'b.ts': `import { db } from './db'; export const q = () => db('carts').select(db.raw('count(*) as n')).joinRaw('left join coupons c on c.cart = carts.id');`,
    }),
  ).toEqual([connect, 'read knex carts', 'read knex coupons via join', 'read knex items via join', 'read knex orders']);
});

test('a transaction is the same database, as a callback, as a value and from a provider', () => {
  expect(
    usesOf({
      'db.ts': db,
      'a.ts': `import { db } from './db'; export const f = () => db.transaction(async trx => { await trx('orders').insert({}); await db('stock').transacting(trx).decrement('n', 1); });`,
      'b.ts': `import { db } from './db'; export async function f() { const trx = await db.transaction(); try { await trx('payments').insert({}); await trx.commit(); } catch { await trx.rollback(); } }`,
      'c.ts': `import { db } from './db'; export async function f() { const provider = db.transactionProvider(); const trx = await provider(); return trx('refunds').select(); }`,
    }),
  ).toEqual([connect, 'read knex refunds', 'write knex orders', 'write knex payments', 'write knex stock']);
});

test('a function that begins a query for others stays a read where others write', () => {
  expect(
    usesOf({
      'db.ts': db,
      'a.ts': `import { db } from './db'; const orders = () => db('orders'); export const add = row => orders().insert(row); export const all = () => orders().select();`,
    }),
  ).toEqual([connect, 'read knex orders', 'write knex orders']);
});

test('a base class that is given its table by its children queries their tables', () => {
  expect(
    usesOf({
      'db.js': `const knex = require('knex'); module.exports = knex(require('./knexfile')[process.env.NODE_ENV || 'development']);`,
      'knexfile.js': `module.exports = { test: { client: 'pg', connection: process.env.TEST_URL }, development: { client: 'pg', connection: { host: process.env.DB_HOST, database: 'shop' } } };`,
      'base.js': `class Base { constructor(table) { this.table = table; } find(id) { return db(this.table).where({ id }); } remove(id) { return db(this.table).where({ id }).del(); } } const db = require('./db'); module.exports = Base;`,
      'orders.js': `const Base = require('./base'); class Orders extends Base { constructor() { super('orders'); } } module.exports = new Orders();`,
      'app.js': `const orders = require('./orders'); exports.get = id => orders.find(id); exports.drop = id => orders.remove(id);`,
    }),
  ).toEqual(expect.arrayContaining([connect, 'read knex orders', 'write knex orders']));
});

test('of the environments of a knexfile, the one that variables tell is opened, and not that of the tests', () => {
  const [use] = usesIn({
    'db.js': `const config = require('./knexfile')[process.env.NODE_ENV]; require('knex')(config);`,
    'knexfile.js': `const shared = { client: 'mysql2' }; module.exports = { test: { ...shared, connection: process.env.TEST_URL }, local: { ...shared, connection: 'mysql://localhost/x' }, production: { ...shared, connection: process.env.URL } };`,
  });
  expect(use?.store).toMatchObject({ kind: 'open', engine: 'mysql', url: { parts: [{ ref: 'env', key: 'URL' }] } });
});

test('migrations change tables, and columns that refer to another table are foreign keys', () => {
  expect(
    usesOf({
      'migrations/1_orders.js': `exports.up = knex => knex.schema.createTable('orders', t => { t.increments(); t.integer('user_id').unsigned().references('id').inTable('users').onDelete('CASCADE'); t.foreign('shop_id').references('shops.id'); });\nexports.down = knex => knex.schema.dropTable('orders');`,
      'migrations/2_lines.ts': `import type { Knex } from 'knex'; export async function up(knex: Knex): Promise<void> { await knex.schema.withSchema('shop').alterTable('lines', table => { table.string('sku'); }); await knex.schema.renameTable('old', 'fresh'); await knex('lines').update({ sku: '' }); await knex.raw('alter table stock add n int'); }`,
    }),
  ).toEqual([
    'schema knex fresh',
    'schema knex lines in shop',
    'schema knex old',
    'schema knex orders',
    'schema knex orders',
    'schema knex shops via foreign-key',
    'schema knex stock',
    'schema knex users via foreign-key',
    'write knex lines',
  ]);
});

test('migrations that a program runs itself are seen', () => {
  expect(
    usesOf({
      'db.ts': db,
      'a.ts': `import { db } from './db'; export const start = () => db.migrate.latest(); export const stop = () => db.destroy();`,
    }),
  ).toEqual([connect, 'run-migrations knex']);
});

test('a parameter of the type Knex, a field that a container fills and a default argument are databases', () => {
  expect(
    usesOf({
      'a.ts': `import type { Knex } from 'knex'; export const f = (db: Knex, trx?: Knex.Transaction) => (trx ?? db)('orders').select();`,
      'b.ts': `import type knex from 'knex'; export const f = (db: knex.Knex) => db.from<{ id: string }>('stock').count();`,
      'c.ts': `import { InjectKnex } from 'nestjs-knex'; import { Knex } from 'knex'; export class Carts { constructor(@InjectKnex() private readonly knex: Knex) {} all() { return this.knex.table('carts'); } }`,
    }),
  ).toEqual(['read knex carts', 'read knex orders', 'read knex stock']);
});

test('what is called knex is Knex where nothing else is known of it, and that is said', () => {
  expect(
    usesOf({
      'a.js': `module.exports = ({ knex }) => ({ all: () => knex('orders').select(), add: row => knex.insert(row).into('lines') });`,
    }),
  ).toEqual(['read knex orders guessed', 'write knex lines guessed']);
});

test('calls that look alike on other things are nothing', () => {
  expect(
    usesOf({
      'a.js': `module.exports = ({ db, list }) => { db('orders').select(); list.from('a').insert(1); Array.from('orders'); };`,
      'b.ts': `import { db } from 'elsewhere'; export const f = () => db('orders').where();`,
    }),
  ).toEqual([]);
});

test('rows are not a query any more', () => {
  expect(
    usesOf({
      'db.ts': db,
      'a.ts': `import { db } from './db'; import { log } from './log'; export const f = () => db('orders').then(rows => rows.map(r => log(r)));`,
      'log.ts': `import { db } from './db'; export function log(r) { return db('logs').insert({ r: r.id }); }`,
    }),
  ).toEqual([connect, 'read knex orders', 'write knex logs']);
});

test('stores that are kept in a map are each of its values, by what is put in or by its type', () => {
  const files = {
    'db.ts': db,
    'store.ts': `import { db } from './db'; export interface Store { all(table: string): unknown } export class OrderStore implements Store { all(table: string) { return db(table).select(); } }`,
  };
  expect(
    usesOf({
      ...files,
      'a.ts': `import { OrderStore } from './store'; const stores = new Map(Object.entries({ orders: new OrderStore() })); export const q = name => stores.get(name).all('orders');`,
    }),
  ).toEqual([connect, 'read knex orders']);
  expect(
    usesOf({
      ...files,
      'a.ts': `import type { Store } from './store'; export class Router { private readonly stores = new Map<string, Store>(); all(name) { return this.of(name).all('orders'); } private of(name: string): Store { return this.stores.get(name)!; } }`,
    }),
  ).toEqual([connect, 'read knex orders']);
});

test('pieces of SQL that are put into a query may name its common tables, and need name no table', () => {
  expect(
    usesOf({
      'db.ts': db,
      'a.ts': `import { db } from './db'; export const q = year => db.with('recent', b => b.select(db.raw('(select max(id) from orders) as top')).from('payments')).with('up', db.raw('update stock set n = 0 from recent where true')).with('more', db.raw('insert into logs select * from up')).select(db.raw(\`\${year} as year\`)).from('up').whereRaw('id > (select top from recent)').whereRaw('exists (select 1 from shops)').join('more', 'a', 'b'); export const r = sql => db.raw(sql);`,
    }),
  ).toEqual([
    connect,
    'read knex ?',
    'read knex orders',
    'read knex payments',
    'read knex shops',
    'write knex logs',
    'write knex stock',
  ]);
});

test('a query that is put into another may name its common tables', () => {
  expect(
    usesOf({
      'db.ts': db,
      'a.ts': `import { db } from './db'; export const q = () => db.with('recent', b => b.from('orders')).with('old', b => b.from('carts')).from('logs').whereNotIn('id', db.select('id').from('recent').union(db.select('id').from('old').join('shops', 'a', 'b'))).delete();`,
    }),
  ).toEqual([connect, 'read knex carts', 'read knex orders', 'read knex shops via join', 'write knex logs']);
});

test('what is awaited are rows, whose own methods are none of a query', () => {
  expect(
    usesOf({
      'db.ts': db,
      'a.ts': `import { db } from './db'; export async function f() { const row = await db('orders').first(); row.update({}); const [rows, carts] = await Promise.all([db('lines').select(), db('carts')]); carts.delete(); return rows.join(', '); }`,
    }),
  ).toEqual([connect, 'read knex carts', 'read knex lines', 'read knex orders']);
});

test('queries and pieces of SQL may be made strings and put together by hand', () => {
  expect(
    usesOf({
      'db.ts': db,
      'a.ts': `import { db } from './db'; export async function f(order) { const insert = db('orders').insert({}).toQuery(); await db.raw(\`\${insert} on conflict do nothing\`); const rank = db.raw(\`\${order} desc\`).toString(); await db('lines').orderByRaw(rank); }`,
    }),
  ).toEqual([connect, 'read knex lines', 'write knex orders']);
});
