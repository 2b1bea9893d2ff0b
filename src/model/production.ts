/**
 * What is not production code counts for nothing: tests, mocks, seeds, one-off scripts, examples, build output.
 * Migrations count, as changes of the schema, but are not code that a service runs.
 */
const notProduction =
  /(^|\/)(node_modules|bower_components|vendor|dist|build|out|coverage|\.next|\.nuxt|\.output|\.turbo|\.cache|\.yarn|public\/(js|assets)|tests?|__tests?__|__e2e__|__mocks__|__fixtures__|specs?|e2e|e2e-tests?|mocks?|fixtures?|testing|test-utils?|seeds?|seeders?|seeding|factories|benchmarks?|bench|load-?tests?|load-?gen(erator)?|examples?|samples?|playgrounds?|sandbox|demos?|storybook|\.storybook|stories|cypress|playwright|docs?|scripts|tools|generators?|templates?)\//;
const notProductionFile =
  /([.-]((client|server|unit|int|integration|smoke|api)?tests?|spec|specs|e2e|e2e-spec|stories|story|mock|mocks|fixture|bench|d|min|bundle|seed|seeder)\.[cm]?[jt]sx?$)|(\.(test|tests|spec|specs|e2e)[.-][^/]*\.[cm]?[jt]sx?$)|((^|\/)(seed(er|s)?|tests?|jest|vitest|karma|webpack|rollup|vite|gulpfile|gruntfile|setupTests|test-setup|jest\.setup)[^/]*\.[cm]?[jt]sx?$)/i;
const outOfSource =
  /(^|\/)(node_modules|bower_components|dist|build|coverage|\.next|\.nuxt|\.output|\.turbo|\.cache|\.yarn)\//;
const migrationPath = /(^|\/)(migrations?|migrate|db\/changelog)\//i;
const source = /\.[cm]?[jt]sx?$/;

export function isSource(path: string): boolean {
  return source.test(path) && !/\.d\.[cm]?ts$/.test(path);
}

/** Committed build output and packages: not read at all. */
export function isOutput(path: string): boolean {
  return outOfSource.test(path);
}

/** Judged below the root of its service, whose own folder may be called anything. */
export function isProduction(path: string, root: string): boolean {
  const inner = root !== '.' && root !== '' && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
  return !notProduction.test(`${inner}`) && !notProductionFile.test(inner);
}

export function isMigration(path: string): boolean {
  return migrationPath.test(path) && !/(^|\/)(tests?|__tests__|node_modules|dist)\//.test(path);
}
