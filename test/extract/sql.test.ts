import { describe, expect, it } from 'vitest';
import { hole, looksLikeSql, readSql, type SqlDialect } from '../../src/extract/sql.ts';

/** `read orders`, `read+ users` for a join, `write a.b`; `?` for a table that the text does not name. */
function uses(text: string, dialect: SqlDialect = 'postgres'): string[] {
  const { uses: known, unresolved } = readSql(text, dialect);
  const named = known.map(use => ({
    ...use,
    label: [use.database, use.schema, use.name].filter(part => part !== undefined).join('.'),
  }));
  const all = [...named, ...unresolved.map(use => ({ ...use, label: '?' }))].sort(
    (one, other) => one.offset - other.offset,
  );
  return all.map(use => `${use.op}${use.via === 'join' ? '+' : ''} ${use.label}`);
}

type Case = [text: string, expected: string[], dialect?: SqlDialect];

function table(cases: readonly Case[]): void {
  it.each(cases)('%s', (text, expected, dialect) => expect(uses(text, dialect)).toEqual(expected));
}

describe('a SELECT reads', () => {
  table([
    ['SELECT * FROM orders', ['read orders']],
    ['select id from orders;', ['read orders']],
    ['SELECT * FROM orders o, users AS u', ['read orders', 'read+ users']],
    [
      'SELECT * FROM orders o JOIN users u ON u.id = o.user_id LEFT OUTER JOIN stock USING (id) WHERE o.id = 1',
      ['read orders', 'read+ users', 'read+ stock'],
    ],
    ['SELECT * FROM orders NATURAL JOIN users CROSS JOIN stock', ['read orders', 'read+ users', 'read+ stock']],
    [
      'SELECT * FROM (orders o JOIN users u ON true) LEFT JOIN stock ON true',
      ['read orders', 'read+ users', 'read+ stock'],
    ],
    ['SELECT * FROM a JOIN b JOIN c ON c.x = b.x ON b.y = a.y', ['read a', 'read+ b', 'read+ c']],
    ['SELECT * FROM (SELECT * FROM orders) o', ['read orders']],
    ['SELECT * FROM (SELECT * FROM orders) o JOIN users u ON true', ['read orders', 'read+ users']],
    ['SELECT (SELECT max(at) FROM events) FROM orders', ['read events', 'read orders']],
    [
      'SELECT id FROM orders WHERE user_id IN (SELECT id FROM users WHERE EXISTS (SELECT 1 FROM bans))',
      ['read orders', 'read users', 'read bans'],
    ],
    ['SELECT 1 FROM a UNION ALL SELECT 1 FROM b EXCEPT (SELECT 1 FROM c)', ['read a', 'read b', 'read c']],
    ['(SELECT 1 FROM a) UNION (SELECT 1 FROM b) ORDER BY 1', ['read a', 'read b']],
    ['SELECT * FROM ONLY orders FOR UPDATE OF orders SKIP LOCKED', ['read orders']],
    [
      'SELECT count(*) FILTER (WHERE paid) OVER (PARTITION BY user_id) FROM orders GROUP BY 1 HAVING count(*) > 1',
      ['read orders'],
    ],
    ["SELECT CASE WHEN a THEN 'from users' ELSE (SELECT 1 FROM stock) END FROM orders", ['read stock', 'read orders']],
    [
      'SELECT o.* FROM orders o JOIN LATERAL (SELECT * FROM lines l WHERE l.order_id = o.id) x ON true',
      ['read orders', 'read lines'],
    ],
    ['TABLE orders', ['read orders']],
    ['EXPLAIN ANALYZE SELECT * FROM orders', ['read orders']],
    ['SELECT now()', []],
  ]);
});

