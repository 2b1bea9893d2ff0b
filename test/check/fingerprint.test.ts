import { expect, test } from 'vitest';
import { fingerprintOf } from '../../src/check/fingerprint.ts';

test('is the same for the same rule and identity', () => {
  expect(fingerprintOf('a/b', ['billing', 'orders'])).toBe(fingerprintOf('a/b', ['billing', 'orders']));
});

test('differs by rule, by identity, and by which of equals it is', () => {
  const prints = [
    fingerprintOf('a/b', ['billing', 'orders']),
    fingerprintOf('a/c', ['billing', 'orders']),
    fingerprintOf('a/b', ['billing', 'stock']),
    fingerprintOf('a/b', ['billing orders']),
    fingerprintOf('a/b', ['billing', 'orders'], 1),
    fingerprintOf('a/b', ['billing', 'orders'], 2),
  ];

  expect(new Set(prints).size).toBe(prints.length);
});

test('is 16 hexadecimal digits, which baselines of today rest on', () => {
  expect(fingerprintOf('database-per-service/no-foreign-write', ['billing', 'postgres:main/shop#orders'])).toMatch(
    /^[0-9a-f]{16}$/,
  );
});
