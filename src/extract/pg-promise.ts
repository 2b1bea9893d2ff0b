import type { CallSite, Technology } from '../model/technology.ts';
import { partsOf, textOf } from '../model/texts.ts';
import { get, type Handle, unknown, type Value } from '../model/value.ts';
import { openConnection } from './open-connection.ts';
import { withPostgresEnvironment } from './postgres-environment.ts';
import { clientOf, defaultStore, onSqlClient, opened, type SqlDriver } from './sql-driver.ts';

const driver: SqlDriver = {
  id: 'pg-promise',
  engine: 'postgres',
  dialect: 'postgres',
  runs: new Set([
    'query',
    'none',
    'one',
    'oneOrNone',
    'many',
    'manyOrNone',
    'any',
    'result',
    'multi',
    'multiResult',
    'map',
    'each',
    'stream',
  ]),
  clients: new Set(['connect']),
  scopes: new Set(['tx', 'txIf', 'task', 'taskIf']),
};

const library: Handle = { t: 'handle', tech: driver.id, kind: 'library' };

/** https://vitaly-t.github.io/pg-promise */
export const pgPromise: Technology = {
  id: driver.id,
  packages: ['pg-promise'],
  call(c) {
    if (c.on?.t === 'handle') return onHandle(c, c.on);
    if (c.path === '' || c.path === 'default') return library;
    return statement(c);
  },
  member(m) {
    const { on, name } = m;
    if (on.t !== 'handle' || on.kind !== 'library') return undefined;
    return name === 'helpers' || name === 'as' ? { ...on, kind: name } : undefined;
  },
  typed(t) {
    return /^(?:IDatabase|ITask|IBaseProtocol|IConnected)$/.test(t.path)
      ? clientOf(driver, defaultStore(t, driver))
      : undefined;
  },
};

function onHandle(c: CallSite, on: Handle): Value | undefined {
  switch (on.kind) {
    case 'library':
      if (c.name !== '()') return statement(c);
      return opened(
        c,
        driver,
        withPostgresEnvironment(
          c,
          openConnection({
            tech: driver.id,
            engine: driver.engine,
            origin: c.origin,
            url: c.args[0],
            options: c.args[0],
          }),
          c.args[0],
        ),
      );
    case 'helpers':
      return helper(c);
    case 'as':
      return c.name === 'format' || c.name === 'name' || c.name === 'alias' ? (c.args[0] ?? unknown) : unknown;
    default:
      return onSqlClient(c, on, driver);
  }
}

/** `new PreparedStatement({ text })` is run as its text. */
function statement(c: CallSite): Value | undefined {
  return /(?:PreparedStatement|ParameterizedQuery|QueryFile)$/.test(c.name) ? c.args[0] : undefined;
}

/** Statements made of data: `helpers.insert(data, columns, 'orders')`, with the table in the columns too. */
function helper(c: CallSite): Value {
  const [first, second, third] = c.args;
  switch (c.name) {
    case 'ColumnSet': {
      const table = get(second, 'table');
      return { t: 'handle', tech: driver.id, kind: 'columns', ...(table ? { table } : {}) };
    }
    case 'concat':
      return first ?? unknown;
    case 'insert':
    case 'update': {
      const table = tableOf(third) ?? tableOf(second);
      const parts = table ? partsOf(table) : [null];
      return c.name === 'insert'
        ? textOf(['INSERT INTO ', ...parts, ' VALUES (1)'], c.origin)
        : textOf(['UPDATE ', ...parts, ' SET x = 1'], c.origin);
    }
    default:
      return unknown;
  }
}

function tableOf(v: Value | undefined): Value | undefined {
  if (v?.t === 'handle') return v.table ? tableOf(v.table) : undefined;
  if (v?.t === 'text') return v;
  const table = get(v, 'table');
  const schema = get(v, 'schema');
  return table && schema ? textOf([...partsOf(schema), '.', ...partsOf(table)]) : table;
}
