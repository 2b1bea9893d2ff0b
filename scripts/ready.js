// Makes a clone ready to run: installs where node_modules is missing, builds where dist is stale. Plain JavaScript for
// an old Node too: it is what runs before there is anything else.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const local = (...path) => join(root, ...path);

// Not `npm ci`: it refuses a lockfile that lacks the optional packages of other platforms. The versions are those of the
// lockfile all the same, and nothing is written to it.
if (!isInstalled()) run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']);
const stamp = stampOfSources();
if (process.argv.includes('--force') || !isBuilt(stamp)) build(stamp);

function isInstalled() {
  return existsSync(local('node_modules', '.package-lock.json'));
}

/** Into a folder of its own first, so that whoever runs dist meanwhile sees the old one or the new one, whole. */
function build(stamp) {
  const fresh = mkdtempSync(local('node_modules', '.lintel-'));
  // Types are checked by `npm test`; to emit alone takes a third of the time.
  run(process.execPath, [
    local('node_modules', 'typescript', 'bin', 'tsc'),
    ...['-p', local('tsconfig.build.json'), '--noCheck', '--outDir', join(fresh, 'dist')],
  ]);
  writeFileSync(join(fresh, 'dist', '.stamp'), stamp);
  if (existsSync(local('dist'))) renameSync(local('dist'), join(fresh, 'old'));
  renameSync(join(fresh, 'dist'), local('dist'));
  rmSync(fresh, { recursive: true, force: true });
  prepareHelp();
}

/** The help of each command as text; where it cannot be prepared, the program makes it when it is asked. */
function prepareHelp() {
  const own = local('node_modules', '.bin', 'node');
  const node = existsSync(own) ? own : process.execPath;
  const commands = readdirSync(local('dist', 'src', 'commands')).map(file => file.replace(/\.js$/, ''));
  const texts = ['', ...commands].map(command => [
    command === '' ? 'index' : command,
    spawnSync(node, [local('bin', 'run.js'), ...(command === '' ? [] : [command]), '--help'], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', COLUMNS: '80', OCLIF_COLUMNS: '80' },
      shell: process.platform === 'win32',
    }),
  ]);
  if (texts.some(([, { status }]) => status !== 0)) return;
  mkdirSync(local('dist', 'help'), { recursive: true });
  for (const [name, { stdout }] of texts) writeFileSync(local('dist', 'help', `${name}.txt`), stdout);
}

function isBuilt(stamp) {
  const file = local('dist', '.stamp');
  return existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

function stampOfSources() {
  const hash = createHash('sha1');
  for (const file of [...['src', 'rules'].flatMap(filesBelow), 'tsconfig.json', 'tsconfig.build.json']) {
    const { size, mtimeMs } = statSync(local(file));
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(local(folder), { withFileTypes: true })
    .flatMap(entry => (entry.isDirectory() ? filesBelow(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]))
    .sort();
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
