import type { CallSite, Technology } from '../model/technology.ts';
import { each, get, type Handle, type StoreRef, unknown, type Value } from '../model/value.ts';
import { openConnection } from './open-connection.ts';
import { usedFor } from './redis.ts';
import { exportOf } from './sql-driver.ts';

const id = 'sessions';

const engines: Readonly<Record<string, string>> = {
  'connect-redis': 'redis',
  'koa-redis': 'redis',
  'connect-mongo': 'mongodb',
  'connect-mongodb-session': 'mongodb',
  'connect-pg-simple': 'postgres',
  'express-mysql-session': 'mysql',
  'connect-mssql-v2': 'mssql',
  'connect-sqlite3': 'sqlite',
};

/** Stores of web sessions. `require('connect-redis')(session)` gives the class. */
export const sessions: Technology = {
  id,
  packages: Object.keys(engines),
  call(c) {
    if (c.on?.t === 'handle')
      return c.name === 'new' || c.name === '()' || c.name === 'create' ? open(c, c.on.name ?? '') : undefined;
    const name = exportOf(c.path);
    const pkg = c.pkg ?? '';
    if (!c.isNew && name === '' && pkg !== 'koa-redis') return { t: 'handle', tech: id, kind: 'class', name: pkg };
    return c.isNew || name === '' || /create$/.test(name) ? open(c, pkg) : undefined;
  },
};

function open(c: CallSite, pkg: string): Value {
  const engine = engines[pkg] ?? 'redis';
  const [options] = c.args;
  if (engine === 'redis') usedFor(c, 'session', options, ['client'], o => [get(o, 'client') ? unknown : o]);
  else c.ev.use(c, id, { op: 'connect', store: storeOf(c, engine, options) });
  return { t: 'handle', tech: id, kind: 'store' };
}

function storeOf(c: CallSite, engine: string, options: Value | undefined): StoreRef {
  const client = ['client', 'clientPromise', 'mongooseConnection', 'mongoUrl', 'pool', 'pgPromise']
    .map(k => get(options, k))
    .concat(c.args)
    .flatMap(v => each(v))
    .find((v): v is Handle => v.t === 'handle');
  if (client?.store?.kind === 'open') return { ...client.store, purpose: 'session' };
  const url = get(options, 'mongoUrl') ?? get(options, 'conString') ?? get(options, 'uri') ?? get(options, 'conObject');
  return openConnection({
    tech: id,
    engine,
    origin: c.origin,
    purpose: 'session',
    options: get(options, 'conObject') ?? options ?? unknown,
    url: each(url).find(v => v.t === 'text'),
    databaseKeys: ['databaseName', 'dbName'],
  });
}
