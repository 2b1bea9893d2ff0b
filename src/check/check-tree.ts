import type { Config } from '../config.ts';
import type { SourceTree } from '../model/tree.ts';
import { verifyNames } from '../verify-config.ts';
import { unusedAnnotations } from './annotations.ts';
import { findOut, type Knowing, type Known } from './known.ts';
import { findingsOfProblems } from './problems.ts';
import type { Finding, Pattern } from './rule.ts';
import { runRules } from './run.ts';
import { applySuppressions, parseSuppressions, watchForSuppressions } from './suppress.ts';

/** All that `check` does between reading and judging. */
export function checkTree(
  tree: SourceTree,
  config: Config,
  patterns: readonly Pattern[],
  know: Knowing = findOut,
): Pick<Known, 'system' | 'sources'> & { readonly findings: readonly Finding[] } {
  const rules = patterns.flatMap(pattern => pattern.rules.map(({ id }) => id));
  verifyNames(config, tree, rules);
  const { system, sources, unused, marked, problems } = know(tree, config);
  const found = [...runRules(system, patterns, config), ...findingsOfProblems(problems)];
  const watched = watchForSuppressions(tree);
  for (const { at } of found) watched.tree.read(at.file);
  const suppressed = [...new Set([...marked, ...watched.marked])].sort();
  const suppressions = suppressed.flatMap(file => parseSuppressions(file, tree.read(file) ?? ''));
  return {
    system,
    sources,
    findings: [...applySuppressions(found, suppressions, rules), ...unusedAnnotations(unused)],
  };
}
