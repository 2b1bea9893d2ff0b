import { expect, test } from 'vitest';
import { usesOf } from '../uses-of.ts';

const shelf = `const knex = require('knex')({ client: 'mysql2', connection: process.env.URL }); module.exports = require('bookshelf')(knex);`;

test('models made by name, by extension and by class read and write the table that they name', () => {
  expect(
    usesOf({
      'shelf.js': shelf,
      'order.js': `const shelf = require('./shelf'); module.exports = shelf.model('Order', { tableName: 'orders', lines() { return this.hasMany('Line'); } });`,
      'line.js': `const shelf = require('./shelf'); module.exports = shelf.model('Line', shelf.Model.extend({ tableName: 'order_lines' }));`,
      'cart.js': `const shelf = require('./shelf'); class Cart extends shelf.Model { get tableName() { return 'carts'; } owner() { return this.belongsTo(require('./order')); } } module.exports = Cart;`,
      'app.js': `require('./line'); const Order = require('./order'); const Cart = require('./cart'); exports.a = () => Order.where({ open: true }).fetchAll({ withRelated: ['lines'] }); exports.b = () => new Cart({}).save(); exports.c = id => Cart.forge({ id }).fetch({ withRelated: ['owner'] });`,
    }),
  ).toEqual(
    expect.arrayContaining([
      'connect knex',
      'read bookshelf carts',
      'read bookshelf orders',
      'read bookshelf orders via relation',
      'write bookshelf carts',
    ]),
  );
});

test('queries and transactions are those of Knex', () => {
  expect(
    usesOf({
      'shelf.js': shelf,
      'app.js': `const shelf = require('./shelf'); exports.a = () => shelf.knex('stock').select(); exports.b = () => shelf.transaction(async t => { await t('payments').insert({}); });`,
    }),
  ).toEqual(['connect knex', 'read knex stock', 'write knex payments']);
});
