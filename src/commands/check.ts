import { Args, Command, Flags } from '@oclif/core';
import { print, wantsColor } from '../io/print.ts';
import { checkFormats, checkReporters } from '../report/index.ts';

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
    { description: 'Fail on any warning', command: '<%= config.bin %> check --max-warnings 0' },
  ];
  static override strict = false;
  static override args = {
    paths: Args.string({ description: 'folder to check, and paths in it to restrict what is shown [default: .]' }),
  };
  static override flags = {
    format: Flags.option({ options: checkFormats, default: 'console', description: 'how to print' })(),
    cache: Flags.boolean({
      allowNo: true,
      default: true,
      description: 'take over what was found out before, where nothing has changed',
    }),
    'exit-zero': Flags.boolean({ description: 'exit 0 whatever is found' }),
    'max-warnings': Flags.integer({ min: 0, description: 'exit 1 when there are more warnings than this' }),
    verbose: Flags.boolean({ description: 'show findings at info too, and all places of each' }),
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Check);
    const [
      { openWorkspace },
      { remembering },
      { findOut },
      { checkTree },
      { verdictOf },
      { lineReader },
      { patterns },
    ] = await Promise.all([
      import('../io/workspace.ts'),
      import('../io/memory.ts'),
      import('../check/known.ts'),
      import('../check/check-tree.ts'),
      import('../check/verdict.ts'),
      import('../report/line-reader.ts'),
      import('../../rules/index.ts'),
    ]);
    const { root, tree, config, only } = openWorkspace(argv.map(String), process.cwd());
    const know = flags.cache ? remembering(this.config.cacheDir, root, findOut) : findOut;
    const { system, findings, sources } = checkTree(tree, config, patterns, know);
    const maxWarnings = flags['max-warnings'];
    const verdict = verdictOf(system, findings, sources, { only, maxWarnings, exitZero: flags['exit-zero'] });
    const render = await checkReporters[flags.format]();
    process.exitCode = verdict.exitCode;
    await print(render({ verdict, lineAt: lineReader(tree), color: wantsColor(), verbose: flags.verbose }));
  }
}
