import type { CallSite, Site } from '../model/technology.ts';
import { each, type FunctionValue, type Handle, type StoreRef, unknown, type Value } from '../model/value.ts';
import { runSql } from './run-sql.ts';
import type { SqlDialect } from './sql.ts';

/** What the methods of a driver's clients, pools and connections do. */
export interface SqlDriver {
  readonly id: string;
  readonly engine: string;
  readonly dialect: SqlDialect;
  /** Run the statement that is given first. */
  readonly runs: ReadonlySet<string>;
  /** Give a client of the same store, as what they return and to a callback `(error, client)`. */
  readonly clients: ReadonlySet<string>;
  /** Call back with a client: transactions. */
  readonly scopes: ReadonlySet<string>;
}

/** The store that a value of an unknown origin stands for: what this process opens. */
export function defaultStore(
  site: Site,
  driver: { readonly id: string; readonly engine: string },
  name?: Value,
): StoreRef {
  return { kind: 'default', tech: driver.id, engine: driver.engine, origin: site.origin, ...(name ? { name } : {}) };
}

export function clientOf(driver: { readonly id: string }, store: StoreRef, kind = 'client'): Handle {
  return { t: 'handle', tech: driver.id, kind, store };
}

/** Records that a store is opened. */
export function opened(site: Site, driver: { readonly id: string }, store: StoreRef, kind = 'client'): Handle {
  site.ev.use(site, driver.id, { op: 'connect', store });
  return clientOf(driver, store, kind);
}

/** A method of a client. Undefined where nothing is known of what it gives. */
export function onSqlClient(c: CallSite, on: Handle, driver: SqlDriver): Value | undefined {
  const { store } = on;
  if (!store) return undefined;
  const name = c.name.replace(/^`/, '');
  if (driver.runs.has(name)) {
    runSql(c, driver.id, store, c.args[0], driver.dialect);
    return undefined;
  }
  if (driver.clients.has(name)) {
    for (const f of functionsOf(c.args)) c.ev.invoke(f, [unknown, on], c);
    return on;
  }
  if (driver.scopes.has(name)) {
    const [result] = functionsOf(c.args).map(f => c.ev.invoke(f, [on], c));
    return result ?? on;
  }
  return undefined;
}

export function functionsOf(args: readonly Value[]): FunctionValue[] {
  return args.flatMap(a => each(a)).filter(f => f.t === 'fn');
}

/** The handle that a call is made on; a class of one's own that extends the driver's stands for what this process opens. */
export function handleOf(c: CallSite, driver: { readonly id: string; readonly engine: string }): Handle | undefined {
  if (c.on?.t === 'handle') return c.on;
  if (c.on?.t === 'inst' || c.on?.t === 'class') return clientOf(driver, defaultStore(c, driver));
  return undefined;
}

/** For `new Own()` where Own extends a client: whether this is the place where the client's own arguments stand. */
export function isConstruction(c: CallSite): boolean {
  if (c.name === 'super') return true;
  if (c.name !== 'extended' || c.on?.t !== 'inst') return false;
  return c.ev.lineage(c.on.cls).classes.every(k => k.decl.ctor === undefined);
}

/** `default.Pool`, `/promise.createPool` and `Pool.super` as the name of what is exported. */
export function exportOf(path: string): string {
  return path
    .replace(/^\/[^.]*\.?/, '')
    .replace(/^default\.?/, '')
    .replace(/\.(?:super|extended)$/, '');
}
