import { expect, test } from 'vitest';
import { graphOf } from '../../src/extract/objection-relation.ts';
import { text } from '../../src/model/value.ts';
import { usesOf } from '../uses-of.ts';

const models = {
  'base.ts': `import { Model } from 'objection'; import { DbErrors } from 'objection-db-errors'; export class BaseModel extends DbErrors(Model) { static all() { return this.query(); } }`,
  'order.ts': `import { Model } from 'objection'; import { BaseModel } from './base'; import { join } from 'path'; import { Line } from './line';
    export class Order extends BaseModel { static get tableName() { return 'orders'; } static relationMappings = () => ({
      lines: { relation: Model.HasManyRelation, modelClass: Line, join: { from: 'orders.id', to: 'order_lines.orderId' } },
      tags: { relation: Model.ManyToManyRelation, modelClass: join(__dirname, './tag'), join: { from: 'orders.id', through: { from: 'order_tags.orderId', to: 'order_tags.tagId' }, to: 'tags.id' } } }); }`,
  'line.ts': `import { BaseModel } from './base'; export class Line extends BaseModel { static tableName = 'order_lines'; static get relationMappings() { return { product: { modelClass: () => null, join: { from: 'order_lines.productId', to: 'stock.products.id' } } }; } }`,
  'tag.ts': `import { BaseModel } from './base'; export class Tag extends BaseModel { static tableName = 'tags'; }`,
};

function usesBeside(code: string): string[] {
  return usesOf({ ...models, 'app.ts': code }).filter(u => !u.startsWith('declare') && !u.endsWith(' ?'));
}

test('models are declared under their table names, through mixins of their base', () => {
  expect(usesOf(models).filter(u => u.startsWith('declare'))).toEqual([
    'declare objection order_lines',
    'declare objection orders',
    'declare objection tags',
  ]);
});

test('queries read, and write when they change rows', () => {
  expect(
    usesBeside(
      `import { Order } from './order'; import { Tag } from './tag'; export async function run(trx) { const order = await Order.query(trx).findById(1); await order.$query(trx).patch({}); await Tag.query().insert({}); await Tag.query().where('id', 1).delete(); return Order.all(); }`,
    ),
  ).toEqual([
    'read objection orders',
    'read objection orders',
    'write objection orders',
    'write objection tags',
    'write objection tags',
  ]);
});

test('graphs and related joins reach the tables of relations', () => {
  expect(
    usesBeside(
      `import { Order } from './order'; export const run = () => Order.query().withGraphFetched('[lines.product, tags(recent)]').joinRelated('lines').leftJoin('billing.invoices as i', 'i.id', 'orders.id');`,
    ),
  ).toEqual([
    'read objection invoices in billing via join',
    'read objection order_lines via join',
    'read objection order_lines via relation',
    'read objection order_tags via relation',
    'read objection orders',
    'read objection products in stock via relation',
    'read objection tags via relation',
  ]);
});

test('an inserted graph writes what it names, a related query the other table', () => {
  expect(
    usesBeside(
      `import { Order } from './order'; export async function run() { await Order.query().insertGraph({ total: 1, lines: [{}] }); const order = Order.fromJson({}); await order.$relatedQuery('lines').insert({}); }`,
    ),
  ).toEqual(['write objection order_lines', 'write objection order_lines via relation', 'write objection orders']);
});

test('rows of a result are instances of the model', () => {
  expect(
    usesBeside(
      `import { Order } from './order'; export async function run(trx) { const orders = await Order.query(trx); for (const o of orders) await o.$query(trx).patch({}); }`,
    ),
  ).toEqual(['read objection orders', 'write objection orders']);
});

test('graph expressions are trees', () => {
  expect(graphOf(text('[a.[b, c(x)], d]'))).toEqual([
    {
      name: 'a',
      inner: [
        { name: 'b', inner: [] },
        { name: 'c', inner: [] },
      ],
    },
    { name: 'd', inner: [] },
  ]);
  expect(graphOf(text(''))).toEqual([]);
});

test('a model of another kind is not queried', () => {
  expect(
    usesOf({
      'a.ts': `import { Model } from './m'; class Order extends Model { static tableName = 'orders'; } export const a = () => Order.query();`,
      'm.ts': `export class Model { static query() { return []; } }`,
    }),
  ).toEqual([]);
});
