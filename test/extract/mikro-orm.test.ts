import { expect, test } from 'vitest';
import { usesIn, usesOf } from '../uses-of.ts';

const entities = {
  'order.ts': `import { Entity, ManyToOne, OneToMany, ManyToMany, Collection, Property } from '@mikro-orm/core'; import { Customer } from './customer'; import { Line } from './line'; import { Tag } from './tag';
    @Entity() export class PurchaseOrder { @Property() total: number; @ManyToOne(() => Customer) customer: Customer; @OneToMany(() => Line, l => l.order) lines = new Collection<Line>(this); @ManyToMany(() => Tag) tags = new Collection<Tag>(this); }`,
  'customer.ts': `import { Entity, OneToOne } from '@mikro-orm/core'; import { Address } from './address'; @Entity({ tableName: 'customers', schema: 'crm' }) export class Customer { @OneToOne({ entity: () => Address, eager: true }) address: Address; }`,
  'address.ts': `import { Entity, OneToOne } from '@mikro-orm/core'; import { Customer } from './customer'; @Entity() export class Address { @OneToOne({ entity: () => Customer, mappedBy: 'address' }) customer: Customer; }`,
  'line.ts': `import { Entity, ManyToOne } from '@mikro-orm/core'; import { PurchaseOrder } from './order'; @Entity() export class Line { @ManyToOne() order: PurchaseOrder; }`,
  'tag.ts': `import { Entity } from '@mikro-orm/core'; @Entity() export class Tag {}`,
};

function usesBeside(code: string): string[] {
  return usesOf({ ...entities, 'app.ts': code }).filter(u => !u.startsWith('declare'));
}

test('entities are declared with their foreign keys and pivot tables', () => {
  expect(usesOf(entities)).toEqual([
    'declare mikro-orm address',
    'declare mikro-orm address via foreign-key',
    'declare mikro-orm customers in crm',
    'declare mikro-orm customers in crm via foreign-key',
    'declare mikro-orm line',
    'declare mikro-orm purchase_order',
    'declare mikro-orm purchase_order via foreign-key',
    'declare mikro-orm purchase_order_tags',
    'declare mikro-orm tag',
  ]);
});

test('an entity manager reads what is found and populated, and writes what is persisted', () => {
  expect(
    usesBeside(`import { EntityManager } from '@mikro-orm/postgresql'; import { PurchaseOrder } from './order'; import { Tag } from './tag';
    export class S { constructor(private readonly em: EntityManager) {} async run() { await this.em.find(PurchaseOrder, { customer: { name: 'Ann' } }, { populate: ['lines', 'tags'] }); const tag = new Tag(); await this.em.persistAndFlush(tag); } }`),
  ).toEqual([
    'read mikro-orm customers in crm via join',
    'read mikro-orm line via relation',
    'read mikro-orm purchase_order',
    'read mikro-orm purchase_order_tags via relation',
    'read mikro-orm tag via relation',
    'write mikro-orm tag',
  ]);
});

test('a flush writes the entities that were changed before it, and nothing else', () => {
  expect(
    usesBeside(`import { EntityManager } from '@mikro-orm/core'; import { Line } from './line'; import { Tag } from './tag';
    export async function rename(em: EntityManager) { const tag = await em.findOneOrFail(Tag, 1); const line = await em.findOne(Line, 1); tag.name = line.name; await em.flush(); }`),
  ).toEqual(['read mikro-orm line', 'read mikro-orm tag', 'write mikro-orm tag']);
});

test('eager relations are read by every find', () => {
  expect(
    usesBeside(`import { EntityRepository } from '@mikro-orm/core'; import { InjectRepository } from '@mikro-orm/nestjs'; import { Customer } from './customer';
    export class C { constructor(@InjectRepository(Customer) private readonly all: EntityRepository<Customer>) {} list() { return this.all.findAll(); } }`),
  ).toEqual(['read mikro-orm address via relation', 'read mikro-orm customers in crm']);
});

