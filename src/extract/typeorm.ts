import type { CallSite, Technology } from '../model/technology.ts';
import { each, type Handle, unknown, type Value } from '../model/value.ts';
import { isConstruction } from './sql-driver.ts';
import { configured, connect, connectModule, createConnection, createConnections } from './typeorm-connection.ts';
import { declare, registerEntity, schema } from './typeorm-declare.ts';
import { declaredEntity, defaultStore, entityOf, placeOf } from './typeorm-entity.ts';
import { readRelations } from './typeorm-find.ts';
import { exportOf, kind, onActiveRecord, ownMember, repositoryTypes, rootOf, standsFor } from './typeorm-own-class.ts';
import { onQuery, onRelation, startQuery } from './typeorm-query.ts';
import { onManager, onRepository, repositories, repository } from './typeorm-repository.ts';

const events = new Set([
  'InsertEvent',
  'UpdateEvent',
  'RemoveEvent',
  'SoftRemoveEvent',
  'RecoverEvent',
  'LoadEvent',
  'TransactionStartEvent',
  'TransactionCommitEvent',
  'TransactionRollbackEvent',
]);
const builders = new Set([
  'SelectQueryBuilder',
  'QueryBuilder',
  'InsertQueryBuilder',
  'UpdateQueryBuilder',
  'DeleteQueryBuilder',
  'SoftDeleteQueryBuilder',
  'WhereExpressionBuilder',
]);

/**
 * TypeORM, with Nest's wrapper. An entity's table is the name it is given, else its class name in snake case.
 * https://typeorm.io/docs/entity/entities
 */
export const typeorm: Technology = {
  id: 'typeorm',
  packages: [
    'typeorm',
    '@nestjs/typeorm',
    'typeorm-typedi-extensions',
    'typeorm-transactional',
    'typeorm-naming-strategies',
    'nestjs-typeorm-paginate',
    'nestjs-paginate',
    '@nestjsx/crud-typeorm',
    '@dataui/crud-typeorm',
  ],
  call(c) {
    const path = exportOf(c.path);
    if (c.on && !isConstruction(c)) return onMethod(c, c.on);
    return ofExport(c, path);
  },
  member(m) {
    const on = m.on.t === 'handle' ? m.on : standsFor(m, m.on);
    if (!on) return undefined;
    switch (m.name) {
      case 'manager':
        return on.kind === 'repository' || on.kind === 'connection' || on.kind === 'runner' || on.kind === 'event'
          ? handle('manager', on)
          : undefined;
      case 'connection':
      case 'dataSource':
        return on.kind === 'manager' || on.kind === 'runner' || on.kind === 'event' || on.kind === 'query'
          ? handle('connection', on)
          : undefined;
      case 'queryRunner':
        return on.kind === 'event' || on.kind === 'manager' || on.kind === 'repository'
          ? handle('runner', on)
          : undefined;
      case 'repository':
        return m.on.t === 'inst' && on.kind === 'repository' ? on : undefined;
      case 'tableName':
        return on.kind === 'repository' || on.kind === 'metadata' ? on.table : undefined;
      case 'metadata':
        return on.kind === 'repository' ? handle('metadata', on) : undefined;
      default:
        return on.extra?.own ? ownMember(on, m.name) : undefined;
    }
  },
  typed(t) {
    const name = t.path.replace(/^.*\./, '');
    const [entity] = t.args;
    if (repositoryTypes.has(name)) return repository(t, defaultStore(t, entity), entity);
    if (name === 'DataSource' || name === 'Connection') return kind(t, 'connection');
    if (name === 'EntityManager' || name === 'MongoEntityManager') return kind(t, 'manager');
    if (name === 'QueryRunner') return kind(t, 'runner');
    if (builders.has(name)) {
      const e = entityOf(t, entity);
      return { ...kind(t, 'query'), ...(e ? { table: e.table, model: e.value, name: e.name } : {}) };
    }
    return events.has(name) ? kind(t, 'event') : undefined;
  },
  injected(i) {
    const [first, second] = i.args;
    switch (i.path.replace(/^.*\./, '')) {
      case 'InjectRepository':
      case 'TransactionRepository': {
        if (first?.t === 'class' && rootOf(i, first) !== undefined && repositoryTypes.has(rootOf(i, first) ?? ''))
          return { t: 'inst', cls: first };
        return first ? i.ev.token(repository(i, defaultStore(i, first, second), first), i.act, i.origin) : undefined;
      }
      case 'InjectDataSource':
      case 'InjectConnection':
        return kind(i, 'connection', first);
      case 'InjectEntityManager':
      case 'InjectManager':
      case 'TransactionManager':
        return kind(i, 'manager', first);
      default:
        return undefined;
    }
  },
  declared(d) {
    if (d.path === 'Entity' || d.path === 'ViewEntity') declare(d);
  },
  duck(c) {
    const [first] = c.args;
    const e = first?.t === 'class' ? declaredEntity(c, first) : undefined;
    if (!first || !e) return undefined;
    if (c.name === 'getRepository') return repository(c, defaultStore(c, first), first);
    return undefined;
  },
  param(p) {
    if (p.name !== 'queryRunner') return undefined;
    return kind(p, 'runner');
  },
};

