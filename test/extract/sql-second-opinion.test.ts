import { cstVisitor, type Node, parse } from 'sql-parser-cst';
import { expect, it } from 'vitest';
import { readSql, type SqlDialect } from '../../src/extract/sql.ts';

// A full parser of SQL is too slow and too strict for the repositories we read, but where it accepts a statement it is right about its tables.
const dialects = { postgres: 'postgresql', mysql: 'mysql', sqlite: 'sqlite' } as const;

function tablesOfParser(text: string, dialect: keyof typeof dialects): string[] {
  const found = new Set<string>();
  const ctes = new Set<string>();
  const add = (op: string, node: Node) => {
    const name = nameOf(node);
    if (name !== undefined) found.add(`${op} ${name}`);
  };
  const addAll = (op: string, nodes: readonly Node[]) => {
    for (const node of nodes) add(op, node);
  };
  const read = (node: Node): void => {
    if (node.type === 'join_expr') [node.left, node.right].forEach(read);
    else if (node.type === 'alias') read(node.expr);
    else if (node.type === 'paren_expr') read(node.expr);
    else add('read', node);
  };
  cstVisitor({
    common_table_expr: node => void ctes.add(node.table.name),
    from_clause: node => read(node.expr),
    insert_clause: node => add('write', node.table),
    update_clause: node => addAll('write', node.tables.items),
    delete_clause: node => addAll('write', node.tables.items),
    truncate_stmt: node => addAll('write', node.tables.items),
    create_table_stmt: node => add('schema', node.name),
    create_view_stmt: node => add('schema', node.name),
    create_index_stmt: node => add('schema', node.table),
    alter_table_stmt: node => add('schema', node.table),
    drop_table_stmt: node => addAll('schema', node.tables.items),
  })(parse(text, { dialect: dialects[dialect], paramTypes: dialect === 'postgres' ? ['$nr'] : ['?'] }));
  return [...found].filter(use => !ctes.has(use.replace(/^\w+ /, ''))).sort();
}

function nameOf(node: Node): string | undefined {
  if (node.type === 'identifier') return node.name;
  if (node.type === 'member_expr') return nameOf(node.property);
  if (node.type === 'alias') return nameOf(node.expr);
  return node.type === 'table_without_inheritance' || node.type === 'indexed_table' ? nameOf(node.table) : undefined;
}

function tablesOfReader(text: string, dialect: SqlDialect): string[] {
  return [...new Set(readSql(text, dialect).uses.map(use => `${use.op} ${use.name}`))].sort();
}

const everywhere = [
  'SELECT * FROM orders',
  'SELECT o.id, (SELECT max(at) FROM events e WHERE e.order_id = o.id) AS last FROM shop.orders AS o WHERE o.n > 1 ORDER BY 1 LIMIT 10',
  'SELECT * FROM orders o JOIN users u ON u.id = o.user_id LEFT JOIN stock s ON s.id = o.stock_id AND s.n BETWEEN 1 AND 2, bills',
  'SELECT * FROM (orders o JOIN users u ON u.id = o.user_id) CROSS JOIN stock',
  'SELECT * FROM (SELECT id FROM orders UNION SELECT id FROM drafts) x WHERE id NOT IN (SELECT id FROM bans)',
  "SELECT CASE WHEN EXISTS (SELECT 1 FROM bans) THEN 'from users' ELSE 'join stock' END FROM orders GROUP BY id HAVING count(*) > (SELECT min(n) FROM limits)",
  'WITH a AS (SELECT * FROM orders), b AS (SELECT * FROM a JOIN users ON true) SELECT * FROM b',
  'WITH RECURSIVE t AS (SELECT id FROM nodes UNION ALL SELECT n.id FROM nodes n JOIN t ON n.up = t.id) SELECT * FROM t',
  'SELECT sum(n) OVER (PARTITION BY user_id ORDER BY at ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM orders',
  'INSERT INTO orders (id, n) VALUES (1, (SELECT max(n) FROM drafts))',
  'INSERT INTO orders SELECT * FROM drafts WHERE id IN (SELECT id FROM users)',
  'UPDATE orders SET n = (SELECT count(*) FROM items), paid = 1 WHERE id IN (SELECT id FROM bills)',
  'DELETE FROM orders WHERE user_id IN (SELECT id FROM users)',
  'CREATE TABLE orders (id int PRIMARY KEY, n int DEFAULT 1 CHECK (n > 0), user_id int REFERENCES users (id) ON DELETE CASCADE, UNIQUE (n))',
  'CREATE VIEW totals AS SELECT sum(n) FROM orders',
  'CREATE UNIQUE INDEX i ON orders (n, user_id)',
  'ALTER TABLE orders ADD COLUMN at int',
  'DROP TABLE orders',
  '-- FROM users\nSELECT /* FROM stock */ id FROM orders',
] as const;

const of = {
  postgres: [
    'INSERT INTO orders AS o (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET n = excluded.n WHERE o.n < (SELECT max(n) FROM limits) RETURNING *',
    'UPDATE ONLY orders AS o SET n = l.n FROM lines l WHERE l.id = o.id RETURNING o.*',
    'DELETE FROM orders o USING users u WHERE u.id = o.user_id',
    'WITH gone AS (DELETE FROM orders RETURNING *) INSERT INTO archive SELECT * FROM gone',
    "SELECT DISTINCT ON (id) body ->> 'from' FROM orders WHERE tags @> ARRAY['a'] AND a IS DISTINCT FROM b FOR UPDATE SKIP LOCKED",
    'SELECT extract(epoch FROM at), count(*) FILTER (WHERE paid) FROM orders, LATERAL (SELECT 1 FROM lines) l',
    'TRUNCATE TABLE orders, lines RESTART IDENTITY CASCADE',
    'CREATE MATERIALIZED VIEW totals AS SELECT * FROM orders WITH NO DATA',
    'ALTER TABLE IF EXISTS ONLY orders ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES users (id) ON UPDATE SET NULL, DROP COLUMN b CASCADE',
  ],
  mysql: [
    'INSERT IGNORE INTO `orders` (`id`) VALUES (?) ON DUPLICATE KEY UPDATE n = n + 1',
    'REPLACE INTO orders VALUES (1)',
    'SELECT * FROM orders STRAIGHT_JOIN users LOCK IN SHARE MODE',
  ],
  sqlite: [
    'INSERT OR REPLACE INTO orders VALUES (?)',
    'SELECT * FROM orders INDEXED BY i WHERE n = ?',
    'UPDATE OR IGNORE orders SET n = 1',
  ],
} as const;

for (const dialect of ['postgres', 'mysql', 'sqlite'] as const)
  it.each([...everywhere, ...of[dialect]])(`agrees with a full parser of ${dialect} on %s`, text => {
    expect(tablesOfReader(text, dialect)).toEqual(tablesOfParser(text, dialect));
    expect(readSql(text, dialect).complete).toBe(true);
  });
