import { type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { Evidence } from '../model/system.ts';
import { Anchors } from './anchors.ts';
import { readPlainYaml } from './plain-yaml.ts';

/** A YAML or JSON value with the place of every part, aliases and merge keys already followed. */
export type Value = MapValue | ListValue | ScalarValue;
export interface MapValue {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly at: Evidence;
}
export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly Value[];
  readonly at: Evidence;
}
export interface ScalarValue {
  readonly kind: 'scalar';
  readonly text: string | null;
  readonly at: Evidence;
}
export interface Entry {
  readonly key: string;
  readonly value: Value;
  readonly at: Evidence;
}

export interface Problem {
  readonly message: string;
  readonly at: Evidence;
  /** True where a file, or its rest, is lost. */
  readonly isUnread?: boolean;
}

/**
 * All documents of one file. What cannot be read becomes a problem; the rest is kept.
 * `lineOf` gives the line of the source for a line of `text` where the text was rendered from a template.
 */
export function parseYaml(
  file: string,
  text: string,
  lineOf: (line: number) => number = line => line,
): { documents: readonly Value[]; problems: readonly Problem[] } {
  const plain = readPlainYaml(file, text, lineOf);
  return plain ? { documents: plain, problems: [] } : parseFully(file, text, lineOf);
}

/** All of YAML, at the price of speed. */
export function parseFully(
  file: string,
  text: string,
  lineOf: (line: number) => number = line => line,
): { documents: readonly Value[]; problems: readonly Problem[] } {
  const lines = new LineCounter();
  const problems: Problem[] = [];
  const placeOf = (offset: number | undefined): Evidence => {
    const { line, col } = lines.linePos(offset ?? 0);
    return { file, line: lineOf(Math.max(line, 1)), column: Math.max(col, 1) };
  };
  let parsed: readonly Document.Parsed[];
  try {
    const all = parseAllDocuments(text, {
      lineCounter: lines,
      uniqueKeys: false,
      logLevel: 'silent',
      strict: false,
      prettyErrors: false,
    });
    parsed = Array.isArray(all) ? all : [];
  } catch (error) {
    return {
      documents: [],
      problems: [
        {
          message: `${file} cannot be read as YAML: ${reasonOf(error)}`,
          at: placeOf(0),
          isUnread: true,
        },
      ],
    };
  }
  const documents: Value[] = [];
  for (const document of parsed) {
    const [error] = document.errors;
    if (error)
      problems.push({
        message: `${file} cannot be read as YAML: ${reasonOf(error)}`,
        at: placeOf(error.pos[0]),
        isUnread: true,
      });
    const anchors = new Anchors();
    const value = nodeValue(document.contents, { anchors, placeOf }, 0);
    if (value) documents.push(value);
    if (anchors.isTooMuch)
      problems.push({
        message: `${file} cannot be read: its aliases stand for too much`,
        at: placeOf(document.range[0]),
        isUnread: true,
      });
  }
  return { documents, problems };
}

const deepest = 60;

/** What is shared while one document is read. */
interface Reading {
  readonly anchors: Anchors;
  readonly placeOf: (offset: number | undefined) => Evidence;
}

function nodeValue(node: unknown, read: Reading, depth: number): Value | undefined {
  if (depth > deepest) return undefined;
  // an alias inside of what it stands for finds nothing yet
  if (isAlias(node)) return read.anchors.get(node.source);
  const value = contentOf(node, read, depth);
  if (value && isNode(node) && 'anchor' in node && node.anchor !== undefined) read.anchors.set(node.anchor, value);
  return value;
}

function contentOf(node: unknown, read: Reading, depth: number): Value | undefined {
  const { placeOf } = read;
  if (isScalar(node)) {
    const text =
      node.value === null || node.value === undefined
        ? null
        : typeof node.value === 'string'
          ? node.value
          : (node.source ?? String(node.value));
    // `!Ref Name` keeps its meaning as a one-entry map, as in the JSON form of the same templates
    if (node.tag?.startsWith('!') && text !== null)
      return tagged(node.tag, { kind: 'scalar', text, at: placeOf(node.range?.[0]) });
    return { kind: 'scalar', text, at: placeOf(node.range?.[0]) };
  }
  if (isSeq(node)) {
    const items = node.items.flatMap(item => nodeValue(item, read, depth + 1) ?? []);
    const list: ListValue = { kind: 'list', items, at: placeOf(node.range?.[0]) };
    return node.tag?.startsWith('!') ? tagged(node.tag, list) : list;
  }
  if (!isMap(node)) return undefined;
  const entries = new Map<string, Entry>();
  const merged: MapValue[] = [];
  for (const pair of node.items) {
    if (!isPair(pair)) continue;
    const key = isScalar(pair.key)
      ? String(pair.key.value ?? '')
      : isAlias(pair.key)
        ? scalarOf(read.anchors.get(pair.key.source))
        : '';
    const at = placeOf(isScalar(pair.key) ? pair.key.range?.[0] : undefined);
    const value = nodeValue(pair.value, read, depth + 1) ?? { kind: 'scalar', text: null, at };
    if (key === '<<')
      for (const part of value.kind === 'list' ? value.items : [value]) {
        if (part.kind === 'map') merged.push(part);
      }
    else entries.set(key, { key, value, at });
  }
  for (const base of merged) for (const [key, entry] of base.entries) if (!entries.has(key)) entries.set(key, entry);
  return { kind: 'map', entries, at: placeOf(node.range?.[0]) };
}

function scalarOf(value: Value | undefined): string {
  return value?.kind === 'scalar' ? (value.text ?? '') : '';
}

function tagged(tag: string, value: Value): MapValue {
  const name = tag.slice(1);
  const key = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
  return { kind: 'map', entries: new Map([[key, { key, value, at: value.at }]]), at: value.at };
}

/** The parser tells of no depth of its own, it runs out of stack. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith('Maximum call stack') ? 'it is nested too deeply' : firstLine(message);
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? text;

/** The value at a path of keys. */
export function at(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  let current = value;
  for (const key of path) current = current?.kind === 'map' ? current.entries.get(key)?.value : undefined;
  return current;
}

export function textAt(value: Value | undefined, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return found?.kind === 'scalar' && found.text !== null ? found.text : undefined;
}

export function entriesAt(value: Value | undefined, ...path: readonly string[]): readonly Entry[] {
  const found = at(value, ...path);
  return found?.kind === 'map' ? [...found.entries.values()] : [];
}

export function itemsAt(value: Value | undefined, ...path: readonly string[]): readonly Value[] {
  const found = at(value, ...path);
  return found?.kind === 'list' ? found.items : [];
}

/** A list of texts, or one text, or a shell-like array: what compose and Kubernetes accept for commands. */
export function textsAt(value: Value | undefined, ...path: readonly string[]): readonly string[] {
  const found = at(value, ...path);
  if (found?.kind === 'scalar') return found.text === null ? [] : [found.text];
  return itemsAt(found).flatMap(item => (item.kind === 'scalar' && item.text !== null ? [item.text] : []));
}
