import { afterToken } from './sql-from.ts';
import { readParenthesis, readQueries } from './sql-queries.ts';
import type { ForeignKey, SqlDialect, SqlReading, TableUse, UnresolvedTable } from './sql-reading.ts';
import { addBody, readSchemaStatement, schemaWords } from './sql-schema.ts';
import { looksLikeSql } from './sql-shape.ts';
import { afterParenthesis, keywordAt, noScope, type SqlState, stateOf, symbolAt } from './sql-state.ts';
import { tokensOf } from './sql-tokens.ts';
import { isQueryStart, isStatementStart } from './sql-words.ts';

/** Functions that make functions end somewhere. */
const deepest = 4;

/** Our own reader: knows where tables stand in a statement of any dialect, and passes over what it does not know. */
export function readStatements(
  text: string,
  dialect: SqlDialect,
  temporary: Set<string> = new Set(),
  depth = 0,
): SqlReading {
  const state = stateOf(tokensOf(text, dialect), dialect, readParenthesis, temporary);
  for (const [start, end] of statementsOf(state)) readStatement(state, start, end);
  const inner =
    depth < deepest
      ? state.bodies.map(body => shifted(readStatements(body.text, dialect, temporary, depth + 1), body.offset, state))
      : [];
  return {
    uses: [...state.uses, ...inner.flatMap(one => one.uses)].sort(byOffset),
    unresolved: [...state.unresolved, ...inner.flatMap(one => one.unresolved)].sort(byOffset),
    foreignKeys: [...state.foreignKeys, ...inner.flatMap(one => one.foreignKeys)].sort(byOffset),
    complete: state.complete && state.bodies.length === 0,
  };
}

function byOffset(one: { readonly offset: number }, other: { readonly offset: number }): number {
  return one.offset - other.offset;
}

/** Offsets and query numbers of a body, as they count in the text around it. */
function shifted(reading: SqlReading, offset: number, state: SqlState): SqlReading {
  const queries = state.queries;
  const moved = <Found extends TableUse | UnresolvedTable>(found: Found): Found => ({
    ...found,
    offset: found.offset + offset,
    query: found.query + queries,
  });
  const uses = reading.uses.map(moved);
  const unresolved = reading.unresolved.map(moved);
  const foreignKeys = reading.foreignKeys.map((key): ForeignKey => ({ ...key, offset: key.offset + offset }));
  state.queries = Math.max(queries, ...uses.map(use => use.query + 1), ...unresolved.map(use => use.query + 1));
  return { ...reading, uses, unresolved, foreignKeys };
}

function statementsOf(state: SqlState): [start: number, end: number][] {
  const { tokens, dialect } = state;
  const ranges: [number, number][] = [];
  let start = 0;
  for (let at = 0; at < tokens.length; at++) {
    const close = symbolAt(state, at, '(') ? afterParenthesis(state, at) - 1 : at;
    // An open parenthesis must not swallow the statements behind it.
    if (close > at && close < tokens.length) at = close;
    else if (symbolAt(state, at, ';') || (dialect === 'mssql' && keywordAt(state, at) === 'GO')) {
      ranges.push([start, at]);
      start = at + 1;
    }
  }
  return [...ranges, [start, tokens.length]];
}

function readStatement(state: SqlState, start: number, end: number): void {
  let at = start;
  while (at < end) {
    const word = keywordAt(state, at);
    if (schemaWords.has(word)) at = Math.max(at + 1, readSchemaStatement(state, at, end));
    else if (
      isQueryStart(state, at) ||
      symbolAt(state, at, '(') ||
      state.tokens[at]?.kind === 'hole' ||
      word === 'PERFORM'
    )
      at = Math.max(at + 1, readQueries(state, at, end, noScope));
    else if (passedOver.has(word)) return;
    else at = afterOther(state, at, end);
  }
}

const passedOver: ReadonlySet<string> = new Set(
  'GRANT REVOKE LOCK UNLOCK COMMENT SHOW DESCRIBE DESC PRAGMA ANALYZE VACUUM CLUSTER REINDEX'.split(' '),
);
const known: ReadonlySet<string> = new Set(
  (
    'EXPLAIN BEGIN START COMMIT END ROLLBACK SAVEPOINT RELEASE SET RESET USE GO LISTEN UNLISTEN NOTIFY FETCH CLOSE DEALLOCATE DISCARD CALL OPTIMIZE ' +
    'ATTACH DETACH PRINT APPLY CHECKPOINT FLUSH KILL PREPARE'
  ).split(' '),
);

/** Control flow, transactions, assignments: on to the query that they may hold. */
function afterOther(state: SqlState, at: number, end: number): number {
  const word = keywordAt(state, at);
  const runsText = word === 'EXECUTE' || word === 'EXEC';
  const holdsBody = word === 'DO' || word === 'DELIMITER';
  if (!isKnown(state, at)) state.complete = false;
  let next = at + 1;
  while (next < end && !isNextStatement(state, next)) {
    if (runsText) addTextBody(state, next);
    if (holdsBody) addBody(state, next);
    next = afterToken(state, next, end, noScope);
  }
  return next;
}

const transactSqlWords: ReadonlySet<string> = new Set(
  'IF ELSE DECLARE WHILE RETURN BREAK CONTINUE GOTO THROW RAISERROR OPEN WAITFOR EXEC EXECUTE TRY CATCH REVERT'.split(
    ' ',
  ),
);

/** Text that is put together at run time may name any table. */
function isKnown(state: SqlState, at: number): boolean {
  const word = keywordAt(state, at);
  if (word === 'EXEC' || word === 'EXECUTE')
    return !symbolAt(state, at + 1, '(') && keywordAt(state, at + 1) !== 'SP_EXECUTESQL' && state.dialect === 'mssql';
  return known.has(word) || symbolAt(state, at, ')') || (state.dialect === 'mssql' && transactSqlWords.has(word));
}

function isNextStatement(state: SqlState, at: number): boolean {
  const word = keywordAt(state, at);
  if (word === 'SELECT' || word === 'PERFORM' || (word === 'WITH' && isQueryStart(state, at))) return true;
  return isStatementStart(state, at);
}

/** `EXECUTE 'DELETE FROM orders'` */
function addTextBody(state: SqlState, at: number): void {
  const token = state.tokens[at];
  if (token?.kind !== 'string' || !looksLikeSql(token.text)) return;
  // Of the same length, so that offsets stay true.
  state.bodies.push({ text: token.text.replaceAll("''", "' "), offset: token.end - 1 - token.text.length });
}
