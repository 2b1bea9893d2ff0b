import { expect, test } from 'vitest';
import { isProduction } from '../../src/model/production.ts';

test('a file is a test by what follows a dot in its name, whatever follows that', () => {
  const tests = [
    'pay.test.ts',
    'pay.clienttest.tsx',
    'pay.servertest.ts',
    'pay.e2e-paid.ts',
    'pay.spec.helpers.ts',
    'pay.test-d.ts',
  ];
  expect(tests.filter(file => isProduction(`orders/src/${file}`, 'orders'))).toEqual([]);
  const code = ['pay.ts', 'latest.ts', 'pay.tested.ts', 'spec-sheet.ts'];
  expect(code.filter(file => isProduction(`orders/src/${file}`, 'orders'))).toEqual(code);
});
