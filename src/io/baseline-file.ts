import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  againstBaseline,
  type BaselineEntry,
  type BaselineMode,
  parseBaseline,
  renderBaseline,
} from '../check/baseline.ts';
import type { Finding } from '../check/rule.ts';
import { UserError } from '../errors.ts';
import { renderStale, renderUpdate, total } from '../report/baseline-notes.ts';
import { writeOutput } from './output-file.ts';
import { codeOf } from './read-text.ts';

export interface AgainstFile {
  readonly findings: readonly Finding[];
  /** How much of the baseline is no longer found. */
  readonly stale: number;
  /** What there is to tell; undefined where there is nothing. */
  readonly note: string | undefined;
}

/** Marks the findings that the baseline in a file holds, and writes the file anew where it is to change. */
export function againstBaselineFile(
  findings: readonly Finding[],
  file: string,
  mode: BaselineMode,
  cwd: string,
): AgainstFile {
  const before = readBaseline(file, cwd);
  if (before === undefined && mode === 'keep') {
    throw new UserError('LT-002', `there is no baseline ${file}`, { hint: 'run with --update-baseline to write it' });
  }
  const { findings: marked, stale, update } = againstBaseline(findings, before, mode);
  if (update !== undefined) {
    writeOutput(file, renderBaseline(update.entries), cwd);
    return { findings: marked, stale: 0, note: renderUpdate(file, update) };
  }
  return { findings: marked, stale: total(stale), note: stale.length > 0 ? renderStale(file, stale) : undefined };
}

function readBaseline(path: string, cwd: string): readonly BaselineEntry[] | undefined {
  try {
    return parseBaseline(readFileSync(resolve(cwd, path), 'utf8'), path);
  } catch (error) {
    const code = codeOf(error);
    if (error instanceof UserError || code === '') throw error;
    if (code === 'ENOENT') return undefined;
    const why = code === 'EISDIR' ? 'it is a folder' : code;
    throw new UserError('LT-002', `${path} cannot be read: ${why}`, { cause: error });
  }
}
