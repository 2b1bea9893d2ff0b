import { stringify } from 'yaml';
import type { Value } from './yaml.ts';

/** What templates compute with: values.yaml as plain data. */
export type Data = string | number | boolean | null | readonly Data[] | { readonly [key: string]: Data };

/** A rendered template, and for each of its lines the line of the template that it comes from. */
export interface Rendered {
  readonly text: string;
  readonly lines: readonly number[];
}

type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | { readonly kind: 'action'; readonly code: string; readonly line: number }
  | Branch;
interface Branch {
  readonly kind: 'if' | 'with' | 'range';
  readonly code: string;
  readonly body: readonly Piece[];
  readonly otherwise: readonly Piece[];
  readonly line: number;
}

export interface HelmTemplates {
  readonly named: ReadonlyMap<string, readonly Piece[]>;
}

/** The `define` blocks of all files of a chart, for `include`. */
export function namedTemplates(texts: readonly string[]): HelmTemplates {
  const named = new Map<string, readonly Piece[]>();
  for (const text of texts) parse(text, named);
  return { named };
}

/**
 * Renders leniently: what cannot be computed becomes nothing. Nothing is run.
 */
export function renderTemplate(text: string, templates: HelmTemplates, root: Data): Rendered {
  const named = new Map(templates.named);
  const pieces = parse(text, named);
  const out = new Output();
  new Renderer(named, root).render(pieces, root, new Map([['$', root]]), out, 0);
  return { text: out.text, lines: out.lines };
}

class Output {
  text = '';
  readonly lines: number[] = [1];
  /** Lines of plain text move on with it; all lines of a computed value come from the line of its action. */
  add(text: string, line: number, moves: boolean): void {
    this.text += text;
    let current = line;
    for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) {
      if (moves) current++;
      this.lines.push(current);
    }
    if (this.lines.length === 1) this.lines[0] = line;
  }
}