describe('a name', () => {
  table([
    ['SELECT * FROM shop.orders', ['read shop.orders']],
    ['SELECT * FROM "shop"."Order Lines"', ['read shop.Order Lines']],
    ['SELECT * FROM db.shop.orders', ['read db.shop.orders']],
    ['SELECT * FROM `shop`.`orders`', ['read shop.orders'], 'mysql'],
    ['SELECT * FROM [Shop Db]..[Orders]', ['read Shop Db.Orders'], 'mssql'],
    ['SELECT * FROM [dbo].[Orders] AS [o]', ['read dbo.Orders'], 'unknown'],
    ['SELECT tags[1], ARRAY[id] FROM orders', ['read orders'], 'unknown'],
    ['SELECT * FROM Orders', ['read Orders']],
    ['SELECT * FROM "a""b"', ['read a"b']],
    ['SELECT * FROM commandes_été', ['read commandes_été']],
  ]);

  it('of two parts has a database in front where the engine knows no schemas', () => {
    expect(readSql('SELECT * FROM shop.orders', 'mysql').uses[0]).toMatchObject({ name: 'orders', database: 'shop' });
    expect(readSql('SELECT * FROM shop.orders', 'cassandra').uses[0]).toMatchObject({
      name: 'orders',
      database: 'shop',
    });
    expect(readSql('SELECT * FROM shop.orders', 'postgres').uses[0]).toMatchObject({ name: 'orders', schema: 'shop' });
  });

  it('is where its offset says', () => {
    const text = '/* orders */ SELECT *\nFROM shop.orders o JOIN "users" u ON true';
    expect(readSql(text, 'postgres').uses.map(use => text.slice(use.offset).split(' ')[0])).toEqual([
      'shop.orders',
      '"users"',
    ]);
  });
});

describe('no table is', () => {
  table([
    ['WITH recent AS (SELECT * FROM orders) SELECT * FROM recent r JOIN users ON true', ['read orders', 'read+ users']],
    ['WITH a AS (SELECT 1), b(x) AS MATERIALIZED (SELECT * FROM a, orders) SELECT * FROM b', ['read+ orders']],
    [
      'WITH RECURSIVE tree AS (SELECT * FROM nodes UNION ALL SELECT n.* FROM nodes n JOIN tree t ON true) SELECT * FROM tree',
      ['read nodes', 'read nodes'],
    ],
    ['SELECT * FROM generate_series(1, 10) AS n, orders', ['read+ orders']],
    ['SELECT * FROM json_each((SELECT body FROM events)) AS e', ['read events']],
    ['SELECT * FROM unnest($1::int[]) WITH ORDINALITY AS t(id, place)', []],
    ['SELECT * FROM (VALUES (1), (2)) AS v(id) JOIN orders USING (id)', ['read+ orders']],
    ['SELECT 1 FROM DUAL', [], 'mysql'],
    ['SELECT * FROM information_schema.tables, pg_catalog.pg_class, pg_indexes', []],
    ['SELECT * FROM sys.tables JOIN sys.columns ON 1 = 1', [], 'mssql'],
    ['SELECT name FROM sqlite_master', [], 'sqlite'],
    ['SELECT * FROM system.tables', [], 'clickhouse'],
    ['SELECT extract(epoch FROM created_at), trim(both FROM name), substring(a FROM 2) FROM orders', ['read orders']],
    ['SELECT a IS DISTINCT FROM b FROM orders', ['read orders']],
    ['SELECT 1 -- FROM users\n FROM orders /* JOIN stock */', ['read orders']],
    ['SELECT \'FROM users\', "from" FROM orders', ['read orders']],
    ["SELECT 'it\\'s FROM users' FROM orders", ['read orders'], 'mysql'],
    [
      "SELECT * FROM files WHERE path LIKE 'C:\\' AND id IN (SELECT id FROM orders)",
      ['read files', 'read orders'],
      'mssql',
    ],
    ['SELECT * FROM #recent JOIN Orders ON 1 = 1', ['read+ Orders'], 'mssql'],
    ['SELECT * FROM @recent', [], 'mssql'],
    ['CREATE TEMP TABLE recent AS SELECT * FROM orders; SELECT * FROM recent; DROP TABLE recent', ['read orders']],
    ['GRANT SELECT, INSERT ON orders TO billing', []],
    ['LOCK TABLE orders IN EXCLUSIVE MODE', []],
    ["COMMENT ON TABLE orders IS 'from users'", []],
  ]);

  it('the table of the same name hidden by its own CTE', () => {
    expect(uses('WITH orders AS (SELECT * FROM orders WHERE paid) SELECT * FROM orders')).toEqual(['read orders']);
    expect(uses('WITH orders AS (SELECT 1) SELECT * FROM shop.orders')).toEqual(['read shop.orders']);
  });
});

