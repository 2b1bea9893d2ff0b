import type { CallSite, Site } from '../model/technology.ts';
import { each, type Handle, literal, type StoreRef, text, type Use, unknown, type Value } from '../model/value.ts';
import { type Entity, entityOf, isFunction, placeOf, relationOf } from './typeorm-entity.ts';

/** A query being built: what its aliases stand for, and which uses it has made. */
interface Builder {
  readonly store: StoreRef;
  readonly query: number;
  readonly aliases: Map<string, Entity>;
  /** The entity that the query is about. */
  main: Entity | undefined;
  op: 'read' | 'write';
  readonly uses: Use[];
}

// a handle is plain data; its query goes on changing after it was handed on
const builders = new WeakMap<Use, Builder>();

const joins = new Set(['leftJoin', 'innerJoin', 'leftJoinAndSelect', 'innerJoinAndSelect']);
const mappedJoins = new Set(['leftJoinAndMapOne', 'leftJoinAndMapMany', 'innerJoinAndMapOne', 'innerJoinAndMapMany']);
const one = new Set(['getOne', 'getOneOrFail', 'loadOne']);
const many = new Set(['getMany', 'loadMany', 'stream']);

/** `createQueryBuilder(entity, alias)`; without an entity the query says later what it is about. */
export function startQuery(c: Site, store: StoreRef, entity: Entity | undefined, alias: Value | undefined): Handle {
  const use: Use = { op: 'read', tech: 'typeorm', store, via: 'query', origin: c.origin };
  const b: Builder = { store, query: c.ev.query(), aliases: new Map(), main: undefined, op: 'read', uses: [] };
  builders.set(use, b);
  if (entity) about(c, b, entity, alias);
  return {
    t: 'handle',
    tech: 'typeorm',
    kind: 'query',
    store,
    use,
    ...(entity ? { table: entity.table, model: entity.value, name: entity.name } : {}),
  };
}

/** A builder that came as a parameter: its type tells the entity, its aliases are not known. */
function builderOf(c: Site, on: Handle): Builder {
  const known = on.use && builders.get(on.use);
  if (known) return known;
  return {
    store: on.store ?? { kind: 'default', tech: 'typeorm', origin: c.origin },
    query: c.ev.query(),
    aliases: new Map(),
    main: entityOf(c, on.model),
    op: 'read',
    uses: [],
  };
}

function about(c: Site, b: Builder, entity: Entity, alias: Value | undefined): void {
  b.main ??= entity;
  b.aliases.set(literal(alias) ?? entity.name, entity);
  b.uses.push(c.ev.use(c, 'typeorm', { op: b.op, store: b.store, ...placeOf(entity), query: b.query }));
}

export function onQuery(c: CallSite, on: Handle): Value {
  const b = builderOf(c, on);
  const [first, second] = c.args;
  if (joins.has(c.name)) {
    join(c, b, first, second);
    return on;
  }
  if (mappedJoins.has(c.name)) {
    join(c, b, second, c.args[2]);
    return on;
  }
  if (one.has(c.name)) return instanceOf(b.main);
  if (many.has(c.name)) return { t: 'arr', items: [instanceOf(b.main)] };
  switch (c.name) {
    case 'getManyAndCount':
      return {
        t: 'arr',
        items: [
          { t: 'arr', items: [instanceOf(b.main)] },
          { t: 'num', v: 0 },
        ],
      };
    case 'insert':
    case 'delete':
    case 'softDelete':
    case 'restore':
    case 'update':
      writes(c, b, c.name === 'update' ? first : undefined);
      return on;
    case 'into':
    case 'from':
    case 'addFrom':
      return from(c, b, on);
    case 'subQuery':
    case 'createQueryBuilder':
      return startQuery(c, b.store, undefined, undefined);
    case 'relation':
      return relationQuery(c, b, first, second);
    case 'loadRelationCountAndMap':
      join(c, b, second, c.args[2]);
      return on;
    case 'setFindOptions':
      return on;
    default:
      nested(c, b);
      return c.name.startsWith('get') || c.name === 'execute' ? unknown : on;
  }
}

/** Callbacks get a builder of their own: `where(qb => …)`, `new Brackets(qb => …)`, `addSelect(sub => …)`. */
function nested(c: CallSite, b: Builder): void {
  for (const f of c.args) if (isFunction(f)) c.ev.invoke(f, [startQuery(c, b.store, undefined, undefined)], c);
}

