import type { ClassDecl, Member, TypeRef } from '../model/code.ts';
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

/** What stands for a table: a decorated class, an EntitySchema, or only a name. */
export interface Entity extends TableName {
  readonly name: string;
  readonly value: Value;
}

export type RelationKind = 'many-to-one' | 'one-to-many' | 'one-to-one' | 'many-to-many' | 'embedded';

export interface Relation {
  readonly name: string;
  readonly kind: RelationKind;
  readonly target: Entity;
  /** True where the table of this entity holds the key. */
  readonly hasKey: boolean;
  /** False where TypeORM was told to make no constraint of it. */
  readonly hasConstraint: boolean;
  readonly eager: boolean;
  readonly cascade: boolean;
  /** The table between the two, of many-to-many relations; it is declared by the side that owns the relation. */
  readonly junction?: TableName;
  readonly ownsJunction?: boolean;
}

export const defaultStore = (site: Site, model?: Value, name?: Value): StoreRef => ({
  kind: 'default',
  tech: 'typeorm',
  origin: site.origin,
  ...(model ? { model } : {}),
  ...(nameOf(name) === undefined ? {} : { name: text(nameOf(name) ?? '') }),
});

/** Of a named connection; `default` is what no name means. */
export function nameOf(v: Value | undefined): string | undefined {
  const name = literal(v) ?? literal(get(v, 'name')) ?? (v?.t === 'handle' ? literal(v.store?.name) : undefined);
  return name === 'default' || name === '' ? undefined : name;
}

