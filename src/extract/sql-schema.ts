import { afterToken } from './sql-from.ts';
import type { TableUse } from './sql-reading.ts';
import {
  addUse,
  afterWords,
  isTable,
  keywordAt,
  nameAt,
  nextQuery,
  noScope,
  type QualifiedName,
  type SqlState,
  symbolAt,
} from './sql-state.ts';
import { isStatementStart } from './sql-words.ts';

/** Reads CREATE, ALTER, DROP and the like from its second word; gives the index behind it, or that of the query it holds. */
export function readSchemaStatement(state: SqlState, at: number, end: number): number {
  switch (keywordAt(state, at)) {
    case 'CREATE':
      return readCreate(state, at + 1, end);
    case 'ALTER':
      return readAlter(state, at + 1, end);
    case 'DROP':
      return readDrop(state, at + 1, end);
    case 'RENAME':
      return readRename(state, at + 1, end);
    case 'TRUNCATE':
      return readTruncate(state, at + 1, end);
    case 'ENABLE':
    case 'DISABLE':
      return keywordAt(state, at + 1) === 'TRIGGER' ? readOn(state, at + 2, end) : at + 1;
    case 'REFRESH':
      return readRefresh(state, at + 1, end);
    case 'COPY':
    case 'BULK':
      return readCopy(state, at + 1, end);
    case 'LOAD':
      return readLoad(state, at + 1, end);
    default:
      return at;
  }
}

export const schemaWords: ReadonlySet<string> = new Set(
  'CREATE ALTER DROP ENABLE DISABLE RENAME TRUNCATE REFRESH COPY BULK LOAD'.split(' '),
);

const createWords: ReadonlySet<string> = new Set(
  (
    'OR REPLACE ALTER GLOBAL LOCAL UNLOGGED EXTERNAL FOREIGN VIRTUAL COLUMN UNIQUE CLUSTERED NONCLUSTERED COLUMNSTORE FULLTEXT SPATIAL CUSTOM ' +
    'PRIMARY XML RECURSIVE CONSTRAINT DEFINER INVOKER SQL SECURITY EDITIONABLE FORCE'
  ).split(' '),
);
const temporaryWords: ReadonlySet<string> = new Set(['TEMP', 'TEMPORARY']);
const existsWords: ReadonlySet<string> = new Set(['IF', 'NOT', 'EXISTS', 'ONLY', 'CONCURRENTLY']);

function readCreate(state: SqlState, at: number, end: number): number {
  const first = afterWords(state, at, createWords);
  const kind = afterWords(state, afterWords(state, first, temporaryWords), createWords);
  const isTemporary = kind > first && /^TEMP/.test(keywordAt(state, first));
  switch (keywordAt(state, kind)) {
    case 'TABLE':
    case 'COLUMNFAMILY':
    case 'VIEW':
    case 'DICTIONARY':
      return readCreateTable(state, kind + 1, end, isTemporary);
    case 'MATERIALIZED':
    case 'LIVE':
      return readCreateView(state, kind + 2, end);
    case 'INDEX':
      return readOn(state, kind + 1, end);
    case 'TRIGGER':
    case 'POLICY':
      return readOn(state, kind + 1, end, true);
    default:
      return afterDefinition(state, kind, end);
  }
}

function readCreateTable(state: SqlState, at: number, end: number, isTemporary: boolean): number {
  const name = nameAt(state, afterWords(state, at, existsWords), end);
  if (!name) return unread(state, at);
  if (isTemporary) state.temporary.add(name.name.toLowerCase());
  else addSchemaUse(state, name);
  addForeignKeys(state, name, name.next, end);
  return afterBody(state, name.next, end);
}

/** `CREATE MATERIALIZED VIEW totals TO totals_rows AS SELECT …` of ClickHouse fills another table. */
function readCreateView(state: SqlState, at: number, end: number): number {
  const name = nameAt(state, afterWords(state, at, existsWords), end);
  if (!name) return unread(state, at);
  addSchemaUse(state, name);
  let next = name.next;
  while (next < end && keywordAt(state, next) !== 'AS' && keywordAt(state, next) !== 'TO')
    next = afterToken(state, next, end, noScope);
  const target = keywordAt(state, next) === 'TO' ? nameAt(state, next + 1, end) : undefined;
  if (target) addSchemaUse(state, target, 'write');
  return afterBody(state, target?.next ?? next, end);
}

