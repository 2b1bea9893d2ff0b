#!/usr/bin/env node
// The entry. Plain JavaScript that an old Node can still read, so that it can say what is wrong with itself.
const oldest = [22, 12];

if (isTooOld(process.versions.node)) {
  process.stderr.write(
    `error LT-008: Lintel needs Node.js ${oldest.join('.')} or newer, this is ${process.versions.node}\n`,
  );
  process.exitCode = 2;
} else {
  process.stdout.on('error', quietly);
  process.stderr.on('error', quietly);
  process.on('uncaughtException', error => fail(error).then(() => process.exit()));
  // Not awaited at the top level: a reader that leaves early (`| head`) would turn that into exit code 13.
  start().catch(fail);
}

async function start() {
  const help = await preparedHelp(process.argv.slice(2));
  if (help !== undefined) {
    process.stdout.write(help);
    return;
  }
  const { enableCompileCache } = await import('node:module');
  enableCompileCache();
  const { run, settings } = await import('@oclif/core');
  settings.enableAutoTranspile = false;
  await run(process.argv.slice(2), import.meta.url);
}

/** Help that the build has prepared, so that it shows at once; undefined where something else is asked for. */
async function preparedHelp(args) {
  const [first, second, ...more] = args.filter(arg => arg !== 'help');
  const isAsked = args.length === 0 || [...args].some(arg => arg === '--help' || arg === '-h' || arg === 'help');
  const [command, flag] = first?.startsWith('-') ? [second, first] : [first, second];
  if (!isAsked || more.length > 0 || (flag !== undefined && flag !== '--help' && flag !== '-h')) return undefined;
  if (command !== undefined && !/^[a-z-]+$/.test(command)) return undefined;
  const { existsSync, readFileSync } = await import('node:fs');
  const file = new URL(`../dist/help/${command ?? 'index'}.txt`, import.meta.url);
  if (!existsSync(file)) return undefined;
  const { platform, arch, version } = process;
  return readFileSync(file, 'utf8').replace(/(lintel\/\S+) \S+ node-\S+/, `$1 ${platform}-${arch} node-${version}`);
}

/** A crash is 4: 1 says that the check has findings. */
async function fail(error) {
  process.exitCode = 4;
  try {
    const { failureOf } = await import('../dist/src/errors.js');
    const { exitCode, text } = failureOf(error);
    process.stderr.write(text);
    process.exitCode = exitCode;
  } catch (second) {
    process.stderr.write(`${error?.stack ?? error}\n${second?.stack ?? second}\n`);
  }
}

function quietly(error) {
  if (error.code !== 'EPIPE') throw error;
}

function isTooOld(version) {
  const [major, minor] = version.split('.').map(Number);
  return major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
}
