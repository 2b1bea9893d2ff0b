import { expect, test } from 'vitest';
import { compose, service, systemIn } from '../says-of.ts';

/** How long the breakers live that a program makes. */
function breakersIn(program: string): string[] {
  const files = { ...service('orders', { 'src/main.js': program }), ...compose({ orders: '' }) };
  return systemIn(files).practices.flatMap(p => (p.kind === 'breaker' ? [p.per] : []));
}

const start = `const CircuitBreaker = require('opossum'); const axios = require('axios'); const call = () => axios.get('http://stock/');`;

test('a breaker that is made and fired by one function is made for each request', () => {
  expect(breakersIn(`${start} exports.f = () => { const b = new CircuitBreaker(call); return b.fire(); };`)).toEqual([
    'request',
  ]);
  expect(breakersIn(`${start} exports.f = () => new CircuitBreaker(call).fire();`)).toEqual(['request']);
});

test('a breaker of the module, of an object, or one that is kept by name serves all requests', () => {
  expect(breakersIn(`${start} const b = new CircuitBreaker(call); exports.f = () => b.fire();`)).toEqual(['process']);
  expect(
    breakersIn(
      `${start} class Stock { constructor() { this.b = new CircuitBreaker(call); } get() { return this.b.fire(); } } exports.stock = new Stock();`,
    ),
  ).toEqual(['process']);
  expect(
    breakersIn(
      `${start} const all = new Map(); exports.f = name => { let b = all.get(name); if (!b) { b = new CircuitBreaker(call); all.set(name, b); } return b.fire(); };`,
    ),
  ).toEqual(['process']);
  expect(breakersIn(`${start} exports.make = () => { const b = new CircuitBreaker(call); return b; };`)).toEqual([
    'process',
  ]);
});
