import { changesIn } from '../check/changed.ts';
import { checkTree } from '../check/check-tree.ts';
import { findOut } from '../check/known.ts';
import { namedRules } from '../check/named-rules.ts';
import { type Finding, ownRules, type Pattern } from '../check/rule.ts';
import { verdictOf } from '../check/verdict.ts';
import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import type { SourceTree } from '../model/tree.ts';
import { lineReader } from '../report/line-reader.ts';
import type { CheckReport } from '../report/report.ts';
import { type AgainstFile, againstBaselineFile } from './baseline-file.ts';
import { changedFiles } from './git-changes.ts';
import { remembering } from './memory.ts';
import { withProgress } from './progress.ts';
import { openWorkspace } from './workspace.ts';

/** What the user asks of a check, as the flags are called. */
export interface Wishes {
  readonly baseline?: string | undefined;
  readonly changed?: string | undefined;
  readonly 'exit-zero': boolean;
  readonly 'grow-baseline': boolean;
  readonly 'max-warnings'?: number | undefined;
  readonly quiet: boolean;
  readonly rule?: readonly string[] | undefined;
  readonly severity?: 'error' | 'warn' | 'info' | undefined;
  readonly 'strict-baseline': boolean;
  readonly 'update-baseline': boolean;
}

export interface Around {
  readonly cwd: string;
  /** Where to remember what was found out; undefined to remember nothing. */
  readonly cache: string | undefined;
  /** Whether somebody watches a terminal. */
  readonly watched: boolean;
}

export interface Ran extends Pick<CheckReport, 'verdict' | 'lineAt' | 'rules'> {
  readonly root: string;
  /** What there is to tell beside the report. */
  readonly note: string | undefined;
}

/** A check, from the paths that were named to the verdict. What cannot be done is said before the long part begins. */
export function runCheck(
  paths: readonly string[],
  patterns: readonly Pattern[],
  wishes: Wishes,
  { cwd, cache, watched }: Around,
): Ran {
  const { root, tree, config, only } = openWorkspace(paths, cwd);
  const shown = shownRules(patterns, config, wishes.rule);
  const changed = wishes.changed === undefined ? undefined : changedFiles(root, wishes.changed);
  const know = cache === undefined ? findOut : remembering(cache, root, findOut);
  const { system, findings, sources } = watching(watched, tree, seen => checkTree(seen, config, patterns, know));
  const against = againstWished(findings, wishes, cwd);
  const verdict = verdictOf(system, against.findings, sources, {
    only,
    rules: wishes.rule && shown,
    changes: changed && changesIn(system, changed),
    severity: wishes.quiet ? 'error' : wishes.severity,
    maxWarnings: wishes['max-warnings'],
    exitZero: wishes['exit-zero'],
    stale: against.stale,
    strictBaseline: wishes['strict-baseline'],
  });
  const rules = patterns.flatMap(pattern => pattern.rules.filter(({ id }) => shown.has(id)));
  return { root, verdict, rules, lineAt: lineReader(tree), note: against.note };
}

/** Ids of the rules that were asked for and are not switched off; to be left with none would check nothing. */
function shownRules(
  patterns: readonly Pattern[],
  config: Config,
  names: readonly string[] | undefined,
): ReadonlySet<string> {
  const known = [...patterns.flatMap(({ rules }) => rules.map(({ id }) => id)), ...ownRules];
  const named = names === undefined ? known : [...namedRules(names, known)];
  const on = named.filter(id => config.rules[id] !== 'off');
  if (names !== undefined && on.length === 0) {
    throw new UserError('LT-007', `${names.join(', ')}: switched off in lintel.yaml`, {
      hint: 'name another rule, or switch it on',
    });
  }
  return new Set(on);
}

/** What is shown meanwhile goes away, also where the check ends with an error. */
function watching<Result>(watched: boolean, tree: SourceTree, run: (tree: SourceTree) => Result): Result {
  if (!watched) return run(tree);
  const progress = withProgress(tree);
  try {
    return run(progress.tree);
  } finally {
    progress.done();
  }
}

function againstWished(findings: readonly Finding[], wishes: Wishes, cwd: string): AgainstFile {
  if (wishes.baseline === undefined) return { findings, stale: 0, note: undefined };
  const mode = wishes['grow-baseline'] ? 'grow' : wishes['update-baseline'] ? 'shrink' : 'keep';
  const against = againstBaselineFile(findings, wishes.baseline, mode, cwd);
  return wishes.quiet && mode === 'keep' ? { ...against, note: undefined } : against;
}
