import type { Evidence } from '../model/system.ts';
import { jsonOf } from './json.ts';
import { at, entriesAt, textAt, type Value } from './yaml.ts';

export interface NxProject {
  readonly name?: string;
  /** From the root of the repository where a workspace file says it. */
  readonly root?: string;
  readonly type?: string;
  readonly sourceRoot?: string;
  readonly main?: string;
  /** Executors of its targets, such as `@nx/webpack:webpack`. */
  readonly executors: readonly string[];
  readonly targets: readonly string[];
  readonly at: Evidence;
}

export function parseNxProject(file: string, text: string): NxProject | undefined {
  const root = jsonOf(file, text);
  return root?.kind === 'map' ? projectOf(root, root.at) : undefined;
}

/** `workspace.json` and `angular.json`: every project in one file, or the folder of each. */
export function parseNxWorkspace(file: string, text: string): readonly NxProject[] {
  return entriesAt(jsonOf(file, text), 'projects').flatMap(({ key, value, at: place }) =>
    value.kind === 'map' ? [{ ...projectOf(value, place), name: key }] : [],
  );
}

function projectOf(value: Value, place: Evidence): NxProject {
  const targets = entriesAt(at(value, 'targets') ?? at(value, 'architect'));
  const name = textAt(value, 'name');
  const root = textAt(value, 'root');
  const type = textAt(value, 'projectType');
  const sourceRoot = textAt(value, 'sourceRoot');
  const main = targets.map(target => textAt(target.value, 'options', 'main')).find(one => one !== undefined);
  return {
    ...(name ? { name } : {}),
    ...(root ? { root } : {}),
    ...(type ? { type } : {}),
    ...(sourceRoot ? { sourceRoot } : {}),
    ...(main ? { main } : {}),
    executors: targets.flatMap(target => textAt(target.value, 'executor') ?? textAt(target.value, 'builder') ?? []),
    targets: targets.map(target => target.key),
    at: place,
  };
}
