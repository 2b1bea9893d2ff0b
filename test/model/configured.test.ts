import { describe, expect, test } from 'vitest';
import { patterns } from '../../rules/index.ts';
import { checkTree } from '../../src/check/check-tree.ts';
import { readConfig } from '../../src/config.ts';
import type { System } from '../../src/model/system.ts';
import { treeOf } from '../../src/model/tree.ts';

const main = (url: string, statement: string) => `import { Pool } from 'pg';
const pool = new Pool({ connectionString: '${url}' });
export const run = () => pool.query("${statement}");
`;

const manifest = (name: string) => `{"name":"${name}","dependencies":{"pg":"8"}}`;

const shop = {
  'package.json': '{"name":"shop"}',
  'compose.yaml': `services:
  orders: { build: ./orders }
  billing: { build: ./billing }
  orders-db: { image: postgres }
`,
  'orders/Dockerfile': 'FROM node\nCMD ["node", "src/main.js"]\n',
  'orders/package.json': manifest('orders'),
  'orders/src/main.js': main('postgres://a:b@orders-db/shop', 'update lines set paid = true'),
  'billing/Dockerfile': 'FROM node\nCMD ["node", "src/main.js"]\n',
  'billing/package.json': manifest('billing'),
  'billing/src/main.js': main('postgres://c:d@pg.internal/shop', 'update lines set paid = false'),
};

function systemOf(yaml: string, files: Readonly<Record<string, string>> = shop): System {
  return checkTree(treeOf({ ...files, 'lintel.yaml': yaml }), readConfig(yaml, 'lintel.yaml'), patterns).system;
}

const stores = ({ datastores }: System) => datastores.map(({ id }) => id);
const owners = ({ tables }: System) => tables.map(({ name, owner }) => `${name} of ${owner}`);

describe('hosts', () => {
  test('that are not explained are servers of their own', () => {
    expect(stores(systemOf(''))).toEqual(['postgres:orders-db/shop', 'postgres:pg.internal/shop']);
  });

  test('lead to the server that is named', () => {
    expect(stores(systemOf('hosts:\n  PG.internal: orders-db\n'))).toEqual(['postgres:orders-db/shop']);
  });

  test('with a port lead to the server behind that port alone', () => {
    const files = {
      ...shop,
      'billing/src/main.js': main('postgres://c:d@pg.internal:6000/shop', 'select * from lines'),
    };
    expect(stores(systemOf('hosts:\n  "pg.internal:6000": orders-db\n', files))).toEqual(['postgres:orders-db/shop']);
    expect(stores(systemOf('hosts:\n  "pg.internal:7000": orders-db\n', files))).toHaveLength(2);
  });

  test('lead to one server that no manifest starts', () => {
    const files = { ...shop, 'orders/src/main.js': main('postgres://a:b@10.0.0.7/shop', 'select * from lines') };
    expect(stores(systemOf('hosts: { pg.internal: main, 10.0.0.7: main }', files))).toEqual(['postgres:main/shop']);
  });

  test('may stand for a service', () => {
    expect(() => systemOf('hosts:\n  billing.internal: billing\n')).not.toThrow();
  });

  test('that lead nowhere are an error', () => {
    expect(() => systemOf('hosts:\n  db.internal: ordersdb\n')).toThrow(
      expect.objectContaining({
        code: 'LT-005',
        message:
          'lintel.yaml:2:3: hosts.db.internal: ordersdb is neither a service nor a database server of this repository',
        hint: 'did you mean orders-db?',
      }),
    );
  });
});

describe('owns', () => {
  const one = { ...shop, 'billing/src/main.js': main('postgres://c:d@orders-db/shop', 'update lines set paid = true') };

  test('without it, a table that several write has no owner', () => {
    expect(owners(systemOf('', one))).toEqual(['lines of null']);
  });

  test.for([
    ['a table by name', 'owns: [Lines]'],
    ['a table alone', 'owns: lines'],
    ['a table by id', 'owns: ["postgres:orders-db/shop#lines"]'],
    ['a datastore by id', 'owns: ["postgres:orders-db/shop"]'],
    ['a database by name', 'owns: [shop]'],
    ['tables in a description', 'owns: { tables: [lines] }'],
    ['a database in a description', 'owns: { database: shop }'],
    ['a database with its engine', 'owns: { database: shop, engine: postgresql }'],
  ] as const)('%s', ([, owns]) => {
    const { tables } = systemOf(`services:\n  billing: { ${owns} }\n`, one);
    expect(tables).toMatchObject([
      {
        owner: 'billing',
        ownedBecause: 'configuration',
        ownerEvidence: [{ file: 'lintel.yaml', line: 2, column: 3 }],
      },
    ]);
  });

  test('a database of another engine is another database', () => {
    const yaml = 'services:\n  billing: { owns: { database: shop, engine: mysql } }\n';
    expect(owners(systemOf(yaml, one))).toEqual(['lines of null']);
  });

  test('a table that is named belongs to who names it, not to who has the database', () => {
    const yaml = 'services:\n  orders: { owns: shop }\n  billing: { owns: lines }\n';
    expect(owners(systemOf(yaml, one))).toEqual(['lines of billing']);
  });

  test('makes a datastore the own one of a service, whoever else uses it', () => {
    const { datastores } = systemOf('services:\n  billing: { owns: shop }\n', one);
    expect(datastores).toMatchObject([{ owner: 'billing' }]);
  });
});

test('what is ignored is not analysed: no service, no table, no annotation', () => {
  const files = {
    ...shop,
    'billing/src/main.js': "// lintel: table lines\nimport './legacy/report.js';\n",
    'billing/src/legacy/report.js': main('postgres://c:d@orders-db/shop', 'select * from lines'),
    'old/package.json': manifest('old'),
    'old/Dockerfile': 'FROM node\nCMD ["node", "main.js"]\n',
    'old/main.js': `// lintel: nonsense\n${main('postgres://c:d@orders-db/shop', 'drop table lines')}`,
  };
  const { services, edges } = systemOf('ignore:\n  - "**/legacy"\n  - old/**\n', files);
  expect(services.map(({ id }) => id)).toEqual(['billing', 'orders']);
  expect(edges.map(({ from }) => from)).not.toContain('billing');
});

test('to ignore all source is to check nothing', () => {
  expect(() => systemOf('ignore: ["**/*.js"]')).toThrow(expect.objectContaining({ code: 'LT-006', exitCode: 3 }));
});

test('a service that Lintel does not find is the folder that its path names', () => {
  const files = {
    'package.json': manifest('shop'),
    'parts/a/run.js': main('postgres://a:b@db/a', 'select * from lines'),
    'parts/b/run.js': main('postgres://a:b@db/b', 'select * from invoices'),
  };
  const { services, edges } = systemOf(
    'services:\n  orders: { path: parts/a }\n  billing: { path: ./parts/b/ }\n',
    files,
  );
  expect(services).toMatchObject([
    { id: 'orders', root: 'parts/a', evidence: [{ file: 'lintel.yaml', line: 2 }] },
    { id: 'billing', root: 'parts/b' },
  ]);
  expect(edges.map(({ from, kind, to }) => `${from} ${kind} ${to}`)).toContain('billing reads postgres:db/b#invoices');
});
