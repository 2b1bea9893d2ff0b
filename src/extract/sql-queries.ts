import { afterToken, endsFromList, type Item, readClauses, readFromList, readItem, setOperators } from './sql-from.ts';
import {
  addUse,
  afterParenthesis,
  afterWords,
  keywordAt,
  nameAt,
  nextQuery,
  type Scope,
  type SqlState,
  symbolAt,
} from './sql-state.ts';
import { isQueryAfterHole, isQueryStart, isStatementStart } from './sql-words.ts';

/** Reads queries one after the other, with the set operators between them; gives the index of the first statement that is none, or `end`. */
export function readQueries(state: SqlState, at: number, end: number, outer: Scope): number {
  let scope = outer;
  let next = at;
  while (next < end) {
    if (keywordAt(state, next) === 'WITH' && isQueryStart(state, next))
      ({ scope, next } = readWith(state, next + 1, end, scope));
    else if (isQueryStart(state, next)) next = readQuery(state, next, end, scope);
    else if (next > at && isStatementStart(state, next)) return next;
    else if (symbolAt(state, next, '(')) next = afterToken(state, next, end, scope);
    else if (setOperators.has(keywordAt(state, next))) next = afterWords(state, next, setWords);
    else next = readTail(state, next, end, scope);
  }
  return next;
}

const setWords: ReadonlySet<string> = new Set([...setOperators, 'ALL', 'DISTINCT']);

function readQuery(state: SqlState, at: number, end: number, scope: Scope): number {
  switch (keywordAt(state, at)) {
    case 'INSERT':
    case 'REPLACE':
    case 'UPSERT':
      return readInsert(state, at + 1, end, scope);
    case 'UPDATE':
      return readUpdate(state, at + 1, end, scope);
    case 'DELETE':
      return readDelete(state, at + 1, end, scope);
    case 'MERGE':
      return readMerge(state, at + 1, end, scope);
    case 'TABLE':
      return readTable(state, at + 1, end, scope);
    default:
      return readTail(state, at, end, scope);
  }
}

/** A select from its first word, or what is left of one whose first part is a hole. */
function readTail(state: SqlState, at: number, end: number, scope: Scope): number {
  const query = nextQuery(state);
  const { items, next } = readClauses(state, at + 1, end, scope);
  addItems(state, items, 'read', query, scope);
  return next;
}

function addItems(state: SqlState, items: readonly Item[], op: 'read' | 'write', query: number, scope: Scope): void {
  for (const { name, via } of items) if (name) addUse(state, name, { op, via, query }, scope);
}

/** A subquery, or an expression that may hold some. */
export function readParenthesis(state: SqlState, open: number, end: number, scope: Scope): void {
  const close = Math.min(end, afterParenthesis(state, open) - 1);
  if (isQueryStart(state, open + 1) || isQueryAfterHole(state, open)) readQueries(state, open + 1, close, scope);
  else for (let at = open + 1; at < close; ) at = afterToken(state, at, close, scope);
}

/** The names of the CTEs hold for what follows them. */
function readWith(
  state: SqlState,
  at: number,
  end: number,
  outer: Scope,
): { readonly scope: Scope; readonly next: number } {
  const recursive = keywordAt(state, at) === 'RECURSIVE';
  let scope = outer;
  let next = recursive ? at + 1 : at;
  while (next < end && !(isQueryStart(state, next) && keywordAt(state, next + 1) !== 'AS')) {
    const cte = cteAt(state, next, end);
    if (!cte) {
      next = afterToken(state, next, end, scope);
      continue;
    }
    const known = state.uses.length;
    const inside: Scope = recursive ? new Map([...scope, [cte.name, undefined]]) : scope;
    readQueries(state, cte.open + 1, Math.min(end, afterParenthesis(state, cte.open) - 1), inside);
    const behind = state.uses.slice(known).find(use => use.op === 'read' && use.via === 'query');
    scope = new Map([...scope, [cte.name, behind]]);
    next = afterParenthesis(state, cte.open);
  }
  return { scope, next };
}

const materialized: ReadonlySet<string> = new Set(['NOT', 'MATERIALIZED']);

function cteAt(state: SqlState, at: number, end: number): { readonly name: string; readonly open: number } | undefined {
  const name = nameAt(state, at, end);
  if (!name) return undefined;
  const columns = symbolAt(state, name.next, '(') ? afterParenthesis(state, name.next) : name.next;
  if (keywordAt(state, columns) !== 'AS') return undefined;
  const open = afterWords(state, columns + 1, materialized);
  return open < end && symbolAt(state, open, '(') ? { name: name.name.toLowerCase(), open } : undefined;
}

const insertWords: ReadonlySet<string> = new Set(
  'LOW_PRIORITY DELAYED HIGH_PRIORITY IGNORE OVERWRITE OR ROLLBACK ABORT FAIL REPLACE INTO TABLE ONLY'.split(' '),
);

/** Up to its source, which is a query of its own. */
function readInsert(state: SqlState, at: number, end: number, scope: Scope): number {
  const query = nextQuery(state);
  const start = afterWords(state, afterTop(state, afterWords(state, at, insertWords)), insertWords);
  const isFunction = keywordAt(state, start) === 'FUNCTION';
  const target = nameAt(state, isFunction ? start + 1 : start, end);
  if (!target) {
    state.complete = false;
    return start;
  }
  if (!isFunction) addUse(state, target, { op: 'write', via: 'query', query }, scope);
  let next = target.next;
  while (next < end && !isInsertSource(state, next)) next = afterToken(state, next, end, scope);
  return next;
}

function isInsertSource(state: SqlState, at: number): boolean {
  const word = keywordAt(state, at);
  if (word === 'WITH') return !symbolAt(state, at + 1, '(');
  return word === 'SET' || isQueryStart(state, at) || isStatementStart(state, at);
}

