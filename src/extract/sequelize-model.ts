import type { CallSite, Site } from '../model/technology.ts';
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
import { plural, underscored } from './plural.ts';
import { type TableName, tableName } from './table-name.ts';

export const defaultStore = (site: Site, name?: Value, model?: Value): StoreRef => ({
  kind: 'default',
  tech: 'sequelize',
  origin: site.origin,
  ...(name && literal(name) !== undefined ? { name } : {}),
  ...(model ? { model } : {}),
});

export function connectionHandle(store: StoreRef, define?: Value): Handle {
  return { t: 'handle', tech: 'sequelize', kind: 'connection', store, ...(define ? { extra: { define } } : {}) };
}

/** The table of a model: its own name for it, else its name in the plural. */
export function tableOfModel(name: Value | undefined, options: readonly (Value | undefined)[], site: Site): TableName {
  const option = (key: string): Value | undefined => options.map(o => get(o, key)).find(v => v !== undefined);
  const given = option('tableName');
  const schema = option('schema');
  const place = schema && literal(schema) !== '' ? { schema } : {};
  if (given) {
    const inner = get(given, 'tableName');
    return inner
      ? { ...tableName(inner), ...place, ...(get(given, 'schema') ? { schema: get(given, 'schema') ?? unknown } : {}) }
      : { table: given, ...place };
  }
  const key = literal(name);
  if (key === undefined) return { table: name?.t === 'text' ? name : unknown, ...place };
  const many = literal(get(option('name'), 'plural')) ?? plural(key);
  const isFrozen = isTrue(option('freezeTableName'));
  const made = isFrozen
    ? key
    : isTrue(option('underscored')) || isTrue(option('underscoredAll'))
      ? underscored(many)
      : many;
  return { table: text(made, name?.t === 'text' && name.origin ? name.origin : site.origin), ...place };
}

export function isTrue(v: Value | undefined): boolean {
  return each(v).some(x => x.t === 'bool' && x.v === true);
}

/** What a use says of its table. */
export function placeOf(h: Handle): TableName {
  const schema = h.extra?.schema;
  return { table: h.table ?? unknown, ...(schema && schema.t !== 'unknown' ? { schema } : {}) };
}

/** `sequelize.define(name, attributes, options)` and `X.init(attributes, options)`. */
export function defineModel(
  site: Site,
  connection: Handle,
  name: Value | undefined,
  attributes: Value | undefined,
  options: Value | undefined,
  cls?: ClassValue,
): Handle {
  const place = tableOfModel(name, [options, connection.extra?.define], site);
  const key = literal(name);
  const store = connection.store ?? defaultStore(site);
  const made: Handle = {
    t: 'handle',
    tech: 'sequelize',
    kind: 'model',
    store,
    table: place.table,
    ...(key === undefined ? {} : { name: key }),
    ...(cls ? { model: cls } : {}),
    extra: {
      ...(place.schema ? { schema: place.schema } : {}),
      key: text(cls ? keyOfClass(cls) : `${site.origin.file}:${site.origin.at}`),
      ...(attributes ? { attributes } : {}),
      ...(options ? { options } : {}),
    },
  };
  if (key !== undefined) site.ev.register(site, 'sequelize-model', key, made);
  if (cls) site.ev.register(site, 'sequelize-class', keyOfClass(cls), made);
  declare(site, made, attributes);
  return made;
}

/** The model, what its columns refer to, and its table where everything is synchronized. */
export function declare(site: Site, model: Handle, attributes: Value | undefined): void {
  const store = model.store ?? defaultStore(site);
  site.ev.use(site, 'sequelize', { op: 'declare', store, ...placeOf(model) });
  if (store.kind === 'open') {
    const key = keyOfStore(store);
    site.ev.register(site, 'sequelize-of', key, model);
    if (site.ev.registered('sequelize-synced', key).length > 0)
      site.ev.use(site, 'sequelize', { op: 'schema', store, ...placeOf(model) });
  }
  references(site, store, 'declare', model.table ?? unknown, attributes);
}

export function keyOfStore(store: StoreRef): string {
  return `${store.origin.file}:${store.origin.at}`;
}

/** `references: { model: 'users' }` of columns: a model, a table, or a table with its schema. */
export function references(
  site: Site,
  store: StoreRef,
  op: 'declare' | 'schema',
  from: Value,
  columns: Value | undefined,
): void {
  if (columns?.t !== 'obj') return;
  for (const key of columns.keys()) {
    const r = get(columns.get(key), 'references');
    if (!r) continue;
    const model = r.t === 'text' ? r : get(r, 'model');
    const table = get(r, 'table') ?? get(model, 'tableName');
    const schema = get(model, 'schema');
    const known = table ? undefined : modelOf(site, model);
    const place = known
      ? placeOf(known)
      : table
        ? { table, ...(schema ? { schema } : {}) }
        : model?.t === 'text'
          ? tableName(model)
          : undefined;
    if (place) site.ev.use(site, 'sequelize', { op, store, ...place, from, via: 'foreign-key' });
  }
}

export function keyOfClass(cls: ClassValue): string {
  return `${cls.code.file}#${cls.decl.index}`;
}

