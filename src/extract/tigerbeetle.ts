import type { Technology } from '../model/technology.ts';
import { each, get, type Op, type StoreRef, type Value } from '../model/value.ts';
import { openConnection } from './open-connection.ts';
import { clientOf, defaultStore, exportOf, handleOf, isConstruction, opened } from './sql-driver.ts';

const driver = { id: 'tigerbeetle', engine: 'tigerbeetle' } as const;

const ops: ReadonlyMap<string, Op> = new Map([
  ['createAccounts', 'write'],
  ['createTransfers', 'write'],
  ['lookupAccounts', 'read'],
  ['lookupTransfers', 'read'],
  ['getAccountTransfers', 'read'],
  ['getAccountBalances', 'read'],
  ['queryAccounts', 'read'],
  ['queryTransfers', 'read'],
]);

/**
 * https://docs.tigerbeetle.com/coding/clients/node. Every cluster holds accounts and transfers and nothing else, so
 * these are no tables: only the database itself is told.
 */
export const tigerbeetle: Technology = {
  id: driver.id,
  packages: ['tigerbeetle-node'],
  call(c) {
    if (!c.on || isConstruction(c))
      return exportOf(c.path) === 'createClient' ? opened(c, driver, storeOf(c, c.args[0])) : undefined;
    const op = ops.get(c.name);
    const store = handleOf(c, driver)?.store;
    if (op && store) c.ev.use(c, driver.id, { op, store });
    return undefined;
  },
  typed(t) {
    return /(?:^|\.)Client$/.test(t.path) ? clientOf(driver, defaultStore(t, driver)) : undefined;
  },
};

/** A cluster is known by its first replica. */
function storeOf(c: Parameters<typeof opened>[0], options: Value | undefined): StoreRef {
  const replicas = each(get(options, 'replica_addresses')).flatMap(v => (v.t === 'arr' ? v.items.slice(0, 1) : [v]));
  return openConnection({ tech: driver.id, engine: driver.engine, origin: c.origin, url: replicas[0], options });
}