describe('a change writes', () => {
  table([
    ['INSERT INTO orders (id, user_id) VALUES ($1, $2) RETURNING id', ['write orders']],
    ['INSERT INTO orders SELECT * FROM drafts d JOIN users u ON true', ['write orders', 'read drafts', 'read+ users']],
    ['INSERT INTO orders (id) (SELECT id FROM drafts)', ['write orders', 'read drafts']],
    ['INSERT INTO orders (id) VALUES ((SELECT max(id) FROM drafts))', ['write orders', 'read drafts']],
    [
      'INSERT INTO orders AS o VALUES (1) ON CONFLICT (id) DO UPDATE SET n = excluded.n WHERE o.id IN (SELECT id FROM locks)',
      ['write orders', 'read locks'],
    ],
    ['INSERT INTO orders VALUES (1) ON DUPLICATE KEY UPDATE n = VALUES(n)', ['write orders'], 'mysql'],
    ['INSERT IGNORE INTO orders SET n = 1', ['write orders'], 'mysql'],
    ['INSERT OR REPLACE INTO orders VALUES (?)', ['write orders'], 'sqlite'],
    ['REPLACE INTO orders VALUES (1)', ['write orders'], 'mysql'],
    ['INSERT INTO orders WITH d AS (SELECT * FROM drafts) SELECT * FROM d', ['write orders', 'read drafts']],
    ['UPDATE orders SET paid = true WHERE id = $1', ['write orders']],
    ['UPDATE orders o SET total = l.total FROM lines l WHERE l.order_id = o.id', ['write orders', 'read+ lines']],
    ['UPDATE orders SET total = (SELECT sum(n) FROM lines)', ['write orders', 'read lines']],
    ['UPDATE orders o JOIN users u ON u.id = o.user_id SET o.name = u.name', ['write orders', 'read+ users'], 'mysql'],
    ['UPDATE orders o JOIN users u ON u.id = o.user_id SET u.name = 1', ['read orders', 'write+ users'], 'mysql'],
    [
      'UPDATE o SET o.paid = 1 FROM dbo.Orders o JOIN dbo.Users u ON u.Id = o.UserId',
      ['write dbo.Orders', 'read+ dbo.Users'],
      'mssql',
    ],
    ['DELETE FROM orders WHERE id = 1', ['write orders']],
    ['DELETE FROM orders o USING users u WHERE u.id = o.user_id', ['write orders', 'read+ users']],
    ['DELETE o FROM orders o JOIN users u ON u.id = o.user_id', ['write orders', 'read+ users'], 'mysql'],
    ['DELETE o, u FROM orders o JOIN users u ON true', ['write orders', 'write users'], 'mysql'],
    ['DELETE note FROM orders WHERE id = ?', ['write orders'], 'cassandra'],
    ['TRUNCATE TABLE orders, lines RESTART IDENTITY CASCADE', ['write orders', 'write lines']],
    ["COPY orders (id) FROM '/tmp/orders.csv' CSV", ['write orders']],
    ['COPY orders TO STDOUT', ['read orders']],
    ['COPY (SELECT * FROM orders) TO STDOUT', ['read orders']],
    ["LOAD DATA INFILE '/tmp/o.csv' INTO TABLE orders", ['write orders'], 'mysql'],
    [
      'WITH gone AS (DELETE FROM orders RETURNING *) INSERT INTO archive SELECT * FROM gone',
      ['write orders', 'write archive'],
    ],
    [
      'WITH doubles AS (SELECT *, row_number() OVER (ORDER BY id) n FROM orders) DELETE FROM doubles WHERE n > 1',
      ['read orders', 'write orders'],
      'mssql',
    ],
    [
      'MERGE INTO stock s USING orders o ON o.id = s.id WHEN MATCHED THEN UPDATE SET n = 1 WHEN NOT MATCHED THEN INSERT VALUES (1)',
      ['write stock', 'read+ orders'],
    ],
    [
      'MERGE stock WITH (HOLDLOCK) AS t USING (SELECT * FROM orders) AS s ON t.id = s.id WHEN MATCHED THEN DELETE;',
      ['write stock', 'read orders'],
      'mssql',
    ],
    ['SELECT REPLACE(name, 1, 2), TRUNCATE(n, 1), LEFT(a, 1) FROM orders', ['read orders'], 'mysql'],
    ['SELECT "update", t.delete FROM orders t WHERE t.insert = 1', ['read orders']],
  ]);
});

