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