/** `… ON orders`: an index, trigger or policy belongs to its table. */
function readOn(state: SqlState, at: number, end: number, hasBody = false): number {
  let next = at;
  while (next < end && keywordAt(state, next) !== 'ON') next++;
  const name = nameAt(state, afterWords(state, next + 1, existsWords), end);
  if (!name) return end;
  addSchemaUse(state, name);
  return hasBody ? afterDefinition(state, name.next, end) : afterBody(state, name.next, end);
}

const alterable: ReadonlySet<string> = new Set(['TABLE', 'VIEW', 'MATERIALIZED', 'COLUMNFAMILY', 'FOREIGN', 'IGNORE']);

function readAlter(state: SqlState, at: number, end: number): number {
  const start = afterWords(state, at, alterable);
  if (start === at)
    return keywordAt(state, at) === 'POLICY' || keywordAt(state, at) === 'TRIGGER'
      ? readOn(state, at + 1, end)
      : afterDefinition(state, at, end);
  const name = nameAt(state, afterWords(state, start, existsWords), end);
  if (!name) return unread(state, start);
  const action = keywordAt(state, name.next);
  // ClickHouse changes rows by ALTER TABLE.
  const changesRows = state.dialect === 'clickhouse' && (action === 'UPDATE' || action === 'DELETE');
  addSchemaUse(state, name, changesRows ? 'write' : 'schema');
  addForeignKeys(state, name, name.next, end);
  addRenamed(state, name.next, end);
  return afterAlterations(state, name.next, end);
}

/** `ALTER TABLE orders RENAME TO purchases`, not `RENAME COLUMN a TO b`. */
function addRenamed(state: SqlState, at: number, end: number): void {
  if (keywordAt(state, at) !== 'RENAME' || !/^(?:TO|AS)$/.test(keywordAt(state, at + 1))) return;
  const renamed = nameAt(state, at + 2, end);
  if (renamed) addSchemaUse(state, renamed);
}

function afterAlterations(state: SqlState, at: number, end: number): number {
  for (let next = at; next < end; next = afterToken(state, next, end, noScope)) {
    const word = keywordAt(state, next);
    if (word === 'GO' || word === 'CREATE' || word === 'INSERT') return next;
    if ((word === 'ALTER' || word === 'DROP') && keywordAt(state, next + 1) === 'TABLE' && next > at) return next;
  }
  return end;
}

const droppable: ReadonlySet<string> = new Set([
  'TABLE',
  'VIEW',
  'MATERIALIZED',
  'COLUMNFAMILY',
  'FOREIGN',
  'TEMPORARY',
  'DICTIONARY',
]);

function readDrop(state: SqlState, at: number, end: number): number {
  const start = afterWords(state, at, droppable);
  if (start > at) return readNames(state, afterWords(state, start, existsWords), end, 'schema');
  return /^(?:INDEX|TRIGGER|POLICY|RULE)$/.test(keywordAt(state, at))
    ? readOn(state, at + 1, end)
    : afterDefinition(state, at, end);
}

/** `a, b CASCADE` */
function readNames(state: SqlState, at: number, end: number, op: TableUse['op']): number {
  const query = nextQuery(state);
  let name = nameAt(state, at, end);
  if (!name) return unread(state, at);
  let next = name.next;
  for (; name; name = nextName(state, name, end)) {
    addUse(state, name, { op, via: 'query', query }, noScope);
    next = name.next;
  }
  return afterBody(state, next, end);
}

function nextName(state: SqlState, name: QualifiedName, end: number): QualifiedName | undefined {
  return symbolAt(state, name.next, ',')
    ? nameAt(state, afterWords(state, name.next + 1, existsWords), end)
    : undefined;
}

/** `RENAME TABLE a TO b, c TO d` */
function readRename(state: SqlState, at: number, end: number): number {
  if (!/^TABLES?$/.test(keywordAt(state, at))) return end;
  for (let next = at + 1; next < end; next++) {
    const name = nameAt(state, next, end);
    if (!name) continue;
    if (keywordAt(state, next) !== 'TO') addSchemaUse(state, name);
    next = keywordAt(state, next) === 'TO' ? next : name.next - 1;
  }
  return end;
}

