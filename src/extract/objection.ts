import type { CallSite, Site, Technology } from '../model/technology.ts';
import {
  type ClassValue,
  each,
  get,
  type Handle,
  literal,
  type StoreRef,
  unknown,
  type Value,
} from '../model/value.ts';
import { graphOf, type Relation, relationsOf } from './objection-relation.ts';
import { type TableName, tableName } from './table-name.ts';

const writes = new Set([
  'insert',
  'insertAndFetch',
  'insertGraph',
  'insertGraphAndFetch',
  'insertWithRelated',
  'insertWithRelatedAndFetch',
  'upsertGraph',
  'upsertGraphAndFetch',
  'update',
  'updateAndFetch',
  'updateAndFetchById',
  'patch',
  'patchAndFetch',
  'patchAndFetchById',
  'delete',
  'del',
  'deleteById',
  'relate',
  'unrelate',
  'increment',
  'decrement',
  'truncate',
]);
const graphs = new Set([
  'withGraphFetched',
  'withGraphJoined',
  'eager',
  'joinEager',
  'naiveEager',
  'mergeEager',
  'fetchGraph',
  'loadRelated',
]);
const relatedJoins = new Set([
  'joinRelated',
  'innerJoinRelated',
  'leftJoinRelated',
  'leftOuterJoinRelated',
  'rightJoinRelated',
  'rightOuterJoinRelated',
  'fullOuterJoinRelated',
  'joinRelation',
  'leftJoinRelation',
  'innerJoinRelation',
  'leftOuterJoinRelation',
]);
const tableJoins = new Set([
  'join',
  'innerJoin',
  'leftJoin',
  'leftOuterJoin',
  'rightJoin',
  'rightOuterJoin',
  'fullOuterJoin',
  'crossJoin',
]);
const loops = new Set(['map', 'forEach', 'filter', 'find', 'some', 'every', 'flatMap', 'reduce']);

/**
 * Objection: classes on top of Knex, whose connections they use. https://vincit.github.io/objection.js/
 */
export const objection: Technology = {
  id: 'objection',
  packages: ['objection', 'objection-*'],
  call(c) {
    if (c.on?.t === 'handle') return c.on.kind === 'query' ? onQuery(c, c.on) : undefined;
    if (c.on) return onModel(c, c.on);
    // a mixin gives the class that it is given
    const base = c.args.find(a => isModel(c, a));
    if (base && c.name !== 'transaction' && c.name !== 'initialize') return base;
    return /(?:^|\.)transaction(?:\.start)?$/.test(c.path) ? transaction(c) : undefined;
  },
  member(m) {
    if (m.on.t === 'handle') return /^\d+$/.test(m.name) ? m.on : undefined;
    return undefined;
  },
  typed(t) {
    const name = t.path.replace(/^.*\./, '');
    if (name === 'Transaction' || name === 'TransactionOrKnex' || name === 'Knex') return knexHandle(defaultStore(t));
    const [cls] = t.args;
    if (name === 'ModelClass' || name === 'ModelConstructor') return cls?.t === 'class' ? cls : undefined;
    if (name.endsWith('QueryBuilder') || name === 'QueryBuilderType')
      return cls?.t === 'class' && isModel(t, cls) ? query(t, cls, defaultStore(t)) : undefined;
    return undefined;
  },
  declared(d) {
    if (!/(?:^|\.)Model$/.test(d.path)) return;
    const place = tableOf(d, d.cls);
    if (place && literal(place.table) !== undefined)
      d.ev.use(d, 'objection', { op: 'declare', store: defaultStore(d), ...place });
  },
};

/** Where nobody hands a connection over, it is the one that Knex opened. */
function defaultStore(site: Site): StoreRef {
  return { kind: 'default', tech: 'knex', origin: site.origin };
}

function knexHandle(store: StoreRef): Handle {
  return { t: 'handle', tech: 'knex', kind: 'db', store };
}

