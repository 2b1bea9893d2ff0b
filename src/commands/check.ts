import { Args, Command, Flags } from '@oclif/core';
import { ciOf } from '../io/ci.ts';
import { verifyOutput } from '../io/output-file.ts';
import { wantsColor } from '../io/print.ts';
import { readRuleDocument } from '../io/read-document.ts';
import { destinationsOf, isOfRoot } from '../report/destinations.ts';
import { checkFormats } from '../report/index.ts';
import type { CheckReport } from '../report/report.ts';

export default class Check extends Command {
  static override summary = 'Report where one service reaches into the data of another';
  static override description =
    `Reads the repository without running any of it, works out its services, datastores and tables, and reports what breaks the rules.

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
    'exit-zero': Flags.boolean({ description: 'exit 0 whatever is found' }),
    'max-warnings': Flags.integer({ min: 0, description: 'exit 1 when there are more warnings than this' }),
    verbose: Flags.boolean({ description: 'show findings at info too, and all places of each' }),
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Check);
    const cwd = process.cwd();
    const destinations = destinationsOf(flags.format ?? [], flags.output ?? []);
    for (const { file } of destinations) if (file !== undefined) verifyOutput(file, cwd);
    const [
      { openWorkspace },
      { remembering },
      { findOut },
      { checkTree },
      { verdictOf },
      { lineReader },
      { pathInRepository },
      { deliver },
      { patterns },
    ] = await Promise.all([
      import('../io/workspace.ts'),
      import('../io/memory.ts'),
      import('../check/known.ts'),
      import('../check/check-tree.ts'),
      import('../check/verdict.ts'),
      import('../report/line-reader.ts'),
      import('../io/git.ts'),
      import('../io/deliver.ts'),
      import('../../rules/index.ts'),
    ]);
    const { root, tree, config, only } = openWorkspace(argv.map(String), cwd);
    const know = flags.cache ? remembering(this.config.cacheDir, root, findOut) : findOut;
    const { system, findings, sources } = checkTree(tree, config, patterns, know);
    const maxWarnings = flags['max-warnings'];
    const verdict = verdictOf(system, findings, sources, { only, maxWarnings, exitZero: flags['exit-zero'] });
    const { githubActions, repository } = ciOf();
    const job = flags.ci ? githubActions : undefined;
    process.exitCode = verdict.exitCode;
    const report: CheckReport = {
      verdict,
      lineAt: lineReader(tree),
      color: wantsColor(),
      verbose: flags.verbose,
      infos: flags.verbose,
      quiet: false,
      version: this.config.version,
      rules: patterns.flatMap(({ rules }) => rules.filter(({ id }) => config.rules[id] !== 'off')),
      helpOf: ({ id }) => readRuleDocument(this.config.root, id),
      // Only what others show beside the code needs it, and it costs a process.
      prefix: job === undefined && destinations.every(isOfRoot) ? '' : pathInRepository(root),
      repository,
    };
    await deliver(destinations, report, cwd, job);
  }
}
