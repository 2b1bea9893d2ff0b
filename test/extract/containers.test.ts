import { expect, test } from 'vitest';
import { usesOf } from '../uses-of.ts';

const stock = {
  'stock.ts': `import { Entity, Repository } from 'typeorm'; @Entity('stock_items') export class StockItem {} export class Stock { constructor(readonly items: Repository<StockItem>) {} }`,
};
const read = ['declare typeorm stock_items', 'read typeorm stock_items'];

test('a container gives an instance of the class that it is asked for', () => {
  const asked = (code: string) => usesOf({ ...stock, 'app.ts': `import { Stock } from './stock'; ${code}` });
  expect(
    asked(`import { container } from 'tsyringe'; export const run = () => container.resolve(Stock).items.find();`),
  ).toEqual(read);
  expect(
    asked(`import { Container } from 'typedi'; export const run = () => Container.get(Stock).items.find();`),
  ).toEqual(read);
  expect(
    asked(
      `import { ModuleRef } from '@nestjs/core'; export const run = (ref: ModuleRef) => ref.get(Stock, { strict: false }).items.find();`,
    ),
  ).toEqual(read);
});

test('what was registered stands behind a token', () => {
  expect(
    usesOf({
      ...stock,
      'app.ts': `import { container, inject } from 'tsyringe'; import { Stock } from './stock'; container.registerSingleton('stock', Stock);
        export class Shop { constructor(@inject('stock') private readonly stock) {} open() { return this.stock.items.find(); } }`,
    }),
  ).toEqual(read);
});

test('a factory of a container may ask it for more', () => {
  expect(
    usesOf({
      'db.js': `const { Ioc } = require('@adonisjs/fold'); const knex = require('knex'); const container = new Ioc();
        container.singleton('settings', () => ({ url: 'postgres://db/shop' })); container.singleton('db', deps => knex({ client: 'pg', connection: deps.use('settings').url }));
        exports.run = async () => { const db = await container.use('db'); return db('orders').insert({}); };`,
    }),
  ).toEqual(['connect knex', 'write knex orders']);
});

test('a map is not a container', () => {
  expect(
    usesOf({
      ...stock,
      'app.ts': `import { Stock } from './stock'; const all = new Map(); export const run = () => all.get(Stock).items.find();`,
    }),
  ).toEqual(['declare typeorm stock_items']);
});
