import { type ForeignKey, hole, type SqlDialect, type TableUse, type UnresolvedTable } from './sql-reading.ts';
import type { Token } from './sql-tokens.ts';

/** What one reading collects while it walks over the tokens. */
export interface SqlState {
  readonly dialect: SqlDialect;
  readonly tokens: readonly Token[];
  /** For each opening parenthesis and CASE the index of its end; for a parenthesis that stays open the number of tokens. */
  readonly partners: ReadonlyMap<number, number>;
  readonly uses: TableUse[];
  readonly unresolved: UnresolvedTable[];
  readonly foreignKeys: ForeignKey[];
  /** Dollar-quoted code and statements inside strings, to be read on their own. */
  readonly bodies: { readonly text: string; readonly offset: number }[];
  /** Reads what stands in parentheses; part of the state because expressions, FROM lists and queries nest in each other. */
  readonly readParenthesis: (state: SqlState, open: number, end: number, scope: Scope) => void;
  /** Lower-case names of temporary tables seen so far. */
  readonly temporary: Set<string>;
  queries: number;
  complete: boolean;
}

/** The CTEs of this place: name in lower case, and the table that it reads first. */
export type Scope = ReadonlyMap<string, TableUse | undefined>;

export interface QualifiedName {
  readonly name: string;
  readonly schema?: string;
  readonly database?: string;
  readonly qualified: boolean;
  /** False for a parameter or a name with a hole in it. */
  readonly known: boolean;
  readonly start: number;
  /** Index of the first token behind it. */
  readonly next: number;
}

export function stateOf(
  tokens: readonly Token[],
  dialect: SqlDialect,
  readParenthesis: SqlState['readParenthesis'],
  temporary: Set<string>,
): SqlState {
  const partners = partnersOf(tokens);
  const complete = ![...partners.values()].includes(tokens.length);
  const found = { uses: [], unresolved: [], foreignKeys: [], bodies: [] };
  return { dialect, tokens, partners, ...found, readParenthesis, temporary, queries: 0, complete };
}

/** Deeper parentheses are read as if they were not there, lest the reader run out of stack. */
const deepest = 200;

function partnersOf(tokens: readonly Token[]): Map<number, number> {
  const partners = new Map<number, number>();
  let open: number[] = [];
  tokens.forEach((token, index) => {
    if (isSymbol(token, '(') || token.keyword === 'CASE') open.push(index);
    // A CASE that is still open at the end of a statement is one of a function's body, and holds statements.
    if (isSymbol(token, ';')) open = open.filter(start => tokens[start]?.keyword !== 'CASE');
    const closes = token.keyword === 'END' ? tokens[open.at(-1) ?? -1]?.keyword === 'CASE' : isSymbol(token, ')');
    if (!closes) return;
    if (token.keyword !== 'END') while (tokens[open.at(-1) ?? -1]?.keyword === 'CASE') open.pop();
    const start = open.pop();
    if (start !== undefined && open.length < deepest) partners.set(start, index);
  });
  for (const start of open.slice(0, deepest)) if (isSymbol(tokens[start], '(')) partners.set(start, tokens.length);
  return partners;
}

export function keywordAt(state: SqlState, at: number): string {
  const token = state.tokens[at];
  return token?.kind === 'word' ? token.keyword : '';
}

export function symbolAt(state: SqlState, at: number, symbol: string): boolean {
  return isSymbol(state.tokens[at], symbol);
}

function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === 'symbol' && token.text === symbol;
}

/** The index behind the closing parenthesis. */
export function afterParenthesis(state: SqlState, open: number): number {
  return (state.partners.get(open) ?? open) + 1;
}

/** No statement has more words or names in a row; what has is nonsense, and must not cost time. */
const mostInRow = 12;

/** Behind the words given, each of which may be there or not. */
export function afterWords(state: SqlState, at: number, words: ReadonlySet<string>): number {
  let next = at;
  while (next < at + mostInRow && words.has(keywordAt(state, next))) next++;
  return next;
}

export function nextQuery(state: SqlState): number {
  state.queries += 1;
  return state.queries - 1;
}

