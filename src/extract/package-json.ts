import type { Evidence } from '../model/system.ts';
import { jsonOf } from './json.ts';
import { at, entriesAt, type Problem, textAt, textsAt } from './yaml.ts';

export interface PackageFacts {
  readonly file: string;
  readonly name?: string;
  readonly main?: string;
  readonly scripts: Readonly<Record<string, string>>;
  /** What it needs at run time. */
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
  readonly workspaces: readonly string[];
  readonly hasBin: boolean;
  /** It is published: others import it. */
  readonly isPublished: boolean;
  readonly hasExports: boolean;
  readonly peers: ReadonlySet<string>;
  readonly at: Evidence;
}

export function parsePackageJson(file: string, text: string): { facts?: PackageFacts; problem?: Problem } {
  const root = jsonOf(file, text);
  if (root?.kind !== 'map')
    return { problem: { message: `${file} cannot be read as JSON`, at: { file, line: 1, column: 1 }, isUnread: true } };
  const keys = (key: string): Set<string> => new Set(entriesAt(root, key).map(entry => entry.key));
  const name = textAt(root, 'name');
  const main = textAt(root, 'main') ?? textAt(root, 'module');
  const workspaces = at(root, 'workspaces');
  const nameLine = (at(root, 'name') ?? root).at;
  return {
    facts: {
      file,
      ...(name ? { name } : {}),
      ...(main ? { main } : {}),
      scripts: Object.fromEntries(
        entriesAt(root, 'scripts').flatMap(entry =>
          entry.value.kind === 'scalar' && entry.value.text ? [[entry.key, entry.value.text]] : [],
        ),
      ),
      dependencies: keys('dependencies'),
      devDependencies: keys('devDependencies'),
      workspaces: workspaces?.kind === 'map' ? textsAt(workspaces, 'packages') : textsAt(workspaces),
      hasBin: at(root, 'bin') !== undefined,
      isPublished:
        at(root, 'publishConfig') !== undefined ||
        (at(root, 'files') !== undefined && textAt(root, 'private') !== 'true'),
      hasExports: at(root, 'exports') !== undefined || at(root, 'types') !== undefined,
      peers: keys('peerDependencies'),
      at: nameLine,
    },
  };
}
