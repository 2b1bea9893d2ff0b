import type { Pattern, Rule } from '../check/rule.ts';
import { didYouMean } from '../did-you-mean.ts';
import { UserError } from '../errors.ts';
import { sectionOf } from './markdown-section.ts';

/** What is known of a rule or a pattern; without a name, the list of them. `documentOf` gives the page of a pattern. */
export function explain(
  patterns: readonly Pattern[],
  name: string | undefined,
  documentOf: (pattern: string) => string | undefined,
): string {
  if (name === undefined) return renderCatalogue(patterns);
  const rules = patterns.flatMap(pattern => pattern.rules);
  const rule = rules.find(({ id }) => id === name || id.endsWith(`/${name}`));
  if (rule) return renderRule(rule, documentOf(patternOf(rule.id)));
  const pattern = patterns.find(({ id }) => id === name);
  if (pattern) return documentOf(pattern.id) ?? renderCatalogue([pattern]);
  const meant = didYouMean(
    name,
    [...patterns, ...rules].map(({ id }) => id),
  );
  throw new UserError('LT-007', `no rule or pattern is called ${name}`, {
    hint: meant === undefined ? 'lintel explain lists them' : `did you mean ${meant}?`,
  });
}

function renderRule({ id, title, severity, remedy }: Rule, document: string | undefined): string {
  const section = document && sectionOf(document, id.slice(patternOf(id).length + 1));
  return [`${id} (${severity}): ${title}\n`, `the way out: ${remedy}\n`, ...(section ? [section] : [])].join('\n');
}

function patternOf(rule: string): string {
  return rule.slice(0, rule.indexOf('/'));
}

function renderCatalogue(patterns: readonly Pattern[]): string {
  const width = Math.max(...patterns.flatMap(({ rules }) => rules.map(({ id }) => id.length)));
  return patterns
    .map(({ id, title, rules }) => {
      const lines = rules.map(rule => `  ${rule.id.padEnd(width)}  ${rule.severity.padEnd(5)}  ${rule.title}\n`);
      return `${id}: ${title}\n${lines.join('')}`;
    })
    .join('\n');
}
