import { expect, test } from 'vitest';
import type { Use } from '../../src/model/value.ts';
import { usesIn, usesOf } from '../uses-of.ts';

test("a pool runs its statements, through a wrapper of one's own too", () => {
  expect(
    usesOf({
      'db.ts': `import { Pool } from 'pg';
      const pool = new Pool({ connectionString: process.env.DATABASE_URL });
      export const query = (text: string, params?: unknown[]) => pool.query(text, params);`,
      'orders.ts': `import { query } from './db';
      const columns = 'id, total';
      export const list = () => query(\`SELECT \${columns} FROM orders o JOIN customers c ON c.id = o.customer_id\`);
      export async function place(o) { await query('INSERT INTO orders (id) VALUES ($1)', [o.id]); }`,
    }),
  ).toEqual(['connect pg', 'read pg customers via join', 'read pg orders', 'write pg orders']);
});

test('CommonJS, callbacks, clients of a pool and objects as statements', () => {
  expect(
    usesOf({
      'db.js': `const pg = require('pg'); const pool = new pg.Pool({ host: 'db', database: 'stock' }); module.exports = { pool };`,
      'app.js': `const { pool } = require('./db');
      pool.connect((err, client, done) => { client.query({ text: 'DELETE FROM reservations WHERE id = $1', values: [1] }, err => done()); });
      exports.count = async function () { const client = await pool.connect(); try { return await client.query('SELECT count(*) FROM items'); } finally { client.release(); } };`,
    }),
  ).toEqual(['connect pg', 'read pg items', 'write pg reservations']);
});

test('a client that is handed in by type uses what the process opens', () => {
  const uses = usesIn({
    'repo.ts': `import type { PoolClient } from 'pg';
      export class Repo { constructor(private readonly client: PoolClient) {} touch() { return this.client.query('update orders set seen = true'); } }`,
  });
  expect(uses.map(u => [u.op, u.store.kind, u.store.engine])).toEqual([['write', 'default', 'postgres']]);
});

test('a pool without options takes the variables of the environment', () => {
  const [use] = usesIn({ 'db.ts': `import { Pool } from 'pg'; export const pool = new Pool();` });
  expect(envOf(use)).toEqual(['PGHOST', 'PGPORT', 'PGDATABASE', 'PGUSER']);
});

test('parts that are given stand, and those left out come from the environment', () => {
  const [use] = usesIn({
    'db.ts': `import { Pool } from 'pg'; export const pool = new Pool({ host: 'billing-db', user: 'billing' });`,
  });
  expect(envOf(use)).toEqual(['PGDATABASE']);
});

test('a table whose name holds a variable keeps it', () => {
  expect(
    usesOf({
      'a.ts': `import { Client } from 'pg'; const client = new Client(process.env.PG_URL); const P = process.env.PREFIX;
      export const all = () => client.query(\`SELECT * FROM \${P}orders\`);`,
    }),
  ).toEqual(['connect pg', 'read pg $PREFIXorders']);
});

test('a statement that is not known is said to be unknown', () => {
  expect(
    usesOf({
      'a.ts': `import { Client } from 'pg'; import { build } from 'own-builder'; const client = new Client(); export const all = () => client.query(build());`,
    }),
  ).toEqual(['connect pg', 'read pg ?']);
});

test('statements without a table are nothing', () => {
  expect(
    usesOf({
      'a.ts': `import { Client } from 'pg'; const client = new Client(); export async function ping() { await client.query('BEGIN'); await client.query('SELECT 1'); await client.query('COMMIT'); }`,
    }),
  ).toEqual(['connect pg']);
});

test('each table is found at its own place inside the statement', () => {
  const source = `import { Client } from 'pg';\nconst client = new Client();\nexport const f = id => client.query(\`\n  SELECT *\n  FROM orders\n  WHERE id = \${id}\`);\n`;
  const use = usesIn({ 'a.ts': source }).find(u => u.op === 'read');
  expect(source.slice(use?.origin.at).startsWith('orders')).toBe(true);
});

test('formatted statements and cursors are read as the text they hold', () => {
  expect(
    usesOf({
      'a.js': `const { Pool } = require('pg'); const format = require('pg-format'); const Cursor = require('pg-cursor'); const QueryStream = require('pg-query-stream');
      const pool = new Pool(); const TABLE = 'ledger';
      exports.a = async () => pool.query(format('SELECT * FROM %I WHERE id = %L', TABLE, 1));
      exports.b = async () => { const client = await pool.connect(); client.query(new Cursor('SELECT * FROM payments')); client.query(new QueryStream('SELECT * FROM invoices')); };`,
    }),
  ).toEqual(['connect pg', 'read pg invoices', 'read pg ledger', 'read pg payments']);
});

test('the plugin of Fastify opens a pool, and its queries are guessed by where they stand', () => {
  expect(
    usesOf({
      'app.js': `const fastify = require('fastify')(); fastify.register(require('@fastify/postgres'), { connectionString: process.env.DB });
      fastify.get('/orders', async () => { const { rows } = await fastify.pg.query('SELECT id FROM orders'); return rows; });`,
    }),
  ).toEqual(['connect pg', 'read pg orders guessed']);
});

test('the tags of Vercel and Neon run what they hold', () => {
  expect(
    usesOf({
      'a.ts': `import { sql } from '@vercel/postgres'; export const list = async (id: string) => sql\`SELECT * FROM invoices WHERE id = \${id}\`;`,
    }),
  ).toEqual(['connect pg', 'read pg invoices']);
  expect(
    usesOf({
      'a.ts': `import { neon } from '@neondatabase/serverless'; const sql = neon(process.env.DATABASE_URL!); export const f = async (id: string) => { await sql\`DELETE FROM carts WHERE id = \${id}\`; };`,
    }),
  ).toEqual(['connect pg', 'write pg carts']);
});

function envOf(use: Use | undefined): string[] {
  const { store } = use ?? {};
  if (store?.kind !== 'open') return [];
  return [store.host, store.port, store.database, store.user].flatMap(v =>
    v?.t === 'text' ? v.parts.flatMap(p => (typeof p === 'object' && p !== null ? [p.key] : [])) : [],
  );
}
