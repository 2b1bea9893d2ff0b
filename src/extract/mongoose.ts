import type { CallSite, Site, Technology } from '../model/technology.ts';
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
import { openConnection } from './open-connection.ts';

const reads = new Set([
  'find',
  'findOne',
  'findById',
  'count',
  'countDocuments',
  'estimatedDocumentCount',
  'distinct',
  'exists',
  'aggregate',
  'watch',
  'where',
  '$where',
  'paginate',
  'aggregatePaginate',
]);
const writes = new Set([
  'create',
  'insertMany',
  'insertOne',
  'updateOne',
  'updateMany',
  'update',
  'replaceOne',
  'deleteOne',
  'deleteMany',
  'remove',
  'bulkWrite',
  'bulkSave',
  'findOneAndUpdate',
  'findOneAndDelete',
  'findOneAndRemove',
  'findOneAndReplace',
  'findByIdAndUpdate',
  'findByIdAndDelete',
  'findByIdAndRemove',
  'save',
  'findOneOrCreate',
]);
/** Called on what was found, where that is a list. */
const listMethods = new Set(['forEach', 'map', 'flatMap', 'filter', 'find', 'some', 'every', 'reduce']);
const documentWrites = new Set(['save', 'remove', 'deleteOne', 'updateOne', 'replaceOne']);

/**
 * Mongoose, with Nest's wrapper. A model's collection is its own `collection` option, else its name in the plural.
 * https://mongoosejs.com/docs/models.html
 */
export const mongoose: Technology = {
  id: 'mongoose',
  packages: ['mongoose', '@nestjs/mongoose', '@typegoose/typegoose', 'mongoose-paginate-v2'],
  call(c) {
    if (c.on) return onHandle(c);
    const path = c.path.replace(/^default\.?/, '');
    switch (path) {
      case 'connect':
      case 'createConnection':
      case '.connect':
      case 'MongooseModule.forRoot':
      case 'MongooseModule.forRootAsync':
        return connect(c, path);
      case 'model':
      case 'models':
        return model(c, defaultStore(c));
      case 'Schema':
      case 'mongoose.Schema':
        return schema(c, c.args[0], c.args[1]);
      case 'SchemaFactory.createForClass':
        return c.args[0] ? { t: 'handle', tech: 'mongoose', kind: 'schema', model: c.args[0] } : undefined;
      case 'getModelForClass':
        return c.args[0] ? modelOf(c, c.args[0], undefined, defaultStore(c)) : undefined;
      case 'MongooseModule.forFeature':
      case 'MongooseModule.forFeatureAsync':
        for (const item of c.args[0]?.t === 'arr' ? c.args[0].items : []) {
          const name = get(item, 'name');
          const key = literal(name);
          if (key === undefined) continue;
          const made = modelOf(
            c,
            get(item, 'schema') ?? c.ev.invoke(get(item, 'useFactory'), [], c),
            name,
            defaultStore(c, c.args[1]),
            get(item, 'collection'),
          );
          c.ev.register(c, 'mongoose-model', key, made);
        }
        return unknown;
      default:
        return undefined;
    }
  },
  member(m) {
    const { on } = m;
    if (on.t === 'ext' && on.path === 'models') return modelOf(m, unknown, text(m.name, m.origin), defaultStore(m));
    if (on.t === 'ext' && on.path === 'connection') return connectionMember(m.name, defaultStore(m));
    if (on.t === 'ext' && m.name === 'connection')
      return { t: 'handle', tech: 'mongoose', kind: 'connection', store: defaultStore(m) };
    if (on.t === 'handle' && on.kind === 'connection' && m.name === 'db') return { ...on };
    if (on.t === 'handle' && on.kind === 'model' && (m.name === 'collection' || m.name === 'db')) return on;
    return undefined;
  },
  awaited(handle) {
    return handle.kind === 'query' ? { ...handle, kind: 'document' } : undefined;
  },
  typed(t) {
    if (t.path === 'Model' || t.path.endsWith('Model'))
      return t.args[0] ? modelOf(t, t.args[0], undefined, defaultStore(t)) : undefined;
    if (t.path === 'Connection' || t.path === 'Mongoose')
      return { t: 'handle', tech: 'mongoose', kind: 'connection', store: defaultStore(t) };
    return undefined;
  },
  declared(d) {
    if (d.path !== 'Schema') return;
    const { table } = modelOf(d, d.cls, undefined, defaultStore(d));
    if (table) d.ev.use(d, 'mongoose', { op: 'declare', store: defaultStore(d), table });
  },
  injected(i) {
    if (i.path === 'InjectModel') return modelOf(i, unknown, i.args[0], defaultStore(i, i.args[1]));
    if (i.path === 'InjectConnection')
      return { t: 'handle', tech: 'mongoose', kind: 'connection', store: defaultStore(i, i.args[0]) };
    return undefined;
  },
  duck(c) {
    if (c.name === 'populate') return unknown;
    return undefined;
  },
};

