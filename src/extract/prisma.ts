import { ownValue } from '../model/own-value.ts';
import type { CallSite, Site, Technology } from '../model/technology.ts';
import type { SourceTree } from '../model/tree.ts';
import {
  each,
  get,
  type Handle,
  type InstanceValue,
  type Origin,
  type StoreRef,
  text,
  unknown,
  type Value,
} from '../model/value.ts';
import { storeBehind } from './client-store.ts';
import { openConnection } from './open-connection.ts';
import { PrismaClients, type PrismaProject, prismaProjects } from './prisma-projects.ts';
import { isModelCall, modelHandle, onModel, onResult } from './prisma-query.ts';
import { dialectOf, runSql } from './run-sql.ts';
import { sqlFragment, sqlOf } from './sql-fragment.ts';

/** A client of a schema of the repository is a package of its own, under this name and the schema's path. */
const prefix = 'prisma:';

const engines: Readonly<Record<string, string>> = {
  postgresql: 'postgres',
  postgres: 'postgres',
  cockroachdb: 'postgres',
  mysql: 'mysql',
  sqlite: 'sqlite',
  sqlserver: 'mssql',
  mongodb: 'mongodb',
};

const adapters: Readonly<Record<string, string>> = {
  PrismaPg: 'postgres',
  PrismaPgAdapterFactory: 'postgres',
  PrismaNeon: 'postgres',
  PrismaNeonHTTP: 'postgres',
  PrismaNeonHttp: 'postgres',
  PrismaPlanetScale: 'mysql',
  PrismaMariaDb: 'mysql',
  PrismaTiDBCloud: 'mysql',
  PrismaLibSQL: 'sqlite',
  PrismaLibSql: 'sqlite',
  PrismaD1: 'sqlite',
  PrismaBetterSQLite3: 'sqlite',
  PrismaBetterSqlite3: 'sqlite',
  PrismaMssql: 'mssql',
};

/**
 * Prisma. What a client's models are called in the database, and where that is, stands in the schema that it is
 * generated from. https://www.prisma.io/docs/orm/prisma-client
 */
export function prisma(tree: SourceTree): Technology {
  const projects = prismaProjects(tree);
  return technology(new PrismaClients(tree, projects), new Map(projects.map(p => [p.file, p])));
}

function technology(clients: PrismaClients, projects: ReadonlyMap<string, PrismaProject>): Technology {
  const projectOf = (pkg: string | undefined): PrismaProject | undefined =>
    pkg?.startsWith(prefix) ? projects.get(pkg.slice(prefix.length)) : undefined;
  const named = (on: Handle): PrismaProject | undefined => (on.name === undefined ? undefined : projects.get(on.name));

  /** `class PrismaService extends PrismaClient`, made by hand or by a container. */
  const clientOf = (site: Site, inst: InstanceValue): Handle | undefined => {
    const { root, classes } = site.ev.lineage(inst.cls);
    const last = classes.at(-1);
    if (!last) return undefined;
    if (root?.t === 'handle' && root.kind === 'client') return root;
    if (root?.t !== 'ext' || !root.path.endsWith('PrismaClient')) return undefined;
    const origin = { file: last.code.file, at: last.decl.at };
    return client(projectOf(root.pkg), opened(projectOf(root.pkg), site.ev.rootArgs(inst)?.[0], origin));
  };
  const on = (c: CallSite): Handle | undefined =>
    c.on?.t === 'handle' ? c.on : c.on?.t === 'inst' ? clientOf(c, c.on) : undefined;

  return {
    id: 'prisma',
    packages: ['@prisma/client', '@prisma/adapter-*', '@prisma/extension-*', `${prefix}*`],
    entrances: ['PrismaClient', 'Prisma'],
    importedAs(i) {
      const project = clients.imported(i.from, i.specifier, i.file);
      return project && prefix + project.file;
    },
    call(c) {
      const made = ofExport(c, projectOf(c.pkg));
      if (made || !c.on) return made;
      const handle = on(c);
      return handle && onHandle(c, handle, named(handle));
    },
    member(m) {
      const handle = m.on.t === 'handle' ? m.on : m.on.t === 'inst' ? clientOf(m, m.on) : undefined;
      if (handle?.kind !== 'client') return undefined;
      // Kysely on the client's connection, by an extension
      if (m.name === '$kysely')
        return { t: 'handle', tech: 'kysely', kind: 'db', ...(handle.store ? { store: handle.store } : {}) };
      return modelHandle(m, handle, named(handle), m.name);
    },
    awaited(handle) {
      return handle.kind === 'result' ? unknown : undefined;
    },
    typed(t) {
      const project = projectOf(t.pkg);
      if (/(^|\.)(PrismaClient|TransactionClient)$/.test(t.path)) return client(project, standing(t, project));
      const [, model] = /(?:^|\.)(\w+)Delegate$/.exec(t.path) ?? [];
      const table = project?.models.find(m => m.name === model);
      return table && modelHandle(t, client(project, standing(t, project)), project, table.accessor);
    },
    /** `ctx.prisma.order.findMany()` of an unknown context: an accessor of the schema, and a method that takes what Prisma's do. */
    duck(c) {
      const project = clients.near(c.act.code.file);
      const accessor = c.on?.t === 'bound' ? c.on : undefined;
      const holder = accessor?.on;
      if (!project || !accessor || !holder) return undefined;
      const isNamed = holder.t === 'bound' && /^(prisma\w*|db|database|tx|trx|orm)$/i.test(holder.name);
      const isTable = project.models.some(m => m.accessor === accessor.name);
      if (!isTable || !(isNamed || holder.t === 'unknown') || !isModelCall(c, isNamed)) return undefined;
      const guessed = { ...client(project, standing(c, project)), extra: { guessed: { t: 'bool', v: true } } } as const;
      return onModel(c, modelHandle(c, guessed, project, accessor.name), project);
    },
    param(p) {
      const project = /^prisma(Client|Service)?$/i.test(p.name) ? clients.near(p.file) : undefined;
      return project && { ...client(project, standing(p, project)), extra: { guessed: { t: 'bool', v: true } } };
    },
  };
}

