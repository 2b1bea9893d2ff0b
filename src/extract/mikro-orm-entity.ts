import type { TypeRef } from '../model/code.ts';
import { ownValue } from '../model/own-value.ts';
import type { Site } from '../model/technology.ts';
import { textOf } from '../model/texts.ts';
import {
  type ClassValue,
  each,
  get,
  type Handle,
  literal,
  type StoreRef,
  text,
  unknown,
  type Value,
} from '../model/value.ts';
import { type TableName, tableName } from './table-name.ts';

export interface Entity extends TableName {
  readonly name: string;
  readonly value: Value;
}

export interface Relation {
  readonly name: string;
  readonly target: Entity;
  readonly hasKey: boolean;
  readonly eager: boolean;
  readonly pivot?: TableName;
}

const kinds: Readonly<Record<string, string>> = {
  ManyToOne: 'm:1',
  OneToMany: '1:m',
  OneToOne: '1:1',
  ManyToMany: 'm:n',
};

export const defaultStore = (site: Site, name?: Value, model?: Value): StoreRef => ({
  kind: 'default',
  tech: 'mikro-orm',
  origin: site.origin,
  ...(name && literal(name) !== undefined ? { name } : {}),
  ...(model ? { model } : {}),
});

export function entityOf(site: Site, v: Value | undefined): Entity | undefined {
  for (const one of each(v)) {
    if (one.t === 'class' || one.t === 'inst') {
      const found = declaredEntity(site, one.t === 'inst' ? one.cls : one);
      if (found) return found;
    }
    if (one.t === 'handle' && one.tech === 'mikro-orm' && one.kind === 'entity')
      return {
        name: one.name ?? '',
        value: one,
        table: one.table ?? unknown,
        ...(one.extra?.schema ? { schema: one.extra.schema } : {}),
      };
    if (one.t === 'text') return byName(site, one);
    if (one.t === 'arr' && one.items[0]) return entityOf(site, one.items[0]);
  }
  return undefined;
}

function byName(site: Site, v: Value & { t: 'text' }): Entity {
  const key = literal(v) ?? '';
  const known = site.ev.registered('mikro-orm-entity', key)[0]?.value;
  if (known?.t === 'handle') return { name: key, value: known.model ?? known, table: known.table ?? unknown };
  return {
    name: key,
    value: v,
    table: textOf([{ ref: 'mikro-orm-entity', key, def: text(underscore(key)), origin: site.origin }], site.origin),
  };
}

/** A decorated class, under its `tableName` or its own name; with a discriminator, under that of the top class. */
export function declaredEntity(site: Site, cls: ClassValue): Entity | undefined {
  const levels = site.ev.lineage(cls).classes.flatMap(level => {
    const d = site.ev
      .decorators(level.decl.decorators, level.scope)
      .find(x => x.name === 'Entity' && (x.pkg.startsWith('@mikro-orm/') || x.pkg === ''));
    return d && get(d.args[0], 'abstract') === undefined ? [{ level, options: d.args[0] }] : [];
  });
  if (levels.length === 0) return extended(site, cls);
  const top =
    levels.findLast(l => get(l.options, 'discriminatorColumn') ?? get(l.options, 'discriminatorMap')) ?? levels[0];
  if (!top) return undefined;
  const given = get(top.options, 'tableName') ?? get(top.options, 'collection');
  const schema = get(top.options, 'schema');
  const name = top.level.decl.name;
  const isDocument = site.ev.lineage(cls).classes.some(l => l.decl.members.some(m => m.name === '_id'));
  const made =
    given ?? text(isDocument ? dashed(name) : underscore(name), { file: top.level.code.file, at: top.level.decl.at });
  return {
    name: cls.decl.name,
    value: cls,
    ...tableName(made),
    ...(schema && literal(schema) !== '*' ? { schema } : {}),
  };
}

