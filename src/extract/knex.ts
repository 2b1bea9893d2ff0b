import type { CallSite, Site, Technology } from '../model/technology.ts';
import { textOf } from '../model/texts.ts';
import { each, get, type Handle, literal, type ObjectValue, type Part, unknown, type Value } from '../model/value.ts';
import { arrayMethods } from './array-methods.ts';
import { onQuery, queryOf, tableQuery } from './knex-query.ts';
import { onSchema } from './knex-schema.ts';
import { injectedArgs } from './mongoose.ts';
import { openConnection } from './open-connection.ts';
import { dialectOf, runSql } from './run-sql.ts';
import { withdraw } from './sql-fragment.ts';

/**
 * Knex, with Nest's wrappers. `knex('orders')` is a query on a table, `knex.select()` one whose table is still to come.
 * https://knexjs.org/guide/query-builder.html
 */
export const knex: Technology = {
  id: 'knex',
  packages: ['knex', 'nest-knexjs', 'nestjs-knex', '@mikro-orm/knex'],
  call(c) {
    if (c.on) return c.on.t === 'handle' ? onHandle(c, c.on) : undefined;
    switch (c.path.replace(/^default\.?/, '')) {
      case '':
      case 'knex':
      case 'Knex':
      case 'Knex.initialize':
        return open(c, c.args[0]);
      case 'KnexModule.forRoot':
      case 'KnexModule.register':
        open(c, get(c.args[0], 'config') ?? c.args[0], get(c.args[0], 'name'));
        return unknown;
      case 'KnexModule.forRootAsync':
      case 'KnexModule.registerAsync': {
        const made = c.ev.invoke(get(c.args[0], 'useFactory'), injectedArgs(c, c.args[0]), c);
        open(c, get(made, 'config') ?? made, get(c.args[0], 'name') ?? get(made, 'name'));
        return unknown;
      }
      default:
        return undefined;
    }
  },
  member(m) {
    if (m.on.t !== 'handle' || m.on.kind !== 'db') return undefined;
    if (m.name === 'schema') return { ...m.on, kind: 'schema' };
    if (m.name === 'migrate') return { ...m.on, kind: 'migrate' };
    return undefined;
  },
  awaited(handle) {
    return handle.kind === 'query' || handle.kind === 'raw' ? unknown : undefined;
  },
  typed(t) {
    const path = t.path.replace(/^default\.?/, '');
    if (path === '' || path === 'Knex' || path === 'Knex.Knex' || path.endsWith('Transaction')) return database(t);
    if (path.endsWith('QueryBuilder')) return queryOf(database(t));
    return path.endsWith('SchemaBuilder') ? { ...database(t), kind: 'schema' } : undefined;
  },
  injected(i) {
    const known = i.path === 'InjectKnex' || i.path === 'InjectConnection' || i.path === 'InjectModel';
    return known ? database(i, i.args[0]) : undefined;
  },
  /** `{ knex }` of an unknown container: nobody else's function is called so with the name of a table. */
  duck(c) {
    const on = { ...database(c), name: 'guessed' };
    if (c.name === 'knex' && c.args[0]?.t === 'text') return tableQuery(c, on, c.args[0]);
    const isKnex = c.on?.t === 'bound' && c.on.name === 'knex' && c.receiver === 'knex';
    return isKnex && starters.has(c.name) ? onHandle(c, on) : undefined;
  },
  param(p) {
    const isKnex = /^(knex|knexInstance|knexClient)$/i.test(p.name);
    const inMigration = p.index === 0 && /(^|\/)migrations?\//.test(p.file) && /^(up|down)$/.test(p.unit);
    return isKnex || (inMigration && /^(trx|kx|k)$/.test(p.name)) ? database(p) : undefined;
  },
};

const starters = new Set([
  'select',
  'from',
  'into',
  'table',
  'insert',
  'with',
  'withSchema',
  'transaction',
  'raw',
  'batchInsert',
]);

function database(site: Site, name?: Value): Handle {
  const known = name && literal(name) !== undefined ? { name } : {};
  return {
    t: 'handle',
    tech: 'knex',
    kind: 'db',
    store: { kind: 'default', tech: 'knex', origin: site.origin, ...known },
  };
}

function open(c: CallSite, given: Value | undefined, name?: Value): Value {
  const config = likeliest(given);
  const connection = get(config, 'connection');
  const url = connection ?? (each(config).some(v => v.t === 'text') ? config : undefined);
  const made = each(connection).some(v => v.t === 'fn') ? c.ev.invoke(connection, [], c) : url;
  if (!config || (!made && get(config, 'client'))) return database(c);
  const store = openConnection({
    tech: 'knex',
    engine: engineOf(get(config, 'client'), made),
    origin: c.origin,
    url: made,
    options: withConnection(config, made),
    name,
  });
  c.ev.use(c, 'knex', { op: 'connect', store });
  return { t: 'handle', tech: 'knex', kind: 'db', store };
}

/** Of several environments of a knexfile, the first that is told by variables of the process, but those of tests. */
function likeliest(given: Value | undefined): Value | undefined {
  const all = each(given).filter(v => v.t === 'obj' || v.t === 'text');
  return all.find(v => variablesOf(v).length > 0 && !variablesOf(v).some(key => /test/i.test(key))) ?? all[0] ?? given;
}

function variablesOf(config: Value): string[] {
  const connection = get(config, 'connection') ?? config;
  const values = connection.t === 'obj' ? connection.keys().flatMap(k => each(connection.get(k))) : each(connection);
  return values.flatMap(v => (v.t === 'text' ? v.parts : [])).flatMap(p => (p && typeof p === 'object' ? [p.key] : []));
}

