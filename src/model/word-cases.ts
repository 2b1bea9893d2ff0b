import { literal, text, type Value } from './value.ts';

const joiners = new Map<string, (words: readonly string[]) => string>(
  Object.entries({
    snakeCase: (words: readonly string[]) => words.join('_'),
    kebabCase: (words: readonly string[]) => words.join('-'),
    paramCase: (words: readonly string[]) => words.join('-'),
    dotCase: (words: readonly string[]) => words.join('.'),
    constantCase: (words: readonly string[]) => words.join('_').toUpperCase(),
    camelCase: (words: readonly string[]) => words.map((w, i) => (i === 0 ? w : capital(w))).join(''),
    pascalCase: (words: readonly string[]) => words.map(capital).join(''),
  }),
);

/** What functions of many packages make of a name: topics and tables are named after classes by them. */
export function cased(name: string, args: readonly Value[]): Value | undefined {
  const join = args.length === 1 ? joiners.get(name) : undefined;
  const given = join && literal(args[0]);
  return join && given !== undefined ? text(join(wordsOf(given))) : undefined;
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(w => w !== '');
}

function capital(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