function parse(text: string, named: Map<string, readonly Piece[]>): readonly Piece[] {
  interface Open {
    readonly kind: 'root' | 'if' | 'with' | 'range' | 'define';
    readonly code: string;
    readonly line: number;
    body: Piece[];
    otherwise: Piece[];
    inElse: boolean;
    readonly chained: boolean;
  }
  const stack: Open[] = [{ kind: 'root', code: '', line: 1, body: [], otherwise: [], inElse: false, chained: false }];
  const top = (): Open | undefined => stack.at(-1);
  const push = (piece: Piece): void => {
    const open = top();
    if (open) (open.inElse ? open.otherwise : open.body).push(piece);
  };
  const closeOne = (): boolean => {
    const open = stack.length > 1 ? stack.pop() : undefined;
    if (!open) return false;
    if (open.kind === 'define') named.set(/["'`]([^"'`]+)["'`]/.exec(open.code)?.[1] ?? '', open.body);
    else if (open.kind !== 'root')
      push({ kind: open.kind, code: open.code, body: open.body, otherwise: open.otherwise, line: open.line });
    return open.chained;
  };
  // an `else if` ends with the `if` that it belongs to
  const close = (): void => {
    while (closeOne());
  };
  let cursor = 0;
  let line = 1;
  const count = (part: string): void => {
    for (let index = part.indexOf('\n'); index >= 0; index = part.indexOf('\n', index + 1)) line++;
  };
  let trimNext = false;
  for (const match of text.matchAll(/\{\{(-?)((?:"(?:[^"\\]|\\.){0,2000}"|`[^`]{0,2000}`|(?!\{\{)[^"`])*?)(-?)\}\}/g)) {
    let before = text.slice(cursor, match.index);
    const startLine = line;
    const skipped = trimNext ? (/^\s*/.exec(before)?.[0] ?? '') : '';
    count(before);
    if (trimNext) before = before.slice(skipped.length);
    const textLine = startLine + (skipped.match(/\n/g)?.length ?? 0);
    if (match[1]) before = before.trimEnd();
    if (before) push({ kind: 'text', text: before, line: textLine });
    const code = (match[2] ?? '').trim();
    const word = /^(if|with|range|define|block|else|end)\b/.exec(code)?.[1];
    if (code.startsWith('/*')) {
      // a comment
    } else if (word === 'end') close();
    else if (word === 'else') {
      const open = top();
      const rest = code.slice(4).trim();
      if (open) open.inElse = true;
      const nested = /^(if|with)\s+/.exec(rest);
      if (nested)
        stack.push({
          kind: nested[1] === 'with' ? 'with' : 'if',
          code: rest.slice(nested[0].length),
          line,
          body: [],
          otherwise: [],
          inElse: false,
          chained: true,
        });
    } else if (word === 'if' || word === 'with' || word === 'range')
      stack.push({
        kind: word,
        code: code.slice(word.length).trim(),
        line,
        body: [],
        otherwise: [],
        inElse: false,
        chained: false,
      });
    else if (word === 'define' || word === 'block')
      stack.push({ kind: 'define', code, line, body: [], otherwise: [], inElse: false, chained: false });
    else push({ kind: 'action', code, line });
    count(match[0]);
    cursor = match.index + match[0].length;
    trimNext = match[3] === '-';
  }
  let rest = text.slice(cursor);
  let restLine = line;
  if (trimNext) {
    const skipped = /^\s*/.exec(rest)?.[0] ?? '';
    restLine += skipped.match(/\n/g)?.length ?? 0;
    rest = rest.slice(skipped.length);
  }
  if (rest) push({ kind: 'text', text: rest, line: restLine });
  while (stack.length > 1) close();
  return stack[0]?.body ?? [];
}

type Names = Map<string, Data>;

const mostSteps = 50_000;
const largest = 200_000;

class Renderer {
  readonly named: ReadonlyMap<string, readonly Piece[]>;
  readonly root: Data;
  steps = 0;
  readonly sizes = new WeakMap<object, number>();

  constructor(named: ReadonlyMap<string, readonly Piece[]>, root: Data) {
    this.named = named;
    this.root = root;
  }

  render(pieces: readonly Piece[], dot: Data, names: Names, out: Output, depth: number): void {
    if (depth > 20) return;
    for (const piece of pieces) {
      if (++this.steps > mostSteps) return;
      switch (piece.kind) {
        case 'text':
          out.add(piece.text, piece.line, true);
          break;
        case 'action':
          this.action(piece.code, dot, names, out, piece.line, depth);
          break;
        case 'if':
          this.render(
            isTrue(this.assigned(piece.code, dot, names, depth)) ? piece.body : piece.otherwise,
            dot,
            new Map(names),
            out,
            depth + 1,
          );
          break;
        case 'with': {
          const value = this.assigned(piece.code, dot, names, depth);
          if (isTrue(value)) this.render(piece.body, value, new Map(names), out, depth + 1);
          else this.render(piece.otherwise, dot, new Map(names), out, depth + 1);
          break;
        }
        case 'range':
          this.range(piece, dot, names, out, depth);
          break;
      }
    }
  }

  action(code: string, dot: Data, names: Names, out: Output, line: number, depth: number): void {
    const [, name, expression] = /^(\$\w*)\s*:?=\s*([\s\S]*)$/.exec(code) ?? [];
    if (name && expression !== undefined) {
      names.set(name, this.evaluate(expression, dot, names, depth));
      return;
    }
    out.add(textOf(this.evaluate(code.replace(/^template\b/, 'include'), dot, names, depth)), line, false);
  }

  assigned(code: string, dot: Data, names: Names, depth: number): Data {
    const [, name, expression] = /^(\$\w+)\s*:?=\s*([\s\S]*)$/.exec(code) ?? [];
    const value = this.evaluate(expression ?? code, dot, names, depth);
    if (name) names.set(name, value);
    return value;
  }

  range(piece: Branch, dot: Data, names: Names, out: Output, depth: number): void {
    const [, first, second, expression] = /^(\$\w+)\s*(?:,\s*(\$\w+)\s*)?:?=\s*([\s\S]*)$/.exec(piece.code) ?? [];
    const over = this.evaluate(expression ?? piece.code, dot, names, depth);
    const pairs: (readonly [Data, Data])[] = isList(over)
      ? over.map((item, index) => [index, item] as const)
      : isMap(over)
        ? Object.entries(over).sort(([a], [b]) => (a < b ? -1 : 1))
        : [];
    if (!pairs.length) this.render(piece.otherwise, dot, new Map(names), out, depth + 1);
    for (const [key, value] of pairs.slice(0, 200)) {
      const inner: Names = new Map(names);
      if (first && second) inner.set(first, key).set(second, value);
      else if (first) inner.set(first, value);
      this.render(piece.body, value, inner, out, depth + 1);
    }
  }

  /** A pipeline: each stage gets the value of the one before as its last argument. */
  evaluate(code: string, dot: Data, names: Names, depth: number): Data {
    if (depth > 20) return null;
    let value: Data | undefined;
    for (const stage of split(code, '|')) {
      const words = split(stage, ' ');
      const [head = ''] = words;
      if (/^[a-zA-Z]\w*$/.test(head) && !/^(true|false|nil)$/.test(head)) {
        const args = words.slice(1).map(word => this.operand(word, dot, names, depth));
        value = this.apply(head, value === undefined ? args : [...args, value], dot, names, depth);
      } else value = this.operand(head, dot, names, depth);
    }
    return value ?? null;
  }

  operand(word: string, dot: Data, names: Names, depth: number): Data {
    const group = /^\(([\s\S]*)\)((?:\.[\w-]+)*)$/.exec(word);
    if (group) return follow(this.evaluate(group[1] ?? '', dot, names, depth + 1), group[2] ?? '');
    if (/^"/.test(word)) return word.slice(1, -1).replace(/\\n/g, '\n').replace(/\\(.)/g, '$1');
    if (/^[`']/.test(word)) return word.slice(1, -1);
    if (/^-?\d+(\.\d+)?$/.test(word)) return Number(word);
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === '.') return dot;
    const variable = /^(\$\w*)((?:\.[\w-]+)*)$/.exec(word);
    if (variable) return follow(names.get(variable[1] ?? '') ?? null, variable[2] ?? '');
    if (/^\.[\w-]/.test(word)) return follow(dot, word);
    return /^[a-zA-Z]\w*$/.test(word) && word !== 'nil' ? this.apply(word, [], dot, names, depth) : null;
  }

  /** What is made counts as so many steps, lest a few lines that double a text or a list fill the memory. */
  apply(name: string, args: readonly Data[], dot: Data, names: Names, depth: number): Data {
    if (this.steps > mostSteps) return null;
    const value = this.compute(name, args, dot, names, depth);
    const size = typeof value === 'string' ? value.length : this.sizeOf(value);
    this.steps += size >> 8;
    return size > largest ? null : value;
  }

  sizeOf(value: Data): number {
    if (typeof value !== 'object' || value === null) return 1;
    const known = this.sizes.get(value);
    if (known !== undefined) return known;
    const size = Object.values(value).reduce<number>((sum, one: Data) => sum + this.sizeOf(one), 1);
    this.sizes.set(value, size);
    return size;
  }

  compute(name: string, args: readonly Data[], dot: Data, names: Names, depth: number): Data {
    const [first = null, second = null, third = null] = args;
    const last = args.at(-1) ?? null;
    switch (name) {
      case 'include': {
        const body = this.named.get(textOf(first));
        if (!body) return '';
        const out = new Output();
        this.render(body, second, new Map([['$', second]]), out, depth + 1);
        return out.text;
      }
      case 'tpl': {
        const out = new Output();
        this.render(parse(textOf(first), new Map()), second ?? dot, new Map(names), out, depth + 1);
        return out.text;
      }
      case 'default':
        return isTrue(last) ? last : first;
      case 'required':
        return last;
      case 'coalesce':
        return args.find(isTrue) ?? null;
      case 'ternary':
        return isTrue(third) ? first : second;
      case 'quote':
        return `"${textOf(first).replace(/"/g, '\\"')}"`;
      case 'squote':
        return `'${textOf(first)}'`;
      case 'toYaml':
      case 'toPrettyJson':
        return isTrue(first) || isList(first) || isMap(first) ? stringify(first, { lineWidth: 0 }).trimEnd() : '';
      case 'toJson':
        return JSON.stringify(first);
      case 'nindent':
        return `\n${indent(textOf(last), Number(first))}`;
      case 'indent':
        return indent(textOf(last), Number(first));
      case 'trunc':
        return Number(first) < 0 ? textOf(last).slice(Number(first)) : textOf(last).slice(0, Number(first));
      case 'trim':
        return textOf(last).trim();
      case 'trimSuffix':
        return textOf(last).endsWith(textOf(first))
          ? textOf(last).slice(0, textOf(last).length - textOf(first).length)
          : last;
      case 'trimPrefix':
        return textOf(last).startsWith(textOf(first)) ? textOf(last).slice(textOf(first).length) : last;
      case 'trimAll':
        return textOf(last).split(textOf(first)).filter(Boolean).join(textOf(first));
      case 'replace':
        return textOf(last).split(textOf(first)).join(textOf(second));
      case 'lower':
        return textOf(last).toLowerCase();
      case 'upper':
        return textOf(last).toUpperCase();
      case 'kebabcase':
        return textOf(last)
          .replace(/([a-z])([A-Z])/g, '$1-$2')
          .toLowerCase();
      case 'printf':
        return formatted(textOf(first), args.slice(1));
      case 'print':
        return args.map(textOf).join('');
      case 'join':
        return isList(last) ? last.map(textOf).join(textOf(first)) : last;
      case 'eq':
        return args.slice(1).some(other => textOf(other) === textOf(first));
      case 'ne':
        return textOf(first) !== textOf(second);
      case 'not':
        return !isTrue(first);
      case 'and':
        return args.find(one => !isTrue(one)) ?? last;
      case 'or':
        return args.find(isTrue) ?? last;
      case 'empty':
        return !isTrue(first);
      case 'gt':
        return Number(first) > Number(second);
      case 'lt':
        return Number(first) < Number(second);
      case 'ge':
        return Number(first) >= Number(second);
      case 'le':
        return Number(first) <= Number(second);
      case 'contains':
        return textOf(last).includes(textOf(first));
      case 'hasPrefix':
        return textOf(last).startsWith(textOf(first));
      case 'hasSuffix':
        return textOf(last).endsWith(textOf(first));
      case 'has':
        return isList(last) && last.some(one => textOf(one) === textOf(first));
      case 'hasKey':
        return isMap(first) && Object.hasOwn(first, textOf(second));
      case 'get':
        return fieldOf(first, textOf(second));
      case 'index':
        return args
          .slice(1)
          .reduce<Data>(
            (value, key) => (isList(value) ? (value[Number(key)] ?? null) : fieldOf(value, textOf(key))),
            first,
          );
      case 'dict':
        return Object.fromEntries(
          args.flatMap((key, index) => (index % 2 === 0 ? [[textOf(key), args[index + 1] ?? null]] : [])),
        );
      case 'list':
      case 'tuple':
        return args;
      case 'merge':
      case 'mergeOverwrite':
        return Object.fromEntries(
          args
            .filter(isMap)
            .toReversed()
            .flatMap(map => Object.entries(map)),
        );
      case 'keys':
        return isMap(first) ? Object.keys(first) : [];
      case 'values':
        return isMap(first) ? Object.values(first) : [];
      case 'len':
        return isList(first) ? first.length : isMap(first) ? Object.keys(first).length : textOf(first).length;
      case 'int':
      case 'int64':
      case 'float64':
        return Number(first) || 0;
      case 'toString':
        return textOf(first);
      case 'b64enc':
        return Buffer.from(textOf(first)).toString('base64');
      case 'b64dec':
        return Buffer.from(textOf(first), 'base64').toString('utf8');
      case 'add':
        return args.reduce<number>((sum, one) => sum + Number(one), 0);
      case 'kindIs':
        return textOf(first) === (isMap(second) ? 'map' : isList(second) ? 'slice' : typeof second);
      case 'fail':
      case 'lookup':
      case 'now':
      case 'set':
      case 'unset':
        return null;
      default:
        return args.length === 1 ? first : null;
    }
  }
}

/** Splits at a separator outside of quotes and parentheses. */
function split(code: string, separator: '|' | ' '): string[] {
  const parts: string[] = [];
  let part = '';
  let depth = 0;
  let quote = '';
  for (let index = 0; index < code.length; index++) {
    const letter = code[index] ?? '';
    if (quote) {
      if (letter === '\\' && quote === '"') part += letter + (code[++index] ?? '');
      else {
        part += letter;
        if (letter === quote) quote = '';
      }
      continue;
    }
    if (letter === '"' || letter === '`' || letter === "'") quote = letter;
    if (letter === '(') depth++;
    if (letter === ')') depth--;
    const isSeparator = depth === 0 && !quote && (separator === ' ' ? /\s/.test(letter) : letter === separator);
    if (!isSeparator) part += letter;
    else {
      parts.push(part.trim());
      part = '';
    }
  }
  parts.push(part.trim());
  return parts.filter(Boolean);
}

const isList = (value: Data): value is readonly Data[] => Array.isArray(value);
const isMap = (value: Data): value is { readonly [key: string]: Data } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTrue = (value: Data): boolean =>
  value !== null &&
  value !== false &&
  value !== '' &&
  value !== 0 &&
  !(isList(value) && value.length === 0) &&
  !(isMap(value) && Object.keys(value).length === 0);

function textOf(value: Data): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function fieldOf(value: Data, key: string): Data {
  return isMap(value) && Object.hasOwn(value, key) ? (value[key] ?? null) : null;
}

function follow(value: Data, path: string): Data {
  let current = value;
  for (const key of path.split('.').filter(Boolean)) current = fieldOf(current, key);
  return current;
}

const indent = (text: string, width: number): string =>
  text
    .split('\n')
    .map(line => ' '.repeat(Math.min(Math.max(width || 0, 0), 200)) + line)
    .join('\n');

function formatted(format: string, args: readonly Data[]): string {
  let next = 0;
  return format.replace(/%[-+ 0]*(?:[1-9]\d*)?(?:\.\d+)?([sdvqft%])/g, (_, verb: string) =>
    verb === '%' ? '%' : verb === 'q' ? `"${textOf(args[next++] ?? null)}"` : textOf(args[next++] ?? null),
  );
}

/** values.yaml as data. */
export function dataOf(value: Value | undefined): Data {
  if (!value) return {};
  if (value.kind === 'list') return value.items.map(dataOf);
  if (value.kind === 'map')
    return Object.fromEntries([...value.entries.values()].map(entry => [entry.key, dataOf(entry.value)]));
  if (value.text === 'true' || value.text === 'false') return value.text === 'true';
  return value.text !== null && /^-?\d{1,15}$/.test(value.text) ? Number(value.text) : value.text;
}
