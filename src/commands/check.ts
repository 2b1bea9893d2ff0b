import { Args, Command, Flags } from '@oclif/core';
import { withChangedRef } from '../io/changed-argument.ts';
import { ciOf } from '../io/ci.ts';
import { verifyOutput } from '../io/output-file.ts';
import { note, wantsColor } from '../io/print.ts';
import { isWatched } from '../io/progress.ts';
import { readRuleDocument } from '../io/read-document.ts';
import { destinationsOf, isOfRoot } from '../report/destinations.ts';
import { checkFormats } from '../report/index.ts';
import type { CheckReport } from '../report/report.ts';

export default class Check extends Command {
  static override summary = 'Report where services reach into the data of others, and where calls and messages break';
  static override description =
    `Reads the repository without running any of it, works out its services, datastores, calls and messages, and reports what breaks the rules.

A folder is the root to check; files and folders in it restrict what is shown. Exit codes: 0 nothing found, 1 findings, 2 wrong usage or configuration, 3 nothing to check, 4 internal error.`;
  static override examples = [
    { description: 'Check the repository in this folder', command: '<%= config.bin %> check' },
    {
      description: 'Check another one, for another program to read',
      command: '<%= config.bin %> check ../shop --format json',
    },
    {
      description: 'Show only what is found in two services',
      command: '<%= config.bin %> check . services/orders services/billing',
    },
    {
      description: 'Print it for people, and write it for code scanning',
      command: '<%= config.bin %> check --output sarif=lintel.sarif',
    },
    { description: 'Show only what this branch has to do with', command: '<%= config.bin %> check --changed' },
    { description: 'Fail on any warning', command: '<%= config.bin %> check --max-warnings 0' },
  ];
  static override strict = false;
  static override args = {
    paths: Args.string({ description: 'folder to check, and paths in it to restrict what is shown [default: .]' }),
  };
  static override flags = {
    format: Flags.option({
      options: checkFormats,
      multiple: true,
      multipleNonGreedy: true,
      description: 'how to print; several are allowed [default: console]',
    })(),
    output: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: '<format>=<file>',
      description: 'write a report to a file instead, beside what is printed',
    }),
    cache: Flags.boolean({
      allowNo: true,
      default: true,
      description: 'take over what was found out before, where nothing has changed',
    }),
    ci: Flags.boolean({
      allowNo: true,
      default: true,
      description: 'in GitHub Actions: annotations and a summary of the job, beside what is printed',
    }),
    rule: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: '<name>',
      description: 'show and judge only this rule or pattern, or those that match, as no-foreign-*',
    }),
    severity: Flags.option({
      options: ['error', 'warn', 'info'] as const,
      description: 'show only findings from this level up [default: warn]',
    })(),
    quiet: Flags.boolean({ exclusive: ['severity', 'verbose'], description: 'show errors and nothing else' }),
    verbose: Flags.boolean({ description: 'show findings at info too, and all places of each' }),
    'exit-zero': Flags.boolean({ description: 'exit 0 whatever is found' }),
    'max-warnings': Flags.integer({ min: 0, description: 'exit 1 when there are more warnings than this' }),
    changed: Flags.string({
      helpValue: '[<ref>]',
      description: 'show and judge only what has to do with files that differ from a commit [default: the main branch]',
    }),
    baseline: Flags.string({
      helpValue: '<file>',
      description: 'neither show nor judge the findings in this file',
    }),
    'update-baseline': Flags.boolean({
      dependsOn: ['baseline'],
      exclusive: ['rule', 'changed'],
      description: 'take out of the baseline what is no longer found; write the first one',
    }),
    'grow-baseline': Flags.boolean({
      dependsOn: ['baseline'],
      exclusive: ['rule', 'changed'],
      description: 'take new findings into the baseline too',
    }),
    'strict-baseline': Flags.boolean({
      dependsOn: ['baseline'],
      description: 'exit 1 when the baseline holds what is no longer found',
    }),
  };

  override async run(): Promise<void> {
    const cwd = process.cwd();
    const { argv, flags } = await this.parse(Check, withChangedRef(this.argv, cwd));
    const destinations = destinationsOf(flags.format ?? [], flags.output ?? []);
    for (const { file } of destinations) if (file !== undefined) verifyOutput(file, cwd);
    const [{ runCheck }, { deliver }, { pathInRepository }, { patterns }] = await Promise.all([
      import('../io/run-check.ts'),
      import('../io/deliver.ts'),
      import('../io/git.ts'),
      import('../../rules/index.ts'),
    ]);
    const { ci, githubActions, repository } = ciOf();
    const cache = flags.cache ? this.config.cacheDir : undefined;
    const around = { cwd, cache, watched: isWatched(ci) && !flags.quiet };
    const { root, verdict, rules, lineAt, note: said } = runCheck(argv.map(String), patterns, flags, around);
    if (said !== undefined) note(said);
    process.exitCode = verdict.exitCode;
    const job = flags.ci ? githubActions : undefined;
    const report: CheckReport = {
      verdict,
      lineAt,
      color: wantsColor(),
      verbose: flags.verbose,
      infos: flags.verbose || flags.severity === 'info',
      quiet: flags.quiet,
      version: this.config.version,
      rules,
      helpOf: ({ id }) => readRuleDocument(this.config.root, id),
      // Only what others show beside the code needs it, and it costs a process.
      prefix: job === undefined && destinations.every(isOfRoot) ? '' : pathInRepository(root),
      repository,
    };
    await deliver(destinations, report, cwd, job);
  }
}
