import type { Reporter, TestModule } from 'vitest/node';

/** Ends with one plain line: `N passed, N failed`. A file that cannot be loaded counts as one failure. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap(module => [...module.children.allTests()]);
    const passed = tests.filter(test => test.result().state === 'passed').length;
    const failed = tests.filter(test => test.result().state === 'failed').length;
    const broken = modules.filter(module => module.errors().length > 0).length;
    process.stdout.write(`${passed} passed, ${failed + broken + errors.length} failed\n`);
  }
}