/** `TOP (10)` and `TOP 10 PERCENT` of T-SQL. */
function afterTop(state: SqlState, at: number): number {
  if (keywordAt(state, at) !== 'TOP') return at;
  const next = symbolAt(state, at + 1, '(') ? afterParenthesis(state, at + 1) : at + 2;
  return keywordAt(state, next) === 'PERCENT' ? next + 1 : next;
}

const updateWords: ReadonlySet<string> = new Set('LOW_PRIORITY IGNORE OR ROLLBACK ABORT FAIL REPLACE ONLY'.split(' '));

function readUpdate(state: SqlState, at: number, end: number, scope: Scope): number {
  const query = nextQuery(state);
  const targets: Item[] = [];
  const start = afterWords(state, afterTop(state, afterWords(state, at, updateWords)), updateWords);
  const set = readFromList(state, start, end, scope, targets);
  const { items, next } = readClauses(state, set, end, scope);
  const pointed = targets[0] && items.find(item => refersTo(targets[0], item));
  const written = pointed ? [first(pointed)] : assignedOf(targets, assignedLabels(state, set + 1, end));
  addItems(state, written, 'write', query, scope);
  if (!pointed)
    addItems(
      state,
      targets.filter(item => !written.includes(item)),
      'read',
      query,
      scope,
    );
  addItems(state, items.filter(item => item !== pointed).map(joined), 'read', query, scope);
  return next;
}

function first(item: Item): Item {
  return { ...item, via: 'query' };
}

function joined(item: Item): Item {
  return { ...item, via: 'join' };
}

/** In T-SQL the target may be the alias of a table that FROM gives. */
function refersTo(target: Item | undefined, item: Item): boolean {
  if (!target?.name || target.name.qualified || target.alias !== undefined || !item.name) return false;
  return target.name.name.toLowerCase() === labelOf(item);
}

function labelOf(item: Item): string {
  return item.alias ?? item.name?.name.toLowerCase() ?? '';
}

/** `UPDATE orders o JOIN users u … SET u.name = 1` of MySQL writes users; without such a qualifier the first table is written. */
function assignedOf(targets: readonly Item[], labels: ReadonlySet<string>): readonly Item[] {
  const assigned = targets.length > 1 ? targets.filter(item => labels.has(labelOf(item))) : [];
  return assigned.length > 0 ? assigned : targets.slice(0, 1);
}

/** `o` of `SET o.status = 1, o.at = 2`. */
function assignedLabels(state: SqlState, at: number, end: number): ReadonlySet<string> {
  const labels = new Set<string>();
  for (let next = at; next < end && !endsFromList(state, next); ) {
    const token = state.tokens[next];
    const starts = next === at || symbolAt(state, next - 1, ',');
    if (starts && token && symbolAt(state, next + 1, '.') && symbolAt(state, next + 3, '='))
      labels.add(token.text.toLowerCase());
    next = symbolAt(state, next, '(') ? afterParenthesis(state, next) : next + 1;
  }
  return labels;
}

const deleteWords: ReadonlySet<string> = new Set(['LOW_PRIORITY', 'QUICK', 'IGNORE']);

function readDelete(state: SqlState, at: number, end: number, scope: Scope): number {
  const query = nextQuery(state);
  const named: Item[] = [];
  const targets: Item[] = [];
  const others: Item[] = [];
  let next = afterTop(state, afterWords(state, at, deleteWords));
  if (symbolAt(state, next, '*')) next += 1;
  if (keywordAt(state, next) !== 'FROM') next = readFromList(state, next, end, scope, named);
  if (keywordAt(state, next) === 'FROM') next = readFromList(state, next + 1, end, scope, targets);
  if (keywordAt(state, next) === 'USING' && state.dialect !== 'cassandra')
    next = readFromList(state, next + 1, end, scope, others);
  const rest = readClauses(state, next, end, scope);
  const sources = [...targets, ...others, ...rest.items];
  const written = writtenOf(named, targets, sources);
  const read = sources.filter(item => !written.includes(item) && !written.some(one => refersTo(item, one)));
  addItems(state, written.map(first), 'write', query, scope);
  addItems(state, read.map(joined), 'read', query, scope);
  return rest.next;
}

/** `DELETE o FROM orders o`: the names before FROM point at its tables; `DELETE note FROM orders` of Cassandra names columns. */
function writtenOf(named: readonly Item[], targets: readonly Item[], sources: readonly Item[]): readonly Item[] {
  const pointed = named.flatMap(name => sources.filter(item => refersTo(name, item)));
  if (pointed.length > 0) return pointed;
  const target = targets[0] ?? named[0];
  if (!target) return [];
  return [sources.find(item => item !== target && refersTo(target, item)) ?? target];
}

function readMerge(state: SqlState, at: number, end: number, scope: Scope): number {
  const query = nextQuery(state);
  const targets: Item[] = [];
  const sources: Item[] = [];
  let next = readItem(state, afterWords(state, afterTop(state, at), insertWords), end, scope, targets, 'query');
  if (keywordAt(state, next) === 'USING') next = readItem(state, next + 1, end, scope, sources, 'join');
  else state.complete = false;
  addItems(state, targets, 'write', query, scope);
  addItems(state, sources, 'read', query, scope);
  while (next < end && (keywordAt(state, next - 1) === 'THEN' || !isStatementStart(state, next)))
    next = afterToken(state, next, end, scope);
  return next;
}

function readTable(state: SqlState, at: number, end: number, scope: Scope): number {
  const name = nameAt(state, at, end);
  if (!name) return at;
  addUse(state, name, { op: 'read', via: 'query', query: nextQuery(state) }, scope);
  return name.next;
}