describe('the schema is changed by', () => {
  table([
    ['CREATE TABLE IF NOT EXISTS shop.orders (id int PRIMARY KEY, n int DEFAULT 0)', ['schema shop.orders']],
    ['CREATE TABLE totals AS SELECT * FROM orders', ['schema totals', 'read orders']],
    ['CREATE MATERIALIZED VIEW totals AS SELECT * FROM orders', ['schema totals', 'read orders']],
    [
      'CREATE OR REPLACE VIEW totals AS WITH x AS (SELECT * FROM orders) SELECT * FROM x',
      ['schema totals', 'read orders'],
    ],
    [
      'CREATE MATERIALIZED VIEW mv TO totals AS SELECT * FROM orders',
      ['schema mv', 'write totals', 'read orders'],
      'clickhouse',
    ],
    [
      'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS orders_at ON shop.orders USING btree (at) WHERE paid',
      ['schema shop.orders'],
    ],
    [
      'ALTER TABLE IF EXISTS ONLY orders ADD COLUMN at timestamptz, DROP COLUMN note, ALTER COLUMN n SET DEFAULT 1',
      ['schema orders'],
    ],
    ['ALTER TABLE orders RENAME TO purchases', ['schema orders', 'schema purchases']],
    ['ALTER TABLE orders RENAME COLUMN a TO b', ['schema orders']],
    ['ALTER TABLE orders DELETE WHERE id = 1', ['write orders'], 'clickhouse'],
    ['RENAME TABLE a TO b, c TO d', ['schema a', 'schema b', 'schema c', 'schema d'], 'mysql'],
    ['DROP TABLE IF EXISTS orders, shop.lines CASCADE', ['schema orders', 'schema shop.lines']],
    ['DROP INDEX orders_at ON orders', ['schema orders'], 'mysql'],
    ['DROP INDEX orders_at', []],
    [
      'CREATE TABLE messages (id uuid PRIMARY KEY) WITH CLUSTERING ORDER BY (id DESC)',
      ['schema messages'],
      'cassandra',
    ],
    ["CREATE TYPE state AS ENUM ('open'); CREATE SEQUENCE s; CREATE EXTENSION pgcrypto", []],
  ]);
});

