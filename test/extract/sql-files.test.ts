import { describe, expect, it } from 'vitest';
import { classifySqlFile, dialectOf, readSqlFile } from '../../src/extract/sql-files.ts';

describe('classifySqlFile', () => {
  it.each([
    ['orders/migrations/20240131120000_orders.sql', 'migration'],
    ['orders/prisma/migrations/20240131120000_init/migration.sql', 'migration'],
    ['orders/drizzle/0000_quick_storm.sql', 'migration'],
    ['orders/db/V1__orders.sql', 'migration'],
    ['orders/db/R__views.sql', 'migration'],
    ['orders/db/001-orders.sql', 'migration'],
    ['orders/sql/orders.up.sql', 'migration'],
    ['orders/clickhouse/migrations/clustered/0001_events.up.sql', 'migration'],
    ['orders/deploy/appschema.sql', 'migration'],
    ['orders/migrations/init.sql', 'migration'],
    ['orders/seeds/users.sql', 'seed'],
    ['orders/db/seed.sql', 'seed'],
    ['orders/db/sample-data.sql', 'seed'],
    ['orders/migrations/seeds/users.sql', 'seed'],
    ['backup/orders.sql', 'dump'],
    ['orders/db/dump.sql', 'dump'],
    ['docker-entrypoint-initdb.d/orders.sql', 'init'],
    ['postgres/init.sql', 'init'],
    ['postgres/init-orders.sql', 'init'],
    ['orders/dbinit.sql', 'init'],
    ['orders/src/db/create.sql', 'init'],
    ['orders/db/schema.sql', 'init'],
    ['mysql/scripts/20-ratings.sql', 'init'],
    ['orders/src/queries/find-orders.sql', 'query'],
    ['orders/src/find-orders.sql', 'other'],
    ['orders/initial-thoughts.sql', 'other'],
  ])('%s is %s', (path, kind) => expect(classifySqlFile(path)).toBe(kind));
});

/** `schema orders 2:14`, with the database in front where one is known. */
function uses(path: string, text: string): string[] {
  return readSqlFile(path, text).uses.map(
    use => `${use.op} ${use.database === undefined ? '' : `${use.database}/`}${use.name} ${use.line}:${use.column}`,
  );
}

describe('readSqlFile', () => {
  it('tells line and column of each table', () => {
    expect(
      uses('migrations/1.sql', '-- orders\nCREATE TABLE orders (id int);\r\n\n  INSERT INTO  users VALUES (1);'),
    ).toEqual(['schema orders 2:14', 'write users 4:16']);
  });

  it.each([
    ['goose', '-- +goose Up\nCREATE TABLE orders (id int);\n-- +goose Down\nDROP TABLE orders;'],
    ['dbmate', '-- migrate:up\nCREATE TABLE orders (id int);\n\n-- migrate:down\nDROP TABLE orders;'],
    ['goose, the way back first', '-- +goose Down\nDROP TABLE stock;\n-- +goose Up\nCREATE TABLE orders (id int);'],
  ])('leaves the way back of %s out', (_, text) => {
    expect(uses('migrations/1.sql', text).map(use => use.replace(/ \d+:\d+$/, ''))).toEqual(['schema orders']);
  });

  it.each(['migrations/1_orders.down.sql', 'migrations/1/down.sql', 'db/U1__orders.sql', 'revert/orders.sql'])(
    'leaves %s out, which only goes back',
    path => {
      expect(readSqlFile(path, 'DROP TABLE orders')).toMatchObject({ uses: [], reverts: true, complete: true });
    },
  );

  it('reads what is about downtime', () => {
    expect(uses('migrations/1_downtime.sql', '-- downtime of a minute\nDROP TABLE orders')).toEqual([
      'schema orders 2:12',
    ]);
  });

  it('knows the database that was chosen before', () => {
    expect(
      uses(
        'init.sql',
        'CREATE DATABASE shop;\nCREATE TABLE a (id int);\nUSE shop;\nCREATE TABLE b (id int);\nUSE `stock`;\nSELECT * FROM c;',
      ),
    ).toEqual(['schema a 2:14', 'schema shop/b 4:14', 'read stock/c 6:15']);
    expect(
      uses('init.sql', '\\c orders\nCREATE TABLE a (id int);\n\\connect "billing" admin\nCREATE TABLE b (id int);'),
    ).toEqual(['schema orders/a 2:14', 'schema billing/b 4:14']);
    expect(uses('init.sql', '\\c orders\nSELECT * FROM "public"."a"')).toEqual(['read orders/a 2:15']);
    expect(uses('mysql/init.sql', 'USE shop;\nSELECT * FROM stock.items')).toEqual(['read stock/items 2:15']);
  });

  it('takes a hint for no choice of a database', () => {
    expect(uses('mysql/a.sql', 'SELECT * FROM orders\nUSE INDEX (at)')).toEqual(['read orders 1:15']);
  });

  it('knows the databases that are made', () => {
    expect(
      readSqlFile(
        'init.sql',
        'CREATE DATABASE shop;\ncreate database if not exists `billing` CHARACTER SET utf8;\n-- CREATE DATABASE no',
      ).creates,
    ).toEqual(['shop', 'billing']);
  });

  it('passes over rows that are copied in', () => {
    expect(
      uses(
        'dump.sql',
        'COPY public.orders (id) FROM stdin;\n1\n2\tDROP TABLE users;\n\\.\n\nCREATE INDEX i ON users (id);',
      ),
    ).toEqual(['write orders 1:6', 'schema users 6:19']);
  });
});

describe('dialectOf', () => {
  it.each([
    ['clickhouse/migrations/1.sql', 'SELECT 1', 'clickhouse'],
    ['db/1.sql', 'CREATE TABLE a (id UInt8) ENGINE = ReplacingMergeTree', 'clickhouse'],
    ['db/1.sql', 'CREATE TABLE a (id int) ENGINE=InnoDB', 'mysql'],
    ['db/1.sql', 'SELECT 1\nGO\n', 'mssql'],
    ['db/1.sql', 'CREATE TABLE a (id serial)', 'postgres'],
    ['db/1.cql', 'SELECT 1', 'cassandra'],
    ['db/1.sql', 'CREATE TABLE a (id int)', 'unknown'],
  ])('of %s with %j is %s', (path, text, dialect) => expect(dialectOf(path, text)).toBe(dialect));
});
