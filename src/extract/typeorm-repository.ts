import type { CallSite, Site } from '../model/technology.ts';
import { union } from '../model/unions.ts';
import { each, type Handle, type StoreRef, unknown, type Value } from '../model/value.ts';
import { dialectOf, runSql } from './run-sql.ts';
import { declaredEntity, defaultStore, type Entity, entityOf, nameOf, placeOf } from './typeorm-entity.ts';
import { readRelations, writeCascades } from './typeorm-find.ts';
import { instanceOf, startQuery } from './typeorm-query.ts';
import { onRunner } from './typeorm-schema.ts';

const finds = new Set([
  'find',
  'findBy',
  'findAndCount',
  'findAndCountBy',
  'findByIds',
  'findOne',
  'findOneBy',
  'findOneOrFail',
  'findOneByOrFail',
  'findOneById',
  'findTrees',
  'findRoots',
  'findDescendants',
  'findDescendantsTree',
  'findAncestors',
  'findAncestorsTree',
  'preload',
  'reload',
]);
const reads = new Set([
  'count',
  'countBy',
  'exist',
  'exists',
  'existBy',
  'existsBy',
  'sum',
  'average',
  'minimum',
  'maximum',
  'countDescendants',
  'countAncestors',
  // of MongoRepository
  'aggregate',
  'aggregateEntity',
  'createCursor',
  'createEntityCursor',
  'distinct',
  'countDocuments',
  'estimatedDocumentCount',
  'watch',
]);
const saves = new Set(['save', 'insert', 'upsert']);
const writes = new Set([
  'update',
  'updateAll',
  'delete',
  'deleteAll',
  'remove',
  'softRemove',
  'softDelete',
  'recover',
  'restore',
  'increment',
  'decrement',
  'clear',
  'bulkWrite',
  'deleteMany',
  'deleteOne',
  'findOneAndDelete',
  'findOneAndReplace',
  'findOneAndUpdate',
  'insertMany',
  'insertOne',
  'replaceOne',
  'updateMany',
  'updateOne',
  'createCollectionIndex',
]);
const lists = new Set(['find', 'findBy', 'findByIds', 'findTrees', 'findRoots', 'findDescendants', 'findAncestors']);

/** Methods that both a repository and a manager have, by what they do; the entity is known here. */
export function onEntity(c: CallSite, store: StoreRef, e: Entity, args: readonly Value[]): Value | undefined {
  const { name } = c;
  if (finds.has(name)) {
    c.ev.use(c, 'typeorm', { op: 'read', store, ...placeOf(e) });
    readRelations(c, store, e, args);
    const inst = instanceOf(e);
    if (lists.has(name)) return { t: 'arr', items: [inst] };
    return name.startsWith('findAndCount')
      ? {
          t: 'arr',
          items: [
            { t: 'arr', items: [inst] },
            { t: 'num', v: 0 },
          ],
        }
      : inst;
  }
  if (reads.has(name)) {
    c.ev.use(c, 'typeorm', { op: 'read', store, ...placeOf(e) });
    readRelations(c, store, e, args);
    return unknown;
  }
  if (saves.has(name)) {
    c.ev.use(c, 'typeorm', { op: 'write', store, ...placeOf(e) });
    if (name === 'save') writeCascades(c, store, e, args[0]);
    return args[0]?.t === 'arr' ? { t: 'arr', items: [instanceOf(e)] } : instanceOf(e);
  }
  if (writes.has(name)) {
    c.ev.use(c, 'typeorm', { op: 'write', store, ...placeOf(e) });
    return name.endsWith('emove') || name === 'recover' ? instanceOf(e) : unknown;
  }
  if (name === 'create' || name === 'merge')
    return args[0]?.t === 'arr' ? { t: 'arr', items: [instanceOf(e)] } : instanceOf(e);
  if (name === 'createQueryBuilder') return startQuery(c, store, e, args[0]);
  return undefined;
}

/** Of each entity that is possible: `getRepository(entities[name])`. */
export function repositories(site: Site, store: StoreRef, entity: Value | undefined): Value {
  return entity?.t === 'union'
    ? union(entity.of.map(e => repository(site, store, e)))
    : repository(site, store, entity);
}