/** The model behind what stands for one: a handle, a class that extends Model, an instance, a registered name. */
export function modelOf(site: Site, v: Value | undefined): Handle | undefined {
  for (const one of each(v)) {
    if (one.t === 'handle' && one.tech === 'sequelize' && (one.kind === 'model' || one.kind === 'instance')) return one;
    if (one.t === 'class' || one.t === 'inst') {
      const found = modelOfClass(site, one.t === 'inst' ? one.cls : one);
      if (found) return found;
    }
  }
  return undefined;
}

export function isModelClass(site: Site, cls: ClassValue): boolean {
  const { root } = site.ev.lineage(cls);
  if (root?.t !== 'ext') return false;
  return (
    /^(?:sequelize|sequelize-typescript|@sequelize\/core)$/.test(root.pkg) && /(?:^|\.)Model(?:\(\))?$/.test(root.path)
  );
}

function modelOfClass(site: Site, cls: ClassValue): Handle | undefined {
  if (!isModelClass(site, cls)) return undefined;
  return decorated(site, cls) ?? initialised(site, cls) ?? bare(site, cls);
}

/** sequelize-typescript: `@Table({ tableName })`. */
function decorated(site: Site, cls: ClassValue): Handle | undefined {
  for (const level of site.ev.lineage(cls).classes) {
    for (const d of site.ev.decorators(level.decl.decorators, level.scope)) {
      if (d.name !== 'Table') continue;
      const [options] = d.args;
      const name = get(options, 'modelName') ?? text(level.decl.name, { file: level.code.file, at: level.decl.at });
      const define = site.ev.registered('sequelize-define', '').map(r => r.value);
      const place = tableOfModel(name, [options, define.length === 1 ? define[0] : undefined], site);
      return {
        t: 'handle',
        tech: 'sequelize',
        kind: 'model',
        store: defaultStore(site, undefined, cls),
        table: place.table,
        model: cls,
        name: literal(name) ?? cls.decl.name,
        extra: {
          ...(place.schema ? { schema: place.schema } : {}),
          key: text(keyOfClass(cls)),
          ...(options ? { options } : {}),
        },
      };
    }
  }
  return undefined;
}

/** `static init`, or `X.init(…)` beside the class: looked for when the class is first asked for. */
function initialised(site: Site, cls: ClassValue): Handle | undefined {
  const known = (): Handle | undefined => {
    for (const level of site.ev.lineage(cls).classes) {
      const hit = site.ev.registered('sequelize-class', keyOfClass(level))[0]?.value;
      if (hit?.t === 'handle') return hit;
    }
    return undefined;
  };
  const first = known();
  if (first) return first;
  site.ev.visit(cls.scope);
  for (const level of site.ev.lineage(cls).classes) {
    for (const m of level.decl.members) {
      const unit = m.unit === undefined || !m.isStatic ? undefined : level.code.units[m.unit];
      if (unit && /^(init|initModel|initialize|setup|define|configure|associate)/i.test(m.name) && !known())
        site.ev.visit(site.ev.genericActivation(level.code, unit));
    }
  }
  return known();
}

function bare(site: Site, cls: ClassValue): Handle {
  const def = text(plural(cls.decl.name), { file: cls.code.file, at: cls.decl.at });
  const table = textOf([{ ref: 'sequelize-class', key: keyOfClass(cls), def, origin: site.origin }], site.origin);
  return {
    t: 'handle',
    tech: 'sequelize',
    kind: 'model',
    store: defaultStore(site, undefined, cls),
    table,
    model: cls,
    name: cls.decl.name,
    extra: { key: text(keyOfClass(cls)) },
  };
}

/** A model by its name, as `sequelize.model('Order')` and `@InjectModel('Order')` ask for it. */
export function modelNamed(site: Site, name: Value | undefined, store: StoreRef): Handle | undefined {
  const key = literal(name);
  if (key === undefined) return undefined;
  const all = site.ev.registered('sequelize-model', key);
  const near =
    all.find(r => r.value.t === 'handle' && r.value.store && keyOfStore(r.value.store) === keyOfStore(store)) ??
    all.toSorted((a, b) => common(b.origin.file, site.origin.file) - common(a.origin.file, site.origin.file))[0];
  if (near?.value.t === 'handle') return near.value;
  const table = textOf([{ ref: 'sequelize-model', key, def: text(plural(key)), origin: site.origin }], site.origin);
  return {
    t: 'handle',
    tech: 'sequelize',
    kind: 'model',
    store,
    table,
    name: key,
    extra: { key: text(`name:${key}`) },
  };
}

function common(a: string, b: string): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
}

export function instanceOf(model: Handle): Value {
  return model.model?.t === 'class' ? { t: 'inst', cls: model.model } : { ...model, kind: 'instance' };
}

export function connectionOf(c: CallSite | Site, v: Value | undefined): Handle | undefined {
  const found = each(v).find(x => x.t === 'handle' && x.tech === 'sequelize' && x.kind === 'connection');
  if (found?.t === 'handle') return found;
  for (const one of each(v)) {
    const cls = one.t === 'inst' ? one.cls : undefined;
    const root = cls ? c.ev.lineage(cls).root : undefined;
    if (root?.t === 'ext' && /(?:^|\.)Sequelize$|^(?:default)?$/.test(root.path))
      return connectionHandle(defaultStore(c));
  }
  return undefined;
}
