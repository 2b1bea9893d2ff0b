import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceTree } from '../model/tree.ts';
import { gitFiles } from './git-files.ts';
import { isUnreadable, readText } from './read-text.ts';
import { walk } from './walk.ts';

/** What is asked for again and again while services and values are resolved; source files are read once each. */
const readOften = /\.(json|ya?ml|toml|prisma)$|(^|\/)(\.env[^/]*|[^/]*Dockerfile[^/]*)$/i;

/** The files of the repository at `root`, read when asked for. Runs nothing but `git ls-files`. */
export function readTree(root: string): SourceTree {
  const files = listFiles(root)
    .filter(path => !/(^|\/)node_modules\//.test(path))
    .sort();
  const known = new Set(files);
  const isInside = foldersOf(root);
  const read = (path: string) => (isInside(folderOf(path)) ? readText(root, path) : undefined);
  const texts = new Map<string, string | undefined>();
  const remembered = (path: string) => {
    if (!texts.has(path)) texts.set(path, read(path));
    return texts.get(path);
  };
  return {
    files,
    has: path => known.has(path),
    read: path => {
      if (!known.has(path)) return undefined;
      return readOften.test(path) ? remembered(path) : read(path);
    },
  };
}

/** Tells folders from links to folders: git lists what it tracked below a folder that has since become a link. */
function foldersOf(root: string): (folder: string) => boolean {
  const known = new Map([['', true]]);
  const isInside = (folder: string): boolean => {
    const answer = known.get(folder) ?? (isInside(folderOf(folder)) && isFolder(join(root, folder)));
    known.set(folder, answer);
    return answer;
  };
  return isInside;
}

function isFolder(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch (error) {
    if (isUnreadable(error)) return false;
    throw error;
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Git lists nothing in a folder that it ignores, and the user who names that folder means it: walk there. */
function listFiles(root: string): string[] {
  const listed = gitFiles(root);
  if (listed === undefined || listed.files.length + listed.repositories.length === 0) return walk(root);
  const within = listed.repositories
    .filter(folder => !/(^|\/)node_modules(\/|$)/.test(folder))
    .flatMap(folder => repositoryFiles(root, folder));
  return [...listed.files, ...within];
}

/** A submodule that was not checked out is an empty folder; there git answers for the outer repository, with nothing. */
function repositoryFiles(root: string, folder: string): string[] {
  if (!foldersOf(root)(folder)) return [];
  return listFiles(join(root, folder)).map(path => `${folder}/${path}`);
}
