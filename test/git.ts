import { folderOf, run } from './run-lintel.ts';

const identity = ['-c', 'user.name=shop', '-c', 'user.email=shop@example.com', '-c', 'init.defaultBranch=main'];

export function git(folder: string, ...args: readonly string[]) {
  return run('git', [...identity, ...args], folder);
}

/** A repository with one commit of these files, on the branch main. */
export async function committed(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = folderOf(files);
  await git(folder, 'init', '-q');
  await commitAll(folder);
  return folder;
}

export async function commitAll(folder: string): Promise<void> {
  await git(folder, 'add', '--all', '.');
  await git(folder, 'commit', '-q', '-m', 'A step');
}
