import type { Technology } from '../model/technology.ts';
import { partsOf, textOf } from '../model/texts.ts';
import { literal, type Part, unknown, type Value } from '../model/value.ts';

/** Node's own functions that make strings. */
export const core: Technology = {
  id: 'core',
  auxiliary: true,
  packages: ['util', 'node:util', 'path', 'node:path'],
  call(c) {
    if (c.path === 'format') return formatted(c.args);
    if (c.path === 'promisify') return c.args[0] ?? unknown;
    if (c.path === 'join' || c.path === 'resolve')
      return textOf(
        c.args.flatMap((a, i): Part[] => (i === 0 ? [...partsOf(a)] : ['/', ...partsOf(a)])),
        c.origin,
      );
    return undefined;
  },
};

function formatted(args: readonly Value[]): Value {
  const [first, ...rest] = args;
  const pattern = literal(first);
  if (pattern === undefined) return unknown;
  const parts: Part[] = [];
  let next = 0;
  for (const piece of pattern.split(/(%[sdijoO])/)) {
    const value = /^%[sdijoO]$/.test(piece) ? rest[next++] : undefined;
    if (value) parts.push(...partsOf(value));
    else parts.push(piece);
  }
  return textOf(parts);
}
