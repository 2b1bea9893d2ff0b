import { emptyConfig } from '../src/config.ts';
import { analyse } from '../src/model/analyse.ts';
import type { System } from '../src/model/system.ts';
import { treeOf } from '../src/model/tree.ts';

/** A service that is a folder with a Dockerfile, and the files in it. */
export function service(name: string, files: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(files).map(([path, text]) => [`${name}/${path}`, text]);
  return {
    [`${name}/package.json`]: `{"name":"${name}"}`,
    [`${name}/Dockerfile`]: 'FROM node\nCMD node src/main.js\n',
    ...Object.fromEntries(own),
  };
}

/** A compose file that builds services from the folders of their names, each with further lines. */
export function compose(services: Readonly<Record<string, string>>): Record<string, string> {
  const blocks = Object.entries(services).map(
    ([name, lines]) =>
      `  ${name}:\n    build: ./${name}\n${lines === '' ? '' : `    ${lines.replace(/\n/g, '\n    ')}\n`}`,
  );
  return { 'docker-compose.yml': `services:\n${blocks.join('')}` };
}

export function systemIn(files: Readonly<Record<string, string>>): System {
  return analyse(treeOf(files), emptyConfig).system;
}

/** Who says what to whom, one line each: `web calls orders`, with the confidence where it is not certain, and what is not resolved. */
export function saysOf(files: Readonly<Record<string, string>>): string[] {
  const { edges, unresolved } = systemIn(files);
  const told = edges
    .filter(e => e.kind === 'calls' || e.kind === 'publishes' || e.kind === 'consumes')
    .map(e => `${e.from} ${e.kind} ${e.to}${e.confidence === 'certain' ? '' : ` (${e.confidence})`}`);
  const open = unresolved
    .filter(u => u.kind === 'call' || u.kind === 'topic')
    .map(u => `? ${u.what} at ${u.evidence.file}:${u.evidence.line}: ${u.hint}`);
  return [...told, ...open].sort();
}
