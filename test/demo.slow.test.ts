import { expect, test } from 'vitest';
import { root, run } from './run-lintel.ts';

test('npm run demo shows a finding, and exits 0', async () => {
  const { stdout, exitCode } = await run('npm', ['run', 'demo', '--silent'], root);
  expect(stdout).toContain('$ lintel check fixtures/database-per-service/demo\n');
  expect(stdout).toMatch(/error .* owned by orders/);
  expect(exitCode).toBe(0);
});