describe('a foreign key', () => {
  const keys = (text: string) =>
    readSql(text, 'postgres').foreignKeys.map(
      key => `${key.schema ?? ''}.${key.table}>${key.referencesSchema ?? ''}.${key.references}`,
    );

  it.each([
    ['CREATE TABLE orders (user_id int NOT NULL REFERENCES users (id) ON DELETE CASCADE)', ['.orders>.users']],
    [
      'CREATE TABLE shop.orders (a int, CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES auth.users (a, b), FOREIGN KEY (c) REFERENCES "Items")',
      ['shop.orders>auth.users', 'shop.orders>.Items'],
    ],
    [
      'ALTER TABLE ONLY "orders" ADD CONSTRAINT "fk" FOREIGN KEY ("a") REFERENCES "users"("id") ON UPDATE SET NULL',
      ['.orders>.users'],
    ],
    [`CREATE TABLE orders (a int REFERENCES ${hole}(id))`, []],
    ['GRANT REFERENCES ON orders TO billing', []],
  ])('%s', (text, expected) => expect(keys(text)).toEqual(expected));

  it('makes no use of the table it refers to', () => {
    expect(uses('CREATE TABLE orders (a int REFERENCES users (id))')).toEqual(['schema orders']);
  });
});

describe('a placeholder', () => {
  table([
    [
      'SELECT * FROM orders WHERE a = ? AND b = $1 AND c = :name AND d = @p AND e IN (%s) AND f = {f:UInt8} AND g = {}',
      ['read orders'],
      'unknown',
    ],
    ["SELECT * FROM orders WHERE body ? 'key' AND tags ?| array[1] AND x::jsonb @> '{}'", ['read orders']],
    ['SELECT * FROM ?? WHERE id = ?', ['read ?'], 'mysql'],
    ['SELECT * FROM {table:Identifier}', ['read ?'], 'clickhouse'],
    ['INSERT INTO orders SET ?', ['write orders'], 'mysql'],
    ['INSERT INTO orders (a) VALUES ?', ['write orders'], 'mysql'],
    ['UPDATE orders SET ? WHERE id = ?', ['write orders'], 'mysql'],
    ['SELECT * FROM orders LIMIT ? OFFSET ?', ['read orders']],
  ]);
});

describe('a hole', () => {
  table([
    [`SELECT * FROM ${hole}`, ['read ?']],
    [`SELECT * FROM ${hole} o JOIN users u ON ${hole} WHERE ${hole}`, ['read ?', 'read+ users']],
    [`SELECT ${hole} FROM orders ${hole} WHERE a = ${hole} ${hole}`, ['read orders']],
    [`SELECT * FROM orders ${hole} JOIN users ON true`, ['read orders', 'read+ users']],
    [`SELECT * FROM ${hole}.orders`, ['read orders']],
    [`SELECT * FROM "${hole}"."orders"`, ['read orders']],
    [`SELECT * FROM ${hole}orders`, ['read ?']],
    [`SELECT * FROM orders_${hole}`, ['read ?']],
    [`INSERT INTO ${hole} (a) SELECT * FROM orders`, ['write ?', 'read orders']],
    [`INSERT INTO orders (${hole}) VALUES (${hole}), ${hole}`, ['write orders']],
    [`UPDATE orders SET ${hole} WHERE id IN (${hole})`, ['write orders']],
    [`DELETE FROM orders ${hole}`, ['write orders']],
    [`CREATE TABLE ${hole} (id int)`, ['schema ?']],
    [`WITH ${hole} SELECT * FROM orders`, ['read orders']],
    [
      `WITH ${hole}, recent AS (SELECT * FROM orders) SELECT * FROM recent JOIN users ON true`,
      ['read orders', 'read+ users'],
    ],
    [`${hole} SELECT * FROM orders`, ['read orders']],
    [`SELECT * FROM (${hole} FROM orders) x`, ['read orders']],
    [`SELECT extract(${hole} FROM at) FROM orders`, ['read orders']],
    [`SELECT * FROM orders WHERE id IN (${hole}) ORDER BY ${hole} LIMIT ${hole}`, ['read orders']],
    [hole, []],
  ]);
});

