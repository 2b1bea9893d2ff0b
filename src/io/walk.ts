import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { codeOf } from './read-text.ts';

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
export function walk(root: string, folder = '', outer: readonly Scope[] = []): string[] {
  const scopes = withIgnoreFile(root, folder, outer);
  return entriesOf(join(root, folder)).flatMap(entry => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      return skipped.has(entry.name) || isIgnored(`${path}/`, scopes) ? [] : walk(root, path, scopes);
    }
    return (entry.isFile() || entry.isSymbolicLink()) && !isIgnored(path, scopes) ? [path] : [];
  });
}

/** What one .gitignore says about the paths below its folder. */
interface Scope {
  readonly folder: string;
  readonly rules: Ignore;
}

function withIgnoreFile(root: string, folder: string, outer: readonly Scope[]): readonly Scope[] {
  try {
    const text = readFileSync(join(root, folder, '.gitignore'), 'utf8');
    return [...outer, { folder, rules: ignore().add(text) }];
  } catch (error) {
    if (['ENOENT', 'EACCES', 'EISDIR', 'ELOOP'].includes(codeOf(error))) return outer;
    throw error;
  }
}

function isIgnored(path: string, scopes: readonly Scope[]): boolean {
  return scopes.some(({ folder, rules }) => rules.ignores(folder === '' ? path : path.slice(folder.length + 1)));
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (['EACCES', 'EPERM', 'ENOENT'].includes(codeOf(error))) return [];
    throw error;
  }
}
