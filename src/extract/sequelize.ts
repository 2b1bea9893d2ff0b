import { folderOf } from '../model/modules.ts';
import type { CallSite, Technology } from '../model/technology.ts';
import { each, get, type Handle, literal, unknown, type Value } from '../model/value.ts';
import { dialectOf, runSql } from './run-sql.ts';
import { associate, declareDecorated, include, kindOf, onMixin } from './sequelize-association.ts';
import { addModels, connect, connectModule, synchronize } from './sequelize-connection.ts';
import { modelFromFolder } from './sequelize-folder.ts';
import {
  connectionHandle,
  connectionOf,
  declare,
  defaultStore,
  defineModel,
  instanceOf,
  isModelClass,
  modelNamed,
  modelOf,
  placeOf,
} from './sequelize-model.ts';
import { onQueryInterface, queryInterface } from './sequelize-schema.ts';
import { isConstruction } from './sql-driver.ts';

const lists = new Set([
  'findAll',
  'bulkCreate',
  'bulkBuild',
  'findOrCreate',
  'findCreateFind',
  'findOrBuild',
  'upsert',
]);
const reads = new Set([
  'findAll',
  'findOne',
  'find',
  'findByPk',
  'findById',
  'findByPrimary',
  'findAndCountAll',
  'findAndCount',
  'findOrBuild',
  'count',
  'max',
  'min',
  'sum',
  'aggregate',
]);
const writes = new Set([
  'create',
  'bulkCreate',
  'update',
  'destroy',
  'upsert',
  'insertOrUpdate',
  'findOrCreate',
  'findCreateFind',
  'increment',
  'decrement',
  'truncate',
  'restore',
]);
const instanceWrites = new Set(['save', 'update', 'updateAttributes', 'destroy', 'restore', 'increment', 'decrement']);

/**
 * Sequelize, with sequelize-typescript and Nest's wrapper. A model's table is its own `tableName`, else its name in the
 * plural. https://sequelize.org/docs/v6/core-concepts/model-basics/
 */
export const sequelize: Technology = {
  id: 'sequelize',
  packages: ['sequelize', 'sequelize-typescript', '@nestjs/sequelize', '@sequelize/core', 'umzug'],
  call(c) {
    if (c.on && !isConstruction(c)) return onMethod(c, c.on);
    return ofExport(c, exportOf(c.path));
  },
  member(m) {
    const { on } = m;
    if (on.t === 'ext') return undefined;
    const connection = connectionOf(m, on);
    if (connection)
      return m.name === 'models'
        ? { ...connection, kind: 'models' }
        : m.name === 'queryInterface'
          ? queryInterface(connection)
          : undefined;
    if (on.t === 'handle' && on.kind === 'models')
      return modelNamed(m, { t: 'text', parts: [m.name] }, on.store ?? defaultStore(m));
    if (on.t === 'handle' && on.kind === 'query-interface' && m.name === 'sequelize')
      return connectionHandle(on.store ?? defaultStore(m));
    const model = m.name === 'sequelize' || m.name === 'tableName' || m.name === 'name' ? modelOf(m, on) : undefined;
    if (!model) return undefined;
    if (m.name === 'sequelize') return connectionHandle(model.store ?? defaultStore(m));
    if (m.name === 'tableName') return model.table;
    if (m.name === 'name' && on.t === 'handle' && model.name !== undefined) return { t: 'text', parts: [model.name] };
    return undefined;
  },
  typed(t) {
    const name = t.path.replace(/^.*\./, '');
    const [arg] = t.args;
    if (name === 'Sequelize') return connectionHandle(defaultStore(t));
    if (name === 'QueryInterface') return queryInterface(connectionHandle(defaultStore(t)));
    if (/^(ModelStatic|ModelCtor|ModelType|Repository|ModelClass|ModelDefined)$/.test(name))
      return each(arg).find(v => v.t === 'class');
    return undefined;
  },
  injected(i) {
    const [first, second] = i.args;
    if (i.path === 'InjectConnection') return connectionHandle(defaultStore(i, first));
    if (i.path !== 'InjectModel' || !first) return undefined;
    return first.t === 'class' ? first : modelNamed(i, first, defaultStore(i, second));
  },
  declared(d) {
    if (d.path !== 'Table') return;
    const model = modelOf(d, d.cls);
    if (!model) return;
    declare(d, model, undefined);
    d.ev.register(d, 'sequelize-model', model.name ?? d.cls.decl.name, model);
    declareDecorated(d, model, d.cls);
  },
  filled(m) {
    return m.on.t === 'obj' ? modelFromFolder(m, m.on) : undefined;
  },
  param(p) {
    const connection = connectionHandle(defaultStore(p));
    if (/^(queryInterface|qi|_?queryInterface)$/.test(p.name)) return queryInterface(connection);
    if (/^sequelize$/.test(p.name)) return connection;
    // Umzug: `({ context }) => context.createTable(…)`
    if (p.name === '' && p.index === 0 && /(^|\/)migrations?\//.test(p.file) && /^(?:up|down)$/.test(p.unit)) {
      return {
        t: 'obj',
        sig: 'sequelize:context',
        origin: p.origin,
        get: key => (key === 'context' ? queryInterface(connection) : undefined),
        keys: () => ['context'],
      };
    }
    const isDefinition = p.index === 1 && /^(Sequelize|DataTypes)$/.test(p.name);
    return isDefinition ? { t: 'ext', pkg: 'sequelize', path: p.name === 'Sequelize' ? '' : 'DataTypes' } : undefined;
  },
};

