import { expect, test } from 'vitest';
import { literal } from '../../src/model/value.ts';
import { usesIn, usesOf } from '../uses-of.ts';

test('pg-promise: results, tasks, transactions and statements made of columns', () => {
  expect(
    usesOf({
      'db.js': `const pgp = require('pg-promise')({ capSQL: true }); const db = pgp({ host: 'db', database: 'billing' }); module.exports = { pgp, db };`,
      'a.js': `const { pgp, db } = require('./db');
      const columns = new pgp.helpers.ColumnSet(['id', 'total'], { table: 'invoices' });
      exports.all = () => db.any('SELECT * FROM payments');
      exports.add = rows => db.none(pgp.helpers.insert(rows, columns));
      exports.move = () => db.tx('move', async t => { await t.one('SELECT * FROM ledger WHERE id = $1', 1); await t.task(u => u.none('DELETE FROM drafts')); });`,
    }),
  ).toEqual([
    'connect pg-promise',
    'read pg-promise ledger',
    'read pg-promise payments',
    'write pg-promise drafts',
    'write pg-promise invoices',
  ]);
});

test('Slonik runs what its tags made, with names quoted by it', () => {
  expect(
    usesOf({
      'a.ts': `import { createPool, sql } from 'slonik'; import { z } from 'zod';
      export async function main() {
        const pool = await createPool(process.env.DATABASE_URL);
        const where = sql.fragment\`WHERE paid\`;
        await pool.any(sql.type(z.object({}))\`SELECT * FROM orders \${where}\`);
        await pool.transaction(async tx => { await tx.query(sql.unsafe\`INSERT INTO \${sql.identifier(['sales', 'order_lines'])} (id) VALUES (1)\`); });
      }`,
    }),
  ).toEqual(['connect slonik', 'read slonik orders', 'write slonik order_lines in sales']);
});

test('postgres.js: the tag runs, names are quoted by a call, pieces count once', () => {
  expect(
    usesOf({
      'db.ts': `import postgres from 'postgres'; export const sql = postgres('postgres://stock@db/stock');`,
      'a.ts': `import { sql } from './db';
      export const items = (ids: string[]) => sql\`SELECT * FROM items WHERE id IN \${sql(ids)}\`;
      export const add = (item: object) => sql\`INSERT INTO \${sql('reservations')} \${sql(item)}\`;
      const paid = sql\`AND paid\`;
      export const move = () => sql.begin(async tx => { await tx\`UPDATE shelves SET n = 1 \${paid}\`; await tx.unsafe('DELETE FROM moves'); });`,
    }),
  ).toEqual([
    'connect postgres',
    'read postgres items',
    'write postgres moves',
    'write postgres reservations',
    'write postgres shelves',
  ]);
});

test('mysql2 with promises from a subpath, and its pool in a class', () => {
  expect(
    usesOf({
      'db.ts': `import mysql, { Pool } from 'mysql2/promise';
      export class Database { private pool: Pool; constructor() { this.pool = mysql.createPool({ host: process.env.DB_HOST, database: 'orders' }); } get connection() { return this.pool; } }`,
      'a.ts': `import { Database } from './db'; const db = new Database();
      export async function all() { const [rows] = await db.connection.query('SELECT * FROM orders LEFT JOIN customers USING (id)'); const c = await db.connection.getConnection(); await c.execute('UPDATE orders SET n = ?', [1]); }`,
    }),
  ).toEqual(['connect mysql', 'read mysql customers via join', 'read mysql orders', 'write mysql orders']);
});

