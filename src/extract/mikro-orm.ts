import { textOf } from '../model/evaluate.ts';
import { folderOf, join } from '../model/modules.ts';
import type { CallSite, ClassSite, Site, Technology } from '../model/technology.ts';
import { type ClassValue, each, get, type Handle, literal, type StoreRef, text, unknown, type Value } from '../model/value.ts';
import { engineIn } from './engine-option.ts';
import { declaredEntity, declareEntity, defaultStore, type Entity, entityOf, filters, placeOf, populate, relationOf, underscore } from './mikro-orm-entity.ts';
import { injectedArgs } from './mongoose.ts';
import { isTold, openConnection } from './open-connection.ts';
import { dialectOf, runSql } from './run-sql.ts';

const finds = new Set(['find', 'findOne', 'findOneOrFail', 'findAll', 'findAndCount', 'findByCursor', 'refresh', 'stream']);
const reads = new Set(['count', 'aggregate', 'lock', 'countBy']);
const saves = new Set(['persist', 'persistAndFlush', 'persistLater', 'remove', 'removeAndFlush', 'removeLater', 'assign']);
const writes = new Set(['create', 'insert', 'insertMany', 'nativeInsert', 'nativeInsertMany', 'nativeUpdate', 'nativeUpdateMany', 'nativeDelete', 'upsert', 'upsertMany']);

/**
 * MikroORM, with Nest's wrapper. An entity's table is its `tableName`, else its class name with underscores.
 * https://mikro-orm.io/docs/naming-strategy
 */
export const mikroOrm: Technology = {
  id: 'mikro-orm',
  packages: ['@mikro-orm/core', '@mikro-orm/nestjs', '@mikro-orm/postgresql', '@mikro-orm/mysql', '@mikro-orm/mariadb', '@mikro-orm/sqlite', '@mikro-orm/better-sqlite', '@mikro-orm/libsql', '@mikro-orm/mongodb', '@mikro-orm/mssql', '@mikro-orm/sql', '@mikro-orm/migrations', '@mikro-orm/migrations-mongodb', '@mikro-orm/seeder', '@mikro-orm/decorators', '@mikro-orm/reflection'],
  call(c) {
    if (!c.on) return ofExport(c, c.path.replace(/^\/[^.]*\.?/, '').replace(/^default\.?/, ''));
    const on = c.on.t === 'handle' ? c.on : standsFor(c, c.on);
    return on ? onHandle(c, on) : undefined;
  },
  member(m) {
    const on = m.on.t === 'handle' ? m.on : standsFor(m, m.on);
    if (!on) return undefined;
    switch (m.name) {
      case 'em': return { t: 'handle', tech: 'mikro-orm', kind: 'em', ...(on.store ? { store: on.store } : {}) };
      case 'class': return on.kind === 'entity' ? on : undefined;
      case 'schema':
      case 'migrator': return on.kind === 'orm' ? { ...on, kind: m.name } : undefined;
      default: return undefined;
    }
  },
  typed(t) {
    const name = t.path.replace(/^.*\./, '');
    if (name === 'EntityManager' || name === 'SqlEntityManager' || name === 'MongoEntityManager') return handle(t, 'em');
    if (name === 'MikroORM') return handle(t, 'orm');
    if (/^(Entity|Sql|SqlEntity|Mongo)Repository$/.test(name)) return repository(t, t.args[0]);
    if (name === 'InferEntity' || name === 'Loaded') return t.args.find(a => a.t === 'handle');
    return name === 'QueryBuilder' ? { ...handle(t, 'query'), ...modelOf(entityOf(t, t.args[0])) } : undefined;
  },
  injected(i) {
    const [first, second] = i.args;
    if (i.path === 'InjectRepository') return repository(i, first, second);
    if (i.path === 'InjectEntityManager') return handle(i, 'em', first);
    return i.path === 'InjectMikroORM' ? handle(i, 'orm', first) : undefined;
  },
  declared(d) {
    if (d.path.endsWith('Entity')) declared(d);
  },
};

function handle(site: Site, kind: string, name?: Value): Handle {
  return { t: 'handle', tech: 'mikro-orm', kind, store: defaultStore(site, name) };
}