function handle(of: string, on: Handle): Handle {
  return {
    t: 'handle',
    tech: 'typeorm',
    kind: of,
    ...(on.store ? { store: on.store } : {}),
    ...(on.table ? { table: on.table } : {}),
  };
}

function ofExport(c: CallSite, path: string): Value | undefined {
  const [first, second] = c.args;
  switch (path) {
    case 'DataSource':
    case 'Connection':
      return c.isNew ? connect(c, first) : undefined;
    case 'createConnection':
      return createConnection(c);
    case 'createConnections':
      return createConnections(c);
    case 'getConnectionOptions':
      return configured(c);
    case 'TypeOrmModule.forRoot':
      return connectModule(c, false);
    case 'TypeOrmModule.forRootAsync':
      return connectModule(c, true);
    case 'TypeOrmModule.forFeature':
      for (const v of each(first)) for (const item of v.t === 'arr' ? v.items : []) registerEntity(c, item);
      return unknown;
    case 'getConnection':
      return kind(c, 'connection', first);
    case 'getConnectionManager':
      return kind(c, 'connections');
    case 'getManager':
    case 'getMongoManager':
      return kind(c, 'manager', first);
    case 'getRepository':
    case 'getTreeRepository':
    case 'getMongoRepository':
      return repositories(c, defaultStore(c, first, second), first);
    case 'getRepositoryToken':
      return first
        ? first.t === 'class' && repositoryTypes.has(rootOf(c, first) ?? '')
          ? first
          : repository(c, defaultStore(c, first, second), first)
        : undefined;
    case 'getDataSourceToken':
    case 'getConnectionToken':
      return kind(c, 'connection', first);
    case 'getEntityManagerToken':
      return kind(c, 'manager', first);
    case 'getCustomRepository':
      return first?.t === 'class' ? { t: 'inst', cls: first } : unknown;
    case 'createQueryBuilder':
      return startQuery(c, defaultStore(c, first, c.args[2]), entityOf(c, first), second);
    case 'EntitySchema':
      return schema(c, first);
    case 'Table':
    case 'TableForeignKey':
    case 'View':
      return { t: 'handle', tech: 'typeorm', kind: 'table', extra: { options: first ?? unknown } };
    case 'paginate':
    case 'paginateRaw':
    case 'paginateRawAndEntities':
      return paginate(c);
    default:
      return undefined;
  }
}

/** `paginate(repository, options, search)` of the pagination libraries. */
function paginate(c: CallSite): Value {
  const source = c.args.flatMap(a => each(a)).find(a => a.t === 'handle' || a.t === 'inst');
  const on = source?.t === 'handle' ? source : source && standsFor(c, source);
  if (on?.kind !== 'repository' || !on.store) return unknown;
  const e = entityOf(c, on.model);
  c.ev.use(c, 'typeorm', { op: 'read', store: on.store, ...(e ? placeOf(e) : { table: on.table ?? unknown }) });
  if (e) readRelations(c, on.store, e, c.args);
  return unknown;
}

function onMethod(c: CallSite, on: Value): Value | undefined {
  if ((on.t === 'inst' || on.t === 'class') && rootOf(c, on) === 'BaseEntity') return onActiveRecord(c, on);
  const h = on.t === 'handle' ? on : standsFor(c, on);
  switch (h?.kind) {
    case 'repository':
      return onRepository(c, h);
    case 'connection':
    case 'connections':
    case 'manager':
    case 'runner':
      return onManager(c, h);
    case 'query':
      if (c.name === 'setFindOptions' && h.store) {
        const e = entityOf(c, h.model);
        if (e) readRelations(c, h.store, e, c.args);
      }
      return onQuery(c, h);
    case 'relation':
      return onRelation(c, h);
    default:
      return undefined;
  }
}