test("repositories of one's own, transactions and query builders", () => {
  expect(
    usesBeside(`import { EntityManager, EntityRepository } from '@mikro-orm/postgresql'; import { PurchaseOrder } from './order'; import { Tag } from './tag';
    export class Tags extends EntityRepository<Tag> { old() { return this.find({}); } async gone() { await this.nativeDelete({}); } }
    export const run = (em: EntityManager) => em.transactional(async tx => { await tx.createQueryBuilder(PurchaseOrder, 'o').leftJoin('o.customer', 'c').leftJoin('c.address', 'a').getResult(); await tx.qb(Tag).update({}).execute(); await tx.getConnection().execute('delete from stock'); });`),
  ).toEqual([
    'read mikro-orm address via join',
    'read mikro-orm customers in crm via join',
    'read mikro-orm purchase_order',
    'read mikro-orm tag',
    'write mikro-orm stock',
    'write mikro-orm tag',
    'write mikro-orm tag',
  ]);
});

test('connections know their engine by the package or by the driver', () => {
  const engine = (code: string) =>
    usesIn({
      'a.ts': code,
      'mikro-orm.config.ts': `import { defineConfig } from '@mikro-orm/mysql'; export default defineConfig({ dbName: 'shop', host: 'db' });`,
    })
      .filter(u => u.op === 'connect')
      .map(u => u.store.engine);
  expect(
    engine(`import { MikroORM } from '@mikro-orm/postgresql'; MikroORM.init({ clientUrl: process.env.DB });`),
  ).toEqual(['postgres']);
  expect(
    engine(
      `import { MikroOrmModule } from '@mikro-orm/nestjs'; import { MongoDriver } from '@mikro-orm/mongodb'; export const m = MikroOrmModule.forRootAsync({ useFactory: () => ({ driver: MongoDriver, clientUrl: 'mongodb://db/shop' }) });`,
    ),
  ).toEqual(['mongodb']);
  expect(engine(`import { MikroORM } from '@mikro-orm/core'; MikroORM.init();`)).toEqual(['mysql']);
});

test('migrations, schema files and entity schemas', () => {
  expect(
    usesOf({
      'm.ts': `import { Migration } from '@mikro-orm/migrations'; export class Migration1 extends Migration { async up() { this.addSql('create table "orders" ("id" int references "customers" ("id"));'); } }`,
      's.ts': `import { EntitySchema } from '@mikro-orm/core'; const Payer = new EntitySchema({ name: 'Payer', properties: {} }); export const Invoice = new EntitySchema({ name: 'Invoice', tableName: 'invoices', properties: { payer: { kind: 'm:1', entity: () => Payer } } });`,
    }),
  ).toEqual([
    'declare mikro-orm invoices',
    'declare mikro-orm payer',
    'declare mikro-orm payer via foreign-key',
    'schema mikro-orm customers via foreign-key',
    'schema mikro-orm orders',
  ]);
});

test('entities that are defined without a class', () => {
  expect(
    usesOf({
      'order.ts': `import { defineEntity, p, type InferEntity } from '@mikro-orm/core'; import { Lines } from './line'; import { OrderRepository } from './repository';
      export const Orders = defineEntity({ name: 'Order', tableName: 'orders', repository: () => OrderRepository, properties: { total: p.integer(), lines: () => p.oneToMany(Lines).mappedBy('order') } }); export type Order = InferEntity<typeof Orders>;`,
      'line.ts': `import { defineEntity } from '@mikro-orm/core'; import { Orders } from './order'; export const Lines = defineEntity({ name: 'Line', properties: p => ({ order: () => p.manyToOne(Orders) }) });`,
      'repository.ts': `import { EntityRepository } from '@mikro-orm/sqlite'; import type { Order } from './order'; export class OrderRepository extends EntityRepository<Order> { big() { return this.find({}, { populate: ['lines'] }); } }`,
      'app.ts': `import { MikroORM } from '@mikro-orm/sqlite'; import { Orders } from './order'; const orm = new MikroORM({ dbName: 'shop.db' }); export const run = () => { const orders = orm.em.getRepository(Orders); orders.create({}); return orders.big(); };`,
    }),
  ).toEqual([
    'connect mikro-orm',
    'declare mikro-orm line',
    'declare mikro-orm orders',
    'read mikro-orm line via relation',
    'read mikro-orm orders',
    'write mikro-orm orders',
  ]);
});

test('an entity of another package is not one of these', () => {
  expect(
    usesOf({
      'a.ts': `import { Entity } from 'typeorm'; import { EntityManager } from '@mikro-orm/core'; @Entity() export class Payer {} export const a = (em: EntityManager) => em.fork();`,
    }).filter(u => u.includes('mikro')),
  ).toEqual([]);
});