function writes(c: CallSite, b: Builder, target: Value | undefined): void {
  b.op = 'write';
  const entity = target && target.t !== 'obj' ? entityOf(c, target) : undefined;
  if (entity && entity.name !== b.main?.name) about(c, b, entity, undefined);
  else for (const u of b.uses.slice(0, 1)) u.op = 'write';
}

function from(c: CallSite, b: Builder, on: Handle): Handle {
  const [target, alias] = c.args;
  if (isFunction(target)) {
    nested(c, b);
    return on;
  }
  const entity = entityOf(c, target);
  if (!entity) {
    if (target && b.main === undefined)
      b.uses.push(c.ev.use(c, 'typeorm', { op: b.op, store: b.store, table: target, query: b.query }));
    return on;
  }
  if (b.main && b.main.name === entity.name) {
    b.aliases.set(literal(alias) ?? entity.name, entity);
    return on;
  }
  about(c, b, entity, alias);
  return { ...on, table: entity.table, model: entity.value, name: entity.name };
}

/** `'order.user'` follows a relation of an alias; else an entity, a table, or a subquery is joined. */
function join(c: CallSite, b: Builder, target: Value | undefined, alias: Value | undefined): void {
  if (isFunction(target)) {
    nested(c, b);
    return;
  }
  for (const t of each(target)) {
    const related = t.t === 'text' ? relation(c, b, t) : undefined;
    if (related === 'embedded') continue;
    const entity = related ?? entityOf(c, t);
    if (!entity) continue;
    const name = literal(alias);
    if (name !== undefined) b.aliases.set(name, entity);
    c.ev.use(c, 'typeorm', { op: 'read', store: b.store, ...placeOf(entity), via: 'join', query: b.query });
  }
}

function relation(c: CallSite, b: Builder, path: Value): Entity | 'embedded' | undefined {
  const [alias = '', ...rest] = (literal(path) ?? '').split('.');
  if (rest.length === 0) return undefined;
  // where the aliases are not known, it is most likely the entity that the query is about
  let entity = b.aliases.get(alias) ?? (b.aliases.size === 0 ? b.main : undefined);
  if (!entity) return undefined;
  let found: Entity | 'embedded' = 'embedded';
  for (const name of rest) {
    const r = relationOf(c, entity, name);
    if (!r) return { name: '', value: unknown, table: unknown };
    if (r.junction)
      c.ev.use(c, 'typeorm', { op: 'read', store: b.store, ...placeOf(r.junction), via: 'join', query: b.query });
    entity = r.target;
    found = r.kind === 'embedded' ? 'embedded' : r.target;
  }
  return found;
}

/** `createQueryBuilder().relation(Order, 'items').of(order).add(item)` changes the table that holds the key. */
function relationQuery(c: CallSite, b: Builder, target: Value | undefined, property: Value | undefined): Value {
  const entity = property ? entityOf(c, target) : b.main;
  const r = relationOf(c, entity, literal(property ?? target) ?? '');
  if (!entity || !r) return unknown;
  const holder = r.junction ?? (r.kind === 'one-to-many' || !r.hasKey ? r.target : entity);
  return {
    t: 'handle',
    tech: 'typeorm',
    kind: 'relation',
    store: b.store,
    table: holder.table,
    model: r.target.value,
    extra: { target: r.target.table, name: text(r.name) },
  };
}

export function onRelation(c: CallSite, on: Handle): Value {
  const store = on.store;
  if (!store) return unknown;
  switch (c.name) {
    case 'add':
    case 'addAndRemove':
    case 'remove':
    case 'set':
      c.ev.use(c, 'typeorm', { op: 'write', store, table: on.table ?? unknown });
      return unknown;
    case 'loadOne':
    case 'loadMany':
      c.ev.use(c, 'typeorm', { op: 'read', store, table: on.extra?.target ?? unknown, via: 'relation' });
      return unknown;
    default:
      return on;
  }
}

export function instanceOf(e: Entity | undefined): Value {
  // of an EntitySchema without a class, the schema stands for its rows
  return e?.value.t === 'class' ? { t: 'inst', cls: e.value } : e?.value.t === 'handle' ? e.value : unknown;
}
