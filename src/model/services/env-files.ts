import { type Assignment, interpolate, parseDotenv } from '../../extract/dotenv.ts';
import type { Environment, Variable } from '../discovery.ts';
import { baseOf, folderOf, joined, type Survey } from './survey.ts';

export type Variables = Record<string, Variable>;

/** Assignments in order, references to earlier ones and to `outer` filled in. */
export function variablesOf(
  assignments: readonly Assignment[],
  outer: Readonly<Record<string, Variable>> = {},
): Variables {
  const own = new Map(assignments.map(one => [one.name, one]));
  const known = new Map<string, string | null | undefined>();
  const outside = (name: string) => (Object.hasOwn(outer, name) ? outer[name]?.value : undefined);
  const resolve = (name: string, depth: number): string | null | undefined => {
    const assignment = own.get(name);
    if (!assignment || depth > 8) return outside(name);
    if (assignment.literal) return assignment.value;
    if (known.has(name)) return known.get(name);
    // in its own value a name means what stands outside
    known.set(name, outside(name));
    const value = interpolate(assignment.value, inner => resolve(inner, depth + 1));
    known.set(name, value);
    return value;
  };
  return Object.fromEntries(assignments.map(({ name, at }) => [name, { name, value: resolve(name, 0) ?? null, at }]));
}

export function readEnvFile(survey: Survey, file: string, outer: Readonly<Record<string, Variable>> = {}): Variables {
  const text = survey.read(file);
  return text === undefined ? {} : variablesOf(parseDotenv(file, text), outer);
}

const exampleFile = /example|sample|template|dist$|default\.env|\.tpl/i;
const testFile = /(^|[._-])(test|tests|e2e|ci|cypress)([._-]|$)/i;
const productionFile = /(^|[._-])(prod|production|prd|live)([._-]|$)/i;
const baseFile = /^\.env(\.(base|defaults?|common|shared))?$/i;

/** `.env`, `.env.development`, `local.env`, `env.example`; not code such as `env.ts`. */
export const isEnvFile = (path: string): boolean => {
  const name = baseOf(path);
  return (
    /^\.env(\.[\w.-]+)?$|^[\w.-]*\.env$|^env\.(example|sample|template|dist|local|dev|development|prod|production)$|^\.[\w-]+\.env$|^env\.example$|^dotenv[\w.-]*$/i.test(
      name,
    ) && !/\.(ts|js|mjs|cjs|d\.ts|vault|md|json|enc|gpg|tsx)$/.test(name)
  );
};

export const isExampleEnvFile = (path: string): boolean => exampleFile.test(baseOf(path));
export const isTestEnvFile = (path: string): boolean => testFile.test(baseOf(path));

const homes = [
  '.',
  'src',
  'env',
  'envs',
  '.env',
  '.envs',
  'config',
  'configs',
  'config/env',
  'config/envs',
  'environments',
  'environment',
  'src/environments',
  'src/env',
  'src/config',
  'src/config/env',
  'src/envs',
  '.config',
  'docker',
  'prisma',
  'deploy',
  'src/common/envs',
  'src/common/env',
];

/** The env files of one folder, each as an environment; files for one stage stand on the common ones. */
export function dotenvEnvironments(
  survey: Survey,
  folder: string,
  project: string,
): { committed: Environment[]; examples: Environment[] } {
  const files = homes
    .flatMap(home => (home !== '.' || folder !== '' ? survey.inside(joined(folder, home) ?? folder) : []))
    .filter(file => isEnvFile(file) && !isTestEnvFile(file));
  const unique = [...new Set(files)];
  const committed: Environment[] = [];
  const examples: Environment[] = [];
  for (const file of unique) {
    const isExample = isExampleEnvFile(file);
    const base =
      baseFile.test(baseOf(file)) || isExample
        ? undefined
        : unique.find(other => other !== file && folderOf(other) === folderOf(file) && baseFile.test(baseOf(other)));
    const below = base ? readEnvFile(survey, base) : {};
    const variables = { ...below, ...readEnvFile(survey, file, below) };
    if (!Object.keys(variables).length) continue;
    (isExample ? examples : committed).push({
      id: `dotenv:${file}`,
      kind: 'dotenv',
      project,
      production: productionFile.test(baseOf(file)),
      variables,
    });
  }
  const rank = (environment: Environment): number =>
    environment.production ? 1 : /\.env$/.test(environment.id) ? 0 : /dev|local/.test(environment.id) ? 2 : 3;
  return { committed: committed.sort((a, b) => rank(a) - rank(b)), examples };
}
