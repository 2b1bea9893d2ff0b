import type { CallSite } from '../model/technology.ts';
import { each, get, type Handle, type StoreRef, unknown, type Value } from '../model/value.ts';
import { defaultStore, type Entity, entityOf, filters, placeOf, populate } from './mikro-orm-entity.ts';
import { startQuery } from './mikro-orm-query.ts';
import { repository } from './mikro-orm-repository.ts';
import { dialectOf, runSql } from './run-sql.ts';

const finds = new Set([
  'find',
  'findOne',
  'findOneOrFail',
  'findAll',
  'findAndCount',
  'findByCursor',
  'refresh',
  'stream',
]);
const reads = new Set(['count', 'aggregate', 'lock', 'countBy']);
const saves = new Set([
  'persist',
  'persistAndFlush',
  'persistLater',
  'remove',
  'removeAndFlush',
  'removeLater',
  'assign',
]);
const writes = new Set([
  'create',
  'insert',
  'insertMany',
  'nativeInsert',
  'nativeInsertMany',
  'nativeUpdate',
  'nativeUpdateMany',
  'nativeDelete',
  'upsert',
  'upsertMany',
]);

/** A method of an EntityManager. */
export function onManager(c: CallSite, on: Handle, store: StoreRef): Value | undefined {
  const [first, ...rest] = c.args;
  switch (c.name) {
    case 'fork':
    case 'getContext':
    case 'clear':
    case 'setFlushMode':
      return on;
    case 'getRepository':
    case 'repo':
      return repository(c, first, undefined, store.kind === 'open' ? store : defaultStore(c, store.name, first));
    case 'transactional': {
      const [f] = c.args.flatMap(a => each(a)).filter(a => a.t === 'fn');
      return f ? c.ev.invoke(f, [on], c) : unknown;
    }
    case 'flush':
    case 'commit':
      flush(c, store);
      return unknown;
    case 'getConnection':
      return { ...on, kind: 'connection' };
    case 'execute':
      runSql(c, 'mikro-orm', store, first, dialectOf(store.engine));
      return unknown;
    case 'createQueryBuilder':
    case 'qb':
      return startQuery(c, store, entityOf(c, first));
    case 'getKnex':
      return { t: 'handle', tech: 'knex', kind: 'db', store };
    default:
  }
  if (saves.has(c.name)) return save(c, store, first);
  const known =
    finds.has(c.name) ||
    reads.has(c.name) ||
    writes.has(c.name) ||
    c.name === 'populate' ||
    c.name === 'getReference' ||
    c.name === 'map';
  if (!known) return undefined;
  const e = entityOf(c, first);
  return onEntity(c, store, e ?? { name: '', value: unknown, table: unknown }, rest);
}

/** What is persisted is known by its class. */
function save(c: CallSite, store: StoreRef, what: Value | undefined): Value {
  const all = each(what).flatMap(v => (v.t === 'arr' ? v.items : [v]));
  const entities = new Map(all.flatMap(v => entityOf(c, v) ?? []).map(e => [e.name, e]));
  for (const e of entities.size > 0 ? entities.values() : [{ table: unknown }])
    c.ev.use(c, 'mikro-orm', { op: 'write', store, ...placeOf(e) });
  return c.name === 'persist' || c.name === 'remove'
    ? { t: 'handle', tech: 'mikro-orm', kind: 'em', store }
    : (what ?? unknown);
}

/** A unit of work writes the entities whose properties were set before, in the same function. */
function flush(c: CallSite, store: StoreRef): void {
  for (const [name, fills] of c.act.code.fills) {
    if (!fills.some(f => f.unit === c.act.unit.index)) continue;
    const v = c.ev.eval({ k: 'id', n: name, at: c.origin.at }, c.act);
    const e = each(v).flatMap(x => (x.t === 'inst' ? (entityOf(c, x) ?? []) : []))[0];
    if (e) c.ev.use(c, 'mikro-orm', { op: 'write', store, ...placeOf(e) });
  }
}

export function onRepository(c: CallSite, on: Handle, store: StoreRef): Value | undefined {
  const e = entityOf(c, on.model) ?? { name: '', value: unknown, table: on.table ?? unknown };
  switch (c.name) {
    case 'getEntityManager':
      return { t: 'handle', tech: 'mikro-orm', kind: 'em', store };
    case 'createQueryBuilder':
    case 'qb':
      return startQuery(c, store, e);
    case 'flush':
      flush(c, store);
      return unknown;
    default:
  }
  if (saves.has(c.name) && c.name !== 'assign') {
    c.ev.use(c, 'mikro-orm', { op: 'write', store, ...placeOf(e) });
    return unknown;
  }
  return onEntity(c, store, e, c.args);
}

function onEntity(c: CallSite, store: StoreRef, e: Entity, args: readonly Value[]): Value | undefined {
  const inst: Value = e.value.t === 'class' ? { t: 'inst', cls: e.value } : e.value.t === 'handle' ? e.value : unknown;
  const { name } = c;
  if (finds.has(name)) {
    c.ev.use(c, 'mikro-orm', { op: 'read', store, ...placeOf(e) });
    filters(c, store, e, args[0]);
    populate(
      c,
      store,
      e,
      args.map(a => get(a, 'populate')).find(v => v !== undefined),
    );
    if (name === 'findAndCount')
      return {
        t: 'arr',
        items: [
          { t: 'arr', items: [inst] },
          { t: 'num', v: 0 },
        ],
      };
    return name === 'find' || name === 'findAll' ? { t: 'arr', items: [inst] } : inst;
  }
  if (reads.has(name)) {
    c.ev.use(c, 'mikro-orm', { op: 'read', store, ...placeOf(e) });
    filters(c, store, e, args[0]);
    return unknown;
  }
  if (writes.has(name) || name === 'assign') {
    c.ev.use(c, 'mikro-orm', { op: 'write', store, ...placeOf(e) });
    return inst;
  }
  if (name === 'populate') {
    populate(c, store, e, args[0]);
    return unknown;
  }
  return name === 'getReference' || name === 'map' ? inst : undefined;
}
