import { expect, test } from 'vitest';
import { usesOf } from '../uses-of.ts';

test('SQL that is handed to something unknown is a guess', () => {
  expect(
    usesOf({
      'a.js': `exports.f = db => db.query('SELECT id FROM orders WHERE id = $1', [1]); exports.g = async ctx => { await ctx.env.DB.prepare('DELETE FROM carts WHERE id = ?').bind(1).run(); };`,
    }),
  ).toEqual(['read sql orders guessed', 'write sql carts guessed']);
});

test('prose, paths and other words are no SQL', () => {
  expect(
    usesOf({
      'a.js': `exports.f = (router, log, api) => { router.get('/orders/from/x'); log.query('select an order from the list'); api.get('update'); router.all('*'); };`,
    }),
  ).toEqual([]);
});