/** `a`, `a.b`, `a..b`, `a.b.c`, quoted or not; undefined where no name stands. */
export function nameAt(state: SqlState, at: number, end: number): QualifiedName | undefined {
  const first = state.tokens[at];
  if (at >= end || !first || !isNamePart(first)) return undefined;
  const parts = [first];
  let next = at + 1;
  while (next < end && symbolAt(state, next, '.') && parts.length < mostInRow) {
    const part = state.tokens[next + 1];
    if (part && next + 1 < end && isNamePart(part)) parts.push(part);
    else if (!symbolAt(state, next + 1, '.')) break;
    next += part && isNamePart(part) ? 2 : 1;
  }
  return named(parts, next, state.dialect);
}

function isNamePart(token: Token): boolean {
  return token.kind === 'word' || token.kind === 'quoted' || token.kind === 'hole' || token.kind === 'parameter';
}

const databasesNotSchemas: ReadonlySet<SqlDialect> = new Set(['mysql', 'clickhouse', 'cassandra']);

function named(parts: readonly Token[], next: number, dialect: SqlDialect): QualifiedName {
  const last = parts.at(-1);
  const name = last?.text ?? '';
  const qualifier = textOf(parts.at(-2));
  const outer = textOf(parts.at(-3));
  const inDatabase = parts.length === 2 && databasesNotSchemas.has(dialect);
  const schema = inDatabase ? undefined : qualifier;
  const database = inDatabase ? qualifier : outer;
  return {
    name,
    ...(schema === undefined ? {} : { schema }),
    ...(database === undefined ? {} : { database }),
    qualified: parts.length > 1,
    known: last !== undefined && last.kind !== 'parameter' && !name.includes(hole),
    start: parts[0]?.start ?? 0,
    next,
  };
}

function textOf(part: Token | undefined): string | undefined {
  return part === undefined || part.kind === 'parameter' || part.text.includes(hole) || part.text === ''
    ? undefined
    : part.text;
}

/** Takes note of a table, unless the name is a CTE, a temporary or a system table. */
export function addUse(
  state: SqlState,
  name: QualifiedName,
  use: Pick<TableUse, 'op' | 'via' | 'query'>,
  scope: Scope,
): void {
  const at = { op: use.op, via: use.via, query: use.query, offset: name.start };
  if (isTableVariable(state, name)) return;
  if (!name.known) {
    state.unresolved.push(at);
    return;
  }
  const behind = name.qualified ? undefined : scope.get(name.name.toLowerCase());
  // `WITH doubles AS (SELECT … FROM orders) DELETE FROM doubles` of T-SQL deletes orders.
  if (behind && use.op === 'write') state.uses.push({ ...behind, ...at });
  if (!isTable(state, name, scope)) return;
  const { schema, database } = name;
  state.uses.push({
    name: name.name,
    ...(schema === undefined ? {} : { schema }),
    ...(database === undefined ? {} : { database }),
    ...at,
  });
}

function isTableVariable(state: SqlState, name: QualifiedName): boolean {
  return state.dialect === 'mssql' && !name.qualified && name.name.startsWith('@');
}

/** For statements that know no CTE. */
export const noScope: Scope = new Map();

const systemSchemas: ReadonlySet<string> = new Set([
  'information_schema',
  'pg_catalog',
  'pg_temp',
  'sys',
  'performance_schema',
]);
const systemDatabases: Readonly<Partial<Record<SqlDialect, ReadonlySet<string>>>> = {
  mysql: new Set(['mysql']),
  clickhouse: new Set(['system']),
  cassandra: new Set(['system', 'system_schema', 'system_auth', 'system_distributed', 'system_traces']),
};
const pseudoTables: ReadonlySet<string> = new Set([
  'dual',
  'excluded',
  'inserted',
  'new',
  'old',
  'sqlite_master',
  'sqlite_schema',
  'sqlite_sequence',
]);

export function isTable(state: SqlState, { name, schema, database, qualified }: QualifiedName, scope: Scope): boolean {
  const lower = name.toLowerCase();
  if (lower === '' || lower.startsWith('#')) return false;
  const within = [schema?.toLowerCase(), database?.toLowerCase()];
  if (within.some(one => one !== undefined && (systemSchemas.has(one) || systemDatabases[state.dialect]?.has(one))))
    return false;
  if (qualified) return true;
  if (pseudoTables.has(lower) || scope.has(lower) || state.temporary.has(lower)) return false;
  if (lower === 'deleted') return state.dialect !== 'mssql';
  return !(lower.startsWith('pg_') && (state.dialect === 'postgres' || state.dialect === 'unknown'));
}
