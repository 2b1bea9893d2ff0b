import type { CallSite, Site, Technology } from '../model/technology.ts';
import { each, get, type Handle, type InstanceValue, type StoreRef, unknown, type Value } from '../model/value.ts';
import { storeBehind } from './client-store.ts';
import { onQuery, onSchema } from './kysely-query.ts';
import { injectedArgs } from './mongoose.ts';
import { dialectOf, runSql } from './run-sql.ts';
import { sqlFragment } from './sql-fragment.ts';

const dialects: Readonly<Record<string, string>> = {
  PostgresDialect: 'postgres',
  PostgresJSDialect: 'postgres',
  NeonDialect: 'postgres',
  NeonHTTPDialect: 'postgres',
  VercelDialect: 'postgres',
  MysqlDialect: 'mysql',
  PlanetScaleDialect: 'mysql',
  SqliteDialect: 'sqlite',
  LibsqlDialect: 'sqlite',
  D1Dialect: 'sqlite',
  BunSqliteDialect: 'sqlite',
  MssqlDialect: 'mssql',
};

/** Where a dialect's options hold the client, or what makes one. */
const clients = ['pool', 'postgres', 'database', 'client', 'neon', 'sqlite', 'url', 'connectionString'];

/** Kysely, its dialects, and Nest's wrapper. https://kysely.dev/docs/intro */
export const kysely: Technology = {
  id: 'kysely',
  packages: [
    'kysely',
    'kysely-*',
    '@libsql/kysely-libsql',
    '@vercel/postgres-kysely',
    'nestjs-kysely',
    'prisma-extension-kysely',
  ],
  call(c) {
    if (c.on?.t === 'handle') return onHandle(c, c.on);
    const last = c.path.slice(c.path.lastIndexOf('.') + 1);
    if (Object.hasOwn(dialects, last)) return dialect(c, dialects[last] ?? '');
    switch (c.path) {
      case 'Kysely':
        return open(c, c.args[0]);
      case 'Kysely.extended':
        return open(c, rootConfig(c, c.on));
      case 'KyselyModule.forRoot':
        open(c, c.args[0]);
        return unknown;
      case 'KyselyModule.forRootAsync':
        open(c, c.ev.invoke(get(c.args[0], 'useFactory'), injectedArgs(c, c.args[0]), c));
        return unknown;
      case 'createKysely':
        return open(c, undefined);
      case 'CamelCasePlugin':
        return { t: 'handle', tech: 'kysely', kind: 'camel' };
      case 'Migrator':
        return { ...database(c), ...handleOf(get(c.args[0], 'db')), kind: 'migrator' };
      case 'Kysely.super':
        return undefined;
      default:
        break;
    }
    if (c.on) return onInstance(c, c.on);
    return c.path === 'sql' || c.path.startsWith('sql.') ? fragment(c) : undefined;
  },
  member(m) {
    if (m.on.t === 'handle' && m.on.kind === 'db' && m.name === 'schema') return { ...m.on, kind: 'schema' };
    if (m.on.t === 'handle' && m.on.kind === 'db' && m.name === 'dynamic') return m.on;
    if (m.on.t === 'inst' && m.name === 'schema') {
      const db = instanceDatabase(m, m.on);
      return db && { ...db, kind: 'schema' };
    }
    return undefined;
  },
  typed(t) {
    if (t.path === 'Kysely' || t.path === 'Transaction' || t.path === 'ControlledTransaction') return database(t);
    if (t.path === 'QueryCreator' || t.path === 'ExpressionBuilder') return database(t);
    return undefined;
  },
  injected(i) {
    return i.path === 'InjectKysely' ? database(i) : undefined;
  },
};

function database(site: Site): Handle {
  return {
    t: 'handle',
    tech: 'kysely',
    kind: 'db',
    store: { kind: 'default', tech: 'kysely', origin: site.origin },
  };
}

function handleOf(v: Value | undefined): Handle | undefined {
  return each(v).find((one): one is Handle => one.t === 'handle' && one.tech === 'kysely');
}

function dialect(c: CallSite, engine: string): Value {
  const [options] = c.args;
  const client = clients.map(key => get(options, key)).find(v => v !== undefined);
  const store =
    storeBehind(c, 'kysely', engine, client ?? tedious(c, options)) ?? storeBehind(c, 'kysely', engine, options);
  return { t: 'handle', tech: 'kysely', kind: 'dialect', ...(store ? { store } : {}) };
}

