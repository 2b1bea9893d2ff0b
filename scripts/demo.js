// Shows `lintel check` on a small shop in which one service reaches into another's tables. The check exits 1, as it
// must; the demo went well, and exits 0.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const shop = join('fixtures', 'database-per-service', 'demo');
process.stdout.write(`$ lintel check ${shop}\n\n`);
const { status, error } = spawnSync(process.execPath, [join('bin', 'run.js'), 'check', shop], {
  cwd: root,
  stdio: 'inherit',
});
if (error) throw error;
if (status === 1) {
  process.stdout.write(
    '\nThat is the demo: what is found makes the check exit 1, so that CI stops. Next, in your own repository:\n',
  );
  process.stdout.write(`  node ${join('bin', 'run.js')} check <folder>\n`);
} else {
  process.stderr.write(`the demo expects the check to find something and exit 1; it exited ${status}\n`);
  process.exitCode = 4;
}
