import type { CallSite, ClassSite, Site } from '../model/technology.ts';
import { get, type Handle, literal, text, unknown, type Value } from '../model/value.ts';
import { dialectOf, runSql } from './run-sql.ts';
import {
  called,
  declaredEntity,
  defaultStore,
  type Entity,
  entityHandle,
  entityOf,
  isFunction,
  keyOfClass,
  placed,
  placeOf,
  relationsOf,
  snakeCase,
} from './typeorm-entity.ts';
import { kind } from './typeorm-own-class.ts';

/** `new EntitySchema({ name, tableName, target, relations })` */
export function schema(c: CallSite, options: Value | undefined): Value {
  const given = get(options, 'name') ?? get(options, 'tableName');
  const key = literal(given) ?? '';
  const made: Handle = {
    t: 'handle',
    tech: 'typeorm',
    kind: 'entity',
    name: key,
    table: get(options, 'tableName') ?? (key === '' ? unknown : text(snakeCase(key), c.origin)),
    extra: { relations: get(options, 'relations') ?? unknown },
  };
  const place = placed(made.table ?? unknown, options);
  const target = get(options, 'target');
  const described: Handle = {
    ...made,
    table: place.table,
    extra: {
      ...made.extra,
      ...(place.schema ? { schema: place.schema } : {}),
      ...(place.database ? { database: place.database } : {}),
    },
  };
  const registered: Handle = { ...described, model: target ?? described };
  if (key !== '') c.ev.register(c, 'typeorm-entity', key, registered);
  if (target?.t === 'class') c.ev.register(c, 'typeorm-target', keyOfClass(target), described);
  const e = entityOf(c, described);
  if (e) declareEntity(c, e, c);
  return described;
}

export function registerEntity(c: Site, v: Value): void {
  const e = v.t === 'class' ? declaredEntity(c, v) : undefined;
  if (e) c.ev.register(c, 'typeorm-entity', e.name, entityHandle(defaultStore(c, e.value), e));
}

/** A decorated class. */
export function declare(d: ClassSite): void {
  const e = declaredEntity(d, d.cls);
  if (!e) return;
  d.ev.register(d, 'typeorm-entity', e.name, entityHandle(defaultStore(d, d.cls), e));
  declareEntity(d, e, d);
  const expression = get(d.args[0], 'expression');
  if (d.path !== 'ViewEntity' || !expression) return;
  if (isFunction(expression)) d.ev.invoke(expression, [kind(d, 'connection')], d);
  else runSql(d, 'typeorm', defaultStore(d, d.cls), called(d, expression), dialectOf(undefined));
}

/** The table, its foreign keys and the tables between it and others. */
function declareEntity(site: Site, e: Entity, at: Site): void {
  const store = defaultStore(site, e.value);
  at.ev.use(at, 'typeorm', { op: 'declare', store, ...placeOf(e) });
  for (const r of relationsOf(site, e)) {
    if (r.junction && r.ownsJunction) at.ev.use(at, 'typeorm', { op: 'declare', store, ...placeOf(r.junction) });
    if (r.hasKey && r.hasConstraint && r.kind !== 'embedded')
      at.ev.use(at, 'typeorm', { op: 'declare', store, ...placeOf(r.target), from: e.table, via: 'foreign-key' });
  }
}
