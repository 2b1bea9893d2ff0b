import { createHash, randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Knowing, Known } from '../check/known.ts';
import type { SourceTree } from '../model/tree.ts';
import { codeOf } from './read-text.ts';

/** A file that changed this shortly before it was read may change again without its time showing it. */
const racyMilliseconds = 2000;
const keptDays = 30;

/** A file that was read: what it held, and by what to see that it has not changed, without reading it. */
interface Seen {
  readonly hash: string;
  readonly size: number;
  readonly modified: number;
  readonly changed: number;
}

interface Head {
  /** Of the program, the configuration and the list of files. */
  readonly key: string;
  readonly at: number;
  readonly seen: Readonly<Record<string, Seen>>;
}

/**
 * Remembers what was found out about a repository in a file of the user's cache folder, and takes it over as long as
 * the program, the configuration, the list of files and every file that was read are the same: files whose times have
 * not changed are not read, others are compared by what they hold. Nothing is read that the repository could plant.
 */
export function remembering(folder: string, root: string, know: Knowing): Knowing {
  const file = join(folder, `${hashOf(root)}.json`);
  return (tree, config) => {
    const key = hashOf(JSON.stringify([program(), config, tree.files]));
    const kept = read(file);
    if (kept !== undefined && kept.head.key === key && isSame(kept.head, root, tree)) {
      const known: unknown = JSON.parse(kept.known);
      if (isKnown(known)) return known;
    }
    const at = Date.now();
    const { tree: watched, hashes } = hashing(tree);
    const known = know(watched, config);
    const seen = Object.fromEntries([...hashes].map(([path, hash]) => [path, seenNow(root, path, hash)]));
    write(file, `${JSON.stringify({ key, at, seen } satisfies Head)}\n${JSON.stringify(known)}\n`);
    return known;
  };
}

/** Notes what each file held that was read. */
function hashing(tree: SourceTree): { readonly tree: SourceTree; readonly hashes: ReadonlyMap<string, string> } {
  const hashes = new Map<string, string>();
  const read = (path: string) => {
    const text = tree.read(path);
    if (!hashes.has(path)) hashes.set(path, hashOfText(text));
    return text;
  };
  return { tree: { files: tree.files, has: tree.has, read }, hashes };
}

function isSame({ seen, at }: Head, root: string, tree: SourceTree): boolean {
  return Object.entries(seen).every(([path, then]) => {
    const now = seenNow(root, path, then.hash);
    const isUntouched =
      now.size >= 0 &&
      now.size === then.size &&
      now.modified === then.modified &&
      now.changed === then.changed &&
      Math.max(now.modified, now.changed) < at - racyMilliseconds;
    return isUntouched || hashOfText(tree.read(path)) === then.hash;
  });
}

/** Links lead elsewhere, so their own times say nothing: size -1 is never taken for unchanged. */
function seenNow(root: string, path: string, hash: string): Seen {
  const stat = lstatSync(join(root, path), { throwIfNoEntry: false });
  return stat?.isFile()
    ? { hash, size: stat.size, modified: stat.mtimeMs, changed: stat.ctimeMs }
    : { hash, size: -1, modified: 0, changed: 0 };
}

function read(file: string): { readonly head: Head; readonly known: string } | undefined {
  try {
    const [first = '', known = ''] = readFileSync(file, 'utf8').split('\n');
    const head: unknown = JSON.parse(first);
    return isHead(head) && known !== '' ? { head, known } : undefined;
  } catch (error) {
    // what cannot be read or was damaged is as good as not there
    if (error instanceof SyntaxError || codeOf(error) !== '') return undefined;
    throw error;
  }
}

/** Written beside and renamed: two runs at once, or one that is killed, leave a whole file. */
function write(file: string, text: string): void {
  const draft = `${file}.${randomUUID()}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    forget(dirname(file));
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, file);
  } catch (error) {
    // a cache that cannot be written costs time, nothing else; a draft that is left is forgotten tomorrow
    if (codeOf(error) === '') throw error;
  }
}

/** Repositories that nobody has checked for long, and drafts of runs that were killed. */
function forget(folder: string): void {
  for (const name of readdirSync(folder)) {
    const stat = statSync(join(folder, name), { throwIfNoEntry: false });
    const days = stat === undefined ? 0 : (Date.now() - stat.mtimeMs) / 86_400_000;
    if (days > (name.endsWith('.json') ? keptDays : 1)) rmSync(join(folder, name), { force: true });
  }
}

let ownVersion: string | undefined;

/** The program itself, by the times and sizes of its files: a new version, or a new build, remembers nothing. */
function program(): string {
  const own = join(import.meta.dirname, '..', '..');
  ownVersion ??= hashOf(
    readdirSync(own, { recursive: true, encoding: 'utf8' })
      .filter(path => /^(?:src|rules)\b.*\.[jt]s$/.test(path))
      .map(path => `${path} ${statSync(join(own, path)).mtimeMs} ${statSync(join(own, path)).size}`)
      .join('\n'),
  );
  return ownVersion;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}

function hashOfText(text: string | undefined): string {
  return text === undefined ? '' : hashOf(text);
}

function isHead(value: unknown): value is Head {
  return typeof value === 'object' && value !== null && 'key' in value && 'at' in value && 'seen' in value;
}

/** Only this program, in this version, writes what is under this key. */
function isKnown(value: unknown): value is Known {
  return typeof value === 'object' && value !== null && 'system' in value && 'problems' in value && 'marked' in value;
}
