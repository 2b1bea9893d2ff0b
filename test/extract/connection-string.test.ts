import { describe, expect, it } from 'vitest';
import {
  defaultPort,
  engineOf,
  parseConnection,
  parseContactPoints,
  parseElasticsearch,
} from '../../src/extract/connection-string.ts';
import { hole } from '../../src/extract/sql.ts';

/** `engine://user:password@host:port,…/database#schema`, what is unknown left out. */
function brief(text: string): string | undefined {
  const found = parseConnection(text);
  if (!found) return undefined;
  const login =
    found.user === undefined && found.password === undefined ? '' : `${found.user ?? ''}:${found.password ?? ''}@`;
  const hosts = found.hosts.map(({ host, port }) => (port === undefined ? host : `${host}:${port}`)).join(',');
  return `${found.engine}://${login}${hosts}/${found.database ?? ''}${found.schema === undefined ? '' : `#${found.schema}`}`;
}

describe('a connection URL', () => {
  it.each([
    ['postgres://app:secret@orders-db:5433/orders', 'postgres://app:secret@orders-db:5433/orders'],
    ['postgresql://orders-db/orders', 'postgres://orders-db/orders'],
    ['"postgres://orders-db/orders"', 'postgres://orders-db/orders'],
    ['postgres://app@orders-db/orders', 'postgres://app:@orders-db/orders'],
    ['postgres://orders-db', 'postgres://orders-db/'],
    ['prisma+postgres://localhost:51213/?api_key=abc', 'postgres://localhost:51213/'],
    ['postgresql+ssl://orders-db/orders', 'postgres://orders-db/orders'],
    ['cockroachdb://node:26257/orders', 'postgres://node:26257/orders'],
    ['jdbc:postgresql://orders-db/orders?user=app', 'postgres://app:@orders-db/orders'],
    ['mysql://root@billing-db:3307/billing', 'mysql://root:@billing-db:3307/billing'],
    ['mariadb://billing-db/billing', 'mysql://billing-db/billing'],
    ['jdbc:mysql://billing-db:3306/billing?useSSL=false', 'mysql://billing-db:3306/billing'],
    ['mssql://sa:secret@stock-db/stock', 'mssql://sa:secret@stock-db/stock'],
    ['clickhouse://default:@events:9000/analytics', 'clickhouse://default:@events:9000/analytics'],
    ['cassandra://node/messages', 'cassandra://node/messages'],
    ['amqp://guest:guest@broker:5672/orders', 'amqp://guest:guest@broker:5672/orders'],
  ])('%s', (text, expected) => expect(brief(text)).toBe(expected));

  it('gives every host of a cluster', () => {
    expect(brief('mongodb://a:b@mongo-1:27017,mongo-2:27018,mongo-3/orders?replicaSet=rs0')).toBe(
      'mongodb://a:b@mongo-1:27017,mongo-2:27018,mongo-3/orders',
    );
  });

  it('knows no database where MongoDB is given none, whatever authSource says', () => {
    expect(parseConnection('mongodb+srv://a:b@cluster.example.net/?authSource=admin')).toEqual({
      engine: 'mongodb',
      hosts: [{ host: 'cluster.example.net' }],
      user: 'a',
      password: 'b',
      options: { authsource: 'admin' },
    });
  });

  it('takes the index of Redis for its database', () => {
    expect(brief('redis://:secret@cache:6379/2')).toBe('redis://:secret@cache:6379/2');
    expect(brief('rediss://cache?db=3')).toBe('redis://cache/3');
    expect(brief('redis://cache:6379/')).toBe('redis://cache:6379/');
    expect(brief('redis://cache/queue')).toBe('redis://cache/');
  });

  it('decodes percent signs, and leaves those that encode nothing', () => {
    expect(brief('postgres://a%40b:p%2Fw@orders-db/ord%20ers')).toBe('postgres://a@b:p/w@orders-db/ord ers');
    expect(brief('postgres://a:100%zz@orders-db/orders')).toBe('postgres://a:100%zz@orders-db/orders');
    expect(brief('postgres://a:%ff@orders-db/orders')).toMatch(/orders-db\/orders$/);
  });

  it('finds the host behind a password that nobody encoded', () => {
    expect(brief('postgres://a:p@ss@orders-db/orders')).toBe('postgres://a:p@ss@orders-db/orders');
    expect(brief('postgres://a:p/w@orders-db/orders')).toBe('postgres://a:p/w@orders-db/orders');
    expect(brief('postgres://a:p?w@orders-db/orders?schema=app')).toBe('postgres://a:p?w@orders-db/orders#app');
    expect(brief('postgres://orders-db:5432/orders?application_name=a@b')).toBe('postgres://orders-db:5432/orders');
  });

  it('reads addresses of IPv6 and sockets', () => {
    expect(parseConnection('postgres://a:b@[::1]:5433/orders')?.hosts).toEqual([{ host: '::1', port: 5433 }]);
    expect(parseConnection('postgres:///orders?host=/var/run/postgresql')?.hosts).toEqual([
      { host: '/var/run/postgresql' },
    ]);
  });
});

describe('the schema', () => {
  it.each([
    ['postgres://db/shop?schema=orders', 'orders'],
    ['postgres://db/shop?search_path=orders,public', 'orders'],
    ['postgres://db/shop?options=-c%20search_path%3Dorders', 'orders'],
    ['postgres://db/shop?options=-csearch_path%3Dorders', 'orders'],
    ['jdbc:postgresql://db/shop?currentSchema=orders', 'orders'],
    ['postgres://db/shop?sslmode=require', undefined],
  ])('of %s', (text, expected) => expect(parseConnection(text)?.schema).toBe(expected));
});

