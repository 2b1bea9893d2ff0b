import { expect, test } from 'vitest';
import { readerTargets, repositoryTarget } from './fuzz.ts';

const seed = 20_261_121;

test.for(readerTargets.map(target => [target.name, target] as const))(
  '%s: no hostile text is too much',
  ([, { run }]) => {
    expect(run(60, seed)).toBeUndefined();
  },
);

test('no hostile repository is too much', () => {
  expect(repositoryTarget().run(60, seed)).toBeUndefined();
});
