import { Args, Command, Flags } from '@oclif/core';
import { print } from '../io/print.ts';
import { graphFormats, graphReporters } from '../report/index.ts';

export default class Graph extends Command {
  static override summary = 'Print the services, datastores, tables and topics, and who uses what and calls whom';
  static override description =
    'The formats: text for people, with all that could not be resolved; mermaid for a picture in Markdown; dot for Graphviz; json for programs, the System with the evidence of every claim.';
  static override examples = [
    { description: 'See what Lintel understands of the repository in this folder', command: '<%= config.bin %> graph' },
    { description: 'Draw it', command: '<%= config.bin %> graph --format mermaid' },
    {
      description: 'Draw it with Graphviz',
      command: '<%= config.bin %> graph --format dot | dot -Tsvg > system.svg',
    },
    {
      description: 'Ask it a question',
      command: "<%= config.bin %> graph --format json | jq '.tables[] | {id, owner}'",
    },
  ];
  static override args = { folder: Args.string({ description: 'root of the repository', default: '.' }) };
  static override flags = {
    cache: Flags.boolean({
      allowNo: true,
      default: true,
      description: 'take over what was found out before, where nothing has changed',
    }),
    format: Flags.option({ options: graphFormats, default: 'text', description: 'how to print' })(),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Graph);
    const [{ openRoot }, { remembering }, { findOut }] = await Promise.all([
      import('../io/workspace.ts'),
      import('../io/memory.ts'),
      import('../check/known.ts'),
    ]);
    const { root, tree, config } = openRoot(args.folder, process.cwd());
    const know = flags.cache ? remembering(this.config.cacheDir, root, findOut) : findOut;
    const { system } = know(tree, config);
    const render = await graphReporters[flags.format]();
    await print(render(system));
  }
}
