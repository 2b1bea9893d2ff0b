import type { Technology } from '../model/technology.ts';
import { literal, text } from '../model/value.ts';

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
export const wordCases: Technology = {
  id: 'word-cases',
  auxiliary: true,
  packages: [],
  duck(c) {
    const join = joiners.get(c.name);
    const given = join && c.args.length === 1 ? literal(c.args[0]) : undefined;
    return join && given !== undefined ? text(join(wordsOf(given)), c.origin) : undefined;
  },
};

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(w => w !== '');
}

function capital(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