test("mysql with callbacks, promisified and inside a promise of one's own", () => {
  expect(
    usesOf({
      'db.js': `const mysql = require('mysql'); const util = require('util');
      const connection = mysql.createConnection({ host: 'db', user: 'root', database: 'shop' }); connection.connect(err => {});
      const query = util.promisify(connection.query).bind(connection);
      module.exports = { connection, query, run: (sql, args) => new Promise((resolve, reject) => connection.query(sql, args, (e, r) => (e ? reject(e) : resolve(r)))) };`,
      'a.js': `const db = require('./db'); exports.a = () => db.query('SELECT * FROM users'); exports.b = () => db.run('DELETE FROM sessions WHERE id = ?', [1]);
      exports.c = () => db.connection.query({ sql: 'SELECT * FROM \`logins\`' }, () => {});`,
    }),
  ).toEqual(['connect mysql', 'read mysql logins', 'read mysql users', 'write mysql sessions']);
});

test('MariaDB is of the engine of MySQL', () => {
  const uses = usesIn({
    'a.js': `import mariadb from 'mariadb'; const pool = mariadb.createPool({ host: 'db', database: 'stock' }); export async function f() { const c = await pool.getConnection(); await c.batch('INSERT INTO items VALUES (?)', [[1]]); }`,
  });
  expect(uses.map(u => [u.op, u.store.engine, literal(u.table)])).toContainEqual(['write', 'mysql', 'items']);
});

test('mssql: requests of pools, of transactions and of none; tags; bulk loads', () => {
  expect(
    usesOf({
      'a.js': `const sql = require('mssql');
      exports.f = async function (config, id) {
        const pool = await sql.connect({ server: 'db', database: 'sales', user: 'sa', options: { encrypt: true } });
        await pool.request().input('id', sql.Int, id).query('SELECT * FROM [dbo].[Orders] WHERE Id = @id');
        await sql.query\`SELECT * FROM Customers WHERE id = \${id}\`;
        const tx = new sql.Transaction(pool); await tx.begin(); await new sql.Request(tx).query('DELETE FROM Lines');
        const table = new sql.Table('Imports'); table.columns.add('id', sql.Int); await pool.request().bulk(table);
      };`,
    }),
  ).toEqual([
    'connect mssql',
    'read mssql Customers',
    'read mssql Orders in dbo',
    'write mssql Imports',
    'write mssql Lines',
  ]);
});

test('tedious runs requests, and keeps its database and login one level down', () => {
  const uses = usesIn({
    'a.ts': `import { Connection, Request } from 'tedious';
      const connection = new Connection({ server: 'db', authentication: { type: 'default', options: { userName: 'app', password: 'x' } }, options: { database: 'billing' } });
      export function list() { const request = new Request('SELECT * FROM Invoices', err => {}); connection.execSql(request); }`,
  });
  const store = uses.find(u => u.op === 'connect')?.store;
  expect(uses.map(u => `${u.op} ${literal(u.table) ?? ''}`)).toEqual(expect.arrayContaining(['read Invoices']));
  expect(store?.kind === 'open' ? [store.host, store.database, store.user].map(v => literal(v)) : []).toEqual([
    'db',
    'billing',
    'app',
  ]);
});

test("better-sqlite3 and Node's own: prepared statements and transactions", () => {
  expect(
    usesOf({
      'a.js': `const Database = require('better-sqlite3'); const db = new Database('stock.db');
      const insert = db.prepare('INSERT INTO items (id) VALUES (?)'); const all = db.transaction(rows => { for (const r of rows) insert.run(r); });
      exports.get = () => db.prepare('SELECT * FROM items').all(); db.exec('CREATE TABLE IF NOT EXISTS items (id TEXT)'); exports.all = all;`,
      'b.ts': `import { DatabaseSync } from 'node:sqlite'; const db = new DatabaseSync('audit.db'); export const f = () => db.prepare('DELETE FROM audits').run();`,
    }),
  ).toEqual([
    'connect sqlite',
    'connect sqlite',
    'read sqlite items',
    'schema sqlite items',
    'write sqlite audits',
    'write sqlite items',
  ]);
});

