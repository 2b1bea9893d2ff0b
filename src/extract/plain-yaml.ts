import type { Evidence } from '../model/system.ts';
import { Anchors } from './anchors.ts';
import type { Entry, Value } from './yaml.ts';

/**
 * Reads the YAML that people write in manifests, some ten times faster than a full parser: block maps and lists,
 * one-line scalars, block scalars, flow collections, anchors and aliases. Gives undefined on anything else, and then
 * the full parser has to read the file: this one never guesses.
 */
export function readPlainYaml(
  file: string,
  text: string,
  lineOf: (line: number) => number,
): readonly Value[] | undefined {
  try {
    return new Reader(file, text, lineOf).documents();
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

class NotPlain extends Error {}

interface Line {
  indent: number;
  start: number;
  readonly end: number;
  readonly number: number;
  readonly offset: number;
}

const deepest = 60;

const keyStart = /^[^\s&*!|>%@`{}[\],#?'":-]|^[-?:](?=\S)/;
const isNull = (text: string): boolean =>
  text === '' || text === '~' || text === 'null' || text === 'Null' || text === 'NULL';

/** Where one file has been read to. */
class Reader {
  readonly file: string;
  readonly text: string;
  readonly lineOf: (line: number) => number;
  readonly lines: Line[] = [];
  next = 0;
  /** How many lists and maps are open, one inside the other. */
  depth = 0;
  anchors = new Anchors();

  constructor(file: string, text: string, lineOf: (line: number) => number) {
    this.file = file;
    this.text = text.includes('\r') ? text.replace(/\r\n/g, '\n') : text;
    this.lineOf = lineOf;
    let offset = this.text.charCodeAt(0) === 0xfeff ? 1 : 0;
    for (let number = 1; offset <= this.text.length; number++) {
      const found = this.text.indexOf('\n', offset);
      const end = found < 0 ? this.text.length : found;
      let start = offset;
      while (start < end && this.text[start] === ' ') start++;
      this.lines.push({ indent: start - offset, start, end, number, offset });
      offset = end + 1;
    }
  }

  documents(): Value[] {
    const found: Value[] = [];
    for (;;) {
      let line = this.line();
      while (line && this.isMark(line)) {
        this.next++;
        line = this.line();
      }
      if (!line) return found;
      if (this.text[line.start] === '%') throw new NotPlain();
      this.anchors = new Anchors();
      found.push(this.node(line, -1));
      const after = this.line();
      if (after && !this.isMark(after)) throw new NotPlain();
    }
  }

  isMark(line: Line): boolean {
    const three = this.text.slice(line.start, line.start + 3);
    if (line.indent !== 0 || (three !== '---' && three !== '...')) return false;
    if (!/^\s*(#.*)?$/.test(this.text.slice(line.start + 3, line.end))) {
      if (line.start + 3 < line.end && /\s/.test(this.text[line.start + 3] ?? '')) throw new NotPlain();
      return false;
    }
    return true;
  }

  /** The next line that holds more than space and comment. */
  line(): Line | undefined {
    for (; this.next < this.lines.length; this.next++) {
      const line = this.lines[this.next];
      if (!line) return undefined;
      const letter = this.text[line.start];
      if (line.start === line.end || letter === '#') continue;
      if (letter === '\t') {
        if (this.text.slice(line.start, line.end).trim() === '') continue;
        throw new NotPlain();
      }
      return line;
    }
    return undefined;
  }

  place(line: Line, offset: number): Evidence {
    return { file: this.file, line: this.lineOf(line.number), column: offset - line.offset + 1 };
  }

  node(line: Line, above: number): Value {
    if (line.indent <= above || this.isMark(line) || this.depth > deepest) throw new NotPlain();
    if (this.isItem(line)) return this.within(() => this.list(line.indent));
    if (this.keyEnd(line.start, line.end) >= 0) return this.within(() => this.map(line.indent));
    this.next++;
    return this.inline(line, line.start, above, line.number);
  }

  within(read: () => Value): Value {
    this.depth++;
    const value = read();
    this.depth--;
    return value;
  }

  isItem(line: Line): boolean {
    return this.text[line.start] === '-' && (line.start + 1 === line.end || this.text[line.start + 1] === ' ');
  }

  list(indent: number): Value {
    const items: Value[] = [];
    let at: Evidence | undefined;
    for (;;) {
      const line = this.line();
      if (!line || line.indent < indent || this.isMark(line)) break;
      if (line.indent > indent) throw new NotPlain();
      if (!this.isItem(line)) break;
      at ??= this.place(line, line.start);
      let inner = line.start + 1;
      while (inner < line.end && this.text[inner] === ' ') inner++;
      if (inner === line.end || this.text[inner] === '#') {
        this.next++;
        items.push(this.below(indent, false) ?? { kind: 'scalar', text: null, at: this.place(line, line.start) });
        continue;
      }
      const isNested =
        (this.text[inner] === '-' && (inner + 1 === line.end || this.text[inner + 1] === ' ')) ||
        this.keyEnd(inner, line.end) >= 0;
      if (isNested) {
        line.indent = inner - line.offset;
        line.start = inner;
        items.push(this.node(line, indent));
      } else {
        this.next++;
        items.push(this.inline(line, inner, indent, line.number));
      }
    }
    return { kind: 'list', items, at: at ?? { file: this.file, line: 1, column: 1 } };
  }

  map(indent: number): Value {
    const entries = new Map<string, Entry>();
    const bases: Value[] = [];
    let at: Evidence | undefined;
    for (;;) {
      const line = this.line();
      if (!line || line.indent < indent || this.isMark(line)) break;
      if (line.indent > indent) throw new NotPlain();
      const colon = this.keyEnd(line.start, line.end);
      if (colon < 0) {
        if (this.isItem(line)) break;
        throw new NotPlain();
      }
      const keyAt = this.place(line, line.start);
      at ??= keyAt;
      const key = this.keyText(line.start, colon);
      let inner = colon + 1;
      while (inner < line.end && this.text[inner] === ' ') inner++;
      this.next++;
      const isEmpty = inner >= line.end || this.text[inner] === '#';
      const value = isEmpty
        ? (this.below(indent, true) ?? { kind: 'scalar', text: null, at: keyAt })
        : this.inline(line, inner, indent, line.number);
      if (key === '<<') for (const base of value.kind === 'list' ? value.items : [value]) bases.push(base);
      else entries.set(key, { key, value, at: keyAt });
    }
    for (const base of bases)
      if (base.kind === 'map') for (const [key, entry] of base.entries) if (!entries.has(key)) entries.set(key, entry);
    return { kind: 'map', entries, at: at ?? { file: this.file, line: 1, column: 1 } };
  }

  /** What stands below a key or a dash; a list may stand at the level of its key. */
  below(indent: number, allowsList: boolean): Value | undefined {
    const line = this.line();
    if (!line || this.isMark(line)) return undefined;
    if (line.indent > indent) return this.node(line, indent);
    return allowsList && line.indent === indent && this.isItem(line) ? this.list(indent) : undefined;
  }

  /** Offset of the colon that ends a key, or -1 where the text is no key. */
  keyEnd(start: number, end: number): number {
    const first = this.text[start] ?? '';
    if (first === '"' || first === "'") {
      const close = this.quoteEnd(start, end);
      if (close < 0) return -1;
      let colon = close + 1;
      while (colon < end && this.text[colon] === ' ') colon++;
      return this.text[colon] === ':' && (colon + 1 >= end || this.text[colon + 1] === ' ') ? colon : -1;
    }
    if (!keyStart.test(this.text.slice(start, Math.min(start + 2, end)))) return -1;
    for (let index = start; index < end; index++) {
      const letter = this.text[index];
      if (letter === ':' && (index + 1 === end || this.text[index + 1] === ' ' || this.text[index + 1] === '\t'))
        return index;
      if (letter === '#' && this.text[index - 1] === ' ') return -1;
    }
    return -1;
  }

  keyText(start: number, colon: number): string {
    const raw = this.text.slice(start, colon).trimEnd();
    return raw.startsWith('"') || raw.startsWith("'") ? this.unquoted(raw) : raw;
  }

  quoteEnd(start: number, end: number): number {
    const quote = this.text[start];
    for (let index = start + 1; index < end; index++) {
      if (this.text[index] === '\\' && quote === '"') index++;
      else if (this.text[index] === quote) {
        if (quote === "'" && this.text[index + 1] === "'") index++;
        else return index;
      }
    }
    return -1;
  }

  unquoted(raw: string): string {
    if (raw.startsWith("'")) return raw.slice(1, -1).replace(/''/g, "'");
    if (!raw.includes('\\')) return raw.slice(1, -1);
    try {
      const value: unknown = JSON.parse(raw);
      if (typeof value === 'string') return value;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    throw new NotPlain();
  }

  /** A value that begins on the line of its key or dash. `this.next` is already past that line. */
  inline(line: Line, start: number, indent: number, number: number): Value {
    if (this.depth > deepest) throw new NotPlain();
    const first = this.text[start] ?? '';
    const at = this.place(line, start);
    if (first === '&') {
      const name = /^&([^\s,[\]{}]+)[ ]*/.exec(this.text.slice(start, line.end));
      if (!name?.[1]) throw new NotPlain();
      const rest = start + name[0].length;
      const value =
        rest >= line.end || this.text[rest] === '#'
          ? this.below(indent, true)
          : this.within(() => this.inline(line, rest, indent, number));
      if (!value) throw new NotPlain();
      this.anchors.set(name[1], value);
      return value;
    }
    if (first === '*') {
      const value = this.anchors.get(this.plain(start + 1, line.end));
      if (!value) throw new NotPlain();
      return value;
    }
    if (first === '!') return this.tagged(line, start, indent, number);
    if (first === '|' || first === '>') return { kind: 'scalar', text: this.block(line, start, indent), at };
    if (first === '"' || first === "'") {
      const close = this.quoteEnd(start, line.end);
      if (close < 0 || !/^\s*(#.*)?$/.test(this.text.slice(close + 1, line.end)) || this.text[close + 1] === '#')
        throw new NotPlain();
      return { kind: 'scalar', text: this.unquoted(this.text.slice(start, close + 1)), at };
    }
    if (first === '{' || first === '[') return this.flowAt(line, start);
    if (
      first === '%' ||
      first === '@' ||
      first === '`' ||
      (first === '?' && /\s/.test(this.text[start + 1] ?? ' ')) ||
      (first === '-' && /\s/.test(this.text[start + 1] ?? ' '))
    )
      throw new NotPlain();
    const text = this.plain(start, line.end);
    if (/:(\s|$)/.test(text)) throw new NotPlain();
    // a plain scalar that goes on below
    const after = this.line();
    if (after && after.indent > indent && !this.isMark(after)) throw new NotPlain();
    return { kind: 'scalar', text: isNull(text) ? null : text, at };
  }

  plain(start: number, end: number): string {
    const raw = this.text.slice(start, end);
    const comment = raw.search(/[ \t]#/);
    return (comment < 0 ? raw : raw.slice(0, comment)).trim();
  }

  tagged(line: Line, start: number, indent: number, number: number): Value {
    const tag = /^!([A-Za-z]+)[ ]+(?=\S)/.exec(this.text.slice(start, line.end));
    if (!tag?.[1]) throw new NotPlain();
    const value = this.within(() => this.inline(line, start + tag[0].length, indent, number));
    if (value.kind === 'map' || (value.kind === 'scalar' && value.text === null)) throw new NotPlain();
    const key = tag[1] === 'Ref' || tag[1] === 'Condition' ? tag[1] : `Fn::${tag[1]}`;
    return { kind: 'map', entries: new Map([[key, { key, value, at: value.at }]]), at: value.at };
  }

  block(line: Line, start: number, indent: number): string {
    const header = /^([|>])([+-]?)\s*(#.*)?$/.exec(this.text.slice(start, line.end));
    if (!header) throw new NotPlain();
    const rows: string[] = [];
    let width = -1;
    for (; this.next < this.lines.length; this.next++) {
      const row = this.lines[this.next];
      if (!row) break;
      const isBlank = row.start === row.end;
      if (!isBlank && row.indent <= Math.max(indent, -1)) break;
      if (!isBlank && width < 0) width = row.indent;
      if (!isBlank && row.indent < width) {
        if (row.indent <= indent) break;
        throw new NotPlain();
      }
      if (isBlank && width < 0 && row.indent > 0) throw new NotPlain();
      rows.push(
        isBlank && row.end - row.offset <= Math.max(width, 0)
          ? ''
          : this.text.slice(row.offset + Math.max(width, 0), row.end),
      );
    }
    const isLast = this.next >= this.lines.length;
    let trailing = 0;
    while (rows.length && rows.at(-1) === '') {
      rows.pop();
      trailing++;
    }
    if (header[1] === '>' && rows.some(row => /^\s/.test(row))) throw new NotPlain();
    const body =
      header[1] === '|'
        ? rows.join('\n')
        : rows
            .join('\n')
            .replace(/([^\n])\n(?=[^\n])/g, '$1 ')
            .replace(/\n\n/g, '\n');
    if (header[1] === '>' && /\n\n/.test(rows.join('\n'))) throw new NotPlain();
    if (header[2] === '+') throw new NotPlain();
    return header[2] === '-' || body === ''
      ? body
      : `${body}${isLast && trailing === 0 && !this.text.endsWith('\n') ? '' : '\n'}`;
  }

  /** A flow collection, which may go on over lines. */
  flowAt(line: Line, start: number): Value {
    const cursor = { offset: start, line };
    const value = this.flow(cursor, 0);
    const end = cursor.line.end;
    if (!/^\s*(\s#.*)?$/.test(this.text.slice(cursor.offset, end))) throw new NotPlain();
    this.next = cursor.line.number;
    return value;
  }

  flow(cursor: { offset: number; line: Line }, depth: number): Value {
    if (depth > 40) throw new NotPlain();
    const at = this.place(cursor.line, cursor.offset);
    const open = this.text[cursor.offset];
    if (open === '[' || open === '{') {
      cursor.offset++;
      const items: Value[] = [];
      const entries = new Map<string, Entry>();
      for (;;) {
        this.space(cursor);
        const letter = this.text[cursor.offset];
        if (letter === undefined) throw new NotPlain();
        if (letter === (open === '[' ? ']' : '}')) {
          cursor.offset++;
          return open === '[' ? { kind: 'list', items, at } : { kind: 'map', entries, at };
        }
        const item = this.flow(cursor, depth + 1);
        this.space(cursor);
        if (open === '{') {
          const key = item.kind === 'scalar' && item.text !== null ? item.text : undefined;
          if (key === undefined || key === '<<') throw new NotPlain();
          let value: Value = { kind: 'scalar', text: null, at: item.at };
          if (this.text[cursor.offset] === ':') {
            cursor.offset++;
            this.space(cursor);
            if (!/[,}]/.test(this.text[cursor.offset] ?? '')) value = this.flow(cursor, depth + 1);
          }
          entries.set(key, { key, value, at: item.at });
        } else if (this.text[cursor.offset] === ':') throw new NotPlain();
        else items.push(item);
        this.space(cursor);
        if (this.text[cursor.offset] === ',') cursor.offset++;
        else if (!/[\]}]/.test(this.text[cursor.offset] ?? '')) throw new NotPlain();
      }
    }
    if (open === '"' || open === "'") {
      const close = this.quoteEnd(cursor.offset, cursor.line.end);
      if (close < 0) throw new NotPlain();
      const text = this.unquoted(this.text.slice(cursor.offset, close + 1));
      cursor.offset = close + 1;
      return { kind: 'scalar', text, at };
    }
    const match = /^[^\s,[\]{}#&*!|>%@`"'?:-](?:[^,[\]{}:#\n]|:(?![\s,[\]{}])|(?<!\s)#)*|^-?[\w./][^,[\]{}:#\n]*/.exec(
      this.text.slice(cursor.offset, cursor.line.end),
    );
    if (!match) throw new NotPlain();
    cursor.offset += match[0].trimEnd().length;
    const text = match[0].trimEnd();
    return { kind: 'scalar', text: isNull(text) ? null : text, at };
  }

  space(cursor: { offset: number; line: Line }): void {
    for (;;) {
      const letter = this.text[cursor.offset];
      if (letter === ' ') cursor.offset++;
      else if (letter === '\n') {
        const following = this.lines[cursor.line.number];
        if (!following) throw new NotPlain();
        cursor.line = following;
        cursor.offset++;
      } else if (letter === '#' || letter === '\t') throw new NotPlain();
      else return;
    }
  }
}
