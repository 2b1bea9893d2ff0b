import { spawnSync } from 'node:child_process';

export interface GitFiles {
  readonly files: readonly string[];
  /** Folders that are repositories of their own: submodules and clones within the tree. */
  readonly repositories: readonly string[];
}

/** Settings of the repository that would make git run a program, switched off. */
const runNothing = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

/** Nor may git fetch what a partial clone lacks: the repository says from where, and by which program. */
const fetchNothing = { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none' };

/** A pipe in place of a file of git's would keep it waiting for ever; the largest repositories take some seconds. */
const longest = 20_000;

/** One line of `ls-files -t --stage`: tag, then mode, object and stage for what is tracked. */
const tracked = /^(\S) ([0-7]{6}) [0-9a-f]+ \d\t([\s\S]+)$/;

/**
 * Files below `folder` that git tracks or would track; undefined where `folder` is not in a git work tree.
 * One process and no stat per file: 12,000 files take some 20 ms.
 */
export function gitFiles(folder: string): GitFiles | undefined {
  const what = ['ls-files', '-z', '-t', '--stage', '--cached', '--others', '--deleted', '--exclude-standard'];
  const git = spawnSync('git', [...runNothing, ...what], {
    cwd: folder,
    env: withoutRepository(process.env),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    timeout: longest,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return git.status === 0 ? parse(git.stdout) : undefined;
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

/** A git hook that runs Lintel sets these; they would point at another tree than the one asked about. */
function withoutRepository(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_PREFIX, GIT_COMMON_DIR, GIT_OBJECT_DIRECTORY, ...rest } = env;
  return { ...rest, ...fetchNothing, GIT_OPTIONAL_LOCKS: '0' };
}
