import type { CallSite, MemberSite, Site, Technology } from '../model/technology.ts';
import { each, get, type Handle, type StoreRef, text, unknown, type Value } from '../model/value.ts';
import { storeBehind } from './client-store.ts';
import { onDatabase, onQuery, runs, tableCalled } from './drizzle-query.ts';
import { column, declareTable, isTable, refer, relate, relationsOf } from './drizzle-table.ts';
import { openConnection } from './open-connection.ts';
import { sqlFragment } from './sql-fragment.ts';

/**
 * Drizzle. Tables are values, so queries name them without strings; which database it is stands in the path of the
 * import. https://orm.drizzle.team/docs/sql-schema-declaration
 */
export const drizzle: Technology = {
  id: 'drizzle',
  packages: ['drizzle-orm', 'drizzle-orm/*'],
  importedAs(i) {
    return i.specifier.startsWith('drizzle-orm/') ? i.specifier : undefined;
  },
  call(c) {
    if (c.on) return c.on.t === 'handle' ? onHandle(c, c.on) : undefined;
    return ofExport(c);
  },
  member(m) {
    return m.on.t === 'handle' ? ofHandle(m, m.on) : undefined;
  },
  awaited(handle) {
    return handle.kind === 'query' ? unknown : undefined;
  },
  typed(t) {
    if (!/(Database|Transaction)$/.test(t.path)) return undefined;
    const model = t.args.find(a => a.t === 'module' || a.t === 'obj');
    return { ...database(t, engineOf(t.pkg)), ...(model ? { model } : {}) };
  },
  /** Nobody else is given Drizzle's tables; `tx.query` has no double either. */
  duck(c) {
    const on: Handle = { ...database(c, undefined), name: 'guessed' };
    if (c.args.some(a => each(a).some(isTable)) && runs.has(c.name)) return onDatabase(c, on);
    const model = c.on;
    const root = model?.t === 'bound' ? model.on : undefined;
    if (model?.t !== 'bound' || root?.t !== 'bound' || root.name !== 'query' || !/^find(Many|First)$/.test(c.name))
      return undefined;
    return onQuery(c, finder(c, on, model.name));
  },
};

function database(site: Site, engine: string | undefined): Handle {
  const store: StoreRef = { kind: 'default', tech: 'drizzle', origin: site.origin, ...(engine ? { engine } : {}) };
  return { t: 'handle', tech: 'drizzle', kind: 'db', store };
}

export function engineOf(pkg: string | undefined): string | undefined {
  const driver = pkg?.slice('drizzle-orm/'.length) ?? '';
  if (/^(pg|node-postgres|postgres|neon|vercel|pglite|aws-data-api|xata|bun-sql$|gel)/.test(driver)) return 'postgres';
  if (/^(mysql|planetscale|tidb|singlestore)/.test(driver)) return 'mysql';
  if (/^(sqlite|better-sqlite3|libsql|d1|bun-sqlite|expo|op-sqlite|sql-js|durable)/.test(driver)) return 'sqlite';
  return driver.startsWith('mssql') ? 'mssql' : undefined;
}

function ofExport(c: CallSite): Value | undefined {
  const [first] = c.args;
  const path = c.path.replace(/^default\.?/, '');
  switch (path) {
    case 'drizzle':
      return open(c);
    case 'migrate': {
      const store =
        each(first).flatMap(v => (v.t === 'handle' ? (v.store ?? []) : []))[0] ?? database(c, engineOf(c.pkg)).store;
      if (store) c.ev.use(c, 'drizzle', { op: 'run-migrations', store });
      return unknown;
    }
    case 'sql':
    case 'sql.raw':
    case 'sql.identifier':
      return fragment(c, path);
    case 'relations':
    case 'defineRelations':
      return relate(c, path === 'relations');
    case 'alias':
    case 'aliasedTable':
      return first;
    case 'getTableName':
      return each(first).flatMap(v => (v.t === 'handle' ? (v.table ?? []) : []))[0];
    case 'foreignKey':
      refer(c, get(first, 'columns'), get(first, 'foreignColumns'));
      return unknown;
    default:
      return ofCore(c, path, engineOf(c.pkg));
  }
}

