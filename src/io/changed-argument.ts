import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * `--changed` takes a ref or nothing, which the framework cannot tell apart: what follows it is the ref, unless it is a
 * flag or a path that exists.
 */
export function withChangedRef(argv: readonly string[], cwd: string): string[] {
  const isRef = (word: string | undefined) =>
    word !== undefined && !word.startsWith('-') && !existsSync(resolve(cwd, word));
  return argv.flatMap((word, index) => {
    if (word === '--changed') return [isRef(argv[index + 1]) ? `--changed=${argv[index + 1]}` : '--changed='];
    return argv[index - 1] === '--changed' && isRef(word) ? [] : [word];
  });
}