describe('a list of pairs', () => {
  it.each([
    ['Server=stock-db,1434;Database=stock;User Id=sa;Password=a=b;', 'mssql://sa:a=b@stock-db:1434/stock'],
    [
      'Server=tcp:stock.example.net,1433;Initial Catalog=stock;Persist Security Info=False',
      'mssql://stock.example.net:1433/stock',
    ],
    ['Data Source=.\\SQLEXPRESS;Initial Catalog=stock;Integrated Security=True', 'mssql://localhost/stock'],
    ['sqlserver://stock-db:1433;database=stock;user=sa;password={se;cret}', 'mssql://sa:se;cret@stock-db:1433/stock'],
    ['jdbc:sqlserver://stock-db:1433;databaseName=stock', 'mssql://stock-db:1433/stock'],
    ['Host=orders-db;Port=5432;Username=app;Password=x;Database=orders', 'postgres://app:x@orders-db:5432/orders'],
    ['Server=billing-db;Port=3306;Uid=app;Pwd=x;Database=billing', 'mysql://app:x@billing-db:3306/billing'],
    ["host=orders-db port=5433 dbname=orders user=app password='a b'", 'postgres://app:a b@orders-db:5433/orders'],
  ])('%s', (text, expected) => expect(brief(text)).toBe(expected));

  it('keeps what names no server, database or login as options', () => {
    expect(parseConnection('Server=stock-db;Database=stock;Encrypt=true')?.options).toEqual({ encrypt: 'true' });
  });
});

describe('a file', () => {
  it.each([
    ['file:./dev.db', './dev.db'],
    ['file:dev.db?connection_limit=1', 'dev.db'],
    ['file:///data/orders.db', '/data/orders.db'],
    ['sqlite:orders.db', 'orders.db'],
    ['sqlite://data/orders.db', 'data/orders.db'],
    ['sqlite::memory:', ':memory:'],
    [':memory:', ':memory:'],
  ])('%s is SQLite', (text, database) =>
    expect(parseConnection(text)).toMatchObject({ engine: 'sqlite', hosts: [], database }),
  );

  it('of libsql may stand on a server', () => {
    expect(brief('libsql://orders.turso.io?authToken=abc')).toBe('sqlite://orders.turso.io/');
  });
});

describe('a hole', () => {
  it.each([
    [`postgres://${hole}:${hole}@${hole}:5432/orders`, 'postgres:///orders'],
    [`postgres://app:secret@orders-db:${hole}/${hole}`, 'postgres://app:secret@orders-db/'],
    [`postgres://app:${hole}@orders-db/orders`, 'postgres://app:@orders-db/orders'],
    [`postgres://${hole}@orders-db/orders?schema=${hole}`, 'postgres://orders-db/orders'],
    [`postgres://${hole}`, 'postgres:///'],
    [`mongodb://mongo/${hole}_orders`, 'mongodb://mongo/'],
    [`mongodb://mongo-1,${hole}/orders`, 'mongodb://mongo-1/orders'],
    [`redis://cache:6379/${hole}`, 'redis://cache:6379/'],
    [`file:${hole}`, 'sqlite:///'],
    [`Server=${hole};Database=orders;User Id=${hole}`, 'mssql:///orders'],
  ])('%s takes its own part away', (text, expected) => expect(brief(text)).toBe(expected));

  it('in place of the scheme leaves nothing', () =>
    expect(parseConnection(`${hole}://orders-db/orders`)).toBeUndefined());
});

describe('no connection', () => {
  it.each([
    '',
    'orders',
    './orders',
    'https://example.com/orders',
    'postgres',
    'postgres:',
    'postgres:18',
    'a=b;c=d',
    'key=value',
    'redis:7-alpine',
    'select 1',
    'C:\\data',
    'node:fs',
  ])('%j', text => expect(parseConnection(text)).toBeUndefined());

  it('takes long nonsense no long time', () => {
    const start = performance.now();
    for (const unit of ['a=', 'a=b ', ';', '@', '%41', 'postgres://', '?', ','])
      for (const lead of ['', 'postgres://', 'host=', 'Server=']) parseConnection(lead + unit.repeat(900));
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

it('reads a web address as Elasticsearch only when told to', () => {
  expect(parseConnection('http://search:9200')).toBeUndefined();
  expect(parseElasticsearch('https://elastic:secret@search:9200')).toMatchObject({
    engine: 'elasticsearch',
    hosts: [{ host: 'search', port: 9200 }],
    user: 'elastic',
  });
});

it('reads contact points of Cassandra', () => {
  expect(parseContactPoints('node-1, node-2:9043', 'messages')).toEqual({
    engine: 'cassandra',
    hosts: [{ host: 'node-1' }, { host: 'node-2', port: 9043 }],
    database: 'messages',
    options: {},
  });
  expect(parseContactPoints(hole)).toBeUndefined();
});

it('knows default ports and the many names of an engine', () => {
  expect(
    ['postgres', 'mysql', 'mssql', 'mongodb', 'redis', 'cassandra', 'elasticsearch', 'sqlite', 'toString'].map(
      defaultPort,
    ),
  ).toEqual([5432, 3306, 1433, 27017, 6379, 9042, 9200, undefined, undefined]);
  expect(
    ['postgresql', 'mysql2', 'better-sqlite3', 'mongodb+srv', 'mariadb', 'sqlserver', 'http', 'constructor'].map(
      engineOf,
    ),
  ).toEqual(['postgres', 'mysql', 'sqlite', 'mongodb', 'mysql', 'mssql', undefined, undefined]);
});
