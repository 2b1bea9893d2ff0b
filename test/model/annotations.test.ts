import { describe, expect, test } from 'vitest';
import { patterns } from '../../rules/index.ts';
import { checkTree } from '../../src/check/check-tree.ts';
import { emptyConfig } from '../../src/config.ts';
import { analyse } from '../../src/model/analyse.ts';
import type { System } from '../../src/model/system.ts';
import { treeOf } from '../../src/model/tree.ts';

const shop = {
  'package.json': '{"name":"shop"}',
  'compose.yaml': `services:
  orders:
    build: ./orders
    environment: { DATABASE_URL: 'postgres://orders:secret@orders-db/orders' }
  billing:
    build: ./billing
  orders-db:
    image: postgres
`,
  'orders/Dockerfile': 'FROM node\nCMD ["node", "src/main.js"]\n',
  'orders/package.json': '{"name":"orders","dependencies":{"pg":"8"}}',
  'orders/src/main.js': `import { Pool } from 'pg';
const pool = new Pool({ connectionString: process.env.DATABASE_URL });
export const place = () => pool.query('insert into orders (id) values (1)');
`,
  'billing/Dockerfile': 'FROM node\nCMD ["node", "src/main.js"]\n',
  'billing/package.json':
    '{"name":"billing","dependencies":{"pg":"8","mongoose":"8","@aws-sdk/client-dynamodb":"3","@aws-sdk/lib-dynamodb":"3"}}',
};

/** Pastes each hint of a kind where the System says, above the line, filled in. */
function pasted(files: Readonly<Record<string, string>>, system: System, kind: string, filled: string) {
  const edited = { ...files };
  const unresolved = system.unresolved.filter(one => one.kind === kind);
  expect(unresolved).toHaveLength(1);
  for (const { evidence, hint } of unresolved) {
    const lines = (edited[evidence.file as keyof typeof edited] ?? '').split('\n');
    lines.splice(evidence.line - 1, 0, hint.replace(/^(\S+ lintel: \w+) .*$/, `$1 ${filled}`));
    Object.assign(edited, { [evidence.file]: lines.join('\n') });
  }
  return edited;
}

const systemOf = (files: Readonly<Record<string, string>>) => analyse(treeOf(files), emptyConfig).system;
const edges = ({ edges }: System, service: string) =>
  edges.filter(({ from }) => from === service).map(({ kind, to }) => `${kind} ${to}`);

describe('a hint pasted where it is shown settles what was unresolved', () => {
  test.for([
    [
      'a connection by a variable that nothing sets',
      'datastore',
      '// lintel: datastore postgres:<server>/<database>',
      'postgres:orders-db/orders',
      `import { Pool } from 'pg';

const pool = new Pool({ connectionString: process.env.SOMETHING });
export const read = () => pool.query('select * from orders');
`,
      ['connects postgres:orders-db/orders', 'reads postgres:orders-db/orders#orders'],
    ],
    [
      'a connection of which the database is known',
      'datastore',
      '// lintel: datastore postgres:<server>/invoices',
      'postgres:billing-db/invoices',
      `import { Pool } from 'pg';
const pool = new Pool({ host: process.env.SOMEWHERE, database: 'invoices' });
export const read = () => pool.query('select * from invoices');
`,
      ['connects postgres:billing-db/invoices', 'reads postgres:billing-db/invoices#invoices'],
    ],
    [
      'a connection that is opened nowhere',
      'datastore',
      '// lintel: datastore mongodb:<server>/<database>',
      'mongodb:billing-db/billing',
      `import mongoose from 'mongoose';
const Invoice = mongoose.model('Invoice', new mongoose.Schema({}));
export const read = () => Invoice.find();
export const write = () => Invoice.create({});
`,
      [
        'connects mongodb:billing-db/billing',
        'reads mongodb:billing-db/billing#invoices',
        'writes mongodb:billing-db/billing#invoices',
      ],
    ],
    [
      'a table of DynamoDB',
      'datastore',
      '// lintel: datastore dynamodb:<table>',
      'dynamodb:invoices',
      `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
export const write = invoice =>
  client.send(new PutCommand({ TableName: table(), Item: invoice }));
`,
      ['connects dynamodb:invoices', 'writes dynamodb:invoices#invoices'],
    ],
    [
      'a table whose name is made at run time',
      'table',
      '// lintel: table <name>',
      'invoices',
      `import { Pool } from 'pg';
const pool = new Pool({ connectionString: 'postgres://billing:secret@orders-db/orders' });
export const read = name =>
  pool.query(\`
    select *
    from \${name()}
  \`);
`,
      ['connects postgres:orders-db/orders', 'reads postgres:orders-db/orders#invoices'],
    ],
  ] as const)('%s', ([, kind, hint, filled, main, expected]) => {
    const files = { ...shop, 'billing/src/main.js': main };
    const before = systemOf(files);
    expect(before.unresolved.filter(one => one.kind === kind).map(one => one.hint)).toEqual([hint]);

    const after = pasted(files, before, kind, filled);
    const { system, findings } = checkTree(treeOf(after), emptyConfig, patterns);

    expect(system.unresolved).toEqual([]);
    expect(edges(system, 'billing')).toEqual(expected);
    expect(findings.filter(({ rule }) => rule.startsWith('lintel/'))).toEqual([]);
  });
});

test('a migration in SQL is annotated in a comment of SQL', () => {
  const files = {
    ...shop,
    'billing/migrations/001.sql': 'create table invoices (id int);\n',
    'billing/src/main.js': "import { Pool } from 'pg';\n",
  };
  const before = systemOf(files);
  expect(before.unresolved).toMatchObject([{ kind: 'datastore', evidence: { file: 'billing/migrations/001.sql' } }]);
  const after = systemOf(pasted(files, before, 'datastore', 'postgres:billing-db/billing'));
  expect(after.unresolved).toEqual([]);
  expect(edges(after, 'billing')).toContain('migrates postgres:billing-db/billing#invoices');
});

test('an annotated connection is the datastore that others connect to, so that what is shared shows', () => {
  const main = `import { Pool } from 'pg';
// lintel: datastore postgres:orders-db/orders
const pool = new Pool({ connectionString: process.env.SOMETHING });
export const write = () => pool.query('update orders set paid = true');
`;
  const { findings } = checkTree(treeOf({ ...shop, 'billing/src/main.js': main }), emptyConfig, patterns);
  expect(findings.map(({ rule }) => rule)).toContain('database-per-service/no-foreign-write');
});

test('an annotation of what is known without it is reported as unused', () => {
  const main = `import { Pool } from 'pg';
// lintel: datastore postgres:billing-db/billing
const pool = new Pool({ connectionString: 'postgres://billing:secret@orders-db/orders' });
export const read = () => pool.query('select * from orders'); // lintel: table lines
`;
  const { findings, system } = checkTree(treeOf({ ...shop, 'billing/src/main.js': main }), emptyConfig, patterns);
  expect(edges(system, 'billing')).toContain('reads postgres:orders-db/orders#orders');
  expect(findings.filter(({ rule }) => rule === 'lintel/unused-annotation')).toMatchObject([
    { severity: 'warn', at: { file: 'billing/src/main.js', line: 2 } },
    { severity: 'warn', at: { file: 'billing/src/main.js', line: 4 } },
  ]);
});
