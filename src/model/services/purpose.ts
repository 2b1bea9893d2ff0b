/** Judges by names: which folders, packages and containers are no part of production. */

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);

const testWords = new Set([
  'test',
  'tests',
  'testing',
  'e2e',
  'cypress',
  'playwright',
  'spec',
  'specs',
  'integrationtest',
  'loadtest',
  'loadtests',
  'stresstest',
  'benchmark',
  'benchmarks',
  'bench',
  'k6',
  'jmeter',
  'artillery',
  'gatling',
  'locust',
  'mock',
  'mocks',
  'mocked',
  'stub',
  'stubs',
  'fake',
  'fixture',
  'fixtures',
  'testenv',
  '__tests__',
  '__mocks__',
  'perf',
]);
const toolWords = new Set([
  'playground',
  'playgrounds',
  'sandbox',
  'docs',
  'documentation',
  'storybook',
  'stories',
  'generator',
  'generators',
  'codemod',
  'codemods',
  'bruno',
  'postman',
  'tooling',
  'scripts',
  'tools',
  'boilerplate',
  'starter',
  'devcontainer',
  'github',
  'husky',
  'changeset',
  'circleci',
  'devtools',
]);
const taskWords = new Set([
  'seed',
  'seeds',
  'seeder',
  'seeders',
  'seeding',
  'migration',
  'migrations',
  'migrate',
  'migrator',
  'init',
  'setup',
  'bootstrap',
  'backup',
  'restore',
  'bundler',
  'lint',
  'codegen',
  'provision',
  'waiter',
  'createbuckets',
]);
const loadPhrases = /load[-_ ]?(gen|generator|test|testing|balancer-test)|stress[-_ ]?test|traffic[-_ ]?gen/;
const exampleWords = new Set([
  'example',
  'examples',
  'sample',
  'samples',
  'demo',
  'demos',
  'template',
  'templates',
  'snippets',
  'archive',
  'archived',
  'deprecated',
  'unused',
  'backup',
  'old',
  'tutorial',
  'tutorials',
]);

/** A folder on the way to the code that makes all below it no production code. */
export function isTestFolder(segment: string): boolean {
  const words = wordsOf(segment);
  return (
    loadPhrases.test(segment.toLowerCase()) ||
    (words.length <= 2 && words.some(word => testWords.has(word))) ||
    words.at(-1) === 'e2e'
  );
}

export const isToolFolder = (segment: string): boolean => toolWords.has(segment.toLowerCase().replace(/^[._]+/, ''));
export const isExampleFolder = (segment: string): boolean =>
  exampleWords.has(segment.toLowerCase().replace(/^[._]+/, ''));

/** A container or package that runs once, loads, tests or documents: `db-migrate`, `orders-seed`, `load-gen`. */
export function isTaskName(name: string): boolean {
  const words = wordsOf(name);
  return (
    loadPhrases.test(name.toLowerCase()) ||
    words.some(word => testWords.has(word) || taskWords.has(word)) ||
    (words.length > 0 && words.every(word => toolWords.has(word))) ||
    ['docs', 'storybook', 'playground'].includes(words.at(-1) ?? '')
  );
}

export const isOutsideProduction = (path: string): boolean =>
  path.split('/').some(segment => isTestFolder(segment) || isToolFolder(segment));
export const isExample = (path: string): boolean => path.split('/').some(isExampleFolder);

/** `orders-service`, `orders_depl`, `@shop/orders` and `Orders` name one thing. */
export const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^@[^/]+\//, '')
    .replace(/[^a-z0-9]/g, '');

const suffixes =
  /[-_.]?(depl|deployment|deploy|dep|statefulset|svc|srv|service|services|microservice|ms|api|app|container|server|backend|prod|production|dev|image|cluster-?ip|node|web|job|pod)$/;

/** The name and what is left when role words are taken off its end, longest first. */
export function stems(name: string): string[] {
  const found = [plain(name)];
  let rest = name.toLowerCase();
  for (let next = rest.replace(suffixes, ''); next !== rest && next !== ''; next = rest.replace(suffixes, '')) {
    found.push(plain(next));
    rest = next;
  }
  return [...new Set(found)];
}
