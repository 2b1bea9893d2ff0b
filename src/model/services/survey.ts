import type { SourceTree } from '../tree.ts';

/** The repository without what others wrote or a machine made, with lookups by folder and by file name. */
export interface Survey {
  readonly files: readonly string[];
  has(path: string): boolean;
  read(path: string): string | undefined;
  /** All files below a folder, in order. */
  under(folder: string): readonly string[];
  /** The files of one folder, not of its subfolders, by name. */
  inside(folder: string): readonly string[];
  /** Paths of all files with this name, compared in lower case. */
  named(name: string): readonly string[];
  hasFolder(folder: string): boolean;
  subfolders(folder: string): readonly string[];
}

const vendored = new Set([
  'node_modules',
  'bower_components',
  'dist',
  'build',
  'coverage',
  '.next',
  '.nuxt',
  '.svelte-kit',
  '.turbo',
  '.git',
  '.yarn',
  '.pnpm-store',
  'vendor',
  '__pycache__',
  '.venv',
  'venv',
  '.terraform',
  'cdk.out',
  '.serverless',
  '.sst',
  '.nx',
  '.idea',
  '.vscode',
  'target',
]);

export function surveyOf(tree: SourceTree, ignored: (path: string) => boolean): Survey {
  const files: string[] = [];
  const byName = new Map<string, string[]>();
  const byFolder = new Map<string, string[]>([['.', []]]);
  const children = new Map<string, Set<string>>();
  const kept = new Map<string, boolean>([['.', true]]);
  const keep = (folder: string): boolean => {
    const known = kept.get(folder);
    if (known !== undefined) return known;
    const parent = folderOf(folder);
    const name = folder.slice(folder.lastIndexOf('/') + 1);
    const result = !vendored.has(name) && keep(parent);
    kept.set(folder, result);
    if (result) {
      byFolder.set(folder, []);
      const known = children.get(parent);
      if (known) known.add(folder);
      else children.set(parent, new Set([folder]));
    }
    return result;
  };
  for (const path of tree.files) {
    const folder = folderOf(path);
    if (!keep(folder) || ignored(path)) continue;
    files.push(path);
    byFolder.get(folder)?.push(path);
    const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
    const known = byName.get(name);
    if (known) known.push(path);
    else byName.set(name, [path]);
  }
  return {
    files,
    has: path => tree.has(path),
    read: path => tree.read(path),
    under: folder => (folder === '.' ? files : files.slice(firstAt(files, `${folder}/`), firstAt(files, `${folder}0`))),
    inside: folder => byFolder.get(folder) ?? [],
    named: name => byName.get(name) ?? [],
    hasFolder: folder => byFolder.has(folder),
    subfolders: folder => [...(children.get(folder) ?? [])],
  };
}

/** First index whose path is not before `wanted`; '0' is the character after '/'. */
function firstAt(files: readonly string[], wanted: string): number {
  let low = 0;
  let high = files.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((files[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash);
}

export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Joins as a shell would; undefined where the result leaves the repository. */
export function joined(folder: string, relative: string): string | undefined {
  const parts = folder === '.' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length ? parts.join('/') : '.';
}

export const isWithin = (path: string, folder: string): boolean =>
  folder === '.' || path === folder || path.startsWith(`${folder}/`);

export function relativeTo(path: string, folder: string): string {
  return folder === '.'
    ? path
    : path === folder
      ? '.'
      : path.startsWith(`${folder}/`)
        ? path.slice(folder.length + 1)
        : path;
}