test('sqlite3 with callbacks and the promises around it; libSQL', () => {
  expect(
    usesOf({
      'a.js': `const sqlite3 = require('sqlite3').verbose(); const db = new sqlite3.Database('./orders.db', err => {});
      db.serialize(() => { db.run('CREATE TABLE orders (id INT)'); db.each('SELECT * FROM orders', (err, row) => {}); });`,
      'b.js': `import sqlite3 from 'sqlite3'; import { open } from 'sqlite'; export async function f() { const db = await open({ filename: 'a.db', driver: sqlite3.Database }); await db.get('SELECT * FROM carts'); }`,
      'c.js': `import { createClient } from '@libsql/client'; const db = createClient({ url: process.env.TURSO_URL, authToken: 'x' }); export const f = () => db.batch([{ sql: 'INSERT INTO points VALUES (?)', args: [1] }, 'DELETE FROM codes']);`,
    }),
  ).toEqual([
    'connect sqlite',
    'connect sqlite',
    'connect sqlite',
    'read sqlite carts',
    'read sqlite orders',
    'schema sqlite orders',
    'write sqlite codes',
    'write sqlite points',
  ]);
});

test('Cassandra: CQL and models', () => {
  expect(
    usesOf({
      'a.js': `const cassandra = require('cassandra-driver'); const client = new cassandra.Client({ contactPoints: ['c1'], localDataCenter: 'dc1', keyspace: 'stock' });
      const mapper = new cassandra.mapping.Mapper(client, { models: { Item: { tables: ['items'] } } });
      exports.f = async () => { await client.execute('SELECT * FROM movements WHERE id = ?', [1], { prepare: true }); await client.batch([{ query: 'UPDATE levels SET n = 1 WHERE id = 2', params: [] }]); };
      exports.g = () => mapper.forModel('Item').insert({}); exports.h = () => mapper.forModel('StockLevel').get({});`,
    }),
  ).toEqual([
    'connect cassandra',
    'read cassandra movements',
    'read cassandra stock_level',
    'write cassandra items',
    'write cassandra levels',
  ]);
});

test('ClickHouse: queries, inserts and commands', () => {
  expect(
    usesOf({
      'a.ts': `import { createClient, type ClickHouseClient } from '@clickhouse/client';
      const client = createClient({ url: process.env.CLICKHOUSE_URL, database: 'metrics' });
      export async function f() { const rs = await client.query({ query: 'SELECT count() FROM events WHERE day = today()', format: 'JSONEachRow' }); await client.insert({ table: 'events', values: [], format: 'JSONEachRow' }); await client.command({ query: 'TRUNCATE TABLE daily' }); return rs; }
      export class Reader { constructor(private readonly ch: ClickHouseClient) {} all() { return this.ch.query({ query: 'SELECT * FROM traces FINAL' }); } }`,
    }),
  ).toEqual([
    'connect clickhouse',
    'read clickhouse events',
    'read clickhouse traces',
    'write clickhouse daily',
    'write clickhouse events',
  ]);
});

test('a file beside the program is known by its name', () => {
  const [use] = usesIn({
    'a.js': `const Database = require('better-sqlite3'); const path = require('path'); module.exports = new Database(process.env.DB_PATH || path.join(__dirname, '..', 'data', 'orders.db'));`,
  });
  const database = use?.store.kind === 'open' ? use.store.database : undefined;
  expect(database?.t === 'text' ? database.parts.map(p => (typeof p === 'object' ? literal(p?.def) : p)) : []).toEqual([
    'orders.db',
  ]);
});

test('Oracle: connections of a pool, and of the one that was made before', () => {
  expect(
    usesOf({
      'a.js': `const oracledb = require('oracledb'); async function start() { await oracledb.createPool({ user: 'app', password: 'x', connectString: 'ora:1521/ORDERS' }); }
        exports.f = async () => { const c = await oracledb.getConnection(); const r = await c.execute('SELECT * FROM employees WHERE id = :id', [1]); await c.executeMany('INSERT INTO audits VALUES (:1)', []); return r; }; start();`,
    }),
  ).toEqual(['connect oracledb', 'read oracledb employees', 'write oracledb audits']);
});
