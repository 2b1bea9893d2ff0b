import { expect, test } from 'vitest';
import { usesOf } from '../uses-of.ts';

const entity = {
  'order.ts': `import { Entity } from 'typeorm'; @Entity('orders') export class Order {} export class OrderDto {}`,
};

test('what a mapper makes is saved under its class', () => {
  const saved = (code: string) =>
    usesOf({
      ...entity,
      'app.ts': `import { EntityManager } from 'typeorm'; import { Order, OrderDto } from './order'; ${code}`,
    }).filter(u => u.startsWith('write'));
  expect(
    saved(
      `import { plainToInstance } from 'class-transformer'; export const run = (m: EntityManager, dto) => m.save(plainToInstance(Order, dto));`,
    ),
  ).toEqual(['write typeorm orders']);
  expect(
    saved(
      `import { Mapper } from '@automapper/core'; import { InjectMapper } from '@automapper/nestjs'; export class S { constructor(@InjectMapper() private readonly mapper: Mapper, private readonly m: EntityManager) {} async run(dto) { const order = await this.mapper.mapAsync(dto, OrderDto, Order); await this.m.save(order); await this.m.save(this.mapper.mapArray([dto], OrderDto, Order)); } }`,
    ),
  ).toEqual(['write typeorm orders', 'write typeorm orders']);
});

test('settings that are checked by a class keep their values', () => {
  expect(
    usesOf({
      'app.ts': `import { plainToClass } from 'class-transformer'; class Checked { table: string; } const settings = plainToClass(Checked, { table: 'orders' }); import knex from 'knex'; export const run = () => knex({ client: 'pg', connection: 'postgres://db/shop' })(settings.table).insert({});`,
    }),
  ).toEqual(['connect knex', 'write knex orders']);
});