/** TypeORM's default naming strategy, and what the usual snake case strategies make of tables. */
export function snakeCase(name: string): string {
  return name
    .replace(/([A-Z])([A-Z])([a-z])/g, '$1_$2$3')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** The table of what may stand where an entity is asked for: a class, a schema, an instance, a name. */
export function entityOf(site: Site, v: Value | undefined): Entity | undefined {
  for (const one of each(v)) {
    const found = entityOfOne(site, one);
    if (found) return found;
  }
  return undefined;
}

function entityOfOne(site: Site, v: Value): Entity | undefined {
  switch (v.t) {
    case 'class':
      return declaredEntity(site, v) ?? undecorated(site, v);
    case 'inst':
      return declaredEntity(site, v.cls);
    case 'handle':
      return v.tech === 'typeorm' && v.kind === 'entity' && v.table
        ? { name: v.name ?? '', value: v, ...tableOf(v) }
        : undefined;
    case 'text':
      return byName(site, v);
    case 'arr':
      return entityOf(site, v.items[0]);
    case 'obj': {
      const name = v.get('name');
      return name?.t === 'text' && v.get('type') ? byName(site, name) : undefined;
    }
    default:
      return undefined;
  }
}

/** The table of a class that says itself that it is an entity. A child entity lives in its parent's table. */
export function declaredEntity(site: Site, cls: ClassValue): Entity | undefined {
  for (const level of site.ev.lineage(cls).classes) {
    for (const d of site.ev.decorators(level.decl.decorators, level.scope)) {
      if ((d.name !== 'Entity' && d.name !== 'ViewEntity') || (d.pkg !== 'typeorm' && d.pkg !== '')) continue;
      const [first, second] = d.args;
      const options = second ?? first;
      const named = first?.t === 'text' ? first : get(options, 'name');
      return {
        name: cls.decl.name,
        value: cls,
        ...placed(named ?? text(snakeCase(level.decl.name), { file: level.code.file, at: level.decl.at }), options),
      };
    }
  }
  return undefined;
}

/** A class that an EntitySchema describes elsewhere. */
function undecorated(site: Site, cls: ClassValue): Entity {
  const own = site.ev.registered('typeorm-target', keyOfClass(cls))[0]?.value;
  if (own?.t === 'handle') return { name: cls.decl.name, value: cls, ...tableOf(own) };
  return {
    name: cls.decl.name,
    value: cls,
    table: textOf(
      [{ ref: 'typeorm-entity', key: cls.decl.name, def: text(snakeCase(cls.decl.name)), origin: site.origin }],
      site.origin,
    ),
  };
}

/** An entity by its name, else a table. */
function byName(site: Site, v: Value & { t: 'text' }): Entity {
  const key = literal(v);
  const known = key === undefined ? undefined : site.ev.registered('typeorm-entity', key)[0]?.value;
  if (known?.t === 'handle' && known.model) return { name: key ?? '', value: known.model, ...tableOf(known) };
  if (key !== undefined && /^[A-Z]\w*$/.test(key))
    return {
      name: key,
      value: v,
      table: textOf([{ ref: 'typeorm-entity', key, def: v, origin: v.origin ?? site.origin }], v.origin ?? site.origin),
    };
  return { name: key ?? '', value: v, ...tableName(v) };
}

/** `schema.name` in the name itself, and what the options say. */
export function placed(name: Value, options: Value | undefined): TableName {
  const schema = get(options, 'schema');
  const database = get(options, 'database');
  return { ...tableName(name), ...(schema ? { schema } : {}), ...(database ? { database } : {}) };
}

export function tableOf(h: Handle): TableName {
  const schema = h.extra?.schema;
  const database = h.extra?.database;
  return { table: h.table ?? unknown, ...(schema ? { schema } : {}), ...(database ? { database } : {}) };
}

/** What a use says of its table. */
export function placeOf(e: TableName): TableName {
  return { table: e.table, ...(e.schema ? { schema: e.schema } : {}), ...(e.database ? { database: e.database } : {}) };
}

export function entityHandle(store: StoreRef, e: Entity): Handle {
  return {
    t: 'handle',
    tech: 'typeorm',
    kind: 'entity',
    store,
    table: e.table,
    model: e.value,
    name: e.name,
    extra: { ...(e.schema ? { schema: e.schema } : {}), ...(e.database ? { database: e.database } : {}) },
  };
}

export function keyOfClass(cls: ClassValue): string {
  return `${cls.code.file}#${cls.decl.index}`;
}

const decorated: Readonly<Record<string, RelationKind>> = {
  ManyToOne: 'many-to-one',
  OneToMany: 'one-to-many',
  OneToOne: 'one-to-one',
  ManyToMany: 'many-to-many',
  TreeParent: 'many-to-one',
  TreeChildren: 'one-to-many',
};

export function relationsOf(site: Site, e: Entity): readonly Relation[] {
  if (e.value.t === 'class') return relationsOfClass(site, e.value, e);
  return e.value.t === 'handle' ? relationsOfSchema(site, e, e.value.extra?.relations) : [];
}

export function relationOf(site: Site, e: Entity | undefined, name: string): Relation | undefined {
  return e && relationsOf(site, e).find(r => r.name === name);
}

// a class's decorators say the same at every one of its uses
const relationsOfDecl = new WeakMap<ClassDecl, readonly Relation[]>();

function relationsOfClass(site: Site, cls: ClassValue, e: Entity): readonly Relation[] {
  const known = relationsOfDecl.get(cls.decl);
  if (known) return known;
  const found = site.ev
    .lineage(cls)
    .classes.flatMap(level => level.decl.members.map(m => relationOfMember(site, m, level, e)));
  const relations = found.flatMap(r => (r && r !== 'untold' ? [r] : []));
  // a target that is only a name may be registered later
  if (!found.includes('untold') && relations.every(r => r.target.value.t !== 'text'))
    relationsOfDecl.set(cls.decl, relations);
  return relations;
}

/** A relation; `untold` where its target is not known, or not yet. */
function relationOfMember(site: Site, m: Member, level: ClassValue, e: Entity): Relation | 'untold' | undefined {
  const all = m.decorators
    ? site.ev.decorators(m.decorators, level.scope).filter(d => d.pkg === 'typeorm' || d.pkg === '')
    : [];
  for (const d of all) {
    const kind =
      d.name === 'Column' && isFunction(d.args[0])
        ? 'embedded'
        : Object.hasOwn(decorated, d.name)
          ? ownValue(decorated, d.name)
          : undefined;
    if (!kind) continue;
    const isTree = d.name.startsWith('Tree');
    const target = isTree
      ? e
      : (entityOf(site, called(site, d.args[0])) ?? entityOf(site, site.ev.classOf(unwrapped(m.type), level.scope)));
    if (!target) return 'untold';
    const options = d.args.findLast(a => a.t === 'obj');
    const table = all.find(x => x.name === 'JoinTable');
    const junction =
      kind !== 'many-to-many'
        ? undefined
        : table
          ? junctionOf(e, target, m.name, table.args[0])
          : inverseJunction(site, e, target);
    return {
      name: m.name,
      kind,
      target,
      hasKey: kind === 'many-to-one' || (kind === 'one-to-one' && all.some(x => x.name === 'JoinColumn')),
      hasConstraint: !isFalse(get(options, 'createForeignKeyConstraints')),
      eager: isTrue(get(options, 'eager')),
      cascade: cascades(get(options, 'cascade')),
      ...(junction ? { junction, ownsJunction: table !== undefined } : {}),
    };
  }
  return undefined;
}

function relationsOfSchema(site: Site, e: Entity, relations: Value | undefined): readonly Relation[] {
  if (relations?.t !== 'obj') return [];
  return relations.keys().flatMap((name): Relation[] => {
    const r = relations.get(name);
    const kind = Object.values(decorated).find(k => k === literal(get(r, 'type')));
    const target = kind ? entityOf(site, called(site, get(r, 'target'))) : undefined;
    if (!kind || !target) return [];
    const table = get(r, 'joinTable');
    const junction =
      kind !== 'many-to-many' ? undefined : table && !isFalse(table) ? junctionOf(e, target, name, table) : undefined;
    return [
      {
        name,
        kind,
        target,
        hasKey: kind === 'many-to-one' || (kind === 'one-to-one' && get(r, 'joinColumn') !== undefined),
        hasConstraint: !isFalse(get(r, 'createForeignKeyConstraints')),
        eager: isTrue(get(r, 'eager')),
        cascade: cascades(get(r, 'cascade')),
        ...(junction ? { junction, ownsJunction: true } : {}),
      },
    ];
  });
}

function junctionOf(owner: Entity, target: Entity, property: string, given: Value | undefined): TableName {
  const name = given?.t === 'text' ? given : get(given, 'name');
  if (name) return placed(name, given);
  const first = literal(owner.table);
  const second = literal(target.table);
  const made =
    first === undefined || second === undefined ? unknown : text(snakeCase(`${first}_${property}_${second}`));
  return placed(made, given && get(given, 'schema') ? given : undefined);
}

/** Of the side that does not own the relation: the owner's, found by its members that lead back here. */
function inverseJunction(site: Site, e: Entity, target: Entity): TableName | undefined {
  if (target.value.t !== 'class') return undefined;
  for (const level of site.ev.lineage(target.value).classes) {
    for (const m of level.decl.members) {
      const all = m.decorators ? site.ev.decorators(m.decorators, level.scope) : [];
      const table = all.find(d => d.name === 'JoinTable');
      const many = all.find(d => d.name === 'ManyToMany');
      if (!table || !many) continue;
      const back = entityOf(site, called(site, many.args[0]));
      if (back && back.name === e.name) return junctionOf(target, e, m.name, table.args[0]);
    }
  }
  return undefined;
}

/** `() => User`, `type => 'User'` or the thing itself. */
export function called(site: Site, v: Value | undefined): Value | undefined {
  return isFunction(v) ? site.ev.invoke(v, [], site) : v;
}

export function isFunction(v: Value | undefined): boolean {
  return each(v).some(f => f.t === 'fn');
}

/** The class in `User[]`, `Relation<User>`, `Promise<User>`. */
function unwrapped(type: TypeRef | undefined): TypeRef | undefined {
  return type && ['Array', 'Relation', 'Promise', 'Ref'].includes(type.n) ? unwrapped(type.a?.[0]) : type;
}

export function isTrue(v: Value | undefined): boolean {
  return each(v).some(x => x.t === 'bool' && x.v === true);
}

function isFalse(v: Value | undefined): boolean {
  return v?.t === 'bool' && v.v === false;
}

function cascades(v: Value | undefined): boolean {
  if (v?.t === 'arr') return v.items.some(i => ['insert', 'update', 'remove'].includes(literal(i) ?? ''));
  return isTrue(v);
}