function client(project: PrismaProject | undefined, store: StoreRef): Handle {
  return { t: 'handle', tech: 'prisma', kind: 'client', store, ...(project ? { name: project.file } : {}) };
}

function engineOf(project: PrismaProject | undefined): string {
  const provider = project?.provider ?? '';
  return Object.hasOwn(engines, provider) ? (engines[provider] ?? '') : 'unknown';
}

/** The process's own client of a schema. */
function standing(site: Site, project: PrismaProject | undefined): StoreRef {
  const engine = engineOf(project);
  return {
    kind: 'default',
    tech: 'prisma',
    origin: site.origin,
    ...(engine === 'unknown' ? {} : { engine }),
    ...(project ? { name: text(project.file) } : {}),
  };
}

/** Where a client connects: to what its constructor is told, else to what its schema says. */
function opened(project: PrismaProject | undefined, options: Value | undefined, origin: Origin): StoreRef {
  const engine = engineOf(project);
  const given = each(get(options, 'adapter')).flatMap(v => (v.t === 'handle' && v.store ? [v.store] : []));
  const adapter = given.find(s => s.kind === 'open' && s.engine === engine) ?? given[0];
  if (adapter?.kind === 'default') return adapter;
  const name = project ? text(project.file) : undefined;
  if (adapter) return { ...adapter, origin, ...(name ? { name } : {}) };
  const sources = get(options, 'datasources');
  const source = sources?.t === 'obj' ? sources.keys().map(k => sources.get(k))[0] : undefined;
  const url = get(source, 'url') ?? get(options, 'datasourceUrl') ?? urlOf(project) ?? unknown;
  return openConnection({ tech: 'prisma', engine, origin, url, name });
}

function urlOf(project: PrismaProject | undefined): Value | undefined {
  if (!project?.url) return undefined;
  const { env, value, origin } = project.url;
  if (env !== undefined) return { t: 'text', parts: [{ ref: 'env', key: env, origin }], origin };
  return value === undefined ? undefined : text(value, origin);
}

