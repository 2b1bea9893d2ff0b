import type { Config } from '../config.ts';
import type { SourceTree } from '../model/tree.ts';
import { verifyNames } from '../verify-config.ts';
import { type Analysed, analysed } from './analysed.ts';
import { unusedAnnotations } from './annotations.ts';
import { findingsOfProblems } from './problems.ts';
import type { Finding, Pattern } from './rule.ts';
import { runRules } from './run.ts';
import { applySuppressions, parseSuppressions, watchForSuppressions } from './suppress.ts';

/** All that `check` does between reading and judging. */
export function checkTree(
  tree: SourceTree,
  config: Config,
  patterns: readonly Pattern[],
): Pick<Analysed, 'system' | 'sources'> & { readonly findings: readonly Finding[] } {
  const rules = patterns.flatMap(pattern => pattern.rules.map(({ id }) => id));
  verifyNames(config, tree, rules);
  const watched = watchForSuppressions(tree);
  const { system, sources, annotations, problems } = analysed(watched.tree, config);
  const found = [...runRules(system, patterns, config), ...findingsOfProblems(problems)];
  for (const { at } of found) watched.tree.read(at.file);
  const suppressions = [...watched.marked].flatMap(file => parseSuppressions(file, tree.read(file) ?? ''));
  const findings = [...applySuppressions(found, suppressions, rules), ...unusedAnnotations(annotations)];
  return { system, sources, findings };
}
