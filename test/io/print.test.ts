import { expect, test } from 'vitest';
import { wantsColor } from '../../src/io/print.ts';

test.for([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  [{ TERM: 'dumb' }, true, false],
] as const)('with %j and a terminal: %s, colours: %s', ([env, isTerminal, colors]) => {
  expect(wantsColor(env, isTerminal)).toBe(colors);
});
