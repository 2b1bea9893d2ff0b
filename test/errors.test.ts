import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorCodes, failureOf, UserError } from '../src/errors.ts';
import { root } from './run-lintel.ts';

test('a mistake of the user is told without a stack, with a hint, and exits 2', () => {
  const error = new UserError('LT-002', 'services/ordrs does not exist', { hint: 'did you mean services/orders?' });
  expect(failureOf(error)).toEqual({
    exitCode: 2,
    text: 'error LT-002: services/ordrs does not exist\n  did you mean services/orders?\n',
  });
});

test('nothing to check exits 3', () => {
  expect(failureOf(new UserError('LT-006', 'nothing to check', { exitCode: 3 })).exitCode).toBe(3);
});

test('anything else is a bug: exit 4, the stack with its causes, and where to tell it', () => {
  const { exitCode, text } = failureOf(new Error('no such edge', { cause: new Error('no such table') }));
  expect(exitCode).toBe(4);
  expect(text).toMatch(/internal error, .*\/issues\nError: no such edge\n +at /);
  expect(text).toContain('caused by Error: no such table');
});

test('what is thrown need not be an error', () => {
  expect(failureOf('out of luck')).toMatchObject({ exitCode: 4, text: expect.stringContaining('out of luck') });
});

test('docs/exit-codes.md lists every code with what it stands for', () => {
  const page = readFileSync(join(root, 'docs', 'exit-codes.md'), 'utf8');
  for (const [code, meaning] of Object.entries(errorCodes)) expect(page).toContain(`| ${code} | ${meaning} |`);
});