function defaultStore(site: Site, name?: Value): StoreRef {
  const known = name && literal(name) !== undefined ? { name } : {};
  return { kind: 'default', tech: 'mongoose', engine: 'mongodb', origin: site.origin, ...known };
}

function connect(c: CallSite, path: string): Value {
  let options = c.args;
  if (path === 'MongooseModule.forRootAsync') {
    const made = c.ev.invoke(get(c.args[0], 'useFactory'), injectedArgs(c, c.args[0]), c);
    const name = get(c.args[0], 'connectionName');
    options = [get(made, 'uri') ?? unknown, made, ...(name ? [name] : [])];
  }
  const store = openConnection({
    tech: 'mongoose',
    engine: 'mongodb',
    origin: c.origin,
    url: options[0],
    options: options[1],
    databaseKeys: ['dbName'],
    name: get(options[1], 'connectionName'),
  });
  c.ev.use(c, 'mongoose', { op: 'connect', store });
  return {
    t: 'handle',
    tech: 'mongoose',
    kind: 'connection',
    store: path === 'createConnection' ? store : { ...defaultStore(c) },
  };
}

/** The values that a container hands to a factory: `inject: [ConfigService]`. */
export function injectedArgs(c: Site, options: Value | undefined): Value[] {
  const inject = get(options, 'inject');
  return inject?.t === 'arr' ? inject.items.map(i => c.ev.token(i, c.act, c.origin)) : [];
}

function schema(site: Site, fields: Value | undefined, options: Value | undefined): Handle {
  return {
    t: 'handle',
    tech: 'mongoose',
    kind: 'schema',
    name: `${site.origin.file}:${site.origin.at}`,
    extra: { ...(fields ? { fields } : {}), ...(options ? { options } : {}) },
  };
}

function model(c: CallSite, store: StoreRef): Value | undefined {
  const name = c.args[0];
  const key = literal(name);
  if (!name || key === undefined) return undefined;
  if (!c.args[1]) return modelOf(c, unknown, name, store);
  const made = modelOf(c, c.args[1], name, store, c.args[2]);
  c.ev.register(c, 'mongoose-model', key, made);
  if (made.table) c.ev.use(c, 'mongoose', { op: 'declare', store, table: made.table });
  return made;
}

/** A model by its schema (a schema handle or a decorated class), its name, or both. */
function modelOf(site: Site, described: Value, name: Value | undefined, store: StoreRef, collection?: Value): Handle {
  const cls =
    each(described).find((v): v is ClassValue => v.t === 'class') ??
    each(described).flatMap(v => (v.t === 'handle' && v.model?.t === 'class' ? [v.model] : []))[0];
  const key = literal(name) ?? (cls ? modelName(cls) : undefined);
  const own =
    collection && literal(collection) !== undefined
      ? collection
      : ((cls ? classCollection(site, cls) : undefined) ??
        each(described).flatMap(v => (v.t === 'handle' ? (get(v.extra?.['options'], 'collection') ?? []) : []))[0]);
  const table: Value =
    own ??
    (key === undefined
      ? unknown
      : textOf(
          [{ ref: 'mongoose-model', key, def: text(pluralize(key), site.origin), origin: site.origin }],
          site.origin,
        ));
  return {
    t: 'handle',
    tech: 'mongoose',
    kind: 'model',
    store,
    table,
    ...(cls ? { model: cls } : described.t === 'handle' ? { model: described } : {}),
    ...putsOf(described),
    ...(key === undefined ? {} : { name: key }),
  };
}

/** What was put on the schema of a decorated class: there the model is known by its class. */
function putsOf(described: Value): Pick<Handle, 'puts'> {
  const [puts] = each(described).flatMap(v => (v.t === 'handle' && v.puts ? [v.puts] : []));
  return puts ? { puts } : {};
}

