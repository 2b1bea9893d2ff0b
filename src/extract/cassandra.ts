import type { CallSite, Technology } from '../model/technology.ts';
import { get, type Handle, literal, text, unknown, type Value } from '../model/value.ts';
import { openConnection } from './open-connection.ts';
import { runSql } from './run-sql.ts';
import { clientOf, defaultStore, exportOf, functionsOf, handleOf, isConstruction, opened } from './sql-driver.ts';

const driver = { id: 'cassandra', engine: 'cassandra' } as const;

const reads = new Set(['find', 'findAll', 'get']);
const writes = new Set(['insert', 'update', 'remove']);

/** https://docs.datastax.com/en/developer/nodejs-driver */
export const cassandra: Technology = {
  id: driver.id,
  packages: ['cassandra-driver', 'dse-driver'],
  call(c) {
    if (c.on && !isConstruction(c)) return onHandle(c);
    switch (exportOf(c.path)) {
      case 'Client':
        return opened(
          c,
          driver,
          openConnection({ tech: driver.id, engine: driver.engine, origin: c.origin, options: c.args[0] }),
        );
      case 'mapping.Mapper': {
        const [client, options] = c.args;
        const store = client?.t === 'handle' && client.store ? client.store : defaultStore(c, driver);
        return { t: 'handle', tech: driver.id, kind: 'mapper', store, ...(options ? { extra: { options } } : {}) };
      }
      default:
        return undefined;
    }
  },
  typed(t) {
    return /(?:^|\.)Client$/.test(t.path) ? clientOf(driver, defaultStore(t, driver)) : undefined;
  },
};

function onHandle(c: CallSite): Value | undefined {
  const on = handleOf(c, driver);
  if (!on?.store) return undefined;
  if (on.kind === 'mapper') return c.name === 'forModel' ? modelOf(on, c.args[0]) : undefined;
  if (on.kind === 'model') return onModel(c, on);
  switch (c.name) {
    case 'execute':
    case 'batch':
    case 'eachRow':
    case 'stream':
    case 'executeConcurrent':
      runSql(c, driver.id, on.store, c.args[0], 'cassandra');
      return undefined;
    case 'connect':
      for (const f of functionsOf(c.args)) c.ev.invoke(f, [unknown], c);
      return on;
    default:
      return undefined;
  }
}

/** Without a mapping the table is the model's name in snake case, as the driver does by its default. */
function modelOf(mapper: Handle, name: Value | undefined): Value {
  const key = literal(name);
  if (key === undefined) return { ...mapper, kind: 'model', table: unknown };
  const options = get(get(mapper.extra?.options, 'models'), key);
  const tables = get(options, 'tables');
  const first = tables?.t === 'arr' ? tables.items[0] : undefined;
  const table = first?.t === 'obj' ? first.get('name') : first;
  const snake = key.replace(/(?<=[a-z0-9])[A-Z]/g, letter => `_${letter}`).toLowerCase();
  return { ...mapper, kind: 'model', table: table ?? text(snake, name?.t === 'text' ? name.origin : undefined) };
}

function onModel(c: CallSite, on: Handle): Value | undefined {
  if (!on.store || !on.table) return undefined;
  if (c.name === 'mapWithQuery') runSql(c, driver.id, on.store, c.args[0], 'cassandra');
  const op = reads.has(c.name) ? 'read' : writes.has(c.name) ? 'write' : undefined;
  if (op) c.ev.use(c, driver.id, { op, store: on.store, table: on.table });
  return c.name === 'batching' ? on : undefined;
}