/** `class Order extends OrderSchema.class` is what its schema says. */
function extended(site: Site, cls: ClassValue): Entity | undefined {
  const { root } = site.ev.lineage(cls);
  const schema = root?.t === 'handle' ? entityOf(site, root) : undefined;
  return schema && { ...schema, value: cls };
}

/** The naming strategy of SQL drivers. */
export function underscore(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
}

/** The naming strategy of the MongoDB driver. */
function dashed(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
}

export function placeOf(e: TableName): TableName {
  return { table: e.table, ...(e.schema ? { schema: e.schema } : {}), ...(e.database ? { database: e.database } : {}) };
}

export function relationsOf(site: Site, e: Entity): readonly Relation[] {
  if (e.value.t === 'class') {
    const { root } = site.ev.lineage(e.value);
    return root?.t === 'handle' ? ofSchema(site, e, root.extra?.properties) : ofClass(site, e, e.value);
  }
  return e.value.t === 'handle' ? ofSchema(site, e, e.value.extra?.properties) : [];
}

export function relationOf(site: Site, e: Entity | undefined, name: string): Relation | undefined {
  return e && relationsOf(site, e).find(r => r.name === name);
}

function ofClass(site: Site, e: Entity, cls: ClassValue): Relation[] {
  return site.ev.lineage(cls).classes.flatMap(level =>
    level.decl.members.flatMap((m): Relation[] => {
      const d = (m.decorators ? site.ev.decorators(m.decorators, level.scope) : []).find(x =>
        Object.hasOwn(kinds, x.name),
      );
      const kind = d && ownValue(kinds, d.name);
      if (!d || !kind) return [];
      const options = d.args.findLast(a => a.t === 'obj');
      const named = d.args[0]?.t === 'obj' ? get(options, 'entity') : d.args[0];
      const target =
        entityOf(site, called(site, named)) ?? entityOf(site, site.ev.classOf(unwrapped(m.type), level.scope));
      const isInverse =
        get(options, 'mappedBy') !== undefined ||
        (d.args[1] !== undefined && d.args[1].t !== 'obj' && !isTrue(get(options, 'owner')));
      return target ? [relation(e, m.name, kind, target, options, isInverse)] : [];
    }),
  );
}

function ofSchema(site: Site, e: Entity, properties: Value | undefined): Relation[] {
  if (properties?.t !== 'obj') return [];
  return properties.keys().flatMap((name): Relation[] => {
    const p = described(called(site, properties.get(name)));
    const given = get(p, 'kind') ?? get(p, 'reference');
    const kind =
      Object.values(kinds).find(k => k === literal(given)) ??
      (given?.t === 'ext' ? ownValue(builtIn, given.path.replace(/^.*\./, '')) : undefined);
    const target = kind ? entityOf(site, called(site, get(p, 'entity'))) : undefined;
    return kind && target ? [relation(e, name, kind, target, p, get(p, 'mappedBy') !== undefined)] : [];
  });
}

/** `p.manyToOne(Order).mappedBy('lines')`, as the object that it stands for. */
function described(p: Value | undefined): Value | undefined {
  if (p?.t !== 'handle' || p.kind !== 'property') return p;
  const extra = p.extra ?? {};
  return {
    t: 'obj',
    sig: 'mikro-orm:property',
    origin: { file: '', at: 0 },
    get: key => ownValue(extra, key),
    keys: () => Object.keys(extra),
  };
}

const builtIn: Readonly<Record<string, string>> = {
  MANY_TO_ONE: 'm:1',
  ONE_TO_MANY: '1:m',
  ONE_TO_ONE: '1:1',
  MANY_TO_MANY: 'm:n',
};

function relation(
  e: Entity,
  name: string,
  kind: string,
  target: Entity,
  options: Value | undefined,
  isInverse: boolean,
): Relation {
  const own = literal(e.table);
  const pivot = get(options, 'pivotTable') ?? (own === undefined ? unknown : text(`${own}_${underscore(name)}`));
  return {
    name,
    target,
    hasKey: kind === 'm:1' || (kind === '1:1' && !isInverse),
    eager: isTrue(get(options, 'eager')),
    ...(kind === 'm:n' && !isInverse ? { pivot: tableName(pivot) } : {}),
  };
}