function withConnection(config: Value, connection: Value | undefined): Value {
  const [one] = each(config);
  if (one?.t !== 'obj' || connection?.t !== 'obj') return config;
  const made: ObjectValue = {
    ...one,
    get: key => (key === 'connection' ? connection : one.get(key)),
  };
  return made;
}

const engines: Readonly<Record<string, string>> = {
  pg: 'postgres',
  postgres: 'postgres',
  postgresql: 'postgres',
  pgnative: 'postgres',
  'pg-native': 'postgres',
  cockroachdb: 'postgres',
  redshift: 'postgres',
  mysql: 'mysql',
  mysql2: 'mysql',
  mariadb: 'mysql',
  sqlite3: 'sqlite',
  'better-sqlite3': 'sqlite',
  sqlite: 'sqlite',
  mssql: 'mssql',
  tedious: 'mssql',
  oracledb: 'oracle',
};

function engineOf(client: Value | undefined, connection: Value | undefined): string {
  const name = settled(client) ?? '';
  if (Object.hasOwn(engines, name)) return engines[name] ?? '';
  if (client?.t === 'ext')
    return /pg|postgres/i.test(client.pkg) ? 'postgres' : /sqlite/i.test(client.pkg) ? 'sqlite' : 'unknown';
  return get(connection, 'filename') ? 'sqlite' : 'unknown';
}

/** A text, or what it is where the environment does not say. */
function settled(v: Value | undefined): string | undefined {
  const one = each(v).find(x => x.t === 'text');
  if (one?.t !== 'text') return undefined;
  const parts = one.parts.map(p => (typeof p === 'string' ? p : p ? settled(p.def) : undefined));
  return parts.includes(undefined) ? undefined : parts.join('');
}

function onHandle(c: CallSite, on: Handle): Value | undefined {
  switch (on.kind) {
    case 'db':
      return onDatabase(c, on);
    case 'provider':
      return { ...on, kind: 'db' };
    case 'schema':
    case 'builder':
    case 'column':
      return onSchema(c, on);
    case 'migrate':
      if (on.store && (c.name === 'latest' || c.name === 'up'))
        c.ev.use(c, 'knex', { op: 'run-migrations', store: on.store });
      return unknown;
    case 'query':
      return onQuery(c, on);
    case 'raw':
      return onRaw(c, on);
    default:
      return undefined;
  }
}

/** A piece of SQL that is made a string is put into another by hand. */
function onRaw(c: CallSite, on: Handle): Value | undefined {
  if (arrayMethods.has(c.name)) return undefined;
  if (c.name !== 'toString' && c.name !== 'toQuery') return on;
  withdraw(c, on.uses, () => false, true);
  return on.extra?.sql ?? unknown;
}

function onDatabase(c: CallSite, on: Handle): Value | undefined {
  const [first] = c.args;
  switch (c.name) {
    case '()':
    case '`':
      return first ? tableQuery(c, on, first) : queryOf(on);
    case 'raw':
      return raw(c, on);
    case 'transaction':
    case 'savepoint': {
      const made = each(first).some(v => v.t === 'fn') ? c.ev.invoke(first, [on], c) : on;
      return made;
    }
    case 'transactionProvider':
      return { ...on, kind: 'provider' };
    case 'batchInsert':
      if (first) tableQuery(c, on, first, 'write');
      return on;
    case 'queryBuilder':
      return queryOf(on);
    case 'withUserParams':
    case 'initialize':
      return on;
    case 'ref':
    case 'destroy':
    case 'on':
    case 'commit':
    case 'rollback':
    case 'isCompleted':
      return unknown;
    default:
      return onQuery(c, queryOf(on));
  }
}

/** A statement of its own or a piece of one, which is known only when it is put into another. */
function raw(c: CallSite, on: Handle): Handle {
  const made: Handle = { ...on, kind: 'raw', ...(c.args[0] ? { extra: { sql: c.args[0] } } : {}) };
  if (!on.store) return made;
  const sql = identified(c.args[0], c.args[1]);
  const how = on.name === 'guessed' ? { guessed: true } : {};
  const engine = on.store.kind === 'open' ? on.store.engine : undefined;
  return { ...made, uses: runSql(c, 'knex', on.store, sql, dialectOf(engine), how) };
}

/** The statement with the identifiers put in that stand in its bindings: `??` in turn, `:name:` by name. */
function identified(sql: Value | undefined, bindings: Value | undefined): Value | undefined {
  if (sql?.t !== 'text' || !bindings || !sql.parts.some(p => typeof p === 'string' && /\?\?|:\w+:/.test(p))) return sql;
  let next = 0;
  const parts = sql.parts.flatMap((p): readonly Part[] => {
    if (typeof p !== 'string') return [p];
    return p.split(/(\?\??|:\w+:)/).flatMap((piece): readonly Part[] => {
      if (piece === '?') next++;
      const bound =
        piece === '??' ? item(bindings, next++) : /^:\w+:$/.test(piece) ? get(bindings, piece.slice(1, -1)) : undefined;
      return bound?.t === 'text' ? bound.parts : piece === '??' ? [null] : [piece];
    });
  });
  return textOf(parts, sql.origin);
}

function item(bindings: Value, at: number): Value | undefined {
  return bindings.t === 'arr' ? bindings.items[at] : at === 0 ? bindings : undefined;
}
