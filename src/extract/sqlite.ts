import type { CallSite, Technology } from '../model/technology.ts';
import { each, get, type StoreRef, unknown, type Value } from '../model/value.ts';
import { openConnection } from './open-connection.ts';
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
  id: 'sqlite',
  engine: 'sqlite',
  dialect: 'sqlite',
  // a prepared statement is there to be run
  runs: new Set([
    'prepare',
    'exec',
    'run',
    'get',
    'all',
    'each',
    'query',
    'execute',
    'executeMultiple',
    'batch',
    'migrate',
    'values',
    'map',
  ]),
  clients: new Set(['sync', 'verbose', 'configure', 'serialize', 'parallelize', 'defaultSafeIntegers', 'unsafeMode']),
  scopes: new Set([]),
};

const opens = new Set([
  '',
  'Database',
  'DatabaseSync',
  'open',
  'createClient',
  'cached.Database',
  'verbose().Database',
  'verbose().cached.Database',
]);
const types = new Set([
  'Database',
  'DatabaseSync',
  'Client',
  'Transaction',
  'default',
  'default.Database',
  'Database.Database',
]);

/** SQLite in its drivers: better-sqlite3, sqlite3 and its promises, Node's, Bun's, libSQL. The file is the database. */
export const sqlite: Technology = {
  id: driver.id,
  packages: [
    'better-sqlite3',
    'sqlite3',
    '@journeyapps/sqlcipher',
    'sqlite',
    'node:sqlite',
    'bun:sqlite',
    'libsql',
    '@libsql/client',
  ],
  call(c) {
    if (c.on && !isConstruction(c)) return onClient(c);
    const name = exportOf(c.path);
    return opens.has(name) ? open(c) : undefined;
  },
  typed(t) {
    return types.has(t.path) ? clientOf(driver, defaultStore(t, driver)) : undefined;
  },
};

function open(c: CallSite): Value {
  const [first] = c.args;
  const url = get(first, 'url') ?? get(first, 'syncUrl');
  const file = each(first).find(v => v.t === 'text') ?? get(first, 'filename');
  const store: StoreRef & { kind: 'open' } = url
    ? openConnection({ tech: driver.id, engine: driver.engine, origin: c.origin, url })
    : {
        kind: 'open',
        tech: driver.id,
        engine: driver.engine,
        origin: c.origin,
        ...(file ? { database: nameOf(file) } : {}),
      };
  const db = opened(c, driver, store);
  for (const f of functionsOf(c.args)) c.ev.invoke(f, [unknown], c);
  return db;
}

/** Of a path that starts where the program lies, the name of the file is enough: the file is of one service. */
function nameOf(file: Value): Value {
  if (file.t !== 'text') return file;
  const { parts } = file;
  const last = parts.at(-1);
  if (parts.includes(null)) {
    const name = typeof last === 'string' ? last.slice(last.lastIndexOf('/') + 1) : '';
    return name === '' ? file : { ...file, parts: [name] };
  }
  return {
    ...file,
    parts: parts.map(p => (typeof p === 'string' || p === null || !p.def ? p : { ...p, def: nameOf(p.def) })),
  };
}

function onClient(c: CallSite): Value | undefined {
  const on = handleOf(c, driver);
  const [first] = c.args;
  if (!on) return undefined;
  if (on.kind === 'statement')
    return /^(?:pluck|raw|expand|bind|safeIntegers|setReadBigInts)$/.test(c.name) ? on : undefined;
  if (c.name === 'transaction' && functionsOf(c.args).length > 0) return first;
  if (c.name === 'transaction') return on;
  if (c.name === 'serialize' || c.name === 'parallelize') {
    for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
    return on;
  }
  const result = onSqlClient(c, on, driver);
  return c.name === 'prepare' || (c.name === 'query' && result === undefined) ? { ...on, kind: 'statement' } : result;
}
