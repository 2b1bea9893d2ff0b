import {
  afterParenthesis,
  afterWords,
  keywordAt,
  nameAt,
  type QualifiedName,
  type SqlState,
  stateOf,
  symbolAt,
} from './sql-state.ts';
import { afterBlank, tokensOf } from './sql-tokens.ts';
import { isQueryStart } from './sql-words.ts';

/** Enough to tell; texts may be long. */
const examined = 4000;

/**
 * Whether a text is a statement of SQL that may name tables: cheap, and strict enough that prose such as
 * `Select a user from the list` or `update your profile` does not pass.
 */
export function looksLikeSql(text: string): boolean {
  if (!mayStart(text)) return false;
  const tokens = tokensOf(text.slice(0, examined), 'unknown');
  const state = stateOf(tokens, 'unknown', () => undefined, new Set());
  const at = afterPrelude(state);
  const verb = tokens[at];
  const shape = verb?.kind === 'word' ? shapes[verb.keyword] : undefined;
  if (!verb || !shape?.(state, at + 1, text.length > examined)) return false;
  if (verb.text === verb.keyword) return true;
  if (hasEvidence(state)) return true;
  return verb.text === verb.keyword.toLowerCase() && verb.keyword !== 'WITH' && !hasTwoWordsInList(state, at);
}

const firstWord =
  /(?:SELECT|INSERT|REPLACE|UPSERT|UPDATE|DELETE|WITH|MERGE|TRUNCATE|COPY|CREATE|ALTER|DROP|RENAME|REFRESH|DO|LOAD|BULK|BEGIN|START|SET|USE|EXPLAIN|DECLARE|IF)(?![\w-])/iy;

