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
      .replace(/^\s*\/\/.*$/gm, '')
      .replace(/\/\*[\s\S]*?\*\//g, comment => comment.replace(/[^\n]/g, ' '));
    const { documents, problems } = parseYaml(file, bare.replace(/\t/g, ' '));
    return problems.length ? undefined : documents[0];
  }
  return placed(plain, { file, text, offset: 0, line: 1, start: 0 });
}

/** JSON.parse keeps the order of keys, so one forward search finds each token's place. */
interface Cursor {
  readonly file: string;
  readonly text: string;
  offset: number;
  line: number;
  start: number;
}

function placed(plain: unknown, cursor: Cursor): Value {
  if (Array.isArray(plain)) {
    const at = here(cursor);
    return { kind: 'list', at, items: plain.map(item => placed(item, cursor)) };
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
    entries.set(key, { key, value: placed(value, cursor), at: keyAt });
  }
  return { kind: 'map', at, entries };
}

function seek(cursor: Cursor, token: string): Evidence {
  const found = cursor.text.indexOf(token, cursor.offset);
  if (found >= 0) cursor.offset = found;
  const at = here(cursor);
  if (found >= 0) cursor.offset = found + token.length;
  return at;
}

function here(cursor: Cursor): Evidence {
  for (
    let next = cursor.text.indexOf('\n', cursor.start);
    next >= 0 && next < cursor.offset;
    next = cursor.text.indexOf('\n', cursor.start)
  ) {
    cursor.line++;
    cursor.start = next + 1;
  }
  return { file: cursor.file, line: cursor.line, column: Math.max(1, cursor.offset - cursor.start + 1) };
}
