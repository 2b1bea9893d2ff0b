import {
  addUse,
  afterParenthesis,
  afterWords,
  keywordAt,
  nameAt,
  nextQuery,
  type QualifiedName,
  type Scope,
  type SqlState,
  symbolAt,
} from './sql-state.ts';
import { isQueryAfterHole, isQueryStart, isStatementStart } from './sql-words.ts';

/** One member of a FROM list: a table, or (without name) a subquery or function. */
export interface Item {
  readonly name?: QualifiedName;
  /** Lower case. */
  readonly alias?: string;
  readonly via: 'query' | 'join';
}

export const setOperators: ReadonlySet<string> = new Set(['UNION', 'INTERSECT', 'EXCEPT', 'MINUS']);

/** Walks over the clauses of one query level up to the next statement or set operator: gathers FROM lists, enters subqueries. */
export function readClauses(
  state: SqlState,
  at: number,
  end: number,
  scope: Scope,
): { readonly items: readonly Item[]; readonly next: number } {
  const items: Item[] = [];
  let next = at;
  while (next < end) {
    const word = keywordAt(state, next);
    const isColumn = symbolAt(state, next - 1, '.');
    if (!isColumn && (setOperators.has(word) || (next > at && isStatementStart(state, next)))) break;
    if (!isColumn && isFrom(state, next)) next = readFromList(state, next + 1, end, scope, items);
    else if (!isColumn && joinAt(state, next, end) > 0) next = readJoin(state, next, end, scope, items);
    else if (word === 'INTO' && state.dialect === 'mssql') next = afterInto(state, next + 1, end, scope);
    else next = afterToken(state, next, end, scope);
  }
  return { items, next };
}

/** `IS DISTINCT FROM` compares, `FETCH NEXT FROM` takes from a cursor. */
function isFrom(state: SqlState, at: number): boolean {
  if (keywordAt(state, at) !== 'FROM') return false;
  const before = [keywordAt(state, at - 2), keywordAt(state, at - 1)];
  return !before.includes('FETCH') && !(before[1] === 'DISTINCT' && (before[0] === 'IS' || before[0] === 'NOT'));
}

/** `SELECT … INTO new FROM …` makes a table. */
function afterInto(state: SqlState, at: number, end: number, scope: Scope): number {
  const name = nameAt(state, at, end);
  if (!name) return at;
  addUse(state, name, { op: 'schema', via: 'query', query: nextQuery(state) }, scope);
  return name.next;
}

/** One token on; parentheses and CASE as a whole, with the subqueries in them. */
export function afterToken(state: SqlState, at: number, end: number, scope: Scope): number {
  const close = state.partners.get(at);
  if (close === undefined) return at + 1;
  if (symbolAt(state, at, '(')) state.readParenthesis(state, at, end, scope);
  // Its ELSE and END are no statements of T-SQL.
  else for (let inner = at + 1; inner < close; ) inner = afterToken(state, inner, close, scope);
  return close + 1;
}

export function readFromList(state: SqlState, at: number, end: number, scope: Scope, items: Item[]): number {
  let next = readItem(state, at, end, scope, items, items.length === 0 ? 'query' : 'join');
  while (next < end) {
    if (symbolAt(state, next, ',')) next = readItem(state, next + 1, end, scope, items, 'join');
    else if (joinAt(state, next, end) > 0) next = readJoin(state, next, end, scope, items);
    else break;
  }
  return next;
}

function readJoin(state: SqlState, at: number, end: number, scope: Scope, items: Item[]): number {
  const start = joinAt(state, at, end);
  // ClickHouse's ARRAY JOIN unfolds a column.
  if (keywordAt(state, start - 2) === 'ARRAY') return afterCondition(state, start, end, scope);
  return readItem(state, start, end, scope, items, 'join');
}

const joinWords: ReadonlySet<string> = new Set(
  'LEFT RIGHT FULL INNER OUTER CROSS NATURAL GLOBAL LOCAL ANY ALL ASOF SEMI ANTI PASTE LOOP HASH MERGE REMOTE ARRAY'.split(
    ' ',
  ),
);

/** The index behind `LEFT OUTER JOIN`, `CROSS APPLY` and the like; 0 where none stands. */
function joinAt(state: SqlState, at: number, end: number): number {
  const next = afterWords(state, at, joinWords);
  const word = keywordAt(state, next);
  if (next >= end) return 0;
  return word === 'JOIN' || word === 'STRAIGHT_JOIN' || (word === 'APPLY' && next > at) ? next + 1 : 0;
}

const itemPrefixes: ReadonlySet<string> = new Set(['ONLY', 'LATERAL']);

export function readItem(
  state: SqlState,
  at: number,
  end: number,
  scope: Scope,
  items: Item[],
  via: Item['via'],
): number {
  const start = afterWords(state, at, itemPrefixes);
  if (start < end && symbolAt(state, start, '(')) return readParenthesisItem(state, start, end, scope, items, via);
  // ClickHouse's `FROM values('id String', …)` is a function.
  const isTaken = clauseWords.has(keywordAt(state, start)) && !symbolAt(state, start + 1, '(');
  const name = isTaken ? undefined : nameAt(state, start, end);
  if (!name) {
    items.push({ via });
    state.complete = false;
    return start;
  }
  if (symbolAt(state, name.next, '(') && !isTableHint(state, name.next)) {
    state.readParenthesis(state, name.next, end, scope);
    items.push({ via });
    return afterTail(state, afterParenthesis(state, name.next), end, scope);
  }
  items.push({ name, via, ...aliasAt(state, name.next, end) });
  return afterTail(state, name.next, end, scope);
}