/** What tables and columns are made with. */
function ofCore(c: CallSite, path: string, engine: string | undefined): Value | undefined {
  const [first] = c.args;
  if (engine === undefined || !c.pkg?.includes('-core')) return undefined;
  if (/^\w+TableCreator$/.test(path))
    return {
      t: 'handle',
      tech: 'drizzle',
      kind: 'creator',
      ...(first ? { extra: { name: first } } : {}),
      name: engine,
    };
  if (/^\w+(Schema|Database)$/.test(path))
    return { t: 'handle', tech: 'drizzle', kind: 'schema', ...(first ? { model: first } : {}), name: engine };
  if (/^\w*(Table|View)(\.withRLS)?$/.test(path)) return declareTable(c, engine, first, undefined);
  if (/^\w*Enum$/.test(path) || path === 'customType') return { t: 'handle', tech: 'drizzle', kind: 'maker' };
  if (path === 'union' || path === 'unionAll') return unknown;
  return { t: 'handle', tech: 'drizzle', kind: 'type' };
}

function open(c: CallSite): Value {
  const [first, second] = c.args;
  const engine = engineOf(c.pkg);
  const options = second ?? first;
  const model = get(options, 'schema') ?? schemaOf(get(options, 'relations'));
  const made: Handle = { ...database(c, engine), ...(model ? { model } : {}) };
  if (!first) return made;
  const given = get(first, 'client') ?? get(first, 'connection') ?? first;
  const store =
    storeBehind(c, 'drizzle', engine ?? 'unknown', given) ??
    openConnection({ tech: 'drizzle', engine: engine ?? 'unknown', origin: c.origin, url: given });
  c.ev.use(c, 'drizzle', { op: 'connect', store });
  return { ...made, store };
}

function schemaOf(relations: Value | undefined): Value | undefined {
  return each(relations).flatMap(v => (v.t === 'handle' && v.kind === 'relations' ? (v.model ?? []) : []))[0];
}

/** `` sql`…` ``: a statement is run by who is given it; a piece of one, that holds a query, by the process's database. */
function fragment(c: CallSite, path: string): Value | undefined {
  const [first] = c.args;
  if (path !== 'sql.identifier') return sqlFragment('drizzle', first);
  return first?.t === 'text' ? { t: 'handle', tech: 'drizzle', kind: 'name', text: first } : undefined;
}

function onHandle(c: CallSite, on: Handle): Value | undefined {
  const [first] = c.args;
  switch (on.kind) {
    case 'db':
      return onDatabase(c, on);
    case 'query':
    case 'finder':
      return onQuery(c, on);
    case 'creator': {
      const name = c.ev.invoke(on.extra?.name, first ? [first] : [], c);
      return declareTable(c, on.name ?? '', name.t === 'unknown' ? first : name, undefined);
    }
    case 'schema':
      return /^(table|view|materializedView)$/.test(c.name)
        ? declareTable(c, on.name ?? '', first, on.model)
        : { t: 'handle', tech: 'drizzle', kind: 'maker' };
    case 'maker':
      return { t: 'handle', tech: 'drizzle', kind: 'type' };
    case 'type':
      return c.name === 'references' && first ? { ...on, extra: { references: first } } : on;
    case 'relator':
    case 'relator-of':
      return relationsOf(c, on);
    case 'cte':
      if (c.name === 'as' && each(first).some(v => v.t === 'fn')) c.ev.invoke(first, [{ ...on, kind: 'db' }], c);
      return { t: 'handle', tech: 'drizzle', kind: 'cte' };
    case 'table':
      for (const a of c.args) for (const fn of each(a)) if (fn.t === 'fn') c.ev.invoke(fn, [database(c, on.name)], c);
      return on;
    case 'sql':
    case 'column':
      return on;
    default:
      return undefined;
  }
}

function ofHandle(m: MemberSite, on: Handle): Value | undefined {
  switch (on.kind) {
    case 'db':
      return m.name === 'query' || m.name === '_query' ? { ...on, kind: 'relational' } : undefined;
    case 'relational':
      return finder(m, on, m.name);
    case 'relator':
      return { ...on, kind: 'relator-of' };
    case 'table':
      return /^(enableRLS|as|existing|with|using)$/.test(m.name) ? undefined : column(on, m.name, m.origin);
    default:
      return undefined;
  }
}

/** `db.query.orders`: the table that the schema given to Drizzle has under that name, else the one called like it. */
function finder(site: Site, on: Handle, name: string): Handle {
  const found = each(site.ev.property(on.model, name, site)).find(isTable);
  const table = name === '*' ? unknown : (found?.table ?? tableCalled(site, name, text(name, site.origin)));
  const schema = found?.extra?.schema;
  return {
    ...on,
    kind: 'finder',
    table,
    extra: { ...(found ? { described: found } : {}), ...(schema ? { schema } : {}) },
  };
}
