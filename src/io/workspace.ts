import { statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { type Config, configFile, emptyConfig, readConfig } from '../config.ts';
import { UserError } from '../errors.ts';
import type { SourceTree } from '../model/tree.ts';
import { isUnreadable } from './read-text.ts';
import { readTree } from './read-tree.ts';

/** A repository, ready to be analysed. */
export interface Workspace {
  readonly root: string;
  readonly tree: SourceTree;
  readonly config: Config;
  /** Paths from the root that the user named, to restrict what is shown; empty for all. */
  readonly only: readonly string[];
}

/** A whole repository. */
export function openRoot(folder: string, cwd: string): Workspace {
  if (isFolder(folder, cwd)) return openWorkspace([folder], cwd);
  throw new UserError('LT-002', `${folder} is not a folder`, { hint: 'name the root of the repository' });
}

export function openWorkspace(paths: readonly string[], cwd: string): Workspace {
  const { root, within } = scopeOf(paths, cwd);
  const tree = readTree(root);
  const only = within.map(path => relative(root, path).split(sep).join('/'));
  const missing = only.find(path => !tree.files.some(file => file === path || file.startsWith(`${path}/`)));
  if (missing !== undefined) {
    throw new UserError('LT-002', `${missing} matches no file of the repository`, {
      hint: 'files that git ignores and node_modules are not read',
    });
  }
  const text = tree.read(configFile);
  return { root, tree, config: text === undefined ? emptyConfig : readConfig(text, configFile), only };
}

/**
 * A folder that holds all the other paths is the root, and they restrict what is shown: `check`, `check shop`,
 * `check . services/orders`. Otherwise the root is where the user stands: `check a.ts`, `check services/a services/b`.
 */
function scopeOf(paths: readonly string[], cwd: string): { root: string; within: readonly string[] } {
  const [first, ...rest] = paths.map(path => ({ path: resolve(cwd, path), isFolder: isFolder(path, cwd) }));
  if (first === undefined) return { root: cwd, within: [] };
  if (first.isFolder && rest.every(({ path }) => isInside(path, first.path))) {
    return { root: first.path, within: rest.map(({ path }) => path) };
  }
  const within = [first, ...rest].map(({ path }) => path);
  const outside = within.find(path => !isInside(path, cwd));
  if (outside === undefined) return { root: cwd, within };
  throw new UserError('LT-002', `${relative(cwd, outside)} lies outside of the folder to check`, {
    hint: 'name the folder to check first: lintel check <folder> <paths in it>',
  });
}

function isFolder(path: string, cwd: string): boolean {
  const stat = statOf(path, cwd);
  if (stat === undefined) throw new UserError('LT-002', `${path} does not exist`);
  return stat.isDirectory();
}

function statOf(path: string, cwd: string) {
  try {
    return statSync(resolve(cwd, path), { throwIfNoEntry: false });
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    throw new UserError('LT-002', `${path} cannot be read`, { cause: error });
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
