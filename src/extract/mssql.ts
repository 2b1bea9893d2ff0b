import type { CallSite, Site, Technology } from '../model/technology.ts';
import { get, type StoreRef, unknown, type Value } from '../model/value.ts';
import { openConnection } from './open-connection.ts';
import { runSql } from './run-sql.ts';
import {
  clientOf,
  defaultStore,
  exportOf,
  functionsOf,
  handleOf,
  isConstruction,
  onSqlClient,
  opened,
  type SqlDriver,
} from './sql-driver.ts';

const driver: SqlDriver = {
  id: 'mssql',
  engine: 'mssql',
  dialect: 'mssql',
  runs: new Set(['query', 'batch', 'prepare']),
  clients: new Set(['connect', 'request', 'transaction', 'begin', 'input', 'output', 'replaceInput', 'on', 'acquire']),
  scopes: new Set([]),
};

const types = new Set(['ConnectionPool', 'Request', 'Transaction', 'PreparedStatement', 'Connection', 'IResult']);

/** The clients of SQL Server: node-mssql and tedious below it. https://github.com/tediousjs/node-mssql */
export const mssql: Technology = {
  id: driver.id,
  packages: ['mssql', 'tedious'],
  call(c) {
    if (c.on && !isConstruction(c)) return onClient(c);
    const name = exportOf(c.path);
    const [first] = c.args;
    switch (name) {
      case 'connect':
      case 'ConnectionPool':
      case 'Connection':
        return open(c, first);
      case 'query':
      case 'batch':
        runSql(c, driver.id, defaultStore(c, driver), first, driver.dialect);
        return unknown;
      case 'Table':
        return { t: 'handle', tech: driver.id, kind: 'table', ...(first ? { table: first } : {}) };
      case 'Request':
        for (const f of functionsOf(c.args)) c.ev.invoke(f, [unknown], c);
        // mssql gives it the pool, tedious the statement
        return c.pkg === 'tedious'
          ? { t: 'handle', tech: driver.id, kind: 'statement', ...(first ? { extra: { sql: first } } : {}) }
          : clientOf(driver, storeOf(c, first));
      case 'Transaction':
      case 'PreparedStatement':
        return clientOf(driver, storeOf(c, first));
      default:
        return undefined;
    }
  },
  member(m) {
    return m.on.t === 'handle' && m.on.kind === 'table' && (m.name === 'columns' || m.name === 'rows')
      ? unknown
      : undefined;
  },
  typed(t) {
    return types.has(t.path.replace(/^.*\./, '')) && !t.path.endsWith('IResult')
      ? clientOf(driver, defaultStore(t, driver))
      : undefined;
  },
};

function storeOf(site: Site, parent: Value | undefined): StoreRef {
  return parent?.t === 'handle' && parent.store ? parent.store : defaultStore(site, driver);
}

function open(c: CallSite, options: Value | undefined): Value {
  const store = openConnection({ tech: driver.id, engine: driver.engine, origin: c.origin, url: options, options });
  const inner = get(options, 'options');
  const login = get(get(options, 'authentication'), 'options');
  const more = {
    database: store.database ?? get(inner, 'database') ?? get(login, 'database'),
    port: store.port ?? get(inner, 'port'),
    user: store.user ?? get(login, 'userName'),
    password: store.password ?? get(login, 'password'),
  };
  const client = opened(c, driver, {
    ...store,
    ...Object.fromEntries(Object.entries(more).flatMap(([k, v]) => (v ? [[k, v]] : []))),
  });
  for (const f of functionsOf(c.args)) c.ev.invoke(f, [unknown], c);
  return client;
}

function onClient(c: CallSite): Value | undefined {
  const on = handleOf(c, driver);
  if (!on?.store) return on?.kind === 'table' ? on : undefined;
  const [first] = c.args;
  switch (c.name) {
    case 'execSql':
    case 'execSqlBatch':
      runSql(c, driver.id, on.store, statementOf(first), driver.dialect);
      return unknown;
    case 'bulk':
      c.ev.use(c, driver.id, {
        op: 'write',
        store: on.store,
        table: first?.t === 'handle' ? (first.table ?? unknown) : unknown,
      });
      return undefined;
    case 'newBulkLoad':
      c.ev.use(c, driver.id, { op: 'write', store: on.store, table: first ?? unknown });
      return unknown;
    default:
      return onSqlClient(c, on, driver);
  }
}

function statementOf(v: Value | undefined): Value | undefined {
  return v?.t === 'handle' ? v.extra?.sql : v;
}
