import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Above this a file is generated or data, not code. */
const largest = 2 * 1024 * 1024;

/** Why a file may be there in the list and still not be readable: deleted, a folder, a loop of links, no permission. */
const unreadable = new Set([
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'ELOOP',
  'EACCES',
  'EPERM',
  'ENXIO',
  'ENAMETOOLONG',
  'EINVAL',
  'EIO',
  'EBUSY',
  'ESTALE',
  'ENODEV',
]);

/** The text of a file; undefined where it is missing, too large, not text, or a link that leads out of the root. */
export function readText(root: string, path: string): string | undefined {
  try {
    const bytes = bytesOf(join(root, path), constants.O_NOFOLLOW);
    return bytes && decode(bytes);
  } catch (error) {
    if (codeOf(error) === 'ELOOP') return readLink(root, path);
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}

function readLink(root: string, path: string): string | undefined {
  try {
    const target = realpathSync(join(root, path));
    if (!target.startsWith(realpathSync(root) + sep)) return undefined;
    const bytes = bytesOf(target, 0);
    return bytes && decode(bytes);
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}

/** Non-blocking, so that a named pipe cannot hang the check. */
function bytesOf(file: string, flags: number): Buffer | undefined {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | flags);
  try {
    const stat = fstatSync(descriptor);
    return stat.isFile() && stat.size <= largest ? readFileSync(descriptor) : undefined;
  } finally {
    closeSync(descriptor);
  }
}

function decode(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0) return bytes.swap16().toString('utf16le', 2);
  if (bytes.subarray(0, 8000).includes(0)) return undefined;
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return bytes.toString('utf8', start);
}

export function isUnreadable(error: unknown): boolean {
  return unreadable.has(codeOf(error));
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
