import { expect, test } from 'vitest';
import { withChangedRef } from '../../src/io/changed-argument.ts';
import { root } from '../run-lintel.ts';

test.for([
  [['--changed'], ['--changed=']],
  [['--changed', 'main'], ['--changed=main']],
  [
    ['.', '--changed', 'HEAD~2', '--quiet'],
    ['.', '--changed=HEAD~2', '--quiet'],
  ],
  [
    ['--changed', '--quiet'],
    ['--changed=', '--quiet'],
  ],
  [
    ['--changed', 'src'],
    ['--changed=', 'src'],
  ],
  [
    ['--changed=src', 'src'],
    ['--changed=src', 'src'],
  ],
  [
    ['src', '--quiet'],
    ['src', '--quiet'],
  ],
] as const)('%j is read as %j', ([argv, expected]) => {
  expect(withChangedRef(argv, root)).toEqual(expected);
});
