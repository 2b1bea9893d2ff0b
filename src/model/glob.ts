import type { SourceTree } from './tree.ts';

/** Whether a path, or a folder that holds it, matches one of the patterns: `*`, `**`, `?` and `{one,other}`, from the root. */
export function matcherOf(patterns: readonly string[]): (path: string) => boolean {
  const expressions = patterns.map(expressionOf);
  return path => expressions.some(expression => expression.test(path));
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

const meanings: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' };

function expressionOf(pattern: string): RegExp {
  const bare = pattern.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  return new RegExp(`^(?:${alternativesOf(bare).map(sourceOf).join('|')})(?:$|/)`);
}

/** `{apps,libs}/old` is `apps/old` or `libs/old`. A brace without its other half is a letter like any other. */
function alternativesOf(pattern: string): string[] {
  const braces = /\{([^{}]*)\}/.exec(pattern);
  if (braces === null) return [pattern];
  const [whole, inside = ''] = braces;
  const [before, after] = [pattern.slice(0, braces.index), pattern.slice(braces.index + whole.length)];
  return inside.split(',').flatMap(one => alternativesOf(`${before}${one}${after}`));
}

function sourceOf(pattern: string): string {
  return pattern.replace(/\*\*\/|\*\*|[*?]|[.+^$(){}|[\]\\]/g, part => meanings[part] ?? `\\${part}`);
}