function modelName(cls: ClassValue): string {
  return cls.decl.name;
}

function classCollection(site: Site, cls: ClassValue): Value | undefined {
  for (const d of site.ev.decorators(cls.decl.decorators, cls.scope)) {
    if (d.name === 'Schema') return get(d.args[0], 'collection');
    if (d.name === 'modelOptions') return get(get(d.args[0], 'schemaOptions'), 'collection');
  }
  return undefined;
}

function connectionMember(name: string, store: StoreRef): Value {
  return name === 'db'
    ? { t: 'handle', tech: 'mongoose', kind: 'connection', store }
    : { t: 'bound', on: { t: 'handle', tech: 'mongoose', kind: 'connection', store }, name, via: 'mongoose' };
}

function onHandle(c: CallSite): Value | undefined {
  const { on } = c;
  if (on?.t === 'class' || on?.t === 'inst') {
    const cls = on.t === 'class' ? on : on.cls;
    return onModel(c, modelOf(c, cls, undefined, defaultStore(c)), on.t === 'inst');
  }
  if (on?.t !== 'handle') return undefined;
  switch (on.kind) {
    case 'connection':
      if (c.name === 'model') return model(c, on.store ?? defaultStore(c));
      if (c.name === 'collection' && on.store)
        return { t: 'handle', tech: 'mongoose', kind: 'model', store: on.store, table: c.args[0] ?? unknown };
      if (c.name === 'useDb' && on.store?.kind === 'open')
        return { ...on, store: { ...on.store, ...(c.args[0] ? { database: c.args[0] } : {}) } };
      if (c.name === 'close' || c.name === 'on' || c.name === 'once' || c.name === 'asPromise') return on;
      return unknown;
    case 'schema':
      if (c.name === 'static' || c.name === 'method') addToSchema(c, on);
      // hooks and methods run with a document or a query as `this`
      for (const a of c.args) for (const f of each(a)) if (f.t === 'fn') c.ev.invoke(f, [], c);
      return on;
    case 'model':
    case 'query':
    case 'document':
      return onModel(c, on, on.kind === 'document');
    default:
      return undefined;
  }
}

function onModel(c: CallSite, on: Handle, isDocument: boolean): Value {
  const { table, store } = on;
  if (!table || !store) return unknown;
  const { name } = c;
  const own = schemaFunction(c, on, isDocument);
  if (own) return own;
  if (name === 'new' || name === '()') return { ...on, kind: 'document' };
  if (isDocument && documentWrites.has(name)) {
    c.ev.use(c, 'mongoose', { op: 'write', store, table });
    return { ...on, kind: 'document' };
  }
  if (name === 'populate') {
    populate(c, on, c.args[0]);
    return on;
  }
  const found: Handle = { ...on, kind: 'document' };
  if (isDocument && listMethods.has(name)) {
    for (const a of c.args) if (a.t === 'fn') c.ev.invoke(a, [on], c);
    return on;
  }
  // results may be handed to a function: `Order.findOne(where, (error, order) => …)`, `.exec((error, order) => …)`
  for (const a of c.args) if (a.t === 'fn') c.ev.invoke(a, [unknown, found], c);
  if (on.kind === 'query') return on;
  if (writes.has(name)) c.ev.use(c, 'mongoose', { op: 'write', store, table });
  else if (reads.has(name)) c.ev.use(c, 'mongoose', { op: 'read', store, table });
  else return unknown;
  if (name === 'aggregate') lookups(c, store, c.args[0]);
  for (const a of c.args) populate(c, on, get(a, 'populate'));
  return isDocument ? found : { ...on, kind: 'query' };
}

/** What the schema was given to call on its models and documents: it runs with the model, or the document, as `this`. */
function schemaFunction(c: CallSite, on: Handle, isDocument: boolean): Value | undefined {
  const [kept, added] = isDocument ? (['methods', 'method'] as const) : (['statics', 'static'] as const);
  const schema = schemaOf(c, on);
  const given = [
    get(on.puts?.get(kept) ?? schema?.puts?.get(kept), c.name),
    isDocument ? undefined : on.puts?.get(c.name),
    get(get(schema?.extra?.['options'], kept), c.name),
    ...c.ev.registered(`mongoose-${added}`, `${schema?.name ?? ''} ${c.name}`).map(r => r.value),
  ];
  const fn = given.flatMap(each).find(v => v.t === 'fn');
  return fn?.t === 'fn' ? c.ev.invoke({ ...fn, self: on }, c.args, c) : undefined;
}