/** `(SELECT …) x`, or a join in parentheses, whose tables belong to this level. */
function readParenthesisItem(
  state: SqlState,
  open: number,
  end: number,
  scope: Scope,
  items: Item[],
  via: Item['via'],
): number {
  let inner = open;
  while (symbolAt(state, inner + 1, '(')) inner++;
  if (isQueryStart(state, inner + 1) || isQueryAfterHole(state, inner)) {
    state.readParenthesis(state, open, end, scope);
    items.push({ via });
  } else {
    const nested: Item[] = [];
    readFromList(state, open + 1, Math.min(end, afterParenthesis(state, open) - 1), scope, nested);
    items.push(...nested.map((item, index) => (index === 0 ? { ...item, via } : item)));
  }
  return afterTail(state, afterParenthesis(state, open), end, scope);
}

/** `FROM orders (NOLOCK)` of T-SQL. */
function isTableHint(state: SqlState, open: number): boolean {
  return /^(?:NOLOCK|READPAST|ROWLOCK|UPDLOCK|TABLOCKX?|HOLDLOCK|READUNCOMMITTED)$/.test(keywordAt(state, open + 1));
}

function aliasAt(state: SqlState, at: number, end: number): { readonly alias?: string } {
  let start = at;
  while (start < end && /^(?:WITH|AS)$/.test(keywordAt(state, start)))
    start += symbolAt(state, start + 1, '(') ? afterParenthesis(state, start + 1) - start : 1;
  const token = state.tokens[start];
  if (!token || start >= end || (token.kind !== 'word' && token.kind !== 'quoted')) return {};
  if (tailWords.has(token.keyword) || clauseWords.has(token.keyword) || joinAt(state, start, end) > 0) return {};
  return { alias: token.text.toLowerCase() };
}

const tailWords: ReadonlySet<string> = new Set(
  (
    'AS FINAL SAMPLE TABLESAMPLE BERNOULLI SYSTEM REPEATABLE WITH ORDINALITY NO DATA USE FORCE IGNORE INDEX KEY PARTITION INDEXED NOT BY ' +
    'SYSTEM_TIME PIVOT UNPIVOT NOLOCK'
  ).split(' '),
);
const clauseWords: ReadonlySet<string> = new Set(
  (
    'WHERE PREWHERE GROUP ORDER HAVING LIMIT OFFSET FETCH UNION INTERSECT EXCEPT MINUS WINDOW QUALIFY RETURNING SET SETTINGS FORMAT OPTION ' +
    'ALLOW INTO VALUES WHEN SELECT INSERT UPDATE DELETE MERGE LOOP RETURN LOCK OUTPUT CONNECT START FOR ON USING DO BEGIN END THEN GO FROM'
  ).split(' '),
);

export function endsFromList(state: SqlState, at: number): boolean {
  return clauseWords.has(keywordAt(state, at)) && !symbolAt(state, at - 1, '.');
}

/** Behind alias, hints and ON condition, to the comma, join or clause that follows. Two names in a row are not understood. */
function afterTail(state: SqlState, at: number, end: number, scope: Scope): number {
  let next = at;
  let names = 0;
  while (next < end && !symbolAt(state, next, ',') && joinAt(state, next, end) === 0) {
    const past = afterTailClause(state, next, end, scope);
    if (past === next && (endsFromList(state, next) || isStatementStart(state, next))) break;
    if (past === next && isAlias(state, next)) names++;
    next = past > next ? past : afterToken(state, next, end, scope);
  }
  if (names > 1) state.complete = false;
  return next;
}

function afterTailClause(state: SqlState, at: number, end: number, scope: Scope): number {
  switch (keywordAt(state, at)) {
    case 'ON':
      return /^(?:CONFLICT|DUPLICATE)$/.test(keywordAt(state, at + 1)) ? at : afterCondition(state, at + 1, end, scope);
    case 'USING':
      return symbolAt(state, at + 1, '(') && !isQueryStart(state, at + 2) ? afterParenthesis(state, at + 1) : at;
    case 'FOR':
      return keywordAt(state, at + 1) === 'SYSTEM_TIME' ? at + 2 : at;
    case 'INDEXED':
      return keywordAt(state, at + 1) === 'BY' ? at + 3 : at;
    default:
      return at;
  }
}

function isAlias(state: SqlState, at: number): boolean {
  const token = state.tokens[at];
  return token?.kind === 'quoted' || (token?.kind === 'word' && !tailWords.has(token.keyword));
}

function afterCondition(state: SqlState, at: number, end: number, scope: Scope): number {
  let next = at;
  while (
    next < end &&
    !symbolAt(state, next, ',') &&
    joinAt(state, next, end) === 0 &&
    !isStatementStart(state, next)
  ) {
    const compares = keywordAt(state, next) === 'FROM' && !isFrom(state, next);
    if (endsFromList(state, next) && !compares) break;
    next = afterToken(state, next, end, scope);
  }
  return next;
}
