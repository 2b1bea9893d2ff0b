import { hole, type SqlDialect } from './sql-reading.ts';

/** `body` is a dollar-quoted text: the code of a function or a DO block. */
export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'parameter' | 'hole' | 'body' | 'symbol';

export interface Token {
  readonly kind: TokenKind;
  /** Without quotes. */
  readonly text: string;
  /** In capitals, for words alone; empty otherwise, so that a quoted name is never taken for a keyword. */
  readonly keyword: string;
  readonly start: number;
  readonly end: number;
}

/** Never fails: what is left open runs to the end of the text. */
export function tokensOf(text: string, dialect: SqlDialect): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let statement = 0;
  while (at < text.length) {
    const past = afterBlank(text, at, dialect);
    if (past > at) {
      at = past;
      continue;
    }
    const token = tokenAt(text, at, dialect, tokens.at(-1));
    tokens.push(token);
    at = token.end;
    if (token.text === ';' && token.kind === 'symbol') {
      if (isCopyFromStdin(tokens, statement)) at = afterCopiedRows(text, at);
      statement = tokens.length;
    }
  }
  return tokens;
}

const blank = /[\s\uFEFF]+/y;

/** Behind a blank or a comment; `at` itself where none stands. */
export function afterBlank(text: string, at: number, dialect: SqlDialect): number {
  const first = text.charAt(at);
  if (!/[\s\uFEFF#/\\-]/.test(first)) return at;
  const space = match(blank, text, at);
  if (space) return at + space.length;
  const two = text.slice(at, at + 2);
  // A command of psql, as `\connect orders`.
  if (first === '\\' && /^\\[a-z!]/.test(two) && (at === 0 || text.charAt(at - 1) === '\n')) return endOfLine(text, at);
  if (two === '--') return endOfLine(text, at);
  if (two === '/*') return afterBlockComment(text, at);
  if (two === '//' && dialect === 'cassandra') return endOfLine(text, at);
  if (two[0] === '#' && (dialect === 'mysql' || (dialect === 'unknown' && /^#\s/.test(two))))
    return endOfLine(text, at);
  return at;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}

const deepestComment = 10;
const commentEdge = /\/\*|\*\//g;

/** Nested as in postgres; where that leaves the comment open, the first end counts, as everywhere else. */
function afterBlockComment(text: string, at: number): number {
  let depth = 0;
  commentEdge.lastIndex = at;
  for (let edge = commentEdge.exec(text); edge && depth < deepestComment; edge = commentEdge.exec(text)) {
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return commentEdge.lastIndex;
  }
  const end = text.indexOf('*/', at + 2);
  return end === -1 ? text.length : end + 2;
}

const wordStart = /[\p{L}_\uFFFC]/u;
const word = /[\p{L}\p{M}\p{N}_$\uFFFC]+/uy;
const temporaryName = /##?[\p{L}_][\p{L}\p{N}_$#]*/uy;
const number = /(?:0x[0-9a-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?)/iy;
const dollarQuote = /\$(?:[A-Za-z_]\w*)?\$/y;
const parameter =
  /\$\([^)\n]*\)|\$\{[^}\n]*\}|\$\w+|\?\?|\?\d*|:(?!:)\w+:?|@@?[\w.#$]*|%s|%\(\w+\)s|\{[^{}\n]{0,200}\}|\{\{[^{}\n]{0,200}\}\}/y;
const prefixFirst = /[ENBXU_]/i;
const stringPrefix = /(?:[ENBX]|U&|_utf8(?:mb4)?)(?=')/iy;

function tokenAt(text: string, at: number, dialect: SqlDialect, previous: Token | undefined): Token {
  const first = text.charAt(at);
  const prefix = prefixFirst.test(first) ? match(stringPrefix, text, at) : undefined;
  if (first === "'" || prefix) return stringAt(text, at, prefix ?? '', dialect);
  if (first === '"' || first === '`') return quotedAt(text, at, first);
  if (first === '[' && opensName(text, at, dialect, previous)) return quotedAt(text, at, ']');
  if (wordStart.test(first)) return wordAt(text, at, match(word, text, at) ?? first);
  const digits = /\d/.test(first) ? match(number, text, at) : undefined;
  if (digits) return token('number', text, at, at + digits.length);
  const tag = first !== '$' || dialect === 'mysql' || dialect === 'mssql' ? undefined : match(dollarQuote, text, at);
  if (tag) return bodyAt(text, at, tag);
  if (first === '#') {
    const temporary = match(temporaryName, text, at);
    if (temporary) return wordAt(text, at, temporary);
  }
  const given = /[$?:@%{]/.test(first) ? match(parameter, text, at) : undefined;
  if (given && !isOperator(given, text, at, previous)) return token('parameter', text, at, at + given.length);
  return token('symbol', text, at, at + 1);
}

/** `a ? 'key'` of jsonb and the slice `a[1:n]` are no parameters. */
function isOperator(given: string, text: string, at: number, previous: Token | undefined): boolean {
  if (given === '@' || given === '@@') return true;
  if (given.startsWith('?'))
    return /^\?+[|&]/.test(text.slice(at, at + 3)) || (previous?.end !== at && /^\?\s*'/.test(text.slice(at, at + 8)));
  if (given.startsWith(':')) return previous?.end === at && previous.kind === 'number';
  return false;
}

function wordAt(text: string, at: number, name: string): Token {
  if (name === hole) return token('hole', text, at, at + 1);
  return { kind: 'word', text: name, keyword: name.toUpperCase(), start: at, end: at + name.length };
}

/** In `SELECT [Id] FROM [dbo].[Orders]` brackets quote; right after a name or in `ARRAY[1]` they index. */
function opensName(text: string, at: number, dialect: SqlDialect, previous: Token | undefined): boolean {
  if (dialect === 'mssql') return true;
  if (dialect !== 'unknown' && dialect !== 'sqlite') return false;
  const touches =
    previous?.end === at &&
    (previous.kind === 'word' || previous.kind === 'quoted' || previous.text === ')' || previous.text === ']');
  return !touches && /^\[[\p{L}_\uFFFC][^\]\n,'"()]*\]/u.test(text.slice(at, at + 140));
}

function quotedAt(text: string, at: number, close: string): Token {
  let end = text.indexOf(close, at + 1);
  while (end !== -1 && text.charAt(end + 1) === close) end = text.indexOf(close, end + 2);
  if (end === -1) return token('symbol', text, at, at + 1);
  const name = text.slice(at + 1, end).replaceAll(close + close, close);
  return { kind: name === hole ? 'hole' : 'quoted', text: name, keyword: '', start: at, end: end + 1 };
}

const backslashes: Readonly<Record<SqlDialect, boolean>> = {
  postgres: false,
  mysql: true,
  mssql: false,
  sqlite: false,
  clickhouse: true,
  cassandra: false,
  unknown: false,
};

function stringAt(text: string, at: number, prefix: string, dialect: SqlDialect): Token {
  const open = at + prefix.length;
  const escapes = backslashes[dialect] || prefix.toUpperCase() === 'E';
  for (let end = open + 1; end < text.length; end++) {
    const char = text.charAt(end);
    if (char === '\\' && (escapes || (dialect === 'unknown' && isEscapedQuote(text, end)))) end++;
    else if (char === "'" && text.charAt(end + 1) === "'") end++;
    else if (char === "'")
      return { kind: 'string', text: text.slice(open + 1, end), keyword: '', start: at, end: end + 1 };
  }
  return { kind: 'string', text: text.slice(open + 1), keyword: '', start: at, end: text.length };
}

/** `'it\'s'` escapes, `'C:\'` does not: what follows a closing quote is never a letter. */
function isEscapedQuote(text: string, at: number): boolean {
  return /^\\(?:\\|'[\p{L}\p{N}])/u.test(text.slice(at, at + 3));
}

function bodyAt(text: string, at: number, tag: string): Token {
  const close = text.indexOf(tag, at + tag.length);
  const end = close === -1 ? text.length : close;
  return {
    kind: 'body',
    text: text.slice(at + tag.length, end),
    keyword: tag,
    start: at,
    end: Math.min(end + tag.length, text.length),
  };
}

function token(kind: TokenKind, text: string, start: number, end: number): Token {
  return { kind, text: text.slice(start, end), keyword: '', start, end };
}

function isCopyFromStdin(tokens: readonly Token[], from: number): boolean {
  return tokens[from]?.keyword === 'COPY' && tokens.slice(from).some(one => one.keyword === 'STDIN');
}

const endOfRows = /^\\\.\s*$/gm;

function afterCopiedRows(text: string, at: number): number {
  endOfRows.lastIndex = at;
  return endOfRows.exec(text) ? endOfRows.lastIndex : at;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