function isModel(site: Site, v: Value): boolean {
  if (v.t === 'ext') return v.pkg === 'objection' && /(?:^|\.)Model$/.test(v.path);
  if (v.t !== 'class') return false;
  const { root } = site.ev.lineage(v);
  return root !== undefined && isModel(site, root);
}

function tableOf(site: Site, cls: ClassValue): TableName | undefined {
  const name = each(site.ev.property(cls, 'tableName', site)).find(v => v.t === 'text');
  return name ? tableName(name) : undefined;
}

function placeOf(site: Site, cls: ClassValue): TableName {
  return tableOf(site, cls) ?? { table: unknown };
}

function transaction(c: CallSite): Value {
  const given = c.args.find(a => a.t === 'handle');
  const trx = knexHandle(given?.t === 'handle' && given.store ? given.store : defaultStore(c));
  const [f] = c.args.flatMap(a => each(a)).filter(a => a.t === 'fn');
  // classes that are handed over come back bound to the transaction
  return f ? c.ev.invoke(f, [...c.args.filter(a => a.t === 'class'), trx], c) : trx;
}

/** The store of a connection or transaction that is handed over. */
function storeOf(c: Site, given: Value | undefined): StoreRef {
  const handed = each(given).find(v => v.t === 'handle');
  return handed?.t === 'handle' && handed.store ? handed.store : defaultStore(c);
}

function query(c: Site, cls: ClassValue, store: StoreRef, place?: TableName): Handle {
  return {
    t: 'handle',
    tech: 'objection',
    kind: 'query',
    store,
    model: cls,
    table: (place ?? placeOf(c, cls)).table,
    name: cls.decl.name,
  };
}

function started(c: CallSite, cls: ClassValue, given: Value | undefined): Handle {
  const store = storeOf(c, given);
  const place = placeOf(c, cls);
  const use = c.ev.use(c, 'objection', { op: 'read', store, ...place, query: c.ev.query() });
  return { ...query(c, cls, store, place), use };
}

/** `Order.query(trx)`, `order.$query()`, `order.$relatedQuery('lines')`. */
function onModel(c: CallSite, on: Value): Value | undefined {
  const cls = on.t === 'inst' ? on.cls : on.t === 'class' ? on : undefined;
  if (!cls || !isModel(c, cls)) return undefined;
  const [first, second] = c.args;
  switch (c.name) {
    case 'query':
    case '$query':
    case 'knexQuery':
      return started(c, cls, first);
    case 'relatedQuery':
    case '$relatedQuery':
      return related(c, cls, literal(first), second);
    case '$fetchGraph':
    case '$loadRelated':
      readGraph(c, storeOf(c, get(second, 'transaction')), cls, first, 'relation');
      return on;
    case 'fetchGraph':
    case 'loadRelated':
      readGraph(c, defaultStore(c), cls, second, 'relation');
      return first;
    case 'bindKnex':
    case 'bindTransaction':
    case 'modelClass':
      return cls;
    case 'fromJson':
    case 'fromDatabaseJson':
    case '$setJson':
    case '$clone':
      return { t: 'inst', cls };
    case 'knex':
    case '$knex':
    case '$transaction':
      return knexHandle(storeOf(c, first));
    case 'startTransaction':
      return knexHandle(storeOf(c, first));
    case 'transaction':
      return transaction(c);
    default:
      return undefined;
  }
}

function related(c: CallSite, cls: ClassValue, name: string | undefined, given: Value | undefined): Value {
  const r = relationsOf(c, cls).find(x => x.name === name);
  if (!r) return unknown;
  const store = storeOf(c, given);
  if (r.through) c.ev.use(c, 'objection', { op: 'read', store, table: r.through, via: 'relation' });
  const use = c.ev.use(c, 'objection', { op: 'read', store, ...placeOfRelation(c, r), query: c.ev.query() });
  const place = placeOfRelation(c, r);
  return {
    t: 'handle',
    tech: 'objection',
    kind: 'query',
    store,
    table: place.table,
    use,
    ...(r.target ? { model: r.target } : {}),
  };
}

