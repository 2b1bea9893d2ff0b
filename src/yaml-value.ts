import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar } from 'yaml';
import { didYouMean } from './did-you-mean.ts';
import { UserError } from './errors.ts';
import type { Evidence } from './model/system.ts';

/** A value of a YAML file that knows what it is called and where it stands, for errors that point at it. */
export interface Value {
  readonly node: Node | null;
  /** As `services.orders.owns`; empty for the whole file. */
  readonly name: string;
  readonly at: Evidence;
  /** For the values inside. */
  readonly document: { readonly resolve: (node: unknown) => Node | null; readonly placeOf: (node: Node) => Evidence };
}

export interface Entry {
  readonly key: string;
  readonly value: Value;
  /** Where the key stands. */
  readonly at: Evidence;
}

/** The whole file; undefined where it is empty. */
export function parseYaml(text: string, file: string): Value | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): Evidence => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const [error] = document.errors;
  if (error) throw new UserError('LT-003', `${placeOf(place(error.pos[0]))}: ${lowerFirst(reasonOf(error))}`);
  const resolve = (node: unknown): Node | null => {
    const found = isAlias(node) ? node.resolve(document) : node;
    return isMap(found) || isSeq(found) || (isScalar(found) && found.value !== null) ? found : null;
  };
  const node = resolve(document.contents);
  const nodePlace = (inner: Node) => place(inner.range?.[0] ?? 0);
  return node === null ? undefined : { node, name: '', at: nodePlace(node), document: { resolve, placeOf: nodePlace } };
}

/** The parser tells of no depth of its own, it runs out of stack. */
function reasonOf({ message }: Error): string {
  return message.startsWith('Maximum call stack') ? 'nested too deeply' : message;
}

export function isTable({ node }: Value): boolean {
  return isMap(node);
}

export function isList({ node }: Value): boolean {
  return isSeq(node);
}

export function entriesOf(table: Value): Entry[] {
  const { node, document } = table;
  if (!isMap(node)) throw wrongType(table, 'a table of names and values');
  return node.items.map(({ key, value }) => {
    if (!isScalar(key)) throw problemAt(table, 'has a key that is not a name');
    const name = String(key.value);
    const at = document.placeOf(key);
    return { key: name, at, value: within(table, value, table.name === '' ? name : `${table.name}.${name}`, at) };
  });
}

/** The values of a table that may have these fields and no others. */
export function fieldsOf<const F extends string>(
  table: Value,
  fields: readonly F[],
): { readonly [field in F]?: Value } {
  const entries = entriesOf(table);
  const unknown = entries.find(({ key }) => !fields.some(field => field === key));
  if (unknown) throw unknownKey(unknown, table, fields);
  const found: { [field in F]?: Value } = {};
  for (const field of fields) {
    const value = entries.find(({ key }) => key === field)?.value;
    if (value !== undefined && value.node !== null) found[field] = value;
  }
  return found;
}

export function listOf(list: Value): Value[] {
  const { node } = list;
  if (!isSeq(node)) throw wrongType(list, 'a list');
  return node.items.map((item, index) => within(list, item, `${list.name}[${index}]`, list.at));
}

export function textOf(value: Value): string {
  const { node } = value;
  if (!isScalar(node) || !isTextLike(node)) throw wrongType(value, 'text');
  return String(node.value);
}

export function choiceOf<const C extends string>(value: Value, choices: readonly C[]): C {
  const text = isScalar(value.node) ? offOr(value.node) : undefined;
  const choice = choices.find(one => one === text);
  if (choice !== undefined) return choice;
  throw problemAt(
    value,
    `must be one of ${choices.join(', ')}, is ${text ?? kindOf(value)}`,
    suggestion(text ?? '', choices),
  );
}

/** The error for a value that is not what it should be. */
export function problemAt({ name, at }: Value, problem: string, hint?: string): UserError {
  const subject = name === '' ? '' : `${name} `;
  return new UserError('LT-004', `${placeOf(at)}: ${subject}${problem}`, hint === undefined ? {} : { hint });
}

export function placeOf({ file, line, column }: Evidence): string {
  return `${file}:${line}:${column}`;
}

function within(outer: Value, inner: unknown, name: string, otherwise: Evidence): Value {
  const node = outer.document.resolve(inner);
  return { node, name, at: node === null ? otherwise : outer.document.placeOf(node), document: outer.document };
}

function unknownKey({ key, at }: Entry, { name }: Value, fields: readonly string[]): UserError {
  const where = name === '' ? '' : ` of ${name}`;
  const hint = suggestion(key, fields) ?? `known here: ${fields.join(', ')}`;
  return new UserError('LT-004', `${placeOf(at)}: ${key} is not a key${where} that Lintel knows`, { hint });
}

function suggestion(word: string, names: readonly string[]): string | undefined {
  const meant = didYouMean(word, names);
  return meant === undefined ? undefined : `did you mean ${meant}?`;
}

function wrongType(value: Value, wanted: string): UserError {
  return problemAt(value, `must be ${wanted}, is ${kindOf(value)}`);
}

function kindOf({ node }: Value): string {
  if (node === null) return 'empty';
  if (isMap(node)) return 'a table';
  if (isSeq(node)) return 'a list';
  return isScalar(node) ? `${typeof node.value} ${String(node.value)}` : 'something else';
}

/** A host may be called 10 and a database 2024, but nothing is called true. */
function isTextLike({ value }: Scalar): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

/** Old habits of YAML write `off` for false. */
function offOr({ value }: Scalar): string {
  return value === false ? 'off' : String(value);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
