import { commentsOf } from '../extract/comments.ts';
import { linesAfter } from './lines-after.ts';
import { isSource } from './production.ts';
import type { Evidence } from './system.ts';

/** A comment that tells what the code does not: `// lintel: table orders`. */
export interface Annotation {
  /** As it is written; whether there is such a kind is for others to say. */
  readonly kind: string;
  readonly value: string;
  readonly at: Evidence;
  /** The line it speaks of: its own, or the next where it stands alone. */
  readonly line: number;
}

export const annotationKinds = ['datastore', 'table', 'calls', 'publishes', 'consumes'] as const;
export type AnnotationKind = (typeof annotationKinds)[number];

export const annotationMarker = 'lintel:';

const annotation = /^[\s*]*lintel:\s*(\S*)(.*)$/s;
const loneComment = /^\s*(?:\/\/|(?:#|--)\s|\/\*.*\*\/\s*$)/;

/** Where something may be unresolved; in prose, an annotation is an example of one. */
export function mayHoldAnnotations(file: string): boolean {
  return isSource(file) || /\.(sql|prisma|ya?ml)$/.test(file);
}

export function parseAnnotations(file: string, text: string): Annotation[] {
  const lines = text.split('\n');
  const after = linesAfter(lines, line => loneComment.test(line));
  let [line, start] = [1, 0];
  return commentsOf(file, text).flatMap(comment => {
    const match = annotation.exec(comment.text);
    if (match === null) return [];
    for (; start + (lines[line - 1]?.length ?? 0) < comment.start; line++) start += (lines[line - 1]?.length ?? 0) + 1;
    const [, kind = '', rest = ''] = match;
    const said = rest.replace(/(?<!\*)\*+$/, '');
    const indent = text.slice(start, comment.start);
    const last = line + text.slice(comment.start, comment.end).split('\n').length - 1;
    return [
      {
        kind,
        value: said.split(/\s--\s/)[0]?.trim() ?? '',
        at: { file, line, column: indent.length + 1 },
        line: indent.trim() === '' ? (after[last] ?? last + 1) : line,
      },
    ];
  });
}

/** All annotations of a repository, and which of them settled something. */
export class Annotations {
  readonly all: readonly Annotation[];
  readonly #byPlace: ReadonlyMap<string, Annotation>;
  readonly #used = new Set<Annotation>();

  constructor(all: readonly Annotation[]) {
    this.all = all;
    this.#byPlace = new Map(all.map(one => [`${one.kind} ${one.at.file}:${one.line}`, one]));
  }

  has(kind: AnnotationKind): boolean {
    return this.all.some(one => one.kind === kind);
  }

  /** What is said of a place. To ask is to use it: ask only about what is not known otherwise. */
  settling(kind: AnnotationKind, { file, line }: Evidence): Annotation | undefined {
    const found = this.#byPlace.get(`${kind} ${file}:${line}`);
    if (found) this.#used.add(found);
    return found;
  }

  get unused(): readonly Annotation[] {
    return this.all.filter(one => !this.#used.has(one));
  }
}

/** An annotation to paste at a place, in the comments of its language. */
export function annotationFor(kind: AnnotationKind, value: string, file: string): string {
  const mark = file.endsWith('.sql') ? '--' : /\.ya?ml$/.test(file) ? '#' : '//';
  return `${mark} ${annotationMarker} ${kind} ${value}`;
}
