import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { isUnreadable, readText } from './read-text.ts';

/** Never source, whatever a .gitignore says. */
const skipped = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  'dist',
  'build',
  'coverage',
  '.next',
  '.nuxt',
  '.turbo',
  '.nx',
  '.cache',
]);

/** Files below `root` where git cannot list them; links to folders are not followed. */
export function walk(root: string): string[] {
  const files: string[] = [];
  const left: { readonly folder: string; readonly outer: readonly Scope[] }[] = [{ folder: '', outer: [] }];
  // not by a function that calls itself: folders nest two thousand deep where somebody means it
  for (let next = left.pop(); next; next = left.pop()) {
    const { folder, outer } = next;
    const scopes = withIgnoreFile(root, folder, outer);
    for (const entry of entriesOf(join(root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name) && !isIgnored(`${path}/`, scopes)) left.push({ folder: path, outer: scopes });
      } else if ((entry.isFile() || entry.isSymbolicLink()) && !isIgnored(path, scopes)) files.push(path);
    }
  }
  return files;
}

/** What one .gitignore says about the paths below its folder. */
interface Scope {
  readonly folder: string;
  readonly rules: Ignore;
}

/** Each star between letters makes a pattern slower by the length of a path; nobody needs so many. */
const takesLong = /(?:[^*]\*[^*]*){6}/;

function withIgnoreFile(root: string, folder: string, outer: readonly Scope[]): readonly Scope[] {
  const text = readText(root, folder === '' ? '.gitignore' : `${folder}/.gitignore`);
  if (text === undefined) return outer;
  const lines = text.split('\n').filter(line => !takesLong.test(line));
  return [...outer, { folder, rules: ignore().add(lines) }];
}

function isIgnored(path: string, scopes: readonly Scope[]): boolean {
  return scopes.some(({ folder, rules }) => rules.ignores(folder === '' ? path : path.slice(folder.length + 1)));
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isUnreadable(error)) return [];
    throw error;
  }
}
