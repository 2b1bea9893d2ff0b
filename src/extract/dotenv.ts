import type { Evidence } from '../model/system.ts';

/** One assignment in an env file; `value` as written, quotes removed, references not yet followed. */
export interface Assignment {
  readonly name: string;
  readonly value: string;
  readonly literal: boolean;
  readonly at: Evidence;
}

const assignment = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s*([\s\S]*)$/;

export function parseDotenv(file: string, text: string): readonly Assignment[] {
  const found: Assignment[] = [];
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const match = /^\s*#/.test(line) ? null : assignment.exec(line);
    const name = match?.[1];
    if (!match || !name) continue;
    let raw = (match[2] ?? '').trim();
    const at = { file, line: index + 1, column: line.indexOf(name) + 1 };
    const quote = /^["'`]/.exec(raw)?.[0];
    if (!quote) {
      found.push({ name, value: raw.replace(/(?<!\s)\s+#[\s\S]*$/, ''), literal: false, at });
      continue;
    }
    let end = closing(raw, quote);
    while (end < 0 && index + 1 < lines.length && raw.length < 20_000) {
      raw += `\n${lines[++index] ?? ''}`;
      end = closing(raw, quote);
    }
    found.push({ name, value: end < 0 ? raw.slice(1) : raw.slice(1, end), literal: quote === "'", at });
  }
  return found;
}

function closing(text: string, quote: string): number {
  for (let index = 1; index < text.length; index++) if (text[index] === quote && text[index - 1] !== '\\') return index;
  return -1;
}

/** A variable that holds another twice, which holds another twice: soon as large as the memory. */
const longest = 100_000;

/**
 * Fills `$A`, `${A}`, `${A:-x}`, `${A-x}`, `${A:?x}`, `${A:+x}`. Null where a name without default has no value:
 * an unknown value is not an empty one.
 */
export function interpolate(
  text: string,
  lookUp: (name: string) => string | null | undefined,
  depth = 0,
): string | null {
  if (!text.includes('$') || depth > 8) return text;
  let unknown = false;
  let out = '';
  for (let index = 0; index < text.length; index++) {
    if (out.length > longest) return null;
    if (text[index] !== '$') {
      out += text[index];
      continue;
    }
    if (text[index + 1] === '$') {
      out += '$';
      index++;
      continue;
    }
    if (text[index + 1] !== '{') {
      const name = /^[A-Za-z_]\w*/.exec(text.slice(index + 1))?.[0];
      if (!name) {
        out += '$';
        continue;
      }
      const value = lookUp(name);
      if (value === null || value === undefined) unknown = true;
      out += value ?? '';
      index += name.length;
      continue;
    }
    const end = matching(text, index + 1);
    if (end < 0) return null;
    const value = expand(text.slice(index + 2, end), lookUp, depth);
    if (value === null) unknown = true;
    out += value ?? '';
    index = end;
  }
  return unknown ? null : out;
}

function expand(inner: string, lookUp: (name: string) => string | null | undefined, depth: number): string | null {
  const match = /^([A-Za-z_]\w*)(?:(:?[-?+])([\s\S]*))?$/.exec(inner);
  if (!match?.[1]) return null;
  const known = lookUp(match[1]);
  const operator = match[2] ?? '';
  const word = match[3] ?? '';
  const set = operator.startsWith(':') ? known !== undefined && known !== '' : known !== undefined;
  if (operator.endsWith('+')) return set ? interpolate(word, lookUp, depth + 1) : '';
  if (set) return known ?? null;
  return operator.endsWith('-') ? interpolate(word, lookUp, depth + 1) : null;
}

function matching(text: string, open: number): number {
  let depth = 0;
  for (let index = open; index < text.length; index++) {
    if (text[index] === '{') depth++;
    if (text[index] === '}' && --depth === 0) return index;
  }
  return -1;
}
