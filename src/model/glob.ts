import type { SourceTree } from './tree.ts';

/** Whether a path, or a folder that holds it, matches one of the patterns: `*`, `**`, `?` and `{one,other}`, from the root. */
export function matcherOf(patterns: readonly string[]): (path: string) => boolean {
  const known = patterns.flatMap(tokensOf);
  return path => known.some(tokens => matches(tokens, path, true));
}

/** Whether a path itself matches one of the patterns. */
export function exactMatcherOf(patterns: readonly string[]): (path: string) => boolean {
  const known = patterns.flatMap(tokensOf);
  return path => known.some(tokens => matches(tokens, path, false));
}

/** The repository without the files that match: for all that reads it they do not exist. */
export function without(patterns: readonly string[], tree: SourceTree): SourceTree {
  if (patterns.length === 0) return tree;
  const isIgnored = matcherOf(patterns);
  return {
    files: tree.files.filter(path => !isIgnored(path)),
    has: path => !isIgnored(path) && tree.has(path),
    read: path => (isIgnored(path) ? undefined : tree.read(path)),
  };
}

/** `folders` is the place before, `inside` the place within the folders that `**` and a slash stand for. */
type Token = 'folders' | 'inside' | 'deep' | 'some' | 'one' | { readonly letter: string };

function tokensOf(pattern: string): Token[][] {
  const bare = pattern.replace(/^(?:\.?\/)+/, '').replace(/(?<!\/)\/+$/, '');
  return alternativesOf(bare).map(one =>
    [...one.matchAll(/\*\*\/|\*\*|[\s\S]/gu)].flatMap(([part]): Token[] => {
      if (part === '**/') return ['folders', 'inside'];
      return [part === '**' ? 'deep' : part === '*' ? 'some' : part === '?' ? 'one' : { letter: part }];
    }),
  );
}

/** More alternatives than this nobody writes; each pair of braces doubles them. */
const mostAlternatives = 500;

/** `{apps,libs}/old` is `apps/old` or `libs/old`. A brace without its other half is a letter like any other. */
function alternativesOf(pattern: string): readonly string[] {
  let all: readonly string[] = [pattern];
  for (;;) {
    const next = all.flatMap(once);
    if (next.length === all.length && next.every((one, index) => one === all[index])) return all;
    if (next.length > mostAlternatives) return all;
    all = next;
  }
}

function once(pattern: string): string[] {
  const braces = /\{([^{}]*)\}/.exec(pattern);
  if (braces === null) return [pattern];
  const [whole, inside = ''] = braces;
  const [before, after] = [pattern.slice(0, braces.index), pattern.slice(braces.index + whole.length)];
  return inside.split(',').map(one => `${before}${one}${after}`);
}

/** Follows all ways to match at once, letter by letter: a regular expression tries them one after the other. */
function matches(tokens: readonly Token[], path: string, orBelow: boolean): boolean {
  let places = new Set<number>();
  enter(tokens, 0, places);
  for (const letter of path) {
    if (orBelow && letter === '/' && places.has(tokens.length)) return true;
    if (places.size === 0) return false;
    const next = new Set<number>();
    for (const place of places) step(tokens, place, letter, next);
    places = next;
  }
  return places.has(tokens.length);
}

/** What may match nothing may be left as soon as it is reached. */
function enter(tokens: readonly Token[], place: number, into: Set<number>): void {
  into.add(place);
  const token = tokens[place];
  if (token === 'folders') enter(tokens, place + 2, into);
  else if (token === 'deep' || token === 'some') enter(tokens, place + 1, into);
}

function step(tokens: readonly Token[], place: number, letter: string, into: Set<number>): void {
  const token = tokens[place];
  switch (token) {
    case undefined:
      return;
    case 'folders':
    case 'inside':
      into.add(token === 'folders' ? place + 1 : place);
      if (letter === '/') enter(tokens, token === 'folders' ? place + 2 : place + 1, into);
      return;
    case 'deep':
      enter(tokens, place, into);
      return;
    case 'some':
      if (letter !== '/') enter(tokens, place, into);
      return;
    case 'one':
      if (letter !== '/') enter(tokens, place + 1, into);
      return;
    default:
      if (token.letter === letter) enter(tokens, place + 1, into);
  }
}