export function called(site: Site, v: Value | undefined): Value | undefined {
  return each(v).some(f => f.t === 'fn') ? site.ev.invoke(v, [], site) : v;
}

export function isTrue(v: Value | undefined): boolean {
  return v?.t === 'bool' && v.v === true;
}

const wrappers = new Set(['Array', 'Collection', 'Rel', 'Ref', 'Reference', 'IdentifiedReference', 'Loaded', 'Opt']);

function unwrapped(type: TypeRef | undefined): TypeRef | undefined {
  return type && wrappers.has(type.n) ? unwrapped(type.a?.[0]) : type;
}

/** The entity, its foreign keys and the tables between it and others. */
export function declareEntity(site: Site, e: Entity): void {
  const store = defaultStore(site, undefined, e.value);
  const handle: Handle = {
    t: 'handle',
    tech: 'mikro-orm',
    kind: 'entity',
    name: e.name,
    table: e.table,
    ...(e.value.t === 'class' ? { model: e.value } : {}),
    ...(e.value.t === 'handle' && e.value.extra ? { extra: e.value.extra } : {}),
  };
  site.ev.register(site, 'mikro-orm-entity', e.name, handle);
  site.ev.use(site, 'mikro-orm', { op: 'declare', store, ...placeOf(e) });
  for (const r of relationsOf(site, e)) {
    if (r.pivot) site.ev.use(site, 'mikro-orm', { op: 'declare', store, ...placeOf(r.pivot) });
    if (r.hasKey)
      site.ev.use(site, 'mikro-orm', { op: 'declare', store, ...placeOf(r.target), from: e.table, via: 'foreign-key' });
  }
}

/** What `find` reads beside the table: eager relations, and those that `populate` names. */
export function populate(site: Site, store: StoreRef, e: Entity, paths: Value | undefined): void {
  eager(site, store, e, []);
  for (const one of each(paths)) {
    for (const item of one.t === 'arr' ? one.items : [one]) {
      const path = literal(item);
      if (path === '*') for (const r of relationsOf(site, e)) read(site, store, r);
      else if (path !== undefined) follow(site, store, e, path.split(/[.:]/));
    }
  }
}

function eager(site: Site, store: StoreRef, e: Entity, seen: readonly string[]): void {
  if (seen.includes(e.name) || seen.length > 5) return;
  for (const r of relationsOf(site, e)) {
    if (!r.eager) continue;
    read(site, store, r);
    eager(site, store, r.target, [...seen, e.name]);
  }
}

function follow(site: Site, store: StoreRef, e: Entity, [name = '', ...rest]: readonly string[]): void {
  const r = relationOf(site, e, name);
  if (!r) return;
  read(site, store, r);
  if (rest.length > 0) follow(site, store, r.target, rest);
}

function read(site: Site, store: StoreRef, r: Relation): void {
  if (r.pivot) site.ev.use(site, 'mikro-orm', { op: 'read', store, ...placeOf(r.pivot), via: 'relation' });
  site.ev.use(site, 'mikro-orm', { op: 'read', store, ...placeOf(r.target), via: 'relation' });
}

/** A condition on more of a relation than its key joins its table. */
export function filters(site: Site, store: StoreRef, e: Entity, where: Value | undefined, depth = 0): void {
  if (where?.t !== 'obj' || depth > 4) return;
  for (const key of where.keys()) {
    const inner = where.get(key);
    if (inner?.t !== 'obj' || inner.keys().every(k => k === 'id' || k.startsWith('$'))) continue;
    const r = relationOf(site, e, key);
    if (!r) continue;
    site.ev.use(site, 'mikro-orm', { op: 'read', store, ...placeOf(r.target), via: 'join' });
    filters(site, store, r.target, inner, depth + 1);
  }
}