function modelOf(e: Entity | undefined): { table?: Value; model?: Value; name?: string } {
  return e ? { table: e.table, model: e.value, name: e.name } : {};
}

/** A repository of an entity; where the entity names its own repository class, an instance of that. */
function repository(site: Site, entity: Value | undefined, name?: Value, store: StoreRef = defaultStore(site, name, entity)): Value {
  const cls = each(entity).find((v): v is ClassValue => v.t === 'class');
  const schemas = each(entity).flatMap(v => (v.t === 'handle' && v.extra?.repository ? [v.extra.repository] : []));
  const decorated = (cls ? site.ev.decorators(cls.decl.decorators, cls.scope) : []).flatMap(d => (d.name === 'Entity' ? (get(d.args[0], 'repository') ?? get(d.args[0], 'customRepository') ?? []) : []));
  for (const own of [...schemas, ...decorated]) {
    const made = site.ev.invoke(own, [], site);
    if (made.t === 'class') return { t: 'inst', cls: made };
  }
  return { t: 'handle', tech: 'mikro-orm', kind: 'repository', store, ...modelOf(entityOf(site, entity)) };
}

function declared(d: ClassSite): void {
  const e = declaredEntity(d, d.cls);
  if (e) declareEntity(d, e);
}

/** A class of one's own that extends a repository, an entity manager or a migration. */
function standsFor(site: Site, v: Value): Handle | undefined {
  if (v.t !== 'inst' && v.t !== 'class') return undefined;
  const cls = v.t === 'inst' ? v.cls : v;
  const { classes, root } = site.ev.lineage(cls);
  const path = root?.t === 'ext' ? root.path.replace(/^.*\./, '') : '';
  if (path === 'Migration') return handle(site, 'migration');
  if (path.endsWith('EntityManager')) return handle(site, 'em');
  if (!path.endsWith('Repository')) return undefined;
  const named = classes.flatMap(level => (level.decl.supTypes ?? []).map(t => site.ev.classOf(t, site.ev.moduleActivation(level.code))));
  const e = named.map(n => entityOf(site, n)).find(x => x !== undefined) ?? entityWith(site, cls);
  return { ...handle(site, 'repository'), ...modelOf(e) };
}

/** The entity whose `repository` option names the class; it is registered when its code is looked at. */
function entityWith(site: Site, cls: ClassValue): Entity | undefined {
  return site.ev.registeredKeys('mikro-orm-entity').flatMap(key => entityOf(site, site.ev.registered('mikro-orm-entity', key)[0]?.value) ?? []).find(e => {
    const of = e.value.t === 'class' ? repository(site, e.value) : unknown;
    return of.t === 'inst' && of.cls.decl === cls.decl;
  });
}

function ofExport(c: CallSite, path: string): Value | undefined {
  const [first] = c.args;
  switch (path) {
    case 'MikroORM.init':
    case 'MikroORM.initSync':
    case 'MikroORM':
      return connect(c, first ?? configured(c));
    case 'MikroOrmModule.forRoot':
      connect(c, first ?? configured(c), get(first, 'contextName'));
      return unknown;
    case 'MikroOrmModule.forRootAsync': {
      const factory = get(first, 'useFactory');
      const made = factory ? c.ev.invoke(factory, injectedArgs(c, first), c) : unknown;
      connect(c, made.t === 'unknown' ? first : made, get(first, 'contextName') ?? get(made, 'contextName'), get(first, 'driver'));
      return unknown;
    }
    case 'defineConfig':
    case 'Options':
      return withEngine(first, engineOfPackage(c.pkg));
    case 'EntitySchema':
    case 'defineEntity':
      return schema(c, first);
    case 'wrap':
    case 'helper':
      return first ? { t: 'handle', tech: 'mikro-orm', kind: 'wrapped', store: defaultStore(c), ...modelOf(entityOf(c, first)), extra: { value: first } } : undefined;
    case 'getRepositoryToken':
      return repository(c, first);
    case 'p.manyToOne':
    case 'p.oneToMany':
    case 'p.oneToOne':
    case 'p.manyToMany':
      return first ? { t: 'handle', tech: 'mikro-orm', kind: 'property', extra: { kind: text(propertyKinds[path] ?? ''), entity: first } } : undefined;
    case 'ref':
    case 'Reference.create':
      return first;
    default:
      return undefined;
  }
}

