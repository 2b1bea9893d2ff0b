import { type SpawnSyncReturns, spawnSync } from 'node:child_process';

/** Settings of the repository that would make git run a program, switched off. */
const runNothing = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

/** Nor may git fetch what a partial clone lacks: the repository says from where, and by which program. */
const fetchNothing = { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none' };

/** A pipe in place of a file of git's would keep it waiting for ever; the largest repositories take some seconds. */
const longest = 20_000;

/** Runs git in a folder; the only program that Lintel starts. `settings` outrank those of the repository. */
export function git(
  folder: string,
  args: readonly string[],
  settings: readonly (readonly [name: string, value: string])[] = [],
): SpawnSyncReturns<string> {
  return spawnSync('git', [...runNothing, ...args], {
    cwd: folder,
    env: { ...withoutRepository(process.env), ...environmentOf(settings) },
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    timeout: longest,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** From the root of the work tree to `folder`, as `backend/`; empty at the root, and outside of any work tree. */
export function pathInRepository(folder: string): string {
  const { status, stdout } = git(folder, ['rev-parse', '--show-prefix']);
  return status === 0 ? stdout.replace(/\n$/, '') : '';
}

/** Not as `-c name=value`: the name of a setting may hold `=`. */
function environmentOf(settings: readonly (readonly [name: string, value: string])[]): NodeJS.ProcessEnv {
  const entries = settings.flatMap(([name, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, name],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return entries.length === 0 ? {} : { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(entries) };
}

/** A git hook that runs Lintel sets these; they would point at another tree than the one asked about. */
function withoutRepository(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_PREFIX, GIT_COMMON_DIR, GIT_OBJECT_DIRECTORY, ...rest } = env;
  return { ...rest, ...fetchNothing, GIT_OPTIONAL_LOCKS: '0' };
}
