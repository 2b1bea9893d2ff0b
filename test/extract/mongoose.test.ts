import { expect, test } from 'vitest';
import { usesOf } from '../uses-of.ts';

test('a model is read and written under the plural of its name', () => {
  expect(
    usesOf({
      'order.ts': `import mongoose, { Schema } from 'mongoose'; const s = new Schema({ total: Number }); export const Order = mongoose.model('Order', s);`,
      'app.ts': `import { Order } from './order'; export async function place() { const o = new Order({}); await o.save(); return Order.find({}); }`,
    }),
  ).toEqual(['declare mongoose orders', 'read mongoose orders', 'write mongoose orders']);
});

test('a repository with a model in its base class uses the model it was given', () => {
  expect(
    usesOf({
      'base.ts': `import { Model } from 'mongoose'; export abstract class Base<T> { constructor(protected readonly model: Model<T>) {} async all() { return this.model.find(); } }`,
      'stock.ts': `import { InjectModel } from '@nestjs/mongoose'; import { Base } from './base'; export class StockItem {} export class StockRepository extends Base<StockItem> { constructor(@InjectModel(StockItem.name) m) { super(m); } }`,
      'service.ts': `import { StockRepository } from './stock'; export class Service { constructor(private readonly stock: StockRepository) {} list() { return this.stock.all(); } }`,
    }),
  ).toContain('read mongoose stockitems');
});

test('populate reads the collection that the field refers to', () => {
  expect(
    usesOf({
      'a.js': `const mongoose = require('mongoose'); const cart = new mongoose.Schema({ items: [{ product: { type: mongoose.Schema.Types.ObjectId, ref: 'Product' } }] }); const Cart = mongoose.model('Cart', cart); exports.show = async id => Cart.findById(id).populate('items.product');`,
    }),
  ).toEqual(['declare mongoose carts', 'read mongoose carts', 'read mongoose products via relation']);
});

test('what was found and awaited is written when it is saved, alone, in a list, or by a callback', () => {
  const order = `import mongoose from 'mongoose'; export const Order = mongoose.model('Order', new mongoose.Schema({}));`;
  const read = ['declare mongoose orders', 'read mongoose orders'];
  const uses = (app: string) => usesOf({ 'order.ts': order, 'app.ts': `import { Order } from './order'; ${app}` });
  expect(uses(`export async function pay() { const o = await Order.findById(1); return o.total; }`)).toEqual(read);
  for (const app of [
    `export async function pay() { const o = await Order.findById(1); o.paid = true; await o.save(); }`,
    `export async function pay() { for (const o of await Order.find().exec()) await o.save(); }`,
    `export async function pay() { const all = await Order.find(); all.forEach(o => o.save()); }`,
    `export const pay = () => Order.findOne({}).then(o => o.save());`,
    `export const pay = () => Order.findOne({}, (error, o) => o.save());`,
    `export const pay = () => Order.findOne({}).exec((error, o) => { o.deleteOne(); });`,
  ])
    expect(uses(app)).toEqual([...read, 'write mongoose orders']);
});

test('statics and methods of a schema run with the model or the document, however they were added', () => {
  const own = [
    `s.statics.build = attrs => new Order(attrs); s.methods.close = function () { return this.save(); };`,
    `s.statics = { build(attrs) { return new this(attrs); } }; s.methods = { close() { return this.save(); } };`,
    `s.static('build', attrs => new Order(attrs)); s.method({ close() { return this.save(); } });`,
  ];
  for (const added of own)
    expect(
      usesOf({
        'order.ts': `import mongoose from 'mongoose'; const s = new mongoose.Schema({}); ${added} export const Order = mongoose.model('Order', s);`,
        'app.ts': `import { Order } from './order'; export const place = async () => { const o = Order.build({}); await o.close(); };`,
      }),
    ).toContain('write mongoose orders');
  expect(
    usesOf({
      'order.ts': `import mongoose from 'mongoose'; const s = new mongoose.Schema({}, { statics: { byUser(user) { return this.find({ user }); } } }); export const Order = mongoose.model('Order', s);`,
      'app.ts': `import { Order } from './order'; export const list = () => Order.byUser(1);`,
    }),
  ).toEqual(['declare mongoose orders', 'read mongoose orders']);
});
