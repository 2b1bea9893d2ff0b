import type { Site } from '../model/technology.ts';
import { textOf } from '../model/texts.ts';
import { signature } from '../model/unions.ts';
import {
  each,
  literal,
  type Origin,
  type Part,
  type Ref,
  type StoreRef,
  type Text,
  text,
  type Use,
  unknown,
  type Value,
} from '../model/value.ts';
import { hole, readSql, type SqlDialect } from './sql.ts';

/** The dialect of an engine's SQL. */
export function dialectOf(engine: string | undefined): SqlDialect {
  switch (engine) {
    case 'postgres':
    case 'mysql':
    case 'mssql':
    case 'sqlite':
    case 'clickhouse':
    case 'cassandra':
      return engine;
    default:
      return 'unknown';
  }
}

interface How {
  /** Only the shape of the call says that a statement is run. */
  readonly guessed?: boolean;
  /** It may be a piece of a statement, to be put into another. */
  readonly fragment?: boolean;
}

/**
 * Records what a statement does to the tables of a store. The statement may be a text with holes, an object that holds
 * one (`{ text }`, `{ sql }`, `{ query }`), a list of them, or unknown: then one read of an unknown table is recorded.
 */
export function runSql(
  site: Site,
  tech: string,
  store: StoreRef,
  sql: Value | undefined,
  dialect: SqlDialect,
  how: How = {},
): readonly Use[] {
  const statements = textsOf(sql, 0);
  if (statements.length === 0)
    return how.guessed || how.fragment ? [] : [site.ev.use(site, tech, { op: 'read', store, table: unknown })];
  return [...new Map(statements.map(s => [signature(s), s])).values()].flatMap(statement =>
    runText(site, tech, store, statement, dialect, how),
  );
}

const holders = ['text', 'sql', 'query', 'queryString', 'queryText', 'statement', 'raw'];

/** Every statement that a value may be. */
function textsOf(v: Value | undefined, depth: number): readonly Text[] {
  if (depth > 3) return [];
  return each(v).flatMap(one => {
    if (one.t === 'text') return one.parts.some(p => p !== null && p !== '') ? [one] : [];
    if (one.t === 'arr') return one.items.flatMap(i => textsOf(i, depth + 1));
    if (one.t === 'obj') return holders.flatMap(k => textsOf(one.get(k), depth + 1)).slice(0, 1);
    return [];
  });
}

function runText(
  site: Site,
  tech: string,
  store: StoreRef,
  statement: Text,
  dialect: SqlDialect,
  how: How,
): readonly Use[] {
  const guessed = how.guessed ? { guessed: true } : {};
  const { sql, refs, certain } = flat(statement);
  const reading = readSql(sql, dialect);
  const queries = new Map<number, number>();
  const place = (offset: number): { origin?: Origin; call?: Origin } => {
    const { origin } = statement;
    if (!origin) return {};
    // behind the quote; where something was put in before, only the start of the whole is sure
    return {
      origin: statement.plain && offset < certain ? { file: origin.file, at: origin.at + 1 + offset } : origin,
      call: site.origin,
    };
  };
  const query = (n: number): number => {
    const known = queries.get(n) ?? site.ev.query();
    queries.set(n, known);
    return known;
  };
  const named = (name: string, offset: number): Value => nameOf(name, refs, place(offset).origin ?? site.origin);
  const optional = <K extends string>(key: K, name: string | undefined, offset: number) =>
    name === undefined ? {} : { [key]: named(name, offset) };
  const uses: Use[] = [];
  for (const u of reading.uses) {
    uses.push(
      site.ev.use(site, tech, {
        op: u.op,
        store,
        table: named(u.name, u.offset),
        via: u.via,
        query: query(u.query),
        ...optional('schema', u.schema, u.offset),
        ...optional('database', u.database, u.offset),
        ...place(u.offset),
        ...guessed,
      }),
    );
  }
  for (const u of reading.unresolved) {
    const name = nameAt(sql, u.offset);
    uses.push(
      site.ev.use(site, tech, {
        op: u.op,
        store,
        table: name === '' ? unknown : named(name, u.offset),
        via: u.via,
        query: query(u.query),
        ...place(u.offset),
        ...guessed,
      }),
    );
  }
  for (const k of reading.foreignKeys) {
    uses.push(
      site.ev.use(site, tech, {
        op: 'schema',
        store,
        table: named(k.references, k.offset),
        from: named(k.table, k.offset),
        via: 'foreign-key',
        ...optional('schema', k.referencesSchema, k.offset),
        ...place(k.offset),
        ...guessed,
      }),
    );
  }
  if (uses.length === 0 && sql.trimStart().startsWith(hole) && !how.guessed && !how.fragment)
    uses.push(site.ev.use(site, tech, { op: 'read', store, table: unknown }));
  return uses;
}

const mark = '\u05D0';

/** The text to be read: unknown parts become holes, references become words that stand for them. */
function flat(statement: Text): { readonly sql: string; readonly refs: readonly Ref[]; readonly certain: number } {
  const refs: Ref[] = [];
  let sql = '';
  let certain = Number.POSITIVE_INFINITY;
  for (const p of statement.parts) {
    if (typeof p !== 'string') certain = Math.min(certain, sql.length);
    if (typeof p === 'string') sql += p;
    else if (p === null) sql += hole;
    else sql += `${mark}${refs.push(p) - 1}${mark}`;
  }
  return { sql, refs, certain };
}

/** A name with its holes and references put back. */
function nameOf(name: string, refs: readonly Ref[], origin: Origin): Value {
  if (!name.includes(hole) && !name.includes(mark)) return text(name, origin);
  const parts = name.split(new RegExp(`(${hole}|${mark}\\d+${mark})`)).flatMap((piece): Part[] => {
    if (piece === '') return [];
    if (piece === hole) return [null];
    return [piece.startsWith(mark) ? (refs[Number(piece.slice(1, -1))] ?? null) : piece];
  });
  return parts.every(p => p === null) ? unknown : textOf(parts, origin);
}

/** The last part of the qualified name at a place, for names that are known in part: `tenant.orders_￼`. */
function nameAt(sql: string, at: number): string {
  const [whole = ''] =
    /^(?:["`[]?[\p{L}\p{N}_$\uFFFC-]+["`\]]?\.)*["`[]?[\p{L}\p{N}_$\uFFFC-]+/u.exec(sql.slice(at)) ?? [];
  return whole.slice(whole.lastIndexOf('.') + 1).replace(/^["`[]/, '');
}

/** For those who look at a statement themselves: the text where all of it is known. */
export function sqlText(v: Value | undefined): string | undefined {
  const [only] = textsOf(v, 0);
  return only ? literal(only) : undefined;
}
