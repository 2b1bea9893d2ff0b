import { expect, test } from 'vitest';
import { namedRules } from '../../src/check/named-rules.ts';

const known = ['outbox/no-dual-write', 'database-per-service/no-foreign-read', 'database-per-service/no-foreign-write'];

test.for([
  ['outbox/no-dual-write', [0]],
  ['no-dual-write', [0]],
  ['database-per-service', [1, 2]],
  ['database-per-service/*', [1, 2]],
  ['no-foreign-*', [1, 2]],
  ['*/*-write', [0, 2]],
  ['*', [0, 1, 2]],
] as const)('%s means %j', ([name, expected]) => {
  expect([...namedRules([name], known)]).toEqual(expected.map(index => known[index]));
});

test('several names mean the rules of all', () => {
  expect(namedRules(['outbox', 'no-foreign-read'], known).size).toBe(2);
});

test.for(['no-foreign', 'foreign-read', 'database.per.service', 'outbox/no-foreign-read', ''])(
  '%j means none',
  name => {
    expect(() => namedRules([name], known)).toThrow(`no rule or pattern is called ${name}`);
  },
);

test('what was meant is suggested', () => {
  expect(() => namedRules(['no-foreign-raed'], known)).toThrow(
    expect.objectContaining({ code: 'LT-007', hint: 'did you mean no-foreign-read?' }),
  );
});
