import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { analyse } from '../../src/model/analyse.ts';
import { treeOf } from '../../src/model/tree.ts';

const password = 'hunter2';

const shop = {
  'package.json': '{"name":"shop","workspaces":["billing","orders","libs/*"]}',
  'compose.yaml': `services:
  orders:
    build: ./orders
    environment:
      DATABASE_URL: postgres://orders:${password}@orders-db/orders
  billing:
    build: ./billing
    environment:
      - DB_HOST=orders-db
      - DB_NAME=orders
      - DB_PASSWORD=${password}
  orders-db:
    image: postgres
    environment:
      POSTGRES_PASSWORD: ${password}
`,
  'orders/Dockerfile': 'FROM node\nCMD ["node", "src/main.js"]\n',
  'orders/package.json': '{"name":"orders","dependencies":{"sequelize":"6","pg":"8"}}',
  'orders/src/main.js': `import { Sequelize, DataTypes } from 'sequelize';
const db = new Sequelize(process.env.DATABASE_URL);
const Order = db.define('Order', { paid: DataTypes.BOOLEAN }, { underscored: true });
export const place = () => Order.create({});
`,
  'billing/Dockerfile': 'FROM node\nCMD ["node", "src/main.js"]\n',
  'billing/package.json': '{"name":"billing","dependencies":{"@shop/store":"*"}}',
  'billing/src/main.js': `import { paid } from '@shop/store';
export const bill = () => {
  return paid();
};
`,
  'libs/store/package.json': '{"name":"@shop/store","main":"index.js","dependencies":{"pg":"8"}}',
  'libs/store/index.js': `import { Pool } from 'pg';
const { DB_PASSWORD: password } = process.env;
const table = '"Orders"';
const pool = new Pool({ host: process.env.DB_HOST, database: process.env.DB_NAME || 'nothing', user: 'b', password });
const query = name => pool.query(\`select * from \${name} where paid\`);
export function paid() {
  return query(table);
}
`,
};

function claims(id: string, files: Readonly<Record<string, string>> = {}, yaml = ''): string[] {
  const tree = treeOf({ ...shop, ...files, 'lintel.yaml': yaml });
  const all = analyse(tree, readConfig(yaml, 'lintel.yaml')).provenance();
  expect(JSON.stringify(all)).not.toContain(password);
  expect(Object.keys(all)).toContain(id);
  return (all[id] ?? []).flatMap(({ said, steps }) => [
    said,
    ...steps.map(({ step, evidence }) => `  ${evidence ? `${evidence.file}:${evidence.line} ` : ''}${step}`),
  ]);
}

test('a datastore: from the code that connects, by its variables, to the server', () => {
  expect(claims('postgres:orders-db/orders')).toEqual([
    'billing connects to it by pg',
    '  libs/store/index.js:4 the connection is opened',
    '  libs/store/index.js:4 the host is read from DB_HOST',
    '  compose.yaml:9 DB_HOST: orders-db (compose:compose.yaml)',
    '  libs/store/index.js:4 the database is read from DB_NAME',
    '  compose.yaml:10 DB_NAME: orders (compose:compose.yaml)',
    '  compose.yaml:12 the host orders-db is a postgres server',
    'orders connects to it by sequelize',
    '  orders/src/main.js:2 the connection is opened',
    '  orders/src/main.js:2 the url is read from DATABASE_URL',
    '  compose.yaml:5 DATABASE_URL: postgres://orders:***@orders-db/orders (compose:compose.yaml)',
    '  compose.yaml:12 the host orders-db is a postgres server',
  ]);
});

test('a table: how its name was made, who uses it, and through which calls', () => {
  expect(claims('postgres:orders-db/orders#Orders')).toEqual([
    'its name is',
    '  libs/store/index.js:5 comes out as Orders',
    '  libs/store/index.js:3 Orders is a constant',
    '  orders/src/main.js:3 made by sequelize of Order, in the plural',
    'billing reads it (certain)',
    '  billing/src/main.js:3 calls',
    '  libs/store/index.js:7 which calls',
    '  libs/store/index.js:5 which does it by pg in libs/store',
    'orders declares it (certain)',
    '  orders/src/main.js:3 by sequelize',
    'orders writes it (certain)',
    '  orders/src/main.js:4 by sequelize',
  ]);
});

test('a service: what deploys it, what it starts with, where its variables come from', () => {
  expect(claims('billing')).toEqual([
    'it is deployed or started',
    '  compose.yaml:6 by Compose',
    'it starts with',
    '  billing/src/main.js',
    'it answers to',
    '  billing in compose:.',
    'its variables come',
    '  compose.yaml:9 from compose:compose.yaml: 3 variables',
  ]);
});

describe('each way to name a datastore shows', () => {
  const opened = (options: string) => ({
    'billing/package.json': '{"name":"billing","dependencies":{"pg":"8"}}',
    'billing/src/main.js': `import { Pool } from 'pg';
const pool = new Pool(${options});
export const read = () => pool.query('select * from invoices');
`,
  });

  test('a text in the code, a host of lintel.yaml and the database of the server', () => {
    const files = opened(`{ connectionString: 'postgres://b:${password}@pg.internal' }`);
    const compose = shop['compose.yaml'].replace('POSTGRES_PASSWORD', 'POSTGRES_DB: bills\n      POSTGRES_PASSWORD');
    const yaml = 'hosts:\n  pg.internal: orders-db\n';
    expect(claims('postgres:orders-db/bills', { ...files, 'compose.yaml': compose }, yaml)).toEqual([
      'billing connects to it by pg',
      '  billing/src/main.js:2 the connection is opened',
      '  billing/src/main.js:2 the url is written: postgres://b:***@pg.internal',
      '  lintel.yaml:2 the host pg.internal is orders-db',
      '  compose.yaml:12 the host orders-db is a postgres server',
      '  compose.yaml:15 no database is named, so it is bills, POSTGRES_DB',
    ]);
  });

  test('a default in the code', () => {
    const files = opened(`{ connectionString: process.env.BILLS ?? 'postgres://b:${password}@bills-db/bills' }`);
    expect(claims('postgres:bills-db/bills', files)).toEqual([
      'billing connects to it by pg',
      '  billing/src/main.js:2 the connection is opened',
      '  billing/src/main.js:2 the url is read from BILLS',
      '  billing/src/main.js:2 BILLS has a default',
      '  billing/src/main.js:2 the url is written: postgres://b:***@bills-db/bills',
    ]);
  });

  test('an annotation', () => {
    const files = opened('{ connectionString: unknown() } // lintel: datastore postgres:bills-db/bills\n');
    expect(claims('postgres:bills-db/bills', files)).toEqual([
      'billing connects to it by pg',
      '  billing/src/main.js:2 the connection is opened',
      '  billing/src/main.js:2 an annotation names the datastore',
    ]);
  });
});

test('of many uses the first are shown', () => {
  const uses = Array.from(
    { length: 9 },
    (_, i) => `export const read${i} = () => pool.query('select * from invoices');`,
  );
  const files = {
    'billing/package.json': '{"name":"billing","dependencies":{"pg":"8"}}',
    'billing/src/main.js': `import { Pool } from 'pg';\nconst pool = new Pool({ host: 'a', database: 'b' });\n${uses.join('\n')}\n`,
  };
  const shown = claims('postgres:a/b#invoices', files);
  expect(shown.filter(line => line.endsWith(' by pg'))).toHaveLength(5);
});