const propertyKinds: Readonly<Record<string, string>> = { 'p.manyToOne': 'm:1', 'p.oneToMany': '1:m', 'p.oneToOne': '1:1', 'p.manyToMany': 'm:n' };

function engineOfPackage(pkg: string | undefined): string | undefined {
  const name = pkg?.replace('@mikro-orm/', '') ?? '';
  return /^(postgresql|mysql|mariadb|sqlite|better-sqlite|libsql|mongodb|mssql)$/.test(name) ? engineIn(text(name.replace('better-sqlite', 'sqlite'))) : undefined;
}

/** A configuration that remembers which driver's `defineConfig` made it. */
function withEngine(options: Value | undefined, engine: string | undefined): Value {
  const one = each(options).find(v => v.t === 'obj');
  if (one?.t !== 'obj' || engine === undefined) return options ?? unknown;
  return { ...one, get: key => (key === 'type' ? (one.get('type') ?? text(engine)) : one.get(key)) };
}

function connect(c: CallSite, options: Value | undefined, name?: Value, given?: Value): Handle {
  const driver = get(options, 'driver') ?? given;
  const said = engineIn(get(options, 'type'));
  const engine = said !== 'unknown' ? said : (engineOfPackage(driver?.t === 'ext' ? driver.pkg : undefined) ?? engineOfPackage(c.pkg) ?? 'unknown');
  const opened = openConnection({ tech: 'mikro-orm', engine, origin: c.origin, options, databaseKeys: ['dbName'], name: name ?? get(options, 'contextName') });
  const isPlaced = isTold(opened.url) || isTold(opened.host) || isTold(opened.database);
  const store = isPlaced ? opened : { ...opened, host: textOf([null], c.origin) };
  c.ev.use(c, 'mikro-orm', { op: 'connect', store });
  return { t: 'handle', tech: 'mikro-orm', kind: 'orm', store: isPlaced ? store : defaultStore(c, store.name) };
}

/** `mikro-orm.config.ts`, from the folder of the caller upwards. */
function configured(c: Site): Value | undefined {
  for (let dir = folderOf(c.origin.file); ; dir = folderOf(dir)) {
    for (const path of ['mikro-orm.config', 'src/mikro-orm.config', 'mikro-orm.config/index']) {
      const found = c.ev.load(join(dir, 'package.json'), `./${path}`);
      const options = found.t === 'module' ? c.ev.property(found, 'default', c) : found;
      const made = each(options).some(v => v.t === 'fn') ? c.ev.invoke(options, [], c) : options;
      if (each(made).some(v => v.t === 'obj')) return made;
    }
    if (dir === '') return undefined;
  }
}

/** `new EntitySchema({ name, class, tableName, properties })`, `defineEntity({ … })`. */
function schema(c: CallSite, options: Value | undefined): Value {
  const cls = get(options, 'class');
  const name = literal(get(options, 'name')) ?? (cls?.t === 'class' ? cls.decl.name : undefined);
  if (name === undefined) return unknown;
  const table = get(options, 'tableName') ?? get(options, 'collection') ?? text(underscore(name), c.origin);
  const place = get(options, 'schema');
  const own = get(options, 'repository');
  const given = get(options, 'properties');
  const properties = given?.t === 'fn' ? c.ev.invoke(given, [{ t: 'ext', pkg: '@mikro-orm/core', path: 'p' }], c) : given;
  const made: Handle = { t: 'handle', tech: 'mikro-orm', kind: 'entity', name, table, extra: { ...(place ? { schema: place } : {}), ...(properties ? { properties } : {}), ...(own ? { repository: own } : {}) } };
  const e = entityOf(c, made);
  if (e) declareEntity(c, e);
  return made;
}

