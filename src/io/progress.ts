import type { SourceTree } from '../model/tree.ts';

/** A run that is over sooner needs no progress. */
const patience = 1000;
const between = 100;

const clearLine = '\r\u001b[K';

export interface Watched {
  readonly tree: SourceTree;
  /** Takes away the line. */
  done(): void;
}

/** Tells on a terminal how many files were read, where a check takes more than a second. How many it will be is not known. */
export function withProgress(
  tree: SourceTree,
  write: (text: string) => void = text => process.stderr.write(text),
  now: () => number = Date.now,
): Watched {
  const read = new Set<string>();
  const start = now();
  let last = start;
  const tell = () => {
    const time = now();
    if (time - start < patience || time - last < between) return;
    last = time;
    write(`${clearLine}${read.size} files read, ${Math.round((time - start) / 1000)} s`);
  };
  return {
    tree: {
      files: tree.files,
      has: path => tree.has(path),
      read: path => {
        read.add(path);
        tell();
        return tree.read(path);
      },
    },
    done: () => {
      if (last > start) write(clearLine);
    },
  };
}

/** Only where somebody watches: no CI, no pipe at either end. */
export function isWatched(ci: boolean, env: NodeJS.ProcessEnv = process.env): boolean {
  return !ci && env.TERM !== 'dumb' && Boolean(process.stderr.isTTY) && Boolean(process.stdout.isTTY);
}
