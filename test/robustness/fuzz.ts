import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { patterns } from '../../rules/index.ts';
import { checkTree } from '../../src/check/check-tree.ts';
import { emptyConfig } from '../../src/config.ts';
import { UserError } from '../../src/errors.ts';
import { readTree } from '../../src/io/read-tree.ts';
import { treeOf } from '../../src/model/tree.ts';
import { hostileRepositories, hostileTexts } from './hostile-text.ts';
import { readers } from './readers.ts';

/** Something to try over and over, each time with another input. */
export interface Target {
  readonly name: string;
  /** The input that failed and how, smallest first; undefined where `cases` inputs did well. */
  readonly run: (cases: number, seed: number, before?: () => void) => Failure | undefined;
}

export interface Failure {
  readonly input: unknown;
  readonly error: string;
}

/** Slower than this is a hang in the making: inputs have at most 20,000 letters. */
const slow = 2000;

export const readerTargets: readonly Target[] = readers.map(({ name, seeds, read }) =>
  target(name, hostileTexts(seeds), text => plain(read(text))),
);

/** Whole repositories: those of `fixtures/`, made hostile, from files to findings. */
export function repositoryTarget(): Target {
  const traps = join(import.meta.dirname, '../../fixtures/traps');
  const seeds = readdirSync(traps).map(name => {
    const tree = readTree(join(traps, name));
    return Object.fromEntries(tree.files.map(file => [file, tree.read(file) ?? '']));
  });
  const everything = readers.flatMap(({ name, seeds: [text = ''] }) => [
    [`made/${nameOfFile[name] ?? `${name}.ts`}`, text] as const,
  ]);
  return target('repository', hostileRepositories([...seeds, Object.fromEntries(everything)]), files => checked(files));
}

const nameOfFile: Readonly<Record<string, string>> = {
  json: 'package.json',
  'sql-file': 'migrations/001.sql',
  compose: 'docker-compose.yml',
  yaml: 'k8s/orders.yaml',
  kubernetes: 'k8s/more.yaml',
  gateways: 'nginx.conf',
  helm: 'chart/templates/a.yaml',
  'helm-values': 'chart/values.yaml',
  serverless: 'serverless.yml',
  cloudformation: 'template.yaml',
  'env-file': '.env',
  dockerfile: 'Dockerfile',
  prisma: 'prisma/schema.prisma',
  'serverless-code': 'ecosystem.config.js',
  module: 'src/index.ts',
  workspace: 'nx.json',
};

function checked(files: Readonly<Record<string, string>>): unknown {
  try {
    const { system, findings } = checkTree(treeOf(files), emptyConfig, patterns);
    return plain([system, findings]);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

function target<Input>(name: string, inputs: fc.Arbitrary<Input>, read: (input: Input) => unknown): Target {
  return {
    name,
    run: (cases, seed, before) => {
      let count = 0;
      const property = fc.property(inputs, input => {
        before?.();
        const start = performance.now();
        const first = read(input);
        const took = performance.now() - start;
        if (took > slow) throw new Error(`took ${Math.round(took)} ms`);
        if (count++ % 16 === 0 && read(input) !== first) throw new Error('gives another answer the second time');
      });
      const { failed, counterexample, errorInstance } = fc.check(property, { numRuns: cases, seed });
      if (!failed) return undefined;
      return {
        input: counterexample?.[0],
        error: errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance),
      };
    },
  };
}

/** As text, to compare. */
function plain(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      inner instanceof Map ? [...inner] : inner instanceof Set ? [...inner] : inner,
    ) ?? ''
  );
}
