import type { SourceTree } from './tree.ts';

/**
 * Remembers which files hold a word while the analysis reads them, so that no file is read twice for it. `marked` is
 * complete once the analysis has read all it needs.
 */
export function watchFor(
  marker: string,
  tree: SourceTree,
): { readonly tree: SourceTree; readonly marked: ReadonlySet<string> } {
  const marked = new Set<string>();
  const read = (path: string) => {
    const text = tree.read(path);
    if (text?.includes(marker)) marked.add(path);
    return text;
  };
  return { tree: { files: tree.files, has: tree.has, read }, marked };
}