function ofExport(c: CallSite, project: PrismaProject | undefined): Value | undefined {
  const [first] = c.args;
  const path = c.path.replace(/^default\.?/, '');
  if (Object.hasOwn(adapters, path)) {
    const store = storeBehind(c, 'prisma', ownValue(adapters, path) ?? 'unknown', first);
    return { t: 'handle', tech: 'prisma', kind: 'adapter', ...(store ? { store } : {}) };
  }
  switch (path) {
    case 'PrismaClient':
      return connect(c, project, first, c.origin);
    case 'PrismaClient.extended':
    case 'PrismaClient.super': {
      const inst = c.on?.t === 'inst' ? c.on : undefined;
      const last = inst && c.ev.lineage(inst.cls).classes.at(-1);
      const args = inst && c.ev.rootArgs(inst);
      connect(c, project, args?.[0] ?? first, last ? { file: last.code.file, at: last.decl.at } : c.origin);
      return unknown;
    }
    case 'Prisma.sql':
    case 'Prisma.raw':
    case 'sql':
    case 'raw':
      return sqlFragment('prisma', first);
    case 'Prisma.validator()':
    case 'Prisma.defineExtension':
      return first;
    default:
      return undefined;
  }
}

function connect(c: CallSite, project: PrismaProject | undefined, options: Value | undefined, origin: Origin): Handle {
  const made = client(project, opened(project, options, origin));
  const { store } = made;
  if (store?.kind === 'open') c.ev.use(c, 'prisma', { op: 'connect', store });
  if (store && project) declare(c, store, project);
  return made;
}

/** Tables are declared where the schema says so, by whoever makes a client of it. */
function declare(c: Site, store: StoreRef, project: PrismaProject): void {
  for (const model of project.models) {
    const schema = model.schema === undefined ? {} : { schema: text(model.schema) };
    const table = text(model.table, model.origin);
    c.ev.use(c, 'prisma', { op: 'declare', store, table, origin: model.origin, ...schema });
    for (const relation of model.relations) {
      const target = project.models.find(m => m.name === relation.model);
      if (!target || target === model || relation.fields.length === 0) continue;
      const within = target.schema === undefined ? {} : { schema: text(target.schema) };
      const { origin } = relation;
      c.ev.use(c, 'prisma', {
        op: 'declare',
        via: 'foreign-key',
        store,
        table: text(target.table, origin),
        from: table,
        origin,
        ...within,
      });
    }
  }
}

function onHandle(c: CallSite, on: Handle, project: PrismaProject | undefined): Value | undefined {
  if (on.kind === 'model') return onModel(c, on, project);
  if (on.kind === 'result') return onResult(c, on, project);
  if (on.kind !== 'client') return undefined;
  const [first] = c.args;
  switch (c.name) {
    case '$transaction':
      return each(first).some(v => v.t === 'fn') ? c.ev.invoke(first, [on], c) : (first ?? unknown);
    case '$extends':
      return extended(c, on);
    case '$queryRaw':
    case '`$queryRaw':
    case '$executeRaw':
    case '`$executeRaw':
    case '$queryRawUnsafe':
    case '$executeRawUnsafe':
      statement(c, on);
      return unknown;
    case '$runCommandRaw':
      command(c, on);
      return unknown;
    case '$connect':
      if (on.store?.kind === 'open') c.ev.use(c, 'prisma', { op: 'connect', store: on.store });
      return unknown;
    default:
      // `$on`, `$use` and a client that its package calls otherwise
      for (const a of c.args) for (const fn of each(a)) if (fn.t === 'fn') c.ev.invoke(fn, [], c);
      return on;
  }
}

/** An extension may be a function that is given the client; methods that it adds to models are found there. */
function extended(c: CallSite, on: Handle): Value {
  const [first] = c.args;
  if (each(first).some(v => v.t === 'fn')) {
    const made = c.ev.invoke(first, [on], c);
    return each(made).some(v => v.t === 'handle') ? made : on;
  }
  const models = get(first, 'model');
  return models ? { ...on, extra: { ...on.extra, models } } : on;
}

function statement(c: CallSite, on: Handle): void {
  const how = on.extra?.guessed ? { guessed: true } : {};
  if (on.store) runSql(c, 'prisma', on.store, sqlOf(c.args[0]), dialectOf(on.store.engine), how);
}

const commands = [
  ['find', 'read'],
  ['aggregate', 'read'],
  ['count', 'read'],
  ['distinct', 'read'],
  ['insert', 'write'],
  ['update', 'write'],
  ['delete', 'write'],
  ['findAndModify', 'write'],
] as const;

/** A command of MongoDB names its collection under its own name. */
function command(c: CallSite, on: Handle): void {
  for (const [name, op] of commands) {
    const table = get(c.args[0], name);
    if (on.store && table?.t === 'text') c.ev.use(c, 'prisma', { op, store: on.store, table });
  }
}
