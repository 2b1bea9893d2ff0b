import { defineConfig } from 'vitest/config';

const slow = ['test/**/*.slow.test.ts'];

export default defineConfig({
  test: {
    // The last line of the output, for programs that read it, after vitest's own summary.
    reporters: ['default', './test/count-reporter.ts'],
    projects: [
      // modules are loaded once for all files: what they hold is pure, and loading them anew took 40 % of the time
      { test: { name: 'fast', include: ['test/**/*.test.ts'], exclude: slow, testTimeout: 60_000, isolate: false } },
      { test: { name: 'slow', include: slow, testTimeout: 300_000, hookTimeout: 300_000 } },
    ],
  },
});
