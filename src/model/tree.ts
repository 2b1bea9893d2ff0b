/**
 * The repository as the pure parts see it. `io/` makes one from disk, tests make one from an object literal.
 * Paths are posix, from the root, sorted.
 */
export interface SourceTree {
  readonly files: readonly string[];
  has(path: string): boolean;
  /** The text of a file; undefined where it is not there or not readable as text. */
  read(path: string): string | undefined;
}

export function treeOf(files: Readonly<Record<string, string>>): SourceTree {
  return {
    files: Object.keys(files).sort(),
    has: path => Object.hasOwn(files, path),
    read: path => (Object.hasOwn(files, path) ? files[path] : undefined),
  };
}
