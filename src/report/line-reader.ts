import type { Evidence } from '../model/system.ts';
import type { SourceTree } from '../model/tree.ts';

/** The line at a place. The lines of each file are kept: what is found comes in clusters. */
export function lineReader(tree: SourceTree): (at: Evidence) => string | undefined {
  const files = new Map<string, readonly string[]>();
  return ({ file, line }) => {
    const lines = files.get(file) ?? tree.read(file)?.split(/\r?\n/) ?? [];
    files.set(file, lines);
    return lines[line - 1];
  };
}
