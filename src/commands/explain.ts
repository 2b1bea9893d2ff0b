import { Args, Command, Flags } from '@oclif/core';
import { UserError } from '../errors.ts';
import { print } from '../io/print.ts';

export default class Explain extends Command {
  static override summary = 'Explain a rule or a pattern, or why something is claimed';
  static override description = 'Without an argument: the list of patterns and rules.';
  static override examples = [
    { description: 'List the rules', command: '<%= config.bin %> explain' },
    { description: 'Read about a pattern', command: '<%= config.bin %> explain database-per-service' },
    {
      description: 'Read about a rule, and the way out',
      command: '<%= config.bin %> explain database-per-service/no-foreign-write',
    },
    {
      description: 'Ask why a table belongs to its owner',
      command: "<%= config.bin %> explain --why 'postgres:orders-db/orders#lines'",
    },
    {
      description: 'Ask how a datastore was recognised',
      command: '<%= config.bin %> explain --why orders-db/orders',
    },
  ];
  static override args = { name: Args.string({ description: 'a rule or a pattern' }) };
  static override flags = {
    why: Flags.string({ description: 'id of a service, datastore or table of the repository in this folder' }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Explain);
    if (flags.why !== undefined && args.name !== undefined) {
      throw new UserError('LT-001', 'a rule or pattern and --why are two questions', { hint: 'ask one at a time' });
    }
    if (flags.why !== undefined) return print(await why(flags.why));
    return print(await this.documentation(args.name));
  }

  private async documentation(name: string | undefined): Promise<string> {
    const [{ explain }, { readDocument }, { patterns }] = await Promise.all([
      import('../report/explain.ts'),
      import('../io/read-document.ts'),
      import('../../rules/index.ts'),
    ]);
    return explain(patterns, name, pattern => readDocument(this.config.root, pattern));
  }
}

/** The analysis is loaded only here: to read the documentation takes none. */
async function why(id: string): Promise<string> {
  const [{ openRoot }, { analysed }, { renderWhy }] = await Promise.all([
    import('../io/workspace.ts'),
    import('../check/analysed.ts'),
    import('../report/why.ts'),
  ]);
  const { tree, config } = openRoot('.', process.cwd());
  const { system, provenance } = analysed(tree, config);
  return renderWhy(system, provenance(), id);
}