/** The schema of a model, by what the model was made of, or by its name. */
function schemaOf(c: CallSite, on: Handle): Handle | undefined {
  const made = on.name === undefined ? undefined : c.ev.registered('mongoose-model', on.name)[0]?.value;
  const own = on.model ?? (made?.t === 'handle' ? made.model : undefined);
  return own?.t === 'handle' && own.kind === 'schema' ? own : undefined;
}

/** `schema.static('byUser', function () {…})`, or several in an object. */
function addToSchema(c: CallSite, schema: Handle): void {
  const [name, fn] = c.args;
  const key = literal(name);
  const all = key === undefined ? (name?.t === 'obj' ? name.keys() : []) : [key];
  for (const one of all) {
    const value = key === undefined ? get(name, one) : fn;
    if (value) c.ev.register(c, `mongoose-${c.name}`, `${schema.name ?? ''} ${one}`, value);
  }
}

function lookups(c: CallSite, store: StoreRef, pipeline: Value | undefined): void {
  for (const stage of pipeline?.t === 'arr' ? pipeline.items : []) {
    for (const [op, key] of [
      ['$lookup', 'from'],
      ['$graphLookup', 'from'],
      ['$unionWith', 'coll'],
      ['$merge', 'into'],
      ['$out', ''],
    ] as const) {
      const spec = get(stage, op);
      if (!spec) continue;
      const table = (key === '' ? undefined : get(spec, key)) ?? (spec.t === 'text' ? spec : undefined);
      if (table)
        c.ev.use(c, 'mongoose', {
          op: op === '$merge' || op === '$out' ? 'write' : 'read',
          store,
          table,
          via: op === '$lookup' || op === '$graphLookup' ? 'join' : 'query',
        });
    }
  }
}

/** `populate('items.product')` reads the collection that the field refers to. */
function populate(c: CallSite, on: Handle, what: Value | undefined): void {
  if (!what || !on.store) return;
  for (const one of each(what)) {
    if (one.t === 'arr') {
      for (const item of one.items) populate(c, on, item);
      continue;
    }
    const path = literal(one.t === 'obj' ? one.get('path') : one);
    if (path === undefined) continue;
    for (const single of path.split(/\s+/)) {
      const target = referred(c, on, single);
      const explicit = one.t === 'obj' ? one.get('model') : undefined;
      const found = explicit && explicit.t !== 'unknown' ? byReference(c, explicit, on.store) : target;
      if (!found?.table) continue;
      c.ev.use(c, 'mongoose', { op: 'read', store: found.store ?? on.store, table: found.table, via: 'relation' });
      if (one.t === 'obj') populate(c, found, one.get('populate'));
    }
  }
}

function referred(c: CallSite, on: Handle, path: string): Handle | undefined {
  const described =
    on.model ??
    (on.name === undefined
      ? undefined
      : c.ev
          .registered('mongoose-model', on.name)
          .map(r => (r.value.t === 'handle' ? r.value.model : undefined))
          .find(Boolean));
  if (!described || !on.store) return undefined;
  const ref =
    described.t === 'class'
      ? classReference(c, described, path.split('.'))
      : described.t === 'handle'
        ? fieldReference(
            described.model?.t === 'class' ? classReference(c, described.model, path.split('.')) : undefined,
            described,
            path.split('.'),
          )
        : undefined;
  return ref ? byReference(c, ref, on.store) : undefined;
}

function fieldReference(known: Value | undefined, schemaHandle: Handle, path: readonly string[]): Value | undefined {
  if (known) return known;
  let fields: Value | undefined = schemaHandle.extra?.['fields'];
  for (const [i, key] of path.entries()) {
    let field = get(fields, key);
    for (let n = 0; n < 3 && field; n++) {
      const [inner]: readonly Value[] = field.t === 'arr' ? field.items : [];
      if (!inner) break;
      field = inner;
    }
    if (!field) return undefined;
    if (i === path.length - 1) {
      const type = get(field, 'type');
      return get(field, 'ref') ?? (type?.t === 'arr' ? get(type.items[0], 'ref') : undefined);
    }
    const type = get(field, 'type');
    const nested: Value | undefined = type?.t === 'arr' ? type.items[0] : (type ?? field);
    fields = nested?.t === 'handle' ? nested.extra?.['fields'] : nested;
  }
  return undefined;
}