/** Most texts are settled by their first word. */
function mayStart(text: string): boolean {
  let at = 0;
  while (at < examined && at < text.length) {
    const past = /[;(\uFFFC]/.test(text.charAt(at)) ? at + 1 : afterBlank(text, at, 'unknown');
    if (past === at) break;
    at = past;
  }
  firstWord.lastIndex = at;
  return firstWord.test(text);
}

const preludes: ReadonlySet<string> = new Set(['BEGIN', 'START', 'SET', 'USE', 'EXPLAIN', 'DECLARE']);

/** Behind parentheses, holes, `EXPLAIN ANALYZE`, and statements that only prepare another one. */
function afterPrelude(state: SqlState): number {
  let at = 0;
  while (symbolAt(state, at, '(') || symbolAt(state, at, ';') || state.tokens[at]?.kind === 'hole') at++;
  const word = keywordAt(state, at);
  if (!preludes.has(word)) return at;
  for (let next = at + 1; next < state.tokens.length; next++) {
    const starts =
      word === 'EXPLAIN' ||
      word === 'DECLARE' ||
      symbolAt(state, next - 1, ';') ||
      /^(?:BATCH|BEGIN)$/.test(keywordAt(state, next - 1));
    if (starts && Object.hasOwn(shapes, keywordAt(state, next))) return next;
  }
  return at;
}

type Shape = (state: SqlState, at: number, isCut: boolean) => boolean;

const insertWords: ReadonlySet<string> = new Set(
  'LOW_PRIORITY DELAYED HIGH_PRIORITY IGNORE OVERWRITE OR ROLLBACK ABORT FAIL REPLACE INTO TABLE'.split(' '),
);
const onlyWords: ReadonlySet<string> = new Set(['ONLY', 'IF', 'NOT', 'EXISTS', 'CONCURRENTLY', 'LATERAL']);
const createWords: ReadonlySet<string> = new Set(
  'OR REPLACE ALTER GLOBAL LOCAL TEMP TEMPORARY UNLOGGED EXTERNAL FOREIGN VIRTUAL UNIQUE CLUSTERED NONCLUSTERED FULLTEXT SPATIAL CUSTOM MATERIALIZED RECURSIVE CONSTRAINT'.split(
    ' ',
  ),
);

const shapes: Readonly<Record<string, Shape | undefined>> = {
  SELECT: isSelect,
  INSERT: (state, at, isCut) => isInsert(state, afterWords(state, at, insertWords), isCut),
  REPLACE: (state, at, isCut) =>
    keywordAt(state, at) === 'INTO' && at + 2 < state.tokens.length && isInsert(state, at + 1, isCut),
  UPSERT: (state, at, isCut) => keywordAt(state, at) === 'INTO' && isInsert(state, at + 1, isCut),
  UPDATE: isUpdate,
  DELETE: isDelete,
  WITH: isWith,
  MERGE: (state, at) =>
    tableAt(state, afterWords(state, at, insertWords)) !== undefined &&
    has(state, at, 'USING') &&
    has(state, at, 'WHEN'),
  TRUNCATE: isTruncate,
  COPY: isCopy,
  CREATE: isCreate,
  ALTER: isAlter,
  DROP: isDrop,
  RENAME: (state, at) => keywordAt(state, at) === 'TABLE' && has(state, at, 'TO'),
  REFRESH: (state, at) => keywordAt(state, at) === 'MATERIALIZED' && keywordAt(state, at + 1) === 'VIEW',
  DO: (state, at) =>
    state.tokens[at]?.kind === 'body' || (keywordAt(state, at) === 'LANGUAGE' && state.tokens[at + 2]?.kind === 'body'),
  LOAD: (state, at) => keywordAt(state, at) === 'DATA' && has(state, at, 'TABLE'),
  BULK: (state, at) => keywordAt(state, at) === 'INSERT' && has(state, at, 'FROM'),
  IF: (state, at) => {
    const test = afterWords(state, at, onlyWords);
    return (
      symbolAt(state, test, '(') && keywordAt(state, test - 1) === 'EXISTS' && keywordAt(state, test + 1) === 'SELECT'
    );
  },
};

function isSelect(state: SqlState, at: number, isCut: boolean): boolean {
  const from = find(state, at, 'FROM');
  if (from !== undefined) return symbolAt(state, from + 1, '(') || isLastInClause(state, from + 1);
  const first = state.tokens[at];
  if (!first) return false;
  if (hasSubquery(state, at) || (first.kind === 'word' && touches(state, at, '('))) return true;
  return (
    state.tokens[at - 1]?.text === 'SELECT' &&
    (isCut || (first.kind !== 'word' && first.kind !== 'quoted' && first.kind !== 'symbol'))
  );
}

function hasSubquery(state: SqlState, from: number): boolean {
  return state.tokens.some((_, at) => at >= from && symbolAt(state, at, '(') && keywordAt(state, at + 1) === 'SELECT');
}

/** A table with or without alias, and behind it the end or something that only SQL says. */
function isLastInClause(state: SqlState, at: number): boolean {
  const table = tableAt(state, afterWords(state, at, onlyWords));
  if (!table) return false;
  if (touches(state, table.next - 1, '(') || isClauseEnd(state, table.next)) return true;
  const alias = keywordAt(state, table.next) === 'AS' ? table.next + 1 : table.next;
  const token = state.tokens[alias];
  return (token?.kind === 'word' || token?.kind === 'quoted') && isClauseEnd(state, alias + 1);
}

const clauseWords: ReadonlySet<string> = new Set(
  (
    'WHERE PREWHERE LEFT RIGHT FULL INNER OUTER CROSS NATURAL JOIN GLOBAL ANY ASOF ARRAY GROUP ORDER HAVING LIMIT OFFSET FETCH FOR UNION INTERSECT ' +
    'EXCEPT MINUS WINDOW RETURNING SETTINGS FORMAT OPTION ALLOW FINAL SAMPLE TABLESAMPLE WITH USE FORCE USING ON SET STRAIGHT_JOIN PARTITION OUTPUT ' +
    'QUALIFY INDEXED LOCK IF'
  ).split(' '),
);

function isClauseEnd(state: SqlState, at: number): boolean {
  const token = state.tokens[at];
  if (!token || token.kind === 'hole' || token.kind === 'parameter') return true;
  return token.kind === 'symbol' ? /[;,)*(]/.test(token.text) : clauseWords.has(token.keyword);
}

const sources: ReadonlySet<string> = new Set(
  'VALUES VALUE SELECT SET DEFAULT WITH JSON FORMAT OUTPUT EXEC AS OVERRIDING TABLE ON RETURNING'.split(' '),
);

function isInsert(state: SqlState, at: number, isCut: boolean): boolean {
  if (keywordAt(state, at) === 'FUNCTION') return true;
  const table = tableAt(state, at);
  if (!table) return false;
  const columns = symbolAt(state, table.next, '(');
  const next = columns ? afterParenthesis(state, table.next) : table.next;
  const token = state.tokens[next];
  if (!token) return columns || isCut || keywordAt(state, at - 1) === 'INTO';
  return (
    sources.has(token.keyword) ||
    token.kind === 'hole' ||
    token.kind === 'parameter' ||
    symbolAt(state, next, ';') ||
    symbolAt(state, next, '(')
  );
}

const updateWords: ReadonlySet<string> = new Set('LOW_PRIORITY IGNORE OR ROLLBACK ABORT FAIL REPLACE ONLY'.split(' '));

/** `UPDATE orders … SET status =`; where holes stand the sign may be missing. */
function isUpdate(state: SqlState, at: number): boolean {
  const start = afterWords(state, at, updateWords);
  const table = tableAt(state, start);
  const set = find(state, start, 'SET');
  const first = set === undefined ? undefined : state.tokens[set + 1];
  if (!table || set === undefined || !first || (set > table.next + 2 && !isTarget(state, table.next, set)))
    return false;
  const column = nameAt(state, set + 1, state.tokens.length);
  if (first.kind === 'hole' || first.kind === 'parameter' || symbolAt(state, set + 1, '(') || !column)
    return first.kind !== 'word';
  const sign = state.tokens[column.next];
  return (
    !sign ||
    sign.kind === 'hole' ||
    (sign.kind === 'symbol' && /[-+*/|=[(:]/.test(sign.text)) ||
    sign.kind === 'parameter'
  );
}

/** Between the table and SET: hints, joins, a hole, `USING TTL`. */
function isTarget(state: SqlState, at: number, end: number): boolean {
  return state.tokens
    .slice(at, end)
    .some(
      token => /^(?:JOIN|WITH|USING|AS)$/.test(token.keyword) || /^[,(]$/.test(token.text) || token.kind === 'hole',
    );
}

function isDelete(state: SqlState, at: number): boolean {
  if (keywordAt(state, at) === 'FROM') return isLastInClause(state, at + 1);
  if (symbolAt(state, at, '*') || keywordAt(state, at) === 'TOP') return has(state, at, 'FROM');
  let next = tableAt(state, at)?.next;
  while (next !== undefined && symbolAt(state, next, ',')) next = tableAt(state, next + 1)?.next;
  const isCapital = state.tokens[at - 1]?.text === 'DELETE';
  return (
    next !== undefined &&
    keywordAt(state, next) === 'FROM' &&
    isLastInClause(state, next + 1) &&
    (isCapital || has(state, next, 'WHERE'))
  );
}

function isWith(state: SqlState, at: number): boolean {
  const start = keywordAt(state, at) === 'RECURSIVE' ? at + 1 : at;
  if (state.tokens[start]?.kind === 'hole') return has(state, start, 'SELECT');
  const name = nameAt(state, start, state.tokens.length);
  if (!name) return symbolAt(state, start, '(') && has(state, start, 'SELECT');
  const as = symbolAt(state, name.next, '(') ? afterParenthesis(state, name.next) : name.next;
  if (keywordAt(state, as) !== 'AS') return false;
  const open = afterWords(state, as + 1, new Set(['NOT', 'MATERIALIZED']));
  const isQuery =
    isQueryStart(state, open + 1) || symbolAt(state, open + 1, '(') || state.tokens[open + 1]?.kind === 'hole';
  return symbolAt(state, open, '(') ? isQuery : has(state, start, 'SELECT') && has(state, start, 'FROM');
}

/** Without the word TABLE only in capitals: `truncate text` is prose. */
function isTruncate(state: SqlState, at: number): boolean {
  const isNamed = keywordAt(state, at) === 'TABLE';
  const table = tableAt(state, afterWords(state, isNamed ? at + 1 : at, onlyWords));
  if (!table || (!isNamed && state.tokens[at - 1]?.text !== 'TRUNCATE')) return false;
  return isClauseEnd(state, table.next) || /^(?:CASCADE|RESTART|CONTINUE|RESTRICT)$/.test(keywordAt(state, table.next));
}

function isCopy(state: SqlState, at: number): boolean {
  const table = tableAt(state, at);
  const columns = table?.next ?? at;
  const next = symbolAt(state, columns, '(') ? afterParenthesis(state, columns) : columns;
  if (next === at || !/^(?:FROM|TO)$/.test(keywordAt(state, next))) return false;
  const end = state.tokens[next + 1];
  return end !== undefined && (end.kind !== 'word' || /^(?:STDIN|STDOUT|PROGRAM)$/.test(end.keyword));
}

function isCreate(state: SqlState, at: number): boolean {
  const kind = afterWords(state, at, createWords);
  const named = nameAt(state, afterWords(state, kind + 1, onlyWords), state.tokens.length);
  switch (keywordAt(state, kind)) {
    case 'TABLE':
    case 'COLUMNFAMILY':
      return named !== undefined && isTableBody(state, named.next);
    case 'VIEW':
      return named !== undefined && has(state, named.next, 'AS') && has(state, named.next, 'SELECT');
    case 'INDEX':
    case 'TRIGGER':
    case 'POLICY':
      return (
        has(state, kind, 'ON') &&
        (keywordAt(state, kind) !== 'INDEX' ||
          state.tokens.slice(kind).some(token => token.text === '(' || token.kind === 'hole'))
      );
    case 'FUNCTION':
    case 'PROCEDURE':
      return (
        named !== undefined && (has(state, kind, 'AS') || has(state, kind, 'BEGIN') || has(state, kind, 'RETURNS'))
      );
    case 'DATABASE':
    case 'SCHEMA':
    case 'KEYSPACE':
    case 'EXTENSION':
    case 'TYPE':
    case 'SEQUENCE':
      return named !== undefined && (state.tokens[at - 1]?.text === 'CREATE' || isClauseEnd(state, named.next));
    default:
      return false;
  }
}

/** `(id int …` or `AS SELECT …`; a list in prose has one word between its commas. */
function isTableBody(state: SqlState, at: number): boolean {
  if (!symbolAt(state, at, '('))
    return state.tokens[at]?.kind === 'hole' || /^(?:AS|LIKE|PARTITION|ON|USING|OF|ENGINE)$/.test(keywordAt(state, at));
  const second = state.tokens[at + 2];
  return (
    state.tokens[at + 1]?.kind === 'hole' ||
    keywordAt(state, at + 1) === 'SELECT' ||
    (second !== undefined && second.kind !== 'symbol')
  );
}

const alterations: ReadonlySet<string> = new Set(
  (
    'ADD DROP ALTER RENAME MODIFY CHANGE SET OWNER ENABLE DISABLE ATTACH DETACH VALIDATE WITH UPDATE DELETE ENGINE CONVERT COMMENT FORCE NO INHERIT ' +
    'REPLICA CLUSTER ON APPLY PARTITION EXCHANGE MATERIALIZE CLEAR FREEZE SWITCH REBUILD CHECK NOCHECK AS RESTART OWNED'
  ).split(' '),
);

function isAlter(state: SqlState, at: number): boolean {
  const kind = afterWords(state, at, createWords);
  if (!/^(?:TABLE|VIEW|INDEX|SEQUENCE|TYPE|DATABASE|SCHEMA|COLUMNFAMILY|KEYSPACE)$/.test(keywordAt(state, kind)))
    return false;
  const named = tableAt(state, afterWords(state, kind + 1, onlyWords));
  if (named !== undefined && named.next === state.tokens.length) return state.tokens[at - 1]?.text === 'ALTER';
  return (
    named !== undefined && (alterations.has(keywordAt(state, named.next)) || state.tokens[named.next]?.kind === 'hole')
  );
}

function isDrop(state: SqlState, at: number): boolean {
  const kind = afterWords(state, at, createWords);
  if (
    !/^(?:TABLE|VIEW|INDEX|DATABASE|SCHEMA|SEQUENCE|TYPE|TRIGGER|POLICY|FUNCTION|PROCEDURE|KEYSPACE|COLUMNFAMILY)$/.test(
      keywordAt(state, kind),
    )
  )
    return false;
  const named = tableAt(state, afterWords(state, kind + 1, onlyWords));
  return (
    named !== undefined &&
    (isClauseEnd(state, named.next) || /^(?:CASCADE|RESTRICT|SYNC)$/.test(keywordAt(state, named.next)))
  );
}

const determiners: ReadonlySet<string> = new Set(
  'THE A AN YOUR THIS THAT THESE THOSE OUR THEIR ITS MY HIS HER EACH EVERY SOME ANY ALL ONE ANOTHER WHICH'.split(' '),
);

/** The name of a table; in `from the list` and `update your profile` there is none, in `FROM a WHERE …` there is. */
function tableAt(state: SqlState, at: number): QualifiedName | undefined {
  const following = keywordAt(state, at + 1);
  const isProse =
    determiners.has(keywordAt(state, at)) && following !== '' && !clauseWords.has(following) && !sources.has(following);
  return isProse ? undefined : nameAt(state, at, state.tokens.length);
}

/** The word outside of parentheses, in the first statement. */
function find(state: SqlState, from: number, word: string): number | undefined {
  for (
    let at = from;
    at < state.tokens.length && !symbolAt(state, at, ';');
    at = symbolAt(state, at, '(') ? afterParenthesis(state, at) : at + 1
  ) {
    if (keywordAt(state, at) === word) return at;
  }
  return undefined;
}

function has(state: SqlState, from: number, word: string): boolean {
  return find(state, from, word) !== undefined;
}

function touches(state: SqlState, at: number, symbol: string): boolean {
  return symbolAt(state, at + 1, symbol) && state.tokens[at]?.end === state.tokens[at + 1]?.start;
}

/** Signs that a sentence does not hold. */
function hasEvidence(state: SqlState): boolean {
  return state.tokens.some((token, at) => {
    if (token.kind === 'symbol') return /[*=<>]/.test(token.text);
    if (token.kind === 'word')
      return (
        /[_$]/.test(token.text) ||
        touches(state, at, '(') ||
        (touches(state, at, '.') && touches(state, at + 1, state.tokens[at + 2]?.text ?? ''))
      );
    return token.kind === 'parameter' || token.kind === 'quoted' || token.kind === 'body';
  });
}

/** `select a user from orders`: two names in a row with no sign around them. */
function hasTwoWordsInList(state: SqlState, at: number): boolean {
  const end = find(state, at, 'FROM') ?? at;
  for (let next = at + 1; next + 1 < end; next++) {
    if (/^(?:DISTINCT|ALL|AS)$/.test(keywordAt(state, next)) || keywordAt(state, next + 1) === 'AS') continue;
    if (keywordAt(state, next) !== '' && keywordAt(state, next + 1) !== '') return true;
  }
  return false;
}