function onHandle(c: CallSite, on: Handle): Value | undefined {
  const store = on.store ?? defaultStore(c);
  const [first] = c.args;
  switch (on.kind) {
    case 'property':
      return { ...on, extra: { ...on.extra, [c.name]: first ?? { t: 'bool', v: true } } };
    case 'orm':
      if (c.name === 'getMigrator' || c.name === 'getSchemaGenerator') return { ...on, kind: c.name === 'getMigrator' ? 'migrator' : 'schema' };
      return c.name === 'connect' || c.name === 'close' ? on : undefined;
    case 'migrator':
      if (c.name === 'up') c.ev.use(c, 'mikro-orm', { op: 'run-migrations', store });
      return unknown;
    case 'schema':
      if (/^(create|update|refresh|ensure|execute)/.test(c.name)) c.ev.use(c, 'mikro-orm', { op: 'schema', store });
      return unknown;
    case 'migration':
      if (c.name === 'addSql' || c.name === 'execute') runSql(c, 'mikro-orm', store, first, dialectOf(store.engine));
      return unknown;
    case 'connection':
      if (c.name === 'execute') runSql(c, 'mikro-orm', store, first, dialectOf(store.engine));
      return unknown;
    case 'em': return onManager(c, on, store);
    case 'repository': return onRepository(c, on, store);
    case 'query': return onQuery(c, on, store);
    case 'wrapped':
      if (c.name === 'assign') c.ev.use(c, 'mikro-orm', { op: 'write', store, table: on.table ?? unknown });
      return on.extra?.value ?? on;
    default: return undefined;
  }
}

function onManager(c: CallSite, on: Handle, store: StoreRef): Value | undefined {
  const [first, ...rest] = c.args;
  switch (c.name) {
    case 'fork':
    case 'getContext':
    case 'clear':
    case 'setFlushMode':
      return on;
    case 'getRepository':
    case 'repo':
      return repository(c, first, undefined, store.kind === 'open' ? store : defaultStore(c, store.name, first));
    case 'transactional': {
      const [f] = c.args.flatMap(a => each(a)).filter(a => a.t === 'fn');
      return f ? c.ev.invoke(f, [on], c) : unknown;
    }
    case 'flush':
    case 'commit':
      flush(c, store);
      return unknown;
    case 'getConnection':
      return { ...on, kind: 'connection' };
    case 'execute':
      runSql(c, 'mikro-orm', store, first, dialectOf(store.engine));
      return unknown;
    case 'createQueryBuilder':
    case 'qb':
      return startQuery(c, store, entityOf(c, first));
    case 'getKnex':
      return { t: 'handle', tech: 'knex', kind: 'db', store };
    default:
  }
  if (saves.has(c.name)) return save(c, store, first);
  const known = finds.has(c.name) || reads.has(c.name) || writes.has(c.name) || c.name === 'populate' || c.name === 'getReference' || c.name === 'map';
  if (!known) return undefined;
  const e = entityOf(c, first);
  return onEntity(c, store, e ?? { name: '', value: unknown, table: unknown }, rest);
}

/** What is persisted is known by its class. */
function save(c: CallSite, store: StoreRef, what: Value | undefined): Value {
  const all = each(what).flatMap(v => (v.t === 'arr' ? v.items : [v]));
  const entities = new Map(all.flatMap(v => entityOf(c, v) ?? []).map(e => [e.name, e]));
  for (const e of entities.size > 0 ? entities.values() : [{ table: unknown }]) c.ev.use(c, 'mikro-orm', { op: 'write', store, ...placeOf(e) });
  return c.name === 'persist' || c.name === 'remove' ? { t: 'handle', tech: 'mikro-orm', kind: 'em', store } : (what ?? unknown);
}

/** A unit of work writes the entities whose properties were set before, in the same function. */
function flush(c: CallSite, store: StoreRef): void {
  for (const [name, fills] of c.act.code.fills) {
    if (!fills.some(f => f.unit === c.act.unit.index)) continue;
    const v = c.ev.eval({ k: 'id', n: name, at: c.origin.at }, c.act);
    const e = each(v).flatMap(x => (x.t === 'inst' ? (entityOf(c, x) ?? []) : []))[0];
    if (e) c.ev.use(c, 'mikro-orm', { op: 'write', store, ...placeOf(e) });
  }
}

