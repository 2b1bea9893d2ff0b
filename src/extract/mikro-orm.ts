import { ownValue } from '../model/own-value.ts';
import type { CallSite, ClassSite, Technology } from '../model/technology.ts';
import { get, type Handle, literal, text, unknown, type Value } from '../model/value.ts';
import { configured, connect, engineOfPackage, withEngine } from './mikro-orm-connection.ts';
import { declaredEntity, declareEntity, defaultStore, entityOf, underscore } from './mikro-orm-entity.ts';
import { onManager, onRepository } from './mikro-orm-manager.ts';
import { onQuery } from './mikro-orm-query.ts';
import { handle, modelOf, repository, standsFor } from './mikro-orm-repository.ts';
import { injectedArgs } from './mongoose.ts';
import { dialectOf, runSql } from './run-sql.ts';

const propertyKinds: Readonly<Record<string, string>> = {
  'p.manyToOne': 'm:1',
  'p.oneToMany': '1:m',
  'p.oneToOne': '1:1',
  'p.manyToMany': 'm:n',
};

/**
 * MikroORM, with Nest's wrapper. An entity's table is its `tableName`, else its class name with underscores.
 * https://mikro-orm.io/docs/naming-strategy
 */
export const mikroOrm: Technology = {
  id: 'mikro-orm',
  packages: [
    '@mikro-orm/core',
    '@mikro-orm/nestjs',
    '@mikro-orm/postgresql',
    '@mikro-orm/mysql',
    '@mikro-orm/mariadb',
    '@mikro-orm/sqlite',
    '@mikro-orm/better-sqlite',
    '@mikro-orm/libsql',
    '@mikro-orm/mongodb',
    '@mikro-orm/mssql',
    '@mikro-orm/sql',
    '@mikro-orm/migrations',
    '@mikro-orm/migrations-mongodb',
    '@mikro-orm/seeder',
    '@mikro-orm/decorators',
    '@mikro-orm/reflection',
  ],
  call(c) {
    if (!c.on) return ofExport(c, c.path.replace(/^\/[^.]*\.?/, '').replace(/^default\.?/, ''));
    const on = c.on.t === 'handle' ? c.on : standsFor(c, c.on);
    return on ? onHandle(c, on) : undefined;
  },
  member(m) {
    const on = m.on.t === 'handle' ? m.on : standsFor(m, m.on);
    if (!on) return undefined;
    switch (m.name) {
      case 'em':
        return { t: 'handle', tech: 'mikro-orm', kind: 'em', ...(on.store ? { store: on.store } : {}) };
      case 'class':
        return on.kind === 'entity' ? on : undefined;
      case 'schema':
      case 'migrator':
        return on.kind === 'orm' ? { ...on, kind: m.name } : undefined;
      default:
        return undefined;
    }
  },
  typed(t) {
    const name = t.path.replace(/^.*\./, '');
    if (name === 'EntityManager' || name === 'SqlEntityManager' || name === 'MongoEntityManager')
      return handle(t, 'em');
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

function declared(d: ClassSite): void {
  const e = declaredEntity(d, d.cls);
  if (e) declareEntity(d, e);
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
      connect(
        c,
        made.t === 'unknown' ? first : made,
        get(first, 'contextName') ?? get(made, 'contextName'),
        get(first, 'driver'),
      );
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
      return first
        ? {
            t: 'handle',
            tech: 'mikro-orm',
            kind: 'wrapped',
            store: defaultStore(c),
            ...modelOf(entityOf(c, first)),
            extra: { value: first },
          }
        : undefined;
    case 'getRepositoryToken':
      return repository(c, first);
    case 'p.manyToOne':
    case 'p.oneToMany':
    case 'p.oneToOne':
    case 'p.manyToMany':
      return first
        ? {
            t: 'handle',
            tech: 'mikro-orm',
            kind: 'property',
            extra: { kind: text(ownValue(propertyKinds, path) ?? ''), entity: first },
          }
        : undefined;
    case 'ref':
    case 'Reference.create':
      return first;
    default:
      return undefined;
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
  const properties =
    given?.t === 'fn' ? c.ev.invoke(given, [{ t: 'ext', pkg: '@mikro-orm/core', path: 'p' }], c) : given;
  const made: Handle = {
    t: 'handle',
    tech: 'mikro-orm',
    kind: 'entity',
    name,
    table,
    extra: {
      ...(place ? { schema: place } : {}),
      ...(properties ? { properties } : {}),
      ...(own ? { repository: own } : {}),
    },
  };
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
      if (c.name === 'getMigrator' || c.name === 'getSchemaGenerator')
        return { ...on, kind: c.name === 'getMigrator' ? 'migrator' : 'schema' };
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
    case 'em':
      return onManager(c, on, store);
    case 'repository':
      return onRepository(c, on, store);
    case 'query':
      return onQuery(c, on, store);
    case 'wrapped':
      if (c.name === 'assign') c.ev.use(c, 'mikro-orm', { op: 'write', store, table: on.table ?? unknown });
      return on.extra?.value ?? on;
    default:
      return undefined;
  }
}
