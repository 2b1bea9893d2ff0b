import { expect, test } from 'vitest';
import { usesOf } from '../uses-of.ts';

const both = ['connect pg', 'read pg orders'];

test('a pool behind a static method, by this or by the name of the class', () => {
  expect(
    usesOf({
      'db.ts': `import { Pool } from 'pg'; export class Database { private static instance: Database; private readonly pool = new Pool(); static getInstance() { if (!Database.instance) Database.instance = new Database(); return Database.instance; } query(text: string, p?: unknown[]) { return this.pool.query(text, p); } }`,
      'a.ts': `import { Database } from './db'; export const f = () => Database.getInstance().query('SELECT * FROM orders');`,
    }),
  ).toEqual(both);
  expect(
    usesOf({
      'db.ts': `import { Pool } from 'pg'; export class Db { private static pool: Pool; static init() { this.pool = new Pool({ connectionString: process.env.X }); } static query(text: string) { return this.pool.query(text); } }`,
      'a.ts': `import { Db } from './db'; Db.init(); export const f = () => Db.query('SELECT * FROM orders');`,
    }),
  ).toEqual(both);
});

test('a pool that is made when it is first asked for', () => {
  expect(
    usesOf({
      'db.js': `const { Pool } = require('pg'); let pool; function getPool() { if (!pool) { pool = new Pool({ host: 'x' }); } return pool; } module.exports = { getPool };`,
      'a.js': `const { getPool } = require('./db'); exports.f = async () => (await getPool().query('SELECT * FROM orders')).rows;`,
    }),
  ).toEqual(both);
  expect(
    usesOf({
      'db.js': `const mysql = require('mysql2/promise'); let connection; async function connect() { connection = await mysql.createConnection({ host: 'x' }); } module.exports = { connect, getConnection: () => connection };`,
      'a.js': `const db = require('./db'); db.connect(); exports.f = async () => { const [rows] = await db.getConnection().execute('SELECT * FROM orders'); return rows; };`,
    }),
  ).toEqual(['connect mysql', 'read mysql orders']);
});

test('a client that is lent to a callback', () => {
  expect(
    usesOf({
      'db.ts': `import { Pool, PoolClient } from 'pg'; const pool = new Pool(); export async function withClient<T>(work: (c: PoolClient) => Promise<T>): Promise<T> { const client = await pool.connect(); try { await client.query('BEGIN'); return await work(client); } finally { client.release(); } }`,
      'a.js': `import { withClient } from './db'; export const f = () => withClient(async c => { const r = await c.query('SELECT * FROM orders'); return r.rows; });`,
    }),
  ).toEqual(both);
});

test('a repository that is given the name of its table', () => {
  expect(
    usesOf({
      'base.js': `const { pool } = require('./db'); class Base { constructor(table) { this.table = table; } findAll() { return pool.query(\`SELECT * FROM \${this.table}\`); } remove(id) { return pool.query('DELETE FROM ' + this.table + ' WHERE id = $1', [id]); } } module.exports = Base;`,
      'db.js': `const { Pool } = require('pg'); exports.pool = new Pool();`,
      'orders.js': `const Base = require('./base'); class Orders extends Base { constructor() { super('orders'); } } module.exports = new Orders();`,
      'a.js': `const orders = require('./orders'); exports.f = () => orders.findAll(); exports.g = id => orders.remove(id);`,
    }),
  ).toEqual(['connect pg', 'read pg orders', 'write pg orders']);
});

test('a pool from a container, by a token', () => {
  expect(
    usesOf({
      'm.ts': `import { Module } from '@nestjs/common'; import { Pool } from 'pg'; export const PG = 'PG_POOL'; @Module({ providers: [{ provide: PG, useFactory: () => new Pool({ connectionString: process.env.PG_URL }) }], exports: [PG] }) export class DbModule {}`,
      'a.ts': `import { Inject, Injectable } from '@nestjs/common'; import { PG } from './m'; @Injectable() export class Orders { constructor(@Inject(PG) private readonly db) {} f() { return this.db.query('SELECT * FROM orders'); } }`,
    }),
  ).toEqual(both);
});

test('a database that is opened once and awaited everywhere', () => {
  expect(
    usesOf({
      'db.js': `import sqlite3 from 'sqlite3'; import { open } from 'sqlite'; export const dbPromise = open({ filename: 'a.db', driver: sqlite3.Database });`,
      'a.js': `import { dbPromise } from './db.js'; export async function f() { const db = await dbPromise; return db.all('SELECT * FROM orders'); }`,
    }),
  ).toEqual(['connect sqlite', 'read sqlite orders']);
});

test('a database that is kept on the application', () => {
  expect(
    usesOf({
      'a.js': `const { MongoClient } = require('mongodb'); const app = require('express')(); MongoClient.connect(process.env.URL).then(client => { app.locals.db = client.db('shop'); app.listen(1); });
      app.get('/', async (req, res) => res.json(await req.app.locals.db.collection('orders').find().toArray()));`,
    }),
  ).toEqual(['connect mongodb', 'connect mongodb', 'read mongodb orders guessed']);
});

test('collections by name from a function, and in a map', () => {
  expect(
    usesOf({
      'db.ts': `import { Collection, Db, MongoClient } from 'mongodb'; let db: Db; export async function connect(url: string) { const client = await MongoClient.connect(url); db = client.db(); } export const collection = (name: string): Collection => db.collection(name); export const names = { orders: 'orders', users: 'users' };`,
      'a.ts': `import { collection, connect, names } from './db'; connect('mongodb://db/shop'); export const f = () => collection(names.orders).find({}); export const g = () => collection('users').updateOne({}, {});`,
    }),
  ).toEqual(['connect mongodb', 'read mongodb orders', 'write mongodb users']);
});

test('statements that are kept apart from where they run', () => {
  expect(
    usesOf({
      'queries.js': `module.exports = { all: 'SELECT * FROM orders', add: \`INSERT INTO orders (id) VALUES ($1)\` };`,
      'a.js': `const { Pool } = require('pg'); const queries = require('./queries'); const pool = new Pool(); exports.f = () => pool.query(queries.all); exports.g = id => pool.query(queries.add, [id]); exports.h = what => { let sql = 'SELECT * FROM invoices'; if (what) { sql += ' WHERE id = $1'; } return pool.query(sql); };`,
    }),
  ).toEqual(['connect pg', 'read pg invoices', 'read pg orders', 'write pg orders']);
});
