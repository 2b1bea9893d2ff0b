import type { Evidence } from '../model/system.ts';
import { jsonOf } from './json.ts';
import { entriesAt, textAt } from './yaml.ts';

export interface NestProject {
  readonly name: string;
  readonly isApplication: boolean;
  readonly root: string;
  readonly sourceRoot?: string;
  readonly entryFile?: string;
  readonly at: Evidence;
}
export interface NestFacts {
  readonly isMonorepo: boolean;
  readonly projects: readonly NestProject[];
  readonly sourceRoot?: string;
}

export function parseNestCli(file: string, text: string): NestFacts | undefined {
  const root = jsonOf(file, text);
  if (!root) return undefined;
  const projects = entriesAt(root, 'projects').map(({ key, value, at }) => {
    const sourceRoot = textAt(value, 'sourceRoot');
    const entryFile = textAt(value, 'entryFile');
    return {
      name: key,
      isApplication: textAt(value, 'type') !== 'library',
      root: textAt(value, 'root') ?? (sourceRoot ?? key).replace(/\/src$/, ''),
      ...(sourceRoot ? { sourceRoot } : {}),
      ...(entryFile ? { entryFile } : {}),
      at,
    };
  });
  const sourceRoot = textAt(root, 'sourceRoot');
  return {
    isMonorepo: textAt(root, 'monorepo') === 'true' || projects.length > 0,
    projects,
    ...(sourceRoot ? { sourceRoot } : {}),
  };
}
