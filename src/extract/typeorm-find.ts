import type { Site } from '../model/technology.ts';
import { each, get, literal, type StoreRef, type Value } from '../model/value.ts';
import { type Entity, placeOf, type Relation, relationOf, relationsOf } from './typeorm-entity.ts';

const options = [
  'relations',
  'join',
  'where',
  'relationLoadStrategy',
  'select',
  'order',
  'skip',
  'take',
  'withDeleted',
  'cache',
  'lock',
];

/** What `find` reads beside the table itself: relations that are asked for, filtered by, or eager. */
export function readRelations(c: Site, store: StoreRef, e: Entity, args: readonly Value[]): void {
  eager(c, store, e, []);
  for (const given of args.flatMap(a => each(a))) {
    if (given.t !== 'obj') continue;
    for (const r of each(given.get('relations'))) follow(c, store, e, r);
    const joined = given.get('join');
    for (const kind of ['leftJoinAndSelect', 'innerJoinAndSelect', 'leftJoin', 'innerJoin'])
      aliased(c, store, e, literal(get(joined, 'alias')), get(joined, kind));
    const where = given.get('where') ?? (given.keys().some(k => options.includes(k)) ? undefined : given);
    for (const w of each(where)) filters(c, store, e, w, 0);
  }
}

function read(c: Site, store: StoreRef, r: Relation): void {
  if (r.kind === 'embedded') return;
  if (r.junction) c.ev.use(c, 'typeorm', { op: 'read', store, ...placeOf(r.junction), via: 'relation' });
  c.ev.use(c, 'typeorm', { op: 'read', store, ...placeOf(r.target), via: 'relation' });
}

function eager(c: Site, store: StoreRef, e: Entity, seen: readonly string[]): void {
  if (seen.includes(e.name) || seen.length > 5) return;
  for (const r of relationsOf(c, e)) {
    if (!r.eager) continue;
    read(c, store, r);
    eager(c, store, r.target, [...seen, e.name]);
  }
}

/** `['user', 'user.role']` or `{ user: { role: true } }`. */
function follow(c: Site, store: StoreRef, e: Entity, relations: Value): void {
  if (relations.t === 'arr')
    for (const path of relations.items)
      for (const one of each(path)) path1(c, store, e, (literal(one) ?? '').split('.'));
  if (relations.t !== 'obj') return;
  for (const key of relations.keys()) {
    const inner = relations.get(key);
    const r = inner?.t === 'bool' && inner.v === false ? undefined : relationOf(c, e, key);
    if (!r) continue;
    read(c, store, r);
    if (inner?.t === 'obj') follow(c, store, r.target, inner);
  }
}

function path1(c: Site, store: StoreRef, e: Entity, path: readonly string[]): void {
  const [name = '', ...rest] = path;
  const r = relationOf(c, e, name);
  if (!r) return;
  read(c, store, r);
  if (rest.length > 0) path1(c, store, r.target, rest);
}

/** `join: { alias: 'order', leftJoinAndSelect: { user: 'order.user' } }` */
function aliased(c: Site, store: StoreRef, e: Entity, alias: string | undefined, joins: Value | undefined): void {
  if (joins?.t !== 'obj' || alias === undefined) return;
  const known = new Map<string, Entity>([[alias, e]]);
  for (const key of joins.keys()) {
    const [from = '', name = ''] = (literal(joins.get(key)) ?? '').split('.');
    const r = relationOf(c, known.get(from), name);
    if (!r) continue;
    read(c, store, r);
    known.set(key, r.target);
  }
}

/** A condition on more of a relation than its id joins the table of the relation. */
function filters(c: Site, store: StoreRef, e: Entity, where: Value, depth: number): void {
  if (depth > 4) return;
  if (where.t === 'arr') for (const w of where.items) filters(c, store, e, w, depth + 1);
  if (where.t !== 'obj') return;
  for (const key of where.keys()) {
    const inner = where.get(key);
    if (inner?.t !== 'obj' || inner.keys().every(k => k === 'id')) continue;
    const r = relationOf(c, e, key);
    if (!r) continue;
    if (r.kind !== 'embedded') c.ev.use(c, 'typeorm', { op: 'read', store, ...placeOf(r.target), via: 'join' });
    filters(c, store, r.target, inner, depth + 1);
  }
}

/** Rows of related tables that `save` writes because the relation says so. */
export function writeCascades(c: Site, store: StoreRef, e: Entity, saved: Value | undefined, depth = 0): void {
  if (depth > 3) return;
  for (const r of relationsOf(c, e)) {
    const given = each(saved)
      .flatMap(s => (s.t === 'arr' ? s.items : [s]))
      .flatMap(s => (s.t === 'obj' ? [s] : []));
    const named = given.find(o => o.keys().includes(r.name));
    const isOwned = r.kind === 'one-to-many' || r.ownsJunction === true;
    // what is saved is not known: then it is likely that parts are saved with their whole, not the other way round
    if (!named && (given.length > 0 || !isOwned)) continue;
    if (r.junction) c.ev.use(c, 'typeorm', { op: 'write', store, ...placeOf(r.junction), via: 'relation' });
    if (!r.cascade) continue;
    if (r.kind !== 'embedded') c.ev.use(c, 'typeorm', { op: 'write', store, ...placeOf(r.target), via: 'relation' });
    writeCascades(c, store, r.target, named?.get(r.name), depth + 1);
  }
}
