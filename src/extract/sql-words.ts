import { keywordAt, type SqlState, symbolAt } from './sql-state.ts';

const queryWords: ReadonlySet<string> = new Set(
  'SELECT WITH INSERT REPLACE UPSERT UPDATE DELETE MERGE TABLE VALUES'.split(' '),
);

/** For places where a statement may start; `REPLACE(a, b)` and a column named `update` are no queries. */
export function isQueryStart(state: SqlState, at: number): boolean {
  const word = keywordAt(state, at);
  if (!queryWords.has(word)) return false;
  if (word === 'SELECT') return true;
  const after = state.tokens[at + 1];
  return (
    after !== undefined &&
    (after.kind !== 'symbol' || (word === 'VALUES' && after.text === '(') || (word === 'DELETE' && after.text === '*'))
  );
}

/** A query whose first word is not given: `(￼ FROM orders)`; but `extract(￼ FROM at)` is a call. */
export function isQueryAfterHole(state: SqlState, open: number): boolean {
  const before = state.tokens[open - 1];
  const calls = before?.kind === 'word' && before.end === state.tokens[open]?.start;
  return (
    !calls && state.tokens[open + 1]?.kind === 'hole' && /^(?:SELECT|FROM|UNION)$/.test(keywordAt(state, open + 2))
  );
}

const statementWords: ReadonlySet<string> = new Set(
  'SELECT INSERT UPDATE DELETE MERGE TRUNCATE CREATE ALTER DROP DECLARE EXEC EXECUTE GRANT COMMIT ROLLBACK USE'.split(
    ' ',
  ),
);
const transactSqlWords: ReadonlySet<string> = new Set(
  'IF ELSE BEGIN GO RETURN WHILE PRINT RAISERROR OPEN FETCH CLOSE DEALLOCATE'.split(' '),
);
const operandsFollow: ReadonlySet<string> = new Set(
  (
    'SELECT FROM WHERE AND OR NOT ON BY SET FOR KEY DO OF AFTER BEFORE INSTEAD IN LIKE BETWEEN CASE WHEN HAVING DISTINCT ALL JOIN INTO USING ' +
    'RETURNING LIMIT OFFSET IS UNION EXCEPT INTERSECT MINUS VALUES UPDATE DELETE INSERT TO COLUMN ADD TABLE EXISTS'
  ).split(' '),
);

/** Statements need no semicolon between them in T-SQL, in function bodies and behind CTEs. */
export function isStatementStart(state: SqlState, at: number): boolean {
  const word = keywordAt(state, at);
  if (transactSqlWords.has(word)) return state.dialect === 'mssql' && startsTransactSql(state, at, word);
  if (!statementWords.has(word)) return false;
  const before = state.tokens[at - 1];
  if (before?.kind === 'symbol' && before.text !== ')' && before.text !== ';' && before.text !== ']') return false;
  if (before !== undefined && operandsFollow.has(before.keyword)) return false;
  if (word === 'SELECT') return true;
  const after = state.tokens[at + 1];
  // `USE INDEX (a)` is a hint.
  if (word === 'USE' && /^(?:INDEX|KEY)$/.test(after?.keyword ?? '')) return false;
  if (before?.keyword === 'AS' && (!after || after.kind === 'symbol' || after.keyword === 'FROM')) return false;
  if (after?.kind === 'symbol') return word === 'EXEC' && after.text === '(';
  if (after === undefined || after.kind === 'number' || after.keyword === 'AS') return false;
  return after.keyword !== 'FROM' || word === 'DELETE';
}

/** `OFFSET 0 ROWS FETCH NEXT 10 ROWS ONLY` is part of a query. */
function startsTransactSql(state: SqlState, at: number, word: string): boolean {
  if (word === 'FETCH') return keywordAt(state, at - 1) !== 'ROWS' && keywordAt(state, at - 1) !== 'ROW';
  return !symbolAt(state, at - 1, '.') && !symbolAt(state, at - 1, ',');
}
