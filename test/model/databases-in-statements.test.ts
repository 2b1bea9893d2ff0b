import { expect, test } from 'vitest';
import { emptyConfig } from '../../src/config.ts';
import { analyse } from '../../src/model/analyse.ts';
import { treeOf } from '../../src/model/tree.ts';

const compose = `services:
  orders: { build: ./orders, environment: { DB_HOST: db, DB_NAME: orders } }
  db: { image: mysql:8 }
`;

test('a statement that names a database is about that database of the same server', () => {
  const { system } = analyse(
    treeOf({
      'docker-compose.yml': compose,
      'orders/package.json': '{"name":"orders","scripts":{"start":"node a.js"},"dependencies":{"mysql2":"1"}}',
      'orders/Dockerfile': 'FROM node\nCMD node a.js\n',
      'orders/a.js': `const mysql = require('mysql2'); const db = mysql.createPool({ host: process.env.DB_HOST, database: process.env.DB_NAME }); db.query('SELECT * FROM lines JOIN billing.invoices USING (id)');`,
    }),
    emptyConfig,
  );
  expect(system.tables.map(t => t.id)).toEqual(['mysql:db/billing#invoices', 'mysql:db/orders#lines']);
});

test('a client of MongoDB that is handed in by type is asked for a database by name', () => {
  const { system } = analyse(
    treeOf({
      'docker-compose.yml': compose.replace('mysql:8', 'mongo:7'),
      'orders/package.json': '{"name":"orders","scripts":{"start":"node a.js"},"dependencies":{"mongodb":"1"}}',
      'orders/Dockerfile': 'FROM node\nCMD node a.js\n',
      'orders/src/main.ts': `import { MongoClient } from 'mongodb'; import { Repo } from './repo'; const client = new MongoClient('mongodb://db:27017/orders'); start(client, Repo);`,
      'orders/src/repo.ts': `import { MongoClient } from 'mongodb'; export class Repo { constructor(private readonly client: MongoClient) {} all() { return this.client.db('billing').collection('invoices').find(); } }`,
    }),
    emptyConfig,
  );
  expect(system.tables.map(t => t.id)).toEqual(['mongodb:db/billing#invoices']);
});

test('the database itself before a table adds nothing to its name', () => {
  const { system } = analyse(
    treeOf({
      'docker-compose.yml': compose,
      'orders/package.json': '{"name":"orders","scripts":{"start":"node a.js"},"dependencies":{"mysql2":"1"}}',
      'orders/Dockerfile': 'FROM node\nCMD node a.js\n',
      'orders/a.js': `const mysql = require('mysql2'); const db = mysql.createPool({ host: process.env.DB_HOST, database: process.env.DB_NAME }); db.query('SELECT * FROM lines'); exports.f = anything => anything.query('UPDATE orders.lines SET n = 1');`,
    }),
    emptyConfig,
  );
  expect(system.tables.map(t => t.id)).toEqual(['mysql:db/orders#lines']);
});