function exportOf(path: string): string {
  return path
    .replace(/^\/[^.]*\.?/, '')
    .replace(/^default\.?/, '')
    .replace(/\.(?:super|extended)$/, '');
}

function ofExport(c: CallSite, path: string): Value | undefined {
  const [first, second] = c.args;
  if (c.pkg === 'umzug') return ofUmzug(c, path);
  switch (path) {
    case '':
    case 'Sequelize':
    case 'Sequelize.Sequelize':
      return c.isNew ? connect(c, c.args) : undefined;
    case 'SequelizeModule.forRoot':
      return connectModule(c, false);
    case 'SequelizeModule.forRootAsync':
      return connectModule(c, true);
    case 'getModelToken':
      return first?.t === 'class' ? modelOf(c, first) : modelNamed(c, first, defaultStore(c, second));
    case 'getConnectionToken':
      return connectionHandle(defaultStore(c, first));
    case 'literal':
    case 'Sequelize.literal':
      return literalSql(c, connectionHandle(defaultStore(c)));
    default:
      return undefined;
  }
}

function ofUmzug(c: CallSite, path: string): Value | undefined {
  if (!/\(\)\.(?:up|runAsCLI|execute)$/.test(path)) return undefined;
  c.ev.use(c, 'sequelize', { op: 'run-migrations', store: defaultStore(c) });
  return unknown;
}

function onMethod(c: CallSite, on: Value): Value | undefined {
  const connection = connectionOf(c, on);
  if (connection) return onConnection(c, connection);
  if (on.t === 'handle' && on.kind === 'query-interface') return onQueryInterface(c, on);
  if ((on.t === 'class' || on.t === 'inst') && !isModelClass(c, on.t === 'inst' ? on.cls : on)) return undefined;
  if ((on.t === 'class' || on.t === 'inst') && c.name === 'init') return defineClass(c, on);
  const model = modelOf(c, on);
  if (!model) return undefined;
  return on.t === 'inst' || (on.t === 'handle' && on.kind === 'instance')
    ? onInstance(c, model, on)
    : onModel(c, model, on);
}

/** `Order.init(attributes, { sequelize, modelName })`, also as `super.init` in a static method. */
function defineClass(c: CallSite, on: Value & { t: 'class' | 'inst' }): Value {
  const cls = on.t === 'inst' ? on.cls : on;
  const [attributes, options] = c.args;
  const connection = connectionOf(c, get(options, 'sequelize')) ?? connectionHandle(defaultStore(c));
  const name = get(options, 'modelName') ?? {
    t: 'text',
    parts: [cls.decl.name],
    origin: { file: cls.code.file, at: cls.decl.at },
  };
  defineModel(c, connection, name, attributes, options, cls);
  return cls;
}

function onConnection(c: CallSite, on: Handle): Value | undefined {
  const store = on.store ?? defaultStore(c);
  const [first, second, third] = c.args;
  switch (c.name) {
    case 'define':
      return defineModel(c, on, first, second, third);
    case 'model':
      return modelNamed(c, first, store);
    case 'getRepository':
      return first ?? unknown;
    case 'import':
      return imported(c, on);
    case 'query':
      runSql(c, 'sequelize', store, first, dialectOf(store.engine));
      return unknown;
    case 'sync':
      synchronize(c, store);
      return on;
    case 'getQueryInterface':
      return queryInterface(on);
    case 'literal':
      return literalSql(c, on);
    case 'transaction': {
      for (const f of c.args.flatMap(a => each(a))) if (f.t === 'fn') return c.ev.invoke(f, [unknown], c);
      return unknown;
    }
    case 'addModels':
      addModels(c, store, first);
      return on;
    case 'authenticate':
      return on;
    default:
      return undefined;
  }
}

