import type { Evidence } from '../model/system.ts';
import { type Entry, parseYaml, type Value } from './yaml.ts';

/** A JSON file with the place of each key and value; comments and trailing commas are forgiven. */
export function jsonOf(file: string, text: string): Value | undefined {
  let plain: unknown;
  try {
    plain = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const bare = text
      .replace(/^[ \t]*\/\/.*$/gm, '')
      .replace(/\/\*[\s\S]*?(?:\*\/|$)/g, comment => comment.replace(/[^\n]/g, ' '));
    const { documents, problems } = parseYaml(file, bare.replace(/\t/g, ' '));
    return problems.length ? undefined : documents[0];
  }
  return placed(plain, { file, text, offset: 0, line: 1, start: 0, end: endOfLine(text, 0), missed: 0 }, 0);
}

/** JSON.parse keeps the order of keys, so one forward search finds each token's place. */
interface Cursor {
  readonly file: string;
  readonly text: string;
  offset: number;
  /** Tokens that are not where they are looked for: numbers written another way, keys in another order. */
  missed: number;
  line: number;
  /** Where its line starts and ends. */
  start: number;
  end: number;
}

const deepest = 200;

/** Each token that is missed costs a search through the rest of the file. */
const mostMissed = 100;

function placed(plain: unknown, cursor: Cursor, depth: number): Value {
  if (depth > deepest) return { kind: 'scalar', text: null, at: here(cursor) };
  if (Array.isArray(plain)) {
    const at = here(cursor);
    return { kind: 'list', at, items: plain.map(item => placed(item, cursor, depth + 1)) };
  }
  if (plain === null || typeof plain !== 'object')
    return {
      kind: 'scalar',
      at: seek(cursor, JSON.stringify(plain) ?? 'null'),
      text: plain === null ? null : String(plain),
    };
  const at = here(cursor);
  const entries = new Map<string, Entry>();
  for (const [key, value] of Object.entries(plain)) {
    const keyAt = seek(cursor, JSON.stringify(key));
    entries.set(key, { key, value: placed(value, cursor, depth + 1), at: keyAt });
  }
  return { kind: 'map', at, entries };
}

function seek(cursor: Cursor, token: string): Evidence {
  const found = cursor.missed > mostMissed ? -1 : cursor.text.indexOf(token, cursor.offset);
  if (found < 0) cursor.missed++;
  else cursor.offset = found;
  const at = here(cursor);
  if (found >= 0) cursor.offset = found + token.length;
  return at;
}

function here(cursor: Cursor): Evidence {
  while (cursor.end < cursor.offset) {
    cursor.line++;
    cursor.start = cursor.end + 1;
    cursor.end = endOfLine(cursor.text, cursor.start);
  }
  return { file: cursor.file, line: cursor.line, column: Math.max(1, cursor.offset - cursor.start + 1) };
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}