export function repository(site: Site, store: StoreRef, entity: Value | undefined): Handle {
  const e = entityOf(site, entity);
  return {
    t: 'handle',
    tech: 'typeorm',
    kind: 'repository',
    store,
    table: e?.table ?? unknown,
    ...(e ? { model: e.value, name: e.name } : {}),
  };
}

export function onRepository(c: CallSite, on: Handle): Value | undefined {
  const store = on.store ?? defaultStore(c);
  switch (c.name) {
    case 'query':
      return rawSql(c, store);
    case 'extend':
      return { ...on, extra: { own: c.args[0] ?? unknown } };
    default:
  }
  const entity = entityOf(c, on.model) ?? { name: '', value: unknown, table: on.table ?? unknown };
  return onEntity(c, store, entity, c.args);
}

/** A DataSource, a Connection, an EntityManager or a QueryRunner. */
export function onManager(c: CallSite, on: Handle): Value | undefined {
  const store = on.store ?? defaultStore(c);
  const [first, ...rest] = c.args;
  if (on.kind === 'runner') {
    const done = onRunner(c, on, store);
    if (done) return done;
  }
  switch (c.name) {
    case 'getRepository':
    case 'getTreeRepository':
    case 'getMongoRepository':
      return repositories(c, store, first);
    case 'getCustomRepository':
      return first?.t === 'class' ? { t: 'inst', cls: first } : unknown;
    case 'withRepository':
      return first?.t === 'handle' ? { ...first, store } : (first ?? unknown);
    case 'createEntityManager':
      return { ...on, kind: 'manager' };
    case 'createQueryRunner':
      return { ...on, kind: 'runner' };
    case 'createQueryBuilder':
      return startQuery(c, store, first && rest.length > 0 ? entityOf(c, first) : undefined, rest[0]);
    case 'query':
      return rawSql(c, store);
    case 'transaction': {
      const [f] = c.args.flatMap(a => each(a)).filter(a => a.t === 'fn');
      return f ? c.ev.invoke(f, [{ ...on, kind: 'manager' }], c) : on;
    }
    case 'runMigrations':
      c.ev.use(c, 'typeorm', { op: 'run-migrations', store });
      return on;
    case 'synchronize':
      c.ev.use(c, 'typeorm', { op: 'schema', store });
      return on;
    case 'initialize':
    case 'connect':
    case 'destroy':
    case 'close':
    case 'setOptions':
      return on;
    case 'get':
    case 'create':
      if (on.kind === 'connections')
        return {
          ...on,
          kind: 'connection',
          store: defaultStore(c, undefined, nameOf(first) === undefined ? undefined : first),
        };
      break;
    default:
  }
  return ofManager(c, store, first, rest);
}

/** `manager.find(User, …)` names its entity; `manager.save(user)` knows it by what is saved. */
function ofManager(c: CallSite, store: StoreRef, first: Value | undefined, rest: readonly Value[]): Value | undefined {
  if (
    !finds.has(c.name) &&
    !reads.has(c.name) &&
    !saves.has(c.name) &&
    !writes.has(c.name) &&
    c.name !== 'create' &&
    c.name !== 'merge'
  )
    return undefined;
  const isTarget = each(first).some(v => v.t === 'class' || v.t === 'text' || v.t === 'handle');
  const possible = each(first)
    .flatMap(v => (v.t === 'arr' ? v.items : [v]))
    .flatMap(v => each(v))
    .flatMap(v => entityOf(c, v) ?? typeArgument(c) ?? []);
  const entities = new Map(possible.map(e => [e.name, e]));
  const given =
    entities.size > 0 ? [...entities.values()] : [typeArgument(c) ?? { name: '', value: unknown, table: unknown }];
  return union(given.map(e => onEntity(c, store, e, isTarget ? rest : [first ?? unknown]) ?? unknown));
}

/** `manager.save<Order>(order)` */
function typeArgument(c: CallSite): Entity | undefined {
  const [type] = c.types;
  const v = type ? c.ev.classOf(type.n === 'Array' ? type.a?.[0] : type, c.ev.moduleActivation(c.act.code)) : unknown;
  return v.t === 'class' ? declaredEntity(c, v) : undefined;
}

function rawSql(c: CallSite, store: StoreRef): Value {
  runSql(c, 'typeorm', store, c.args[0], dialectOf(store.engine));
  return unknown;
}
