import { readText } from './read-text.ts';

/** The page of documentation of a pattern, from the package at `root`. */
export function readDocument(root: string, pattern: string): string | undefined {
  return readText(root, `docs/patterns/${pattern}.md`);
}
