import { git } from './git.ts';

export interface GitFiles {
  readonly files: readonly string[];
  /** Folders that are repositories of their own: submodules and clones within the tree. */
  readonly repositories: readonly string[];
}

/** One line of `ls-files -t --stage`: tag, then mode, object and stage for what is tracked. */
const tracked = /^(\S) ([0-7]{6}) [0-9a-f]+ \d\t([\s\S]+)$/;

/**
 * Files below `folder` that git tracks or would track; undefined where `folder` is not in a git work tree.
 * One process and no stat per file: 12,000 files take some 20 ms.
 */
export function gitFiles(folder: string): GitFiles | undefined {
  const what = ['ls-files', '-z', '-t', '--stage', '--cached', '--others', '--deleted', '--exclude-standard'];
  const { status, stdout } = git(folder, what);
  return status === 0 ? parse(stdout) : undefined;
}

function parse(listing: string): GitFiles {
  const files = new Set<string>();
  const repositories: string[] = [];
  for (const entry of listing.split('\0')) {
    const [, tag, mode, trackedPath] = tracked.exec(entry) ?? [];
    const path = trackedPath ?? entry.slice(2);
    // asked inside a submodule that was not checked out, git answers with that folder itself
    if (path === '' || /^\.\/*$/.test(path)) continue;
    if (tag === 'R') files.delete(path);
    else if (mode === '160000' || path.endsWith('/')) repositories.push(path.replace(/\/$/, ''));
    else files.add(path);
  }
  return { files: [...files], repositories };
}