function placeOfRelation(site: Site, r: Relation): TableName {
  return (r.target ? tableOf(site, r.target) : undefined) ?? tableName(r.table ?? unknown);
}

function onQuery(c: CallSite, on: Handle): Value | undefined {
  const store = on.store ?? defaultStore(c);
  const cls = on.model?.t === 'class' ? on.model : undefined;
  const { name } = c;
  const [first] = c.args;
  // a query is awaited, and then it is what was found
  if (name.startsWith('$') && cls) return onModel(c, cls);
  if (loops.has(name) && each(first).some(f => f.t === 'fn'))
    return { t: 'arr', items: [c.ev.invoke(first, [cls ? { t: 'inst', cls } : unknown], c)] };
  if (writes.has(name)) {
    if (on.use) on.use.op = 'write';
    if (cls && /Graph|WithRelated/.test(name)) writeGraph(c, store, cls, first);
    return on;
  }
  if (graphs.has(name) && cls) readGraph(c, store, cls, first, 'relation', on);
  else if (relatedJoins.has(name) && cls) readGraph(c, store, cls, first, 'join', on);
  else if (tableJoins.has(name) && first) join(c, on, store, first);
  else if ((name === 'from' || name === 'into' || name === 'table') && first?.t === 'text' && on.use)
    c.ev.use(c, 'objection', { op: on.use.op, store, ...tableName(first) });
  for (const f of c.args) if (each(f).some(x => x.t === 'fn')) c.ev.invoke(f, [{ ...on }], c);
  return on;
}

function join(c: CallSite, on: Handle, store: StoreRef, target: Value): void {
  const number = on.use?.query;
  const place = target.t === 'text' ? tableName(target) : target.t === 'class' ? tableOf(c, target) : undefined;
  if (place)
    c.ev.use(c, 'objection', {
      op: 'read',
      store,
      ...place,
      via: 'join',
      ...(number === undefined ? {} : { query: number }),
    });
}

/** `'[lines.product, customer]'` */
function readGraph(
  c: CallSite,
  store: StoreRef,
  cls: ClassValue,
  graph: Value | undefined,
  via: 'relation' | 'join',
  on?: Handle,
): void {
  const number = via === 'join' ? on?.use?.query : undefined;
  const walk = (from: ClassValue | undefined, nodes: ReturnType<typeof graphOf>): void => {
    const relations = from ? relationsOf(c, from) : [];
    for (const node of nodes) {
      for (const r of relations.filter(x => x.name === node.name || node.name === '*')) {
        const shared = { op: 'read' as const, store, via, ...(number === undefined ? {} : { query: number }) };
        if (r.through) c.ev.use(c, 'objection', { ...shared, table: r.through });
        c.ev.use(c, 'objection', { ...shared, ...placeOfRelation(c, r) });
        walk(r.target, node.inner);
      }
    }
  };
  for (const g of each(graph)) walk(cls, graphOf(g));
}

/** `insertGraph({ lines: [{ … }] })` writes the tables of the relations that it names. */
function writeGraph(c: CallSite, store: StoreRef, cls: ClassValue, graph: Value | undefined, depth = 0): void {
  const all = each(graph).flatMap(g => (g.t === 'arr' ? g.items : [g]));
  for (const one of all) {
    if (one.t !== 'obj' || depth > 4) continue;
    for (const r of relationsOf(c, cls)) {
      if (!one.keys().includes(r.name)) continue;
      c.ev.use(c, 'objection', { op: 'write', store, ...placeOfRelation(c, r), via: 'relation' });
      if (r.through) c.ev.use(c, 'objection', { op: 'write', store, table: r.through, via: 'relation' });
      if (r.target) writeGraph(c, store, r.target, one.get(r.name), depth + 1);
    }
  }
}
