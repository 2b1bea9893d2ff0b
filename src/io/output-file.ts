import { appendFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { codeOf } from './read-text.ts';

/** Fails before the check where a report could not be written after it. */
export function verifyOutput(path: string, cwd: string): void {
  const file = resolve(cwd, path);
  const folder = dirname(file);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UserError('LT-010', `${path} cannot be written: there is no folder ${dirname(path)}`, {
      hint: 'Lintel makes no folders: make it first',
    });
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UserError('LT-010', `${path} cannot be written: it is a folder`, { hint: 'name a file in it' });
  }
}

export function writeOutput(path: string, text: string, cwd: string): void {
  try {
    writeFileSync(resolve(cwd, path), text);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** At the end of a file that others write to as well. */
export function appendOutput(path: string, text: string, cwd: string): void {
  try {
    appendFileSync(resolve(cwd, path), text);
  } catch (error) {
    throw unwritable(path, error);
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the disk can only be read',
  ENOSPC: 'the disk is full',
  ENOENT: 'its folder does not exist',
  EISDIR: 'it is a folder',
};

function unwritable(path: string, error: unknown): unknown {
  const code = codeOf(error);
  return code === ''
    ? error
    : new UserError('LT-010', `${path} cannot be written: ${reasons[code] ?? code}`, { cause: error });
}