describe('a dialect', () => {
  table([
    [
      'SELECT TOP 10 * FROM [dbo].[Orders] o WITH (NOLOCK) INNER JOIN Users (NOLOCK) ON 1 = 1 OPTION (RECOMPILE)',
      ['read dbo.Orders', 'read+ Users'],
      'mssql',
    ],
    [
      'SELECT * FROM Orders o OUTER APPLY (SELECT TOP 1 * FROM Lines) l CROSS APPLY dbo.Split(o.Tags)',
      ['read Orders', 'read Lines'],
      'mssql',
    ],
    ['DELETE TOP (10) FROM Orders', ['write Orders'], 'mssql'],
    ['SELECT * INTO OrdersCopy FROM Orders', ['schema OrdersCopy', 'read Orders'], 'mssql'],
    [
      'IF NOT EXISTS (SELECT 1 FROM Orders) BEGIN INSERT INTO Orders VALUES (1) END ELSE UPDATE Users SET A = 1',
      ['read Orders', 'write Orders', 'write Users'],
      'mssql',
    ],
    [
      'DECLARE @n int = 1\nSELECT @n = CASE WHEN A = 1 THEN 2 ELSE 3 END FROM Orders\nINSERT Users VALUES (@n)\nDELETE Stock WHERE Id = 1',
      ['read Orders', 'write Users', 'write Stock'],
      'mssql',
    ],
    ['SELECT * FROM Orders ORDER BY Id OFFSET 0 ROWS FETCH NEXT 10 ROWS ONLY', ['read Orders'], 'mssql'],
    ['DECLARE c CURSOR FOR SELECT Id FROM Orders OPEN c FETCH NEXT FROM c INTO @id', ['read Orders'], 'mssql'],
    ['CREATE TABLE A (Id int)\nGO\nALTER TABLE B ADD C int\nGO', ['schema A', 'schema B'], 'mssql'],
    [
      'SELECT * FROM events FINAL PREWHERE a = 1 GLOBAL ANY LEFT JOIN users USING id ARRAY JOIN tags AS tag SETTINGS x = 1',
      ['read events', 'read+ users'],
      'clickhouse',
    ],
    [
      'WITH 7 AS days, (SELECT max(at) FROM events) AS last SELECT * FROM orders',
      ['read events', 'read orders'],
      'clickhouse',
    ],
    ['INSERT INTO events FORMAT JSONEachRow', ['write events'], 'clickhouse'],
    ['SELECT * FROM messages WHERE id = ? ALLOW FILTERING', ['read messages'], 'cassandra'],
    ['UPDATE messages USING TTL 60 SET body = ? WHERE id = ? IF EXISTS', ['write messages'], 'cassandra'],
    ['INSERT INTO messages (id) VALUES (?) IF NOT EXISTS USING TTL ?', ['write messages'], 'cassandra'],
    [
      'BEGIN BATCH INSERT INTO messages (id) VALUES (1); DELETE FROM inbox WHERE id = 1; APPLY BATCH',
      ['write messages', 'write inbox'],
      'cassandra',
    ],
    [
      'SELECT * FROM orders USE INDEX (a), users FORCE INDEX (b) STRAIGHT_JOIN stock',
      ['read orders', 'read+ users', 'read+ stock'],
      'mysql',
    ],
    ['SELECT * FROM orders # the FROM clause\nJOIN users ON 1', ['read orders', 'read+ users'], 'mysql'],
  ]);
});

