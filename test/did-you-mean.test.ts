import { expect, test } from 'vitest';
import { didYouMean } from '../src/did-you-mean.ts';

test.for([
  ['ordrs', 'orders'],
  ['oredrs', 'orders'],
  ['Orders', 'orders'],
  ['servces', 'services'],
  ['ownes', 'owns'],
  ['chekc', 'check'],
] as const)('%s means %s', ([word, meant]) => {
  expect(didYouMean(word, ['orders', 'billing', 'services', 'owns', 'check'])).toBe(meant);
});

test('says nothing where nothing is near', () => {
  expect(didYouMean('warehouse', ['orders', 'billing'])).toBeUndefined();
  expect(didYouMean('x', ['orders', 'yz'])).toBeUndefined();
});
