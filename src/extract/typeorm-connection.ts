import { folderOf, join } from '../model/modules.ts';
import type { CallSite, Site } from '../model/technology.ts';
import { textOf } from '../model/texts.ts';
import { each, get, type Handle, type StoreRef, text, unknown, type Value } from '../model/value.ts';
import { engineIn } from './engine-option.ts';
import { injectedArgs } from './mongoose.ts';
import { isTold, openConnection } from './open-connection.ts';
import { defaultStore, entityOf, isTrue, nameOf, placeOf, relationsOf } from './typeorm-entity.ts';

/** `new DataSource(options)`, `createConnection(options)`: records what is opened, and what it makes of its entities. */
export function connect(c: Site, options: Value | undefined, name?: Value): Handle {
  const store = opened(c, options, name);
  c.ev.use(c, 'typeorm', { op: 'connect', store });
  if (isTrue(get(options, 'synchronize'))) synchronize(c, store, get(options, 'entities'));
  if (isTrue(get(options, 'migrationsRun'))) c.ev.use(c, 'typeorm', { op: 'run-migrations', store });
  // opened by code that was not told what to open: another look at the same code knows more
  const isKnown = isTold(store.url) || isTold(store.database) || store.engine !== 'unknown';
  return {
    t: 'handle',
    tech: 'typeorm',
    kind: 'connection',
    store: isKnown ? store : defaultStore(c, undefined, store.name),
  };
}

function opened(c: Site, options: Value | undefined, name: Value | undefined): StoreRef & { kind: 'open' } {
  const master = get(get(options, 'replication'), 'master');
  const type = get(options, 'type');
  const engine = engineIn(type);
  const named = nameOf(name) ?? nameOf(get(options, 'name'));
  const store = openConnection({
    tech: 'typeorm',
    engine,
    origin: c.origin,
    options: master ?? options,
    ...(named === undefined ? {} : { name: text(named, c.origin) }),
  });
  const database = store.database ?? (master ? get(options, 'database') : undefined);
  const isPlaced = isTold(store.url) || isTold(store.host) || isTold(database);
  return {
    ...store,
    ...(database ? { database } : {}),
    // not a server on this machine, but one that the code does not tell
    ...(isPlaced ? {} : { host: textOf([null], c.origin) }),
    // where a variable names the engine, a scheme made of it tells
    ...(engine === 'unknown' && isPlaced && !store.url && type?.t === 'text'
      ? { url: textOf([...type.parts, '://'], c.origin) }
      : {}),
  };
}

/** Tables that are made to fit their entities: of those that are listed, and (without a table) of all that the connection has. */
function synchronize(c: Site, store: StoreRef, entities: Value | undefined): void {
  c.ev.use(c, 'typeorm', { op: 'schema', store });
  for (const v of listed(entities)) {
    const e = v.t === 'class' || v.t === 'handle' ? entityOf(c, v) : undefined;
    if (!e) continue;
    c.ev.use(c, 'typeorm', { op: 'schema', store, ...placeOf(e) });
    for (const r of relationsOf(c, e))
      if (r.junction && r.ownsJunction) c.ev.use(c, 'typeorm', { op: 'schema', store, ...placeOf(r.junction) });
  }
}

function listed(v: Value | undefined): readonly Value[] {
  return each(v).flatMap(one => {
    if (one.t === 'arr') return one.items.flatMap(listed);
    if (one.t === 'obj') return one.keys().flatMap(k => listed(one.get(k)));
    return [one];
  });
}

/** `TypeOrmModule.forRoot(options)`; with `forRootAsync`, what the factory or the options class returns. */
export function connectModule(c: CallSite, isAsync: boolean): Value {
  const [first] = c.args;
  if (!isAsync) {
    for (const options of first ? each(first) : [undefined]) connect(c, options ?? configured(c));
    return unknown;
  }
  const name = get(first, 'name');
  const given = asyncOptions(c, first);
  const options = given.t === 'unknown' ? undefined : given;
  connect(c, options ?? given, name);
  const make = get(first, 'dataSourceFactory');
  if (make && options) c.ev.invoke(make, [options], c);
  return unknown;
}

function asyncOptions(c: CallSite, module: Value | undefined): Value {
  const factory = get(module, 'useFactory');
  if (factory) return c.ev.invoke(factory, injectedArgs(c, module), c);
  const maker = get(module, 'useClass') ?? get(module, 'useExisting');
  if (!maker) return unknown;
  const inst = maker.t === 'class' ? c.ev.token(maker, c.act, c.origin) : maker;
  return c.ev.invoke(c.ev.property(inst, 'createTypeOrmOptions', c), [get(module, 'name') ?? unknown], c);
}

/** `createConnection()`, `createConnection('name')`, `createConnection(options)`. */
export function createConnection(c: CallSite): Value {
  const [first] = c.args;
  if (first && first.t !== 'text' && first.t !== 'unknown') return connect(c, first);
  const wanted = nameOf(first);
  const all = each(configured(c)).flatMap(o => (o.t === 'arr' ? o.items : [o]));
  const match = all.find(o => nameOf(get(o, 'name')) === wanted) ?? (wanted === undefined ? all[0] : undefined);
  return connect(c, match ?? environment(c), first);
}

export function createConnections(c: CallSite): Value {
  const given = c.args[0]?.t === 'arr' ? c.args[0] : configured(c);
  return {
    t: 'arr',
    items: each(given)
      .flatMap(o => (o.t === 'arr' ? o.items : [o]))
      .map(o => connect(c, o)),
  };
}

/** `ormconfig.json` or `.js` or `.ts`, from the folder of the caller upwards to the package that it belongs to. */
export function configured(c: Site): Value {
  for (let dir = folderOf(c.origin.file); ; dir = folderOf(dir)) {
    for (const ext of ['ts', 'js', 'json', 'cjs', 'mjs']) {
      const found = c.ev.load(join(dir, 'package.json'), `./ormconfig.${ext}`);
      const options = found.t === 'module' ? c.ev.property(found, 'default', c) : found;
      if (options.t === 'obj' || options.t === 'arr') return options;
    }
    if (dir === '') return unknown;
  }
}

/** Without any file, TypeORM of old read these variables. */
function environment(c: Site): Value {
  const of = (key: string): Value => textOf([{ ref: 'env', key: `TYPEORM_${key}`, origin: c.origin }], c.origin);
  const known: Readonly<Record<string, string>> = {
    type: 'CONNECTION',
    host: 'HOST',
    port: 'PORT',
    database: 'DATABASE',
    schema: 'SCHEMA',
    username: 'USERNAME',
    password: 'PASSWORD',
  };
  return {
    t: 'obj',
    sig: 'typeorm:environment',
    origin: c.origin,
    get: key => (Object.hasOwn(known, key) ? of(known[key] ?? '') : undefined),
    keys: () => Object.keys(known),
  };
}
