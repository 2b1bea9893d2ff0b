import { hole } from './sql-reading.ts';

export interface Connection {
  /** postgres, mysql, mssql, mongodb, redis, sqlite, clickhouse, cassandra, elasticsearch, amqp, kafka, nats …; else the scheme as written. */
  readonly engine: string;
  readonly hosts: readonly { readonly host: string; readonly port?: number }[];
  /** Of Redis the index, of SQLite the path of the file, of Cassandra the keyspace. */
  readonly database?: string;
  readonly schema?: string;
  readonly user?: string;
  readonly password?: string;
  /** What else the text says; names in lower case. */
  readonly options: Readonly<Record<string, string>>;
}

/**
 * Reads URLs, JDBC URLs, `Server=…;Database=…` and `host=… dbname=…`. A part with a hole in it (U+FFFC) is absent, the others survive.
 * Undefined for what is no connection: a path, a name, a web address. Never throws.
 */
export function parseConnection(text: string): Connection | undefined {
  const trimmed = text.trim().replace(/^(["'])(.*)\1$/s, '$2');
  if (trimmed === '' || trimmed.length > longest) return undefined;
  if (trimmed === ':memory:') return { engine: 'sqlite', hosts: [], database: trimmed, options: {} };
  return parseUrl(trimmed.replace(/^jdbc:/i, '')) ?? parsePairs(trimmed);
}

/** An Elasticsearch address looks like any other web address: only the caller knows. */
export function parseElasticsearch(text: string): Connection | undefined {
  const url = /^(?:https?:\/\/)?(.*)$/is.exec(text.trim())?.[1];
  return url ? parseServers('elasticsearch', url, {}) : undefined;
}

/** `cassandra-1,cassandra-2:9043` */
export function parseContactPoints(text: string, keyspace?: string): Connection | undefined {
  const hosts = hostsOf(text);
  return hosts.length === 0 ? undefined : { engine: 'cassandra', hosts, ...known('database', keyspace), options: {} };
}

const ports: Readonly<Record<string, number>> = {
  postgres: 5432,
  mysql: 3306,
  mssql: 1433,
  mongodb: 27017,
  redis: 6379,
  clickhouse: 8123,
  cassandra: 9042,
  elasticsearch: 9200,
  tigerbeetle: 3001,
  amqp: 5672,
  kafka: 9092,
  nats: 4222,
  memcached: 11211,
  neo4j: 7687,
  oracle: 1521,
};

export function defaultPort(engine: string): number | undefined {
  return Object.hasOwn(ports, engine) ? ports[engine] : undefined;
}

const longest = 4000;

const engines: Readonly<Record<string, string>> = {
  postgres: 'postgres',
  postgresql: 'postgres',
  pgsql: 'postgres',
  pg: 'postgres',
  postgis: 'postgres',
  cockroachdb: 'postgres',
  cockroach: 'postgres',
  timescaledb: 'postgres',
  mysql: 'mysql',
  mysql2: 'mysql',
  mysqlx: 'mysql',
  mariadb: 'mysql',
  mssql: 'mssql',
  sqlserver: 'mssql',
  mongodb: 'mongodb',
  mongo: 'mongodb',
  redis: 'redis',
  rediss: 'redis',
  valkey: 'redis',
  valkeys: 'redis',
  'redis-sentinel': 'redis',
  sqlite: 'sqlite',
  sqlite3: 'sqlite',
  'better-sqlite3': 'sqlite',
  file: 'sqlite',
  libsql: 'sqlite',
  clickhouse: 'clickhouse',
  clickhouses: 'clickhouse',
  ch: 'clickhouse',
  cassandra: 'cassandra',
  scylla: 'cassandra',
  elasticsearch: 'elasticsearch',
  opensearch: 'elasticsearch',
  dynamodb: 'dynamodb',
  amqp: 'amqp',
  amqps: 'amqp',
  kafka: 'kafka',
  nats: 'nats',
  memcached: 'memcached',
  neo4j: 'neo4j',
  neo4js: 'neo4j',
  bolt: 'neo4j',
  oracle: 'oracle',
};

/** The engine that a word in a URL, a Prisma provider, a knex client or a TypeORM type stands for. */
export function engineOf(word: string): string | undefined {
  const lower = word.toLowerCase();
  const base = /^prisma\+(.+)$/.exec(lower)?.[1] ?? lower.split('+')[0] ?? lower;
  return Object.hasOwn(engines, base) ? engines[base] : undefined;
}

function parseUrl(text: string): Connection | undefined {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(text) ?? [];
  const engine = engineOf(scheme);
  if (engine === undefined) return undefined;
  if (/^(?:file|libsql|sqlite3?|better-sqlite3)$/i.test(scheme)) return parseFile(scheme, rest);
  if (!rest.startsWith('//')) return undefined;
  const listed =
    scheme.toLowerCase() === 'sqlserver' || rest.includes(';') ? parseSemicolons(engine, rest.slice(2)) : undefined;
  return listed ?? parseServers(engine, rest.slice(2), secureOptions(scheme));
}

function secureOptions(scheme: string): Readonly<Record<string, string>> {
  return /^(?:rediss|valkeys|amqps)$/i.test(scheme) || /\+ssl$/i.test(scheme) ? { ssl: 'true' } : {};
}

function parseFile(scheme: string, rest: string): Connection {
  const [path = '', query = ''] = splitOnce(rest, '?');
  const options = optionsOf(query, '&');
  if (/^libsql$/i.test(scheme) && path.startsWith('//'))
    return parseServers('sqlite', path.slice(2), options) ?? { engine: 'sqlite', hosts: [], options };
  const file = path.replace(/^\/\/(?=[./]|[^/]*$|[^/]+\/)/, '');
  return { engine: 'sqlite', hosts: [], ...known('database', decoded(file)), options };
}

/** `user:password@host:1,host:2/database?option=value`, the scheme gone. */
function parseServers(engine: string, text: string, extra: Readonly<Record<string, string>>): Connection | undefined {
  const mark = queryStart(text);
  const beforeQuery = text.slice(0, mark);
  const query = text.slice(mark + 1);
  const at = authorityEnd(beforeQuery);
  const authority = beforeQuery.slice(0, at);
  const path = beforeQuery.slice(at + 1);
  const login = authority.lastIndexOf('@');
  const [user, password] = login === -1 ? [] : splitOnce(authority.slice(0, login), ':');
  const options = { ...extra, ...optionsOf(query, '&') };
  const hosts = hostsOf(authority.slice(login + 1));
  const given = [...hosts, ...hostsOf(options.host ?? '')];
  return {
    engine,
    hosts: given.map(host =>
      host.port === undefined && options.port !== undefined ? withPort(host.host, options.port) : host,
    ),
    ...known('database', databaseOf(engine, path, options)),
    ...known('schema', schemaOf(options)),
    ...known('user', decoded(user ?? options.user ?? options.username ?? '')),
    ...known('password', decoded(password ?? options.password ?? '')),
    options: readable(options),
  };
}

/** A password may hold a question mark where nobody encoded it. */
function queryStart(text: string): number {
  const first = text.indexOf('?');
  if (first === -1) return text.length;
  const login = /[@/]/.test(text.slice(0, first)) ? -1 : text.indexOf('@', first);
  const mark = login === -1 ? first : text.indexOf('?', login);
  return mark === -1 ? text.length : mark;
}

/** A password may hold a slash where nobody encoded it: the authority ends at the first slash behind the last `@` that a host follows. */
function authorityEnd(text: string): number {
  const login = /^[^/]*@/.test(text)
    ? text.lastIndexOf('@', text.indexOf('/') === -1 ? text.length : text.indexOf('/'))
    : rawLoginEnd(text);
  const slash = text.indexOf('/', login + 1);
  return slash === -1 ? text.length : slash;
}

function rawLoginEnd(text: string): number {
  const login = text.lastIndexOf('@');
  return login !== -1 && /^[^/:]*:/.test(text) && !/^[^/]*:\d+\//.test(text) ? login : -1;
}

function hostsOf(text: string): { readonly host: string; readonly port?: number }[] {
  return text
    .split(',')
    .map(one => one.trim().replace(/^[a-z][a-z+]*:\/\//i, ''))
    .flatMap(one => {
      const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/s.exec(one) ?? [];
      const host = decoded(bracketed ?? plain ?? '');
      return host === undefined || host === '' ? [] : [withPort(host, port)];
    });
}

function withPort(host: string, port: string | undefined): { readonly host: string; readonly port?: number } {
  return port !== undefined && /^\d{1,5}$/.test(port) ? { host, port: Number(port) } : { host };
}

function databaseOf(engine: string, path: string, options: Readonly<Record<string, string>>): string | undefined {
  const first = decoded(path.replace(/\/+$/, ''));
  if (path.includes(hole)) return undefined;
  if (engine === 'redis') return /^\d+$/.test(first ?? '') ? first : options.db;
  if (engine === 'amqp' || engine === 'nats' || engine === 'kafka' || engine === 'elasticsearch') return first;
  return first || options.database || options.dbname || options.keyspace || undefined;
}

/** `?schema=` of Prisma, `currentSchema` of JDBC, `options=-c search_path=`; of several the first counts, for there new tables go. */
function schemaOf(options: Readonly<Record<string, string>>): string | undefined {
  const path =
    options.schema ??
    options.currentschema ??
    options.search_path ??
    /search_path(?:=|%3D|\s+)([^\s&]+)/i.exec(options.options ?? '')?.[1];
  const schema = path
    ?.split(',')[0]
    ?.trim()
    .replace(/^"(.*)"$/, '$1');
  return schema === undefined || schema.includes(hole) ? undefined : schema;
}

/** `//host:1433;database=orders;user=sa` */
function parseSemicolons(engine: string, text: string): Connection | undefined {
  const [server = '', pairs = ''] = splitOnce(text, ';');
  if (pairs === '' || server.includes('@') || server.includes('/')) return undefined;
  const [host, instance] = splitOnce(server, '\\');
  return fromPairs(engine, { ...optionsOf(pairs, ';'), ...(instance === undefined ? {} : { instance }) }, host ?? '');
}

const serverKeys = [
  'server',
  'data source',
  'datasource',
  'host',
  'address',
  'addr',
  'network address',
  'servername',
] as const;
const databaseKeys = ['database', 'initial catalog', 'dbname', 'databasename', 'db'] as const;
const userKeys = ['user id', 'uid', 'user', 'username', 'userid'] as const;
const passwordKeys = ['password', 'pwd', 'pass'] as const;

/** `Server=tcp:db,1433;Database=orders;User Id=sa`, and `host=db dbname=orders` of libpq. */
function parsePairs(text: string): Connection | undefined {
  const libpq = /^\w+ *= *[^;]*$/.test(text) && /(?:^|\s)dbname *=/.test(text);
  if (libpq) return fromPairs('postgres', wordsOf(text), undefined);
  if (!/^[\w ]+=[^;]*(?:;|$)/.test(text)) return undefined;
  const pairs = optionsOf(text, ';');
  const server = pick(pairs, serverKeys);
  if (server === undefined || pick(pairs, [...databaseKeys, ...userKeys]) === undefined) return undefined;
  return fromPairs(engineOfPairs(pairs), pairs, undefined);
}

function wordsOf(text: string): Record<string, string> {
  const found = text.matchAll(/(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|([^\s;]*))/g);
  return Object.fromEntries([...found].map(([, key = '', quoted, plain = '']) => [key.toLowerCase(), quoted ?? plain]));
}

/** The same form serves several drivers; `Host` with `Username` is Npgsql's, a port of its own tells the rest. */
function engineOfPairs(pairs: Readonly<Record<string, string>>): string {
  if (pairs.port === '5432' || (pairs.host !== undefined && pairs.username !== undefined)) return 'postgres';
  return pairs.port === '3306' || pairs.sslmode !== undefined || (pairs.uid !== undefined && pairs.port !== undefined)
    ? 'mysql'
    : 'mssql';
}

function fromPairs(engine: string, pairs: Readonly<Record<string, string>>, server: string | undefined): Connection {
  const text = (server || pick(pairs, serverKeys) || '').replace(/^(?:tcp|np|lpc|admin):/i, '');
  const [address = '', comma] = splitOnce(text, ',');
  const [beforeInstance = ''] = splitOnce(address, '\\');
  const hosts = hostsOf(beforeInstance === '.' || beforeInstance === '(local)' ? 'localhost' : beforeInstance);
  const port = comma?.trim() ?? pairs.port;
  return {
    engine,
    hosts: hosts.map(one => (one.port === undefined ? withPort(one.host, port) : one)),
    ...known('database', pick(pairs, databaseKeys)),
    ...known('schema', schemaOf(pairs)),
    ...known('user', pick(pairs, userKeys)),
    ...known('password', pick(pairs, passwordKeys)),
    options: readable(withoutKeys(pairs, [...serverKeys, ...databaseKeys, ...userKeys, ...passwordKeys])),
  };
}

function withoutKeys(pairs: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(pairs).filter(([key]) => !keys.includes(key)));
}

function pick(pairs: Readonly<Record<string, string>>, keys: readonly string[]): string | undefined {
  return keys.map(key => (Object.hasOwn(pairs, key) ? pairs[key] : undefined)).find(value => value !== undefined);
}

/** A value in braces or quotes may hold the separator. */
const quotedPairs = /[^=;]+=(?:\{[^}]*\}|"[^"]*"|'[^']*'|[^;]*)/g;

/** Keys in lower case. */
function optionsOf(text: string, separator: '&' | ';'): Record<string, string> {
  const pairs = (separator === '&' ? text.split('&') : (text.match(quotedPairs) ?? [])).flatMap(
    (pair): [string, string][] => {
      const [key = '', value] = splitOnce(pair, '=');
      const name = separator === '&' ? decoded(key) : key.trim();
      if (!name || name.includes(hole) || value === undefined) return [];
      const plain =
        separator === '&'
          ? (decoded(value.replaceAll('+', ' ')) ?? value)
          : value.trim().replace(/^(["'{])(.*)["'}]$/s, '$2');
      return [[name.toLowerCase(), plain]];
    },
  );
  return Object.fromEntries(pairs);
}

function readable(options: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => !value.includes(hole)));
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** Undefined where a hole makes it unknown; as written where the percent signs do not decode. */
function decoded(text: string): string | undefined {
  if (text === '' || text.includes(hole)) return undefined;
  return text.replace(/(?:%[0-9a-f]{2})+/gi, bytes => textOf(bytes));
}

function textOf(bytes: string): string {
  const values = bytes
    .split('%')
    .slice(1)
    .map(pair => Number.parseInt(pair, 16));
  return new TextDecoder().decode(new Uint8Array(values));
}

function known<Key extends string>(key: Key, value: string | undefined): { readonly [Name in Key]?: string } {
  const found: { [Name in Key]?: string } = {};
  if (value !== undefined && value !== '' && !value.includes(hole)) found[key] = value;
  return found;
}