function classReference(c: CallSite, cls: ClassValue, path: readonly string[]): Value | undefined {
  const [first, ...rest] = path;
  for (const level of c.ev.lineage(cls).classes) {
    for (const m of level.decl.members) {
      if (m.name !== first) continue;
      for (const d of c.ev.decorators(m.decorators, level.scope)) {
        if (d.name !== 'Prop' && d.name !== 'prop') continue;
        const given = d.args[0]?.t === 'arr' ? d.args[0].items[0] : d.args[0];
        const type = get(given, 'type');
        const list = type?.t === 'arr' ? type.items[0] : type;
        const ref = get(given, 'ref') ?? get(list, 'ref');
        if (rest.length === 0 && ref) return each(ref)[0]?.t === 'fn' ? c.ev.invoke(ref, [], c) : ref;
        const nested =
          list?.t === 'class' ? list : c.ev.classOf(m.type?.n === 'Array' ? m.type.a?.[0] : m.type, level.scope);
        if (rest.length > 0 && nested.t === 'class') return classReference(c, nested, rest);
        const target = ref ? (literal(ref) ?? (ref.t === 'class' ? ref.decl.name : undefined)) : undefined;
        const registered = target === undefined ? undefined : c.ev.registered('mongoose-model', target)[0]?.value;
        if (rest.length > 0 && registered?.t === 'handle' && registered.model?.t === 'class')
          return classReference(c, registered.model, rest);
      }
    }
  }
  return undefined;
}

function byReference(c: CallSite, ref: Value, store: StoreRef): Handle | undefined {
  const one = each(ref)[0];
  if (one?.t === 'handle' && one.kind === 'model') return one;
  if (one?.t === 'class') return modelOf(c, one, undefined, store);
  return literal(one) === undefined ? undefined : modelOf(c, unknown, one, store);
}

const irregular: Readonly<Record<string, string>> = {
  man: 'men',
  person: 'people',
  child: 'children',
  sex: 'sexes',
  move: 'moves',
  goose: 'geese',
  tooth: 'teeth',
  foot: 'feet',
  mouse: 'mice',
};

/** Mongoose's own rules of plurals (lib/helpers/pluralize.js of Mongoose, as documented behaviour). */
export function pluralize(name: string): string {
  const s = name.toLowerCase();
  if (
    [
      'advice',
      'energy',
      'excretion',
      'digestion',
      'cooperation',
      'health',
      'justice',
      'labour',
      'machinery',
      'equipment',
      'information',
      'pollution',
      'sewage',
      'paper',
      'money',
      'species',
      'series',
      'rain',
      'rice',
      'fish',
      'sheep',
      'moose',
      'deer',
      'news',
      'expertise',
      'status',
      'media',
    ].includes(s)
  )
    return s;
  for (const [one, many] of Object.entries(irregular)) if (s.endsWith(one)) return s.slice(0, -one.length) + many;
  if (/\d$/.test(s)) return s;
  if (/(ax|test)is$/.test(s)) return s.replace(/is$/, 'es');
  if (/(octop|vir)us$/.test(s)) return s.replace(/us$/, 'i');
  if (/(alias|status)$/.test(s)) return `${s}es`;
  if (/bus$/.test(s)) return `${s}es`;
  if (/(buffal|tomat|potat)o$/.test(s)) return `${s}es`;
  if (/[ti]um$/.test(s)) return s.replace(/um$/, 'a');
  if (/sis$/.test(s)) return s.replace(/sis$/, 'ses');
  if (/(?:[^f])fe$/.test(s)) return s.replace(/fe$/, 'ves');
  if (/([lr])f$/.test(s)) return s.replace(/f$/, 'ves');
  if (/([^aeiouy]|qu)y$/.test(s)) return s.replace(/y$/, 'ies');
  if (/(x|ch|ss|sh)$/.test(s)) return `${s}es`;
  if (/(matr|vert|ind)(ix|ex)$/.test(s)) return s.replace(/(ix|ex)$/, 'ices');
  if (/s$/.test(s)) return s;
  if (/[^\W_]$/.test(s)) return `${s}s`;
  return s;
}
