import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChangedFiles } from '../check/changed.ts';
import { UserError } from '../errors.ts';
import { git } from './git.ts';

const fetchHint = 'in CI fetch the whole history: actions/checkout with fetch-depth: 0, GIT_DEPTH: 0 in GitLab';

/**
 * What differs below `root` from where this branch left `ref`, uncommitted and new files too; where `ref` is undefined
 * or empty, from where it left the default branch.
 */
export function changedFiles(
  root: string,
  ref: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): ChangedFiles {
  if (git(root, ['rev-parse', '--is-inside-work-tree']).stdout?.trim() !== 'true') {
    throw new UserError('LT-012', '--changed: this folder is in no git work tree', {
      hint: 'what changed is asked of git; without it, use a baseline',
    });
  }
  const base = ref ? baseOf(root, ref) : defaultBase(root, env);
  const differing = differingFiles(root, base);
  const listed = git(root, ['ls-files', '-z', '--others', '--exclude-standard']);
  const fresh = listed.stdout.split('\0').filter(path => path !== '');
  return {
    paths: [...differing.paths, ...fresh],
    gone: differing.gone.filter(path => !fresh.includes(path)),
  };
}

function baseOf(root: string, ref: string): string {
  const commit = commitOf(root, ref);
  if (commit === undefined) throw new UserError('LT-012', `--changed: git knows no commit ${ref}`, { hint: fetchHint });
  // Without a common ancestor, as in a shallow clone, all that differs has changed.
  return mergeBase(root, commit) ?? commit;
}

/** What CI says the branch goes into; else what the remote says is its default; else what it is usually called. */
function defaultBase(root: string, env: NodeJS.ProcessEnv): string {
  const names = [
    ...(env.GITHUB_BASE_REF ? [`origin/${env.GITHUB_BASE_REF}`] : []),
    ...(env.CI_MERGE_REQUEST_DIFF_BASE_SHA ? [env.CI_MERGE_REQUEST_DIFF_BASE_SHA] : []),
    ...['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'],
  ];
  const name = names.find(one => commitOf(root, one) !== undefined);
  const commit = name === undefined ? undefined : commitOf(root, name);
  if (commit === undefined) {
    throw new UserError('LT-012', '--changed: git knows no default branch', {
      hint: `name a commit, --changed=<ref>; ${fetchHint}`,
    });
  }
  const base = mergeBase(root, commit);
  if (base !== undefined) return base;
  throw new UserError('LT-012', `--changed: git knows no common ancestor with ${name}`, { hint: fetchHint });
}

function commitOf(root: string, ref: string): string | undefined {
  const { status, stdout } = git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  return status === 0 ? stdout.trim() : undefined;
}

function mergeBase(root: string, commit: string): string | undefined {
  const { status, stdout } = git(root, ['merge-base', commit, 'HEAD']);
  return status === 0 ? stdout.trim() : undefined;
}

/** `:100644 100644 <object there> <object here> M`, then the path. */
const rawLine = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) (\w)/;

/**
 * Of files whose time alone differs `diff-index` says that they may have changed; whether they have is seen here. `git
 * diff` would look itself, through programs that the repository may name.
 */
function differingFiles(root: string, base: string): ChangedFiles {
  const options = ['--raw', '-z', '--no-abbrev', '--no-renames', '--relative', '--ignore-submodules=dirty'];
  const { status, stdout } = git(root, ['diff-index', ...options, base, '--', '.'], noFilters(root));
  if (status !== 0) throw new UserError('LT-012', `--changed: git cannot compare with ${base}`, { hint: fetchHint });
  const words = stdout.split('\0');
  const differing = words.flatMap((word, index) => {
    const [, , mode, there = '', here = '', kind] = rawLine.exec(word) ?? [];
    const path = words[index + 1];
    if (kind === undefined || path === undefined) return [];
    const object = /^0+$/.test(here) && mode !== '160000' && kind !== 'D' ? objectOf(join(root, path), there) : here;
    return object === there ? [] : [{ path, kind }];
  });
  return {
    paths: differing.map(({ path }) => path),
    gone: differing.filter(({ kind }) => kind === 'D').map(({ path }) => path),
  };
}

/** A file that is as young as the index git compares after all, through the filters that are configured. */
function noFilters(root: string): [string, string][] {
  const { stdout } = git(root, ['config', '-z', '--name-only', '--get-regexp', '^filter\\.']);
  const names = stdout.split('\0').filter(name => name !== '');
  return names.map(name => [name, name.endsWith('.required') ? 'false' : '']);
}

/** The name that git gives to what a file holds; undefined for what is no plain file. */
function objectOf(file: string, like: string): string | undefined {
  if (!lstatSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
  const bytes = readFileSync(file);
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
