import { folderOf, isWithin } from './survey.ts';
import type { Workspace } from './workspace.ts';

/**
 * The folder of the system that a service belongs to. A repository is one system unless several of its folders
 * each start more than one service of their own.
 */
export function systemFolders(
  roots: readonly string[],
  composeFolders: readonly string[],
  workspace: Workspace,
): (root: string) => string {
  const candidates = [...new Set([...composeFolders, ...workspace.holders])].filter(
    folder => roots.filter(root => isWithin(root, folder)).length > 1,
  );
  const outermost = candidates.filter(folder => !candidates.some(other => other !== folder && isWithin(folder, other)));
  if (outermost.includes('.') || outermost.length < 2) return () => '.';
  const folders = [...outermost, ...composeFolders.filter(folder => !outermost.some(other => isWithin(folder, other)))];
  return root => {
    const own = folders.find(folder => isWithin(root, folder));
    if (own) return own;
    let top = root;
    while (folderOf(top) !== '.') top = folderOf(top);
    return top;
  };
}
