import type { Config } from '../config.ts';
import type { Problem } from '../extract/yaml.ts';
import type { Annotation } from '../model/annotations.ts';
import type { System } from '../model/system.ts';
import type { SourceTree } from '../model/tree.ts';
import { analysed } from './analysed.ts';
import { watchForSuppressions } from './suppress.ts';

/** What was found out about a repository, as plain data: as long as nothing changes, a later run can take it over. */
export interface Known {
  readonly system: System;
  /** How many source files there were to look at. */
  readonly sources: number;
  /** Annotations that settle nothing. */
  readonly unused: readonly Annotation[];
  /** What could not be read, with its place. */
  readonly problems: readonly Problem[];
  /** Files that hold a suppression, of those that the analysis read. */
  readonly marked: readonly string[];
}

/** Gives what is known of a repository: found out now, or remembered. */
export type Knowing = (tree: SourceTree, config: Config) => Known;

export const findOut: Knowing = (tree, config) => {
  const watched = watchForSuppressions(tree);
  const { system, sources, annotations, problems } = analysed(watched.tree, config);
  return { system, sources, unused: annotations.unused, problems, marked: [...watched.marked].sort() };
};
