import type { Technology } from '../model/technology.ts';
import { partsOf, textOf } from '../model/texts.ts';
import { type Part, unknown, type Value } from '../model/value.ts';
import { openConnection } from './open-connection.ts';
import { clientOf, defaultStore, onSqlClient, opened, type SqlDriver } from './sql-driver.ts';

const driver: SqlDriver = {
  id: 'slonik',
  engine: 'postgres',
  dialect: 'postgres',
  runs: new Set([
    'query',
    'any',
    'anyFirst',
    'exists',
    'many',
    'manyFirst',
    'maybeOne',
    'maybeOneFirst',
    'one',
    'oneFirst',
    'stream',
    'copyFromBinary',
  ]),
  clients: new Set([]),
  scopes: new Set(['connect', 'transaction']),
};

const engines: Readonly<Record<string, string>> = {
  '@databases/mysql': 'mysql',
  '@databases/sqlite': 'sqlite',
  '@databases/sqlite-sync': 'sqlite',
};
const opens = new Set(['createPool', 'createConnectionPool', 'connect']);
const types = new Set([
  'DatabasePool',
  'DatabasePoolType',
  'CommonQueryMethods',
  'DatabaseConnection',
  'DatabasePoolConnection',
  'DatabaseTransactionConnection',
  'ConnectionPool',
  'Queryable',
  'Transaction',
  'Connection',
]);

/** Clients whose statements are values made by a tag: Slonik and `@databases`. */
export const slonik: Technology = {
  id: driver.id,
  packages: ['slonik', '@databases/pg', '@databases/mysql', '@databases/sqlite', '@databases/sqlite-sync'],
  call(c) {
    if (c.on) return c.on.t === 'handle' ? onSqlClient(c, c.on, driver) : undefined;
    const name = c.path.replace(/^createSqlTag\(\)|^default\.(?=sql)/, 'sql');
    if (opens.has(name) || ((name === 'default' || name === '') && c.pkg?.startsWith('@databases/') === true)) {
      const engine = engines[c.pkg ?? ''] ?? driver.engine;
      return opened(
        c,
        driver,
        openConnection({ tech: driver.id, engine, origin: c.origin, url: c.args[0], options: c.args[0] }),
      );
    }
    return name.startsWith('sql') ? ofTag(name, c.args) : undefined;
  },
  typed(t) {
    return types.has(t.path) ? clientOf(driver, defaultStore(t, driver)) : undefined;
  },
};

function ofTag(name: string, args: readonly Value[]): Value | undefined {
  const [first] = args;
  if (name === 'sql.identifier' || name === 'sql.ident') return first?.t === 'arr' ? dotted(first.items) : dotted(args);
  if (name === 'sql.__dangerous__rawValue' || name === 'sql.raw') return first;
  // `sql.type(shape)` gives a tag
  if (/^sql(?:\.unsafe|\.fragment|\.(?:type|typeAlias)\(\))?$/.test(name)) return first ?? unknown;
  return /^sql\.(?:type|typeAlias)$/.test(name) ? undefined : unknown;
}

function dotted(names: readonly Value[]): Value {
  return textOf(names.flatMap((n, i): readonly Part[] => (i === 0 ? partsOf(n) : ['.', ...partsOf(n)])));
}
