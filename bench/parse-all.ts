// The yardstick: reads and parses every source file of a folder, and does nothing with it.
import { parseSync } from 'oxc-parser';
import { readTree } from '../src/io/read-tree.ts';

const tree = readTree(process.argv[2] ?? '.');
let statements = 0;
for (const file of tree.files) {
  if (!/\.[cm]?[jt]sx?$/.test(file)) continue;
  const text = tree.read(file);
  if (text === undefined) continue;
  const options = /\.[cm]?js$/.test(file) ? ({ lang: 'jsx' } as const) : {};
  statements += parseSync(file, text, options).program.body.length;
}
process.stdout.write(`${statements} statements\n`);