function tedious(c: CallSite, options: Value | undefined): Value | undefined {
  const made = c.ev.invoke(get(get(options, 'tedious'), 'connectionFactory'), [], c);
  const given = each(made).flatMap(v => (v.t === 'ext' ? (v.args?.[0] ?? []) : []))[0];
  const settings = get(given, 'options');
  const name = get(settings, 'database');
  if (given?.t !== 'obj' || !name) return given;
  return { ...given, get: key => (key === 'database' ? name : given.get(key)) };
}

/** The plugin that turns names into snake case is kept as the name of the handle. */
function open(c: CallSite, config: Value | undefined): Value {
  const made = opened(c, config);
  if (made.store?.kind === 'open') c.ev.use(c, 'kysely', { op: 'connect', store: made.store });
  return made;
}

function opened(site: Site, config: Value | undefined): Handle {
  const store: StoreRef | undefined = each(get(config, 'dialect')).flatMap(v =>
    v.t === 'handle' ? (v.store ?? []) : [],
  )[0];
  const plugins = get(config, 'plugins');
  const isSnake = plugins?.t === 'arr' && plugins.items.some(p => p.t === 'handle' && p.kind === 'camel');
  return { ...database(site), ...(store ? { store } : {}), ...(isSnake ? { name: 'snake' } : {}) };
}

/** `class Database extends Kysely<Tables> {}`, made by hand or by a container. */
function onInstance(c: CallSite, on: Value): Value | undefined {
  const db = on.t === 'inst' ? instanceDatabase(c, on) : undefined;
  return db && onHandle(c, db);
}

function instanceDatabase(site: Site, inst: InstanceValue): Handle | undefined {
  const { root } = site.ev.lineage(inst.cls);
  if (root?.t !== 'ext' || root.path !== 'Kysely') return undefined;
  return opened(site, site.ev.rootArgs(inst)?.[0]);
}

function rootConfig(c: CallSite, on: Value | undefined): Value | undefined {
  return (on?.t === 'inst' ? c.ev.rootArgs(on)?.[0] : undefined) ?? c.args[0];
}

function onHandle(c: CallSite, on: Handle): Value | undefined {
  switch (on.kind) {
    case 'migrator':
      if (on.store && /^migrate(ToLatest|To|Up)$/.test(c.name))
        c.ev.use(c, 'kysely', { op: 'run-migrations', store: on.store });
      return unknown;
    case 'transaction':
      if (c.name !== 'execute') return on;
      return c.args[0] ? c.ev.invoke(c.args[0], [{ ...on, kind: 'db' }], c) : { ...on, kind: 'db' };
    case 'sql':
      return onFragment(c, on);
    case 'schema':
    case 'builder':
    case 'column':
      return onSchema(c, on);
    case 'db':
      return onDatabase(c, on);
    case 'query':
      return onQuery(c, on);
    default:
      return undefined;
  }
}

function onDatabase(c: CallSite, on: Handle): Value | undefined {
  switch (c.name) {
    case 'transaction':
    case 'startTransaction':
    case 'connection':
      return { ...on, kind: 'transaction' };
    case 'executeQuery': {
      const query = handleOf(c.args[0]);
      return query?.kind === 'sql' ? onFragment({ ...c, name: 'execute', args: [on] }, query) : unknown;
    }
    case 'withPlugin':
      return handleOf(c.args[0])?.kind === 'camel' ? { ...on, name: 'snake' } : on;
    case 'table':
      return { ...on, kind: 'dynamic', table: c.args[0] ?? unknown };
    case 'destroy':
    case 'commit':
    case 'rollback':
      return unknown;
    default:
      return onQuery(c, on);
  }
}

/** `` sql`…` ``, and what is put into it: `sql.table('orders')`. */
function fragment(c: CallSite): Value | undefined {
  const [first] = c.args;
  const name = c.path.slice('sql.'.length);
  if (name === 'table' || name === 'id' || name === 'ref') {
    return first?.t === 'text' ? { t: 'handle', tech: 'kysely', kind: 'name', text: first } : undefined;
  }
  return sqlFragment('kysely', first) ?? { t: 'handle', tech: 'kysely', kind: 'sql' };
}

function onFragment(c: CallSite, on: Handle): Value {
  if (c.name !== 'execute') return on;
  const db =
    handleOf(c.args[0]) ?? each(c.args[0]).flatMap(v => (v.t === 'inst' ? (instanceDatabase(c, v) ?? []) : []))[0];
  const store = db?.store ?? database(c).store;
  if (store) runSql(c, 'kysely', store, on.text, dialectOf(store.kind === 'open' ? store.engine : undefined));
  return unknown;
}