const truncateWords: ReadonlySet<string> = new Set(['TABLE', 'ONLY', 'IF', 'EXISTS', 'COLUMNFAMILY']);

function readTruncate(state: SqlState, at: number, end: number): number {
  return readNames(state, afterWords(state, at, truncateWords), end, 'write');
}

const refreshWords: ReadonlySet<string> = new Set(['MATERIALIZED', 'VIEW', 'CONCURRENTLY']);

function readRefresh(state: SqlState, at: number, end: number): number {
  const start = afterWords(state, at, refreshWords);
  return start > at ? readNames(state, start, end, 'write') : end;
}

const copyWords: ReadonlySet<string> = new Set(['INSERT', 'BINARY']);

/** `COPY orders (id) FROM stdin` writes, `COPY orders TO stdout` reads. */
function readCopy(state: SqlState, at: number, end: number): number {
  const start = afterWords(state, at, copyWords);
  if (symbolAt(state, start, '(')) return afterBody(state, start, end);
  const name = nameAt(state, start, end);
  if (!name) return unread(state, start);
  const next = symbolAt(state, name.next, '(') ? afterToken(state, name.next, end, noScope) : name.next;
  const direction = keywordAt(state, next);
  if (direction !== 'FROM' && direction !== 'TO') return unread(state, next);
  addSchemaUse(state, name, direction === 'FROM' ? 'write' : 'read');
  return end;
}

/** `LOAD DATA INFILE '…' INTO TABLE orders` */
function readLoad(state: SqlState, at: number, end: number): number {
  for (let next = at; next < end; next++) {
    if (keywordAt(state, next) !== 'INTO') continue;
    const name = nameAt(state, afterWords(state, next + 1, truncateWords), end);
    if (name) addSchemaUse(state, name, 'write');
    return end;
  }
  return end;
}

function addSchemaUse(state: SqlState, name: QualifiedName, op: TableUse['op'] = 'schema'): void {
  addUse(state, name, { op, via: 'query', query: nextQuery(state) }, noScope);
}

/** `REFERENCES users (id)`, of a column or of the table. */
function addForeignKeys(state: SqlState, table: QualifiedName, at: number, end: number): void {
  if (!table.known || !isTable(state, table, noScope)) return;
  for (let next = at; next < end; next++) {
    if (keywordAt(state, next) !== 'REFERENCES') continue;
    const target = nameAt(state, next + 1, end);
    if (!target?.known) continue;
    state.foreignKeys.push({
      table: table.name,
      ...(table.schema === undefined ? {} : { schema: table.schema }),
      references: target.name,
      ...(target.schema === undefined ? {} : { referencesSchema: target.schema }),
      offset: target.start,
    });
  }
}

/** Columns and options; stops at the query of `CREATE TABLE … AS SELECT`. */
function afterBody(state: SqlState, at: number, end: number): number {
  let next = at;
  while (next < end && !opensQuery(state, next) && !isStatementStart(state, next))
    next = afterToken(state, next, end, noScope);
  return next;
}

function opensQuery(state: SqlState, at: number): boolean {
  const word = keywordAt(state, at);
  return word === 'SELECT' || (word === 'WITH' && keywordAt(state, at - 1) === 'AS');
}

/** Functions, procedures, triggers: their code is read on its own, where it stands in a text of its own. */
function afterDefinition(state: SqlState, at: number, end: number): number {
  let next = at;
  for (; next < end; next++) {
    const token = state.tokens[next];
    if (token?.kind === 'body') addBody(state, next);
    if (keywordAt(state, next) === 'AS' || keywordAt(state, next) === 'BEGIN') {
      if (isStatementStart(state, next + 1) || keywordAt(state, next + 1) === 'BEGIN') return next + 1;
      if (keywordAt(state, next) === 'BEGIN') return next + 1;
    }
  }
  return next;
}

export function addBody(state: SqlState, at: number): void {
  const token = state.tokens[at];
  if (token?.kind === 'body') state.bodies.push({ text: token.text, offset: token.start + token.keyword.length });
}

function unread(state: SqlState, at: number): number {
  state.complete = false;
  return at;
}