function onRepository(c: CallSite, on: Handle, store: StoreRef): Value | undefined {
  const e = entityOf(c, on.model) ?? { name: '', value: unknown, table: on.table ?? unknown };
  switch (c.name) {
    case 'getEntityManager':
      return { t: 'handle', tech: 'mikro-orm', kind: 'em', store };
    case 'createQueryBuilder':
    case 'qb':
      return startQuery(c, store, e);
    case 'flush':
      flush(c, store);
      return unknown;
    default:
  }
  if (saves.has(c.name) && c.name !== 'assign') {
    c.ev.use(c, 'mikro-orm', { op: 'write', store, ...placeOf(e) });
    return unknown;
  }
  return onEntity(c, store, e, c.args);
}

function onEntity(c: CallSite, store: StoreRef, e: Entity, args: readonly Value[]): Value | undefined {
  const inst: Value = e.value.t === 'class' ? { t: 'inst', cls: e.value } : e.value.t === 'handle' ? e.value : unknown;
  const { name } = c;
  if (finds.has(name)) {
    c.ev.use(c, 'mikro-orm', { op: 'read', store, ...placeOf(e) });
    filters(c, store, e, args[0]);
    populate(c, store, e, args.map(a => get(a, 'populate')).find(v => v !== undefined));
    if (name === 'findAndCount') return { t: 'arr', items: [{ t: 'arr', items: [inst] }, { t: 'num', v: 0 }] };
    return name === 'find' || name === 'findAll' ? { t: 'arr', items: [inst] } : inst;
  }
  if (reads.has(name)) {
    c.ev.use(c, 'mikro-orm', { op: 'read', store, ...placeOf(e) });
    filters(c, store, e, args[0]);
    return unknown;
  }
  if (writes.has(name) || name === 'assign') {
    c.ev.use(c, 'mikro-orm', { op: 'write', store, ...placeOf(e) });
    return inst;
  }
  if (name === 'populate') {
    populate(c, store, e, args[0]);
    return unknown;
  }
  return name === 'getReference' || name === 'map' ? inst : undefined;
}

function startQuery(c: CallSite, store: StoreRef, e: Entity | undefined): Handle {
  const use = c.ev.use(c, 'mikro-orm', { op: 'read', store, ...(e ? placeOf(e) : { table: unknown }), query: c.ev.query() });
  return { t: 'handle', tech: 'mikro-orm', kind: 'query', store, use, ...modelOf(e) };
}

function onQuery(c: CallSite, on: Handle, store: StoreRef): Value | undefined {
  const [first, second] = c.args;
  const e = entityOf(c, on.model);
  switch (c.name) {
    case 'insert':
    case 'update':
    case 'delete':
    case 'truncate':
      if (on.use) on.use.op = 'write';
      return on;
    case 'join':
    case 'leftJoin':
    case 'innerJoin':
    case 'joinAndSelect':
    case 'leftJoinAndSelect':
    case 'innerJoinAndSelect': {
      const joined = joinedWith(c, on, e, first);
      if (!joined) return on;
      const { use, query } = { use: on.use, query: on.use?.query };
      c.ev.use(c, 'mikro-orm', { op: 'read', store, ...placeOf(joined), via: 'join', ...(query === undefined ? {} : { query }) });
      return { ...on, ...(use ? { use } : {}), extra: { ...on.extra, ...(literal(second) === undefined ? {} : { [`alias ${literal(second)}`]: joined.value }) } };
    }
    case 'getResult':
    case 'getResultList': return e?.value.t === 'class' ? { t: 'arr', items: [{ t: 'inst', cls: e.value }] } : unknown;
    case 'getSingleResult': return e?.value.t === 'class' ? { t: 'inst', cls: e.value } : unknown;
    case 'execute':
    case 'getCount':
    case 'getKnexQuery': return unknown;
    default: return on;
  }
}

/** `qb.leftJoin('o.customer', 'c')` follows a relation of the entity or of an alias before; else an entity is joined. */
function joinedWith(c: CallSite, on: Handle, main: Entity | undefined, target: Value | undefined): Entity | undefined {
  const path = literal(target)?.split('.');
  if (!path) return entityOf(c, target);
  const [alias = '', name = ''] = path.length > 1 ? path : ['', path[0] ?? ''];
  return relationOf(c, entityOf(c, on.extra?.[`alias ${alias}`]) ?? main, name)?.target;
}
