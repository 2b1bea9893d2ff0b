import { sectionOf } from '../report/markdown-section.ts';
import { readText } from './read-text.ts';

/** The page of documentation of a pattern, from the package at `root`. */
export function readDocument(root: string, pattern: string): string | undefined {
  return readText(root, `docs/patterns/${pattern}.md`);
}

/** The section about a rule, out of the page of its pattern. */
export function readRuleDocument(root: string, rule: string): string | undefined {
  const [pattern = '', name = ''] = rule.split('/');
  const page = readDocument(root, pattern);
  return page === undefined ? undefined : sectionOf(page, name);
}
