import { didYouMean } from '../did-you-mean.ts';
import { UserError } from '../errors.ts';

/**
 * The rules that are meant by what the user wrote: a rule, its last word, a pattern, or either with `*`. A name that
 * means none would check nothing, which must not look like a pass.
 */
export function namedRules(names: readonly string[], known: readonly string[]): ReadonlySet<string> {
  return new Set(names.flatMap(name => rulesOf(name, known)));
}

function rulesOf(name: string, known: readonly string[]): readonly string[] {
  const expression = new RegExp(`^(?:[^/]+/)?${sourceOf(name)}(?:/[^/]+)?$`);
  const found = known.filter(id => expression.test(id));
  if (found.length > 0) return found;
  const words = new Set(known.flatMap(id => [id, ...id.split('/')]));
  const meant = didYouMean(name, words);
  throw new UserError('LT-007', `no rule or pattern is called ${name}`, {
    hint: meant === undefined ? 'lintel explain lists them' : `did you mean ${meant}?`,
  });
}

function sourceOf(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, letter => (letter === '*' ? '[^/]*' : `\\${letter}`));
}
