import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import type { Problem } from '../extract/yaml.ts';
import { analyse } from '../model/analyse.ts';
import type { Annotations } from '../model/annotations.ts';
import { without } from '../model/glob.ts';
import type { Provenance } from '../model/provenance.ts';
import type { System } from '../model/system.ts';
import type { SourceTree } from '../model/tree.ts';
import { verifyHosts, verifyServices } from '../verify-config.ts';
import { verifyAnnotations } from './annotations.ts';

const source = /\.[cm]?[jt]sx?$/;
const declarations = /\.d\.[cm]?ts$/;

export interface Analysed {
  readonly system: System;
  /** How many source files there were to look at. */
  readonly sources: number;
  readonly annotations: Annotations;
  /** What is wrong with the files themselves. */
  readonly problems: readonly Problem[];
  /** How each claim came about; worked out when asked for. */
  provenance(): Provenance;
}

/** The System of a repository. To have looked at nothing is an error: it must not look like finding nothing. */
export function analysed(tree: SourceTree, config: Config): Analysed {
  const { files } = without(config.ignore, tree);
  const sources = files.filter(file => source.test(file) && !declarations.test(file)).length;
  if (sources === 0) {
    throw nothing(
      `no JavaScript or TypeScript source among ${files.length} files`,
      'name the root of the repository: lintel check <folder>; files that git ignores are not read',
    );
  }
  const { system, annotations, problems, servers, provenance } = analyse(tree, config);
  verifyAnnotations(annotations);
  verifyServices(config, system);
  verifyHosts(config, system, servers);
  if (system.services.every(({ role }) => role === 'library')) {
    throw nothing(
      `no service in ${sources} source files`,
      'a service is what is deployed: name each in lintel.yaml under services, with its path',
    );
  }
  return { system, sources, annotations, problems, provenance };
}

function nothing(what: string, hint: string): UserError {
  return new UserError('LT-006', `nothing to check: ${what}`, { hint, exitCode: 3 });
}