describe('the code of a function', () => {
  table([
    [
      'DO $$ DECLARE n int; BEGIN IF EXISTS (SELECT 1 FROM orders) THEN UPDATE users SET a = 1; END IF; FOR r IN SELECT * FROM stock LOOP INSERT INTO log VALUES (1); END LOOP; END $$; SELECT * FROM bills',
      ['read orders', 'write users', 'read stock', 'write log', 'read bills'],
    ],
    [
      'CREATE FUNCTION f() RETURNS trigger AS $body$ BEGIN INSERT INTO audit SELECT NEW.*; PERFORM g(id) FROM jobs; RETURN NEW; END $body$ LANGUAGE plpgsql',
      ['write audit', 'read jobs'],
    ],
    ["DO $$ BEGIN EXECUTE 'DELETE FROM orders'; END $$", ['write orders']],
    ['CREATE TRIGGER t AFTER INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION f()', ['schema orders']],
    [
      'CREATE TRIGGER t AFTER INSERT ON orders BEGIN INSERT INTO audit VALUES (new.id); UPDATE stock SET n = 1; END',
      ['schema orders', 'write audit', 'write stock'],
      'sqlite',
    ],
    [
      'CREATE PROCEDURE p AS BEGIN SELECT * FROM Orders; DELETE FROM Users END',
      ['read Orders', 'write Users'],
      'mssql',
    ],
    ['INSERT INTO notes VALUES ($$DELETE FROM orders$$)', ['write notes']],
  ]);

  it('has offsets of the whole text and makes the reading incomplete', () => {
    const text = 'SELECT 1 FROM a; DO $$ BEGIN UPDATE b SET c = 1; END $$';
    const { uses: found, complete } = readSql(text, 'postgres');
    expect(found.map(use => text.slice(use.offset, use.offset + 1))).toEqual(['a', 'b']);
    expect(new Set(found.map(use => use.query)).size).toBe(2);
    expect(complete).toBe(false);
  });
});

describe('several statements', () => {
  table([
    ['CREATE TABLE a (id int); INSERT INTO b VALUES (1);; SELECT * FROM c', ['schema a', 'write b', 'read c']],
    ['BEGIN; UPDATE a SET x = 1; COMMIT', ['write a']],
    [
      'COPY orders (id, note) FROM stdin;\n1\tSELECT * FROM users;\n\\.\nSELECT * FROM stock;',
      ['write orders', 'read stock'],
    ],
    ['\\connect shop\nSELECT * FROM orders;\n\\q', ['read orders']],
    ['SELECT (1 FROM a; UPDATE b SET c = 1', ['write b']],
  ]);

  it('have numbers of their own for each query level', () => {
    const { uses: found } = readSql(
      'SELECT * FROM a JOIN b ON a.id IN (SELECT id FROM c JOIN d USING (id)); SELECT * FROM e',
      'postgres',
    );
    const numbers = Object.fromEntries(found.map(use => [use.name, use.query]));
    expect(numbers.a).toBe(numbers.b);
    expect(numbers.c).toBe(numbers.d);
    expect(new Set([numbers.a, numbers.c, numbers.e]).size).toBe(3);
  });
});

describe('a reading', () => {
  it('is complete where everything was understood', () => {
    expect(readSql('SELECT * FROM orders o JOIN users u ON true; CREATE TABLE a (id int)', 'postgres').complete).toBe(
      true,
    );
    expect(readSql("SELECT * FROM orders WHERE a = '￼'", 'postgres').complete).toBe(true);
  });

  it.each([
    'SELECT * FROM',
    'INSERT INTO',
    'SELECT (1 FROM a',
    'BANANA orders',
    "EXEC('DELETE FROM a')",
    'MERGE INTO a',
  ])('of %s is not', text => expect(readSql(text, 'mssql').complete).toBe(false));

  it('never fails, and takes no long time over nonsense', () => {
    const units = [
      '(',
      'SELECT ',
      'WITH x AS (',
      'CASE (',
      "'",
      '$$',
      '/*',
      'a.',
      'LEFT ',
      'UNION ',
      'INSERT t VALUES (1) ',
      hole,
      'DO $$ ',
      '[',
      ';',
      ')',
    ];
    const start = performance.now();
    for (const unit of units)
      for (const lead of ['', 'SELECT * FROM ', 'WITH ']) readSql(lead + unit.repeat(2000), 'unknown');
    expect(performance.now() - start).toBeLessThan(4000);
  });

  it('of the same text is made once', () => {
    expect(readSql('SELECT * FROM orders', 'postgres')).toBe(readSql('SELECT * FROM orders', 'postgres'));
    expect(readSql('SELECT * FROM a.b', 'postgres')).not.toEqual(readSql('SELECT * FROM a.b', 'mysql'));
  });
});