/** Version 5: `sequelize.import('./order')` runs what the file exports with the connection. */
function imported(c: CallSite, on: Handle): Value {
  const path =
    literal(c.args[0]) ??
    (c.args[0]?.t === 'text' ? c.args[0].parts.map(p => (typeof p === 'string' ? p : '')).join('') : undefined);
  if (path === undefined) return unknown;
  const loaded = c.ev.load(
    `${folderOf(c.origin.file)}/import`,
    `./${path.replace(/^[./]+/, up => (up.startsWith('..') ? up : ''))}`,
  );
  const make = loaded.t === 'module' ? c.ev.property(loaded, 'default', c) : loaded;
  return c.ev.invoke(make, [on, { t: 'ext', pkg: 'sequelize', path: 'DataTypes' }], c);
}

/** A subquery that stands as text in attributes or conditions. */
function literalSql(c: CallSite, on: Handle): Value {
  const [sql] = c.args;
  const whole = literal(sql);
  const [query, rest = ''] = /\bselect\b([\s\S]*)/i.exec(whole ?? '') ?? [];
  const inner = /\bfrom\b/i.test(rest) ? query : undefined;
  if (inner !== undefined)
    runSql(
      c,
      'sequelize',
      on.store ?? defaultStore(c),
      { t: 'text', parts: [balanced(inner)], origin: c.origin },
      dialectOf(on.store?.engine),
    );
  return unknown;
}

/** Up to the parenthesis that closes what was opened before. */
function balanced(sql: string): string {
  let depth = 0;
  for (const [i, char] of [...sql].entries()) {
    if (char === '(') depth++;
    else if (char === ')' && --depth < 0) return [...sql].slice(0, i).join('');
  }
  return sql;
}

function onModel(c: CallSite, model: Handle, on: Value): Value | undefined {
  const store = model.store ?? defaultStore(c);
  const { name } = c;
  const kind = kindOf(name);
  if (kind) return associate(c, model, kind);
  if (reads.has(name) || writes.has(name)) {
    c.ev.use(c, 'sequelize', { op: writes.has(name) ? 'write' : 'read', store, ...placeOf(model) });
    included(c, model, writes.has(name) ? 'write' : 'read');
    return result(name, model);
  }
  switch (name) {
    case 'new':
    case 'build':
      return instanceOf(model);
    case 'bulkBuild':
      return { t: 'arr', items: [instanceOf(model)] };
    case 'scope':
    case 'unscoped':
    case 'schema':
    case 'setScope':
      return on;
    case 'sync':
    case 'drop':
      c.ev.use(c, 'sequelize', { op: 'schema', store, ...placeOf(model) });
      return on;
    case 'getTableName':
      return model.table;
    default:
      return undefined;
  }
}

/** What is loaded or created with a model: `include` of the options, and of the default scope. */
function included(c: CallSite, model: Handle, op: 'read' | 'write'): void {
  for (const a of c.args) include(c, model, get(a, 'include'));
  if (op === 'read') include(c, model, get(get(model.extra?.options, 'defaultScope'), 'include'));
}

function result(name: string, model: Handle): Value {
  const inst = instanceOf(model);
  if (lists.has(name)) return { t: 'arr', items: [inst] };
  if (name.startsWith('findAndCount')) {
    const rows: Value = { t: 'arr', items: [inst] };
    return {
      t: 'obj',
      sig: `sequelize:rows:${model.name ?? ''}`,
      origin: model.store?.origin ?? { file: '', at: 0 },
      get: key => (key === 'rows' ? rows : undefined),
      keys: () => ['rows', 'count'],
    };
  }
  return name.startsWith('find') || name === 'create' ? inst : unknown;
}

function onInstance(c: CallSite, model: Handle, on: Value): Value | undefined {
  const store = model.store ?? defaultStore(c);
  if (instanceWrites.has(c.name)) {
    c.ev.use(c, 'sequelize', { op: 'write', store, ...placeOf(model) });
    return on;
  }
  if (c.name === 'reload') {
    c.ev.use(c, 'sequelize', { op: 'read', store, ...placeOf(model) });
    included(c, model, 'read');
    return on;
  }
  return onMixin(c, model);
}