describe('looksLikeSql', () => {
  it.each([
    'SELECT * FROM orders',
    'select id from orders',
    'select o.id, u.name from orders o join users u on true',
    '  -- all of them\n /* really */ (SELECT 1 FROM a) UNION SELECT 2 FROM b',
    'Select * From orders',
    `SELECT ${hole} FROM ${hole}`,
    `${hole} SELECT id FROM orders ${hole}`,
    'SELECT EXISTS (SELECT 1 FROM orders)',
    'SELECT pg_advisory_lock($1)',
    'WITH a AS (SELECT 1) SELECT * FROM a',
    'with recursive t as (select 1) select * from t',
    'INSERT INTO orders (id) VALUES (1)',
    'insert into orders values (?)',
    `INSERT INTO ${hole} ${hole}`,
    'UPDATE orders SET paid = true',
    'update orders o set paid = ? where id = ?',
    `UPDATE ${hole} SET ${hole}`,
    'DELETE FROM orders',
    'delete from orders where id = ?',
    'DELETE o FROM orders o JOIN users u ON 1 = 1',
    'MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN DELETE',
    'TRUNCATE orders',
    'truncate table orders cascade',
    'CREATE TABLE orders (id int)',
    'create table if not exists orders (id int)',
    'CREATE INDEX a ON orders (id)',
    'ALTER TABLE orders ADD COLUMN a int',
    'alter table orders drop column a',
    'DROP TABLE IF EXISTS orders',
    'drop table orders',
    'COPY orders FROM STDIN',
    'DO $$ BEGIN END $$',
    'BEGIN; UPDATE a SET b = 1; COMMIT',
    'EXPLAIN ANALYZE SELECT * FROM orders',
    'IF NOT EXISTS (SELECT 1 FROM a) INSERT INTO a VALUES (1)',
    'DECLARE @n int; SELECT @n = 1 FROM a',
  ])('takes %j', text => expect(looksLikeSql(text)).toBe(true));

  it.each([
    '',
    'orders',
    'Select a user from the list',
    'select a user from the list',
    'select a user from orders',
    'Select items from cart',
    'Select an option',
    'select-item',
    `Select ${hole}`,
    `Select all users from ${hole}`,
    "Select 'yes' when the answer is right, otherwise 'no'",
    'Selected 3 items from orders',
    'update your profile',
    'Update your profile and set a password',
    'Update of layout in environment was not able to set it',
    'Update the cart',
    'update failure',
    'delete files from S3',
    'Delete from cart',
    'Delete from the cart',
    'Delete user by id',
    'DELETE /users/:id',
    'DELETE rejects removing the only owner',
    'Insert into the slot',
    'Insert into cart (optional)',
    'Create table reservations',
    'Create table reservations (optional)',
    'create an index on the page',
    'CREATE an account',
    'Alter table seating',
    'Drop table here',
    'Drop the file here',
    'truncate text-sm',
    'truncate text',
    'merge branch into main using rebase',
    'Copy link from page',
    'copy files from disk to tape',
    'with interval',
    `with ${hole} items`,
    'With regards as (always)',
    'WITH FILL',
    'Set a password; then select a user',
    'Do not delete',
    'Use the form; select one',
    'If not exists',
    'begin',
    'replace into something',
    'count(*)',
    'id = $1',
    'FROM orders',
  ])('leaves %j', text => expect(looksLikeSql(text)).toBe(false));
});

it('reads a thousand statements in a fraction of a second', () => {
  const start = performance.now();
  for (let id = 0; id < 1000; id++)
    readSql(
      `SELECT o.id, u.name FROM orders o LEFT JOIN users u ON u.id = o.user_id WHERE o.status = $1 AND o.at > now() - interval '1 day' LIMIT ${id}`,
      'postgres',
    );
  expect(performance.now() - start).toBeLessThan(1500);
});
