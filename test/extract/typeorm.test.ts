import { expect, test } from 'vitest';
import { literal } from '../../src/model/value.ts';
import { usesIn, usesOf } from '../uses-of.ts';

const order = `import { Entity, Column, ManyToOne, OneToMany } from 'typeorm'; import { Customer } from './customer'; import { OrderLine } from './order-line';
@Entity() export class PurchaseOrder { @Column() total: number; @ManyToOne(() => Customer, c => c.orders) customer: Customer; @OneToMany(() => OrderLine, l => l.order, { cascade: true }) lines: OrderLine[]; }`;
const customer = `import { Entity, OneToMany } from 'typeorm'; import { PurchaseOrder } from './order';
@Entity({ name: 'crm.customers' }) export class Customer { @OneToMany(() => PurchaseOrder, o => o.customer) orders: PurchaseOrder[]; }`;
const line = `import { Entity, ManyToOne, ManyToMany, JoinTable } from 'typeorm'; import { PurchaseOrder } from './order'; import { Tag } from './tag';
@Entity('order_lines', { schema: 'shop' }) export class OrderLine { @ManyToOne('PurchaseOrder', { createForeignKeyConstraints: false }) order: PurchaseOrder; @ManyToMany(() => Tag, tag => tag.lines) @JoinTable() tags: Tag[]; }`;
const tag = `import { Entity, ManyToMany } from 'typeorm'; import { OrderLine } from './order-line'; @Entity('tag') export class Tag { @ManyToMany(() => OrderLine, line => line.tags) lines: OrderLine[]; }`;
const entities = { 'order.ts': order, 'customer.ts': customer, 'order-line.ts': line, 'tag.ts': tag };
const declared = [
  'declare typeorm customers in crm',
  'declare typeorm customers in crm via foreign-key',
  'declare typeorm order_lines in shop',
  'declare typeorm order_lines_tags_tag',
  'declare typeorm purchase_order',
  'declare typeorm tag',
];

function usesBeside(code: string): string[] {
  const rest = [...declared];
  return usesOf({ ...entities, 'app.ts': code }).filter(u => {
    const at = rest.indexOf(u);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

test('entities are declared under the name that each style gives them', () => {
  expect(usesOf(entities)).toEqual(declared);
});

test('an injected repository reads and writes the table of its entity', () => {
  expect(
    usesBeside(`import { InjectRepository } from '@nestjs/typeorm'; import { Repository } from 'typeorm'; import { Tag } from './tag';
    export class Tags { constructor(@InjectRepository(Tag) private readonly tags: Repository<Tag>) {} async rename(id: string) { const tag = await this.tags.findOneBy({ id }); await this.tags.save(tag); } }`),
  ).toEqual(['read typeorm tag', 'write typeorm tag']);
});

test('a repository typed in a plain class is known by its type argument', () => {
  expect(
    usesBeside(
      `import type { Repository } from 'typeorm'; import { Tag } from './tag'; export function count(tags: Repository<Tag>) { return tags.count(); }`,
    ),
  ).toEqual(['read typeorm tag']);
});

test('relations that find asks for are read, and those filtered by are joined', () => {
  expect(
    usesBeside(`import { DataSource } from 'typeorm'; import { PurchaseOrder } from './order';
    export const list = (ds: DataSource) => ds.getRepository(PurchaseOrder).find({ relations: ['lines', 'lines.tags'], where: { customer: { name: 'Ann' } } });`),
  ).toEqual(
    [
      'read typeorm customers in crm via join',
      'read typeorm order_lines in shop via relation',
      'read typeorm order_lines in shop via relation',
      'read typeorm order_lines_tags_tag via relation',
      'read typeorm purchase_order',
      'read typeorm tag via relation',
    ].filter((u, i, all) => all.indexOf(u) === i),
  );
  expect(
    usesBeside(`import { getRepository } from 'typeorm'; import { PurchaseOrder } from './order';
    export const list = () => getRepository(PurchaseOrder).findOne('1', { relations: { customer: true, lines: false }, where: { customer: { id: '1' } } });`),
  ).toEqual(['read typeorm customers in crm via relation', 'read typeorm purchase_order']);
});

test('an eager relation is read by every find, not by a query builder', () => {
  const files = {
    'invoice.ts': `import { Entity, ManyToOne } from 'typeorm'; import { Payer } from './payer'; @Entity() export class Invoice { @ManyToOne(type => Payer, { eager: true }) payer: Payer; }`,
    'payer.ts': `import { Entity } from 'typeorm'; @Entity() export class Payer {}`,
  };
  expect(
    usesOf({
      ...files,
      'a.ts': `import { EntityManager } from 'typeorm'; import { Invoice } from './invoice'; export const a = (m: EntityManager) => m.findBy(Invoice, {});`,
    }),
  ).toContain('read typeorm payer via relation');
  expect(
    usesOf({
      ...files,
      'a.ts': `import { EntityManager } from 'typeorm'; import { Invoice } from './invoice'; export const a = (m: EntityManager) => m.createQueryBuilder(Invoice, 'i').getMany();`,
    }),
  ).not.toContain('read typeorm payer via relation');
});

test('a query builder joins by relation, by entity and by table name', () => {
  expect(
    usesBeside(`import { Repository } from 'typeorm'; import { PurchaseOrder } from './order'; import { Tag } from './tag';
    export class Report { constructor(private readonly orders: Repository<PurchaseOrder>) {}
      async run() { const qb = this.orders.createQueryBuilder('o').leftJoinAndSelect('o.customer', 'c'); qb.innerJoin('o.lines', 'l'); qb.leftJoin(Tag, 't', 't.id = l.id'); qb.leftJoin('billing.invoices', 'i', 'i.order_id = o.id'); return qb.getMany(); } }`),
  ).toEqual([
    'read typeorm customers in crm via join',
    'read typeorm invoices in billing via join',
    'read typeorm order_lines in shop via join',
    'read typeorm purchase_order',
    'read typeorm tag via join',
  ]);
});

test('insert, update and delete of a query builder write', () => {
  expect(
    usesBeside(`import { DataSource } from 'typeorm'; import { Tag } from './tag'; import { PurchaseOrder } from './order';
    export async function all(ds: DataSource) { await ds.createQueryBuilder().insert().into(Tag).values({}).execute(); await ds.createQueryBuilder().update('stock').set({}).execute(); await ds.getRepository(PurchaseOrder).createQueryBuilder('o').delete().where('1=1').execute(); await ds.createQueryBuilder().delete().from(Tag).execute(); }`),
  ).toEqual(['write typeorm purchase_order', 'write typeorm stock', 'write typeorm tag', 'write typeorm tag']);
});

test('a manager in a transaction saves what it is given', () => {
  expect(
    usesBeside(`import { DataSource } from 'typeorm'; import { Tag } from './tag'; import { PurchaseOrder } from './order';
    export class S { constructor(private readonly ds: DataSource) {} async run(order: PurchaseOrder) { await this.ds.transaction('SERIALIZABLE', async m => { await m.save(order); await m.save(Tag, { name: 'a' }); const tags = m.create(Tag, {}); await m.save([tags]); await m.query('delete from "stock" where id = $1'); }); } }`),
  ).toEqual([
    'write typeorm order_lines in shop via relation',
    'write typeorm order_lines_tags_tag via relation',
    'write typeorm purchase_order',
    'write typeorm stock',
    'write typeorm tag',
    'write typeorm tag',
  ]);
});

test('a related row is written with its whole, not for a condition that leaves it out', () => {
  expect(
    usesBeside(
      `import { Repository } from 'typeorm'; import { PurchaseOrder } from './order'; export const add = (orders: Repository<PurchaseOrder>) => orders.save({ total: 1 });`,
    ),
  ).toEqual(['write typeorm purchase_order']);
});

test('active records read and write themselves', () => {
  expect(
    usesOf({
      'stock.ts': `import { BaseEntity, Entity } from 'typeorm'; @Entity() export class StockItem extends BaseEntity { static low() { return this.find({}); } }
    export async function fill() { const item = StockItem.create({}); await item.save(); await StockItem.delete({}); await StockItem.low(); }`,
    }),
  ).toEqual([
    'declare typeorm stock_item',
    'read typeorm stock_item',
    'write typeorm stock_item',
    'write typeorm stock_item',
  ]);
});

test("a repository of one's own knows its entity by decorator, by super, or by its type argument", () => {
  const one = (code: string) =>
    usesBeside(
      `import { Repository, EntityRepository, DataSource } from 'typeorm'; import { Tag } from './tag'; ${code}`,
    );
  expect(
    one(`@EntityRepository(Tag) export class Tags extends Repository<Tag> { all() { return this.find(); } }`),
  ).toEqual(['read typeorm tag']);
  expect(
    one(
      `export class Tags extends Repository<Tag> { constructor(ds: DataSource) { super(Tag, ds.createEntityManager()); } all() { return this.createQueryBuilder('t').getMany(); } }`,
    ),
  ).toEqual(['read typeorm tag']);
  expect(
    one(
      `class Base<T> extends Repository<T> { all() { return this.find(); } } export class Tags extends Base<Tag> {} export const x = (t: Tags) => t.all();`,
    ),
  ).toContain('read typeorm tag');
  expect(
    one(
      `export const x = (ds: DataSource) => { const tags = ds.getRepository(Tag).extend({ old() { return this.find(); } }); return tags.old(); };`,
    ),
  ).toEqual(['read typeorm tag']);
});

test('a base class works on the repository that its subclass was given', () => {
  expect(
    usesBeside(`import { InjectRepository } from '@nestjs/typeorm'; import { Repository } from 'typeorm'; import { Tag } from './tag';
    export abstract class Base<T> { protected abstract readonly repo: Repository<T>; async add(x: T) { return this.repo.save(x); } }
    export class Tags extends Base<Tag> { constructor(@InjectRepository(Tag, 'shop') protected readonly repo: Repository<Tag>) { super(); } }
    export class Service { constructor(private readonly tags: Tags) {} run() { return this.tags.add(null); } }`),
  ).toContain('write typeorm tag');
});

test('a container that nobody knows gives what the declared type says', () => {
  expect(
    usesBeside(`import { container } from 'tsyringe'; import { Repository } from 'typeorm'; import { Tag } from './tag'; import { Db } from './db';
    export class Tags { private repo: Repository<Tag>; constructor() { this.repo = container.resolve(Db).connection.getRepository(Tag); } all() { return this.repo.find(); } }`),
  ).toEqual(['read typeorm tag']);
});

test('a provided repository stands behind its token', () => {
  expect(
    usesBeside(`import { Inject } from '@nestjs/common'; import { getRepositoryToken, InjectRepository } from '@nestjs/typeorm'; import { DataSource } from 'typeorm'; import { Tag } from './tag';
    export const providers = [{ provide: getRepositoryToken(Tag), useFactory: (ds: DataSource) => ds.getRepository(Tag).extend({ old() { return this.count(); } }), inject: [DataSource] }];
    export class Tags { constructor(@InjectRepository(Tag) private readonly tags, @Inject(getRepositoryToken(Tag)) private readonly same) {} run() { this.same.find(); return this.tags.old(); } }`),
  ).toEqual(['read typeorm tag', 'read typeorm tag']);
});

test('connections are opened by each of the ways, with the entities that they create', () => {
  expect(
    usesBeside(
      `import { DataSource } from 'typeorm'; import { Tag } from './tag'; export const ds = new DataSource({ type: 'postgres', url: process.env.DB, entities: [Tag], synchronize: true });`,
    ),
  ).toEqual(['connect typeorm', 'schema typeorm ?', 'schema typeorm tag']);
  expect(
    usesBeside(
      `import { TypeOrmModule } from '@nestjs/typeorm'; class Config { createTypeOrmOptions() { return { type: 'mysql', host: 'db' }; } } export const m = [TypeOrmModule.forRootAsync({ useClass: Config }), TypeOrmModule.forRoot({ type: 'postgres', name: 'b' })];`,
    ),
  ).toEqual(['connect typeorm', 'connect typeorm']);
});

test('a connection without options is what ormconfig says, or the environment', () => {
  const opened = (files: Record<string, string>) =>
    usesIn(files)
      .filter(u => u.op === 'connect')
      .map(({ store }) =>
        store.kind === 'open'
          ? `${store.engine} ${literal(store.host) ?? ''} ${literal(store.database) ?? ''} ${literal(store.name) ?? ''}`.trim()
          : '',
      );
  const config = {
    'billing/package.json': '{}',
    'billing/ormconfig.json': JSON.stringify([
      { type: 'postgres', host: 'db', database: 'billing' },
      { name: 'old', type: 'mysql', host: 'old-db', database: 'legacy' },
    ]),
  };
  expect(
    opened({ ...config, 'billing/src/main.ts': `import { createConnection } from 'typeorm'; createConnection();` }),
  ).toEqual(['postgres db billing']);
  expect(
    opened({
      ...config,
      'billing/src/main.ts': `import { createConnection } from 'typeorm'; createConnection('old');`,
    }),
  ).toEqual(['mysql old-db legacy old']);
  expect(
    usesIn({ 'main.ts': `import { createConnection } from 'typeorm'; createConnection();` }).map(u =>
      u.store.kind === 'open' && u.store.host?.t === 'text' ? u.store.host.parts : [],
    ),
  ).toMatchObject([[{ ref: 'env', key: 'TYPEORM_HOST' }]]);
});

test('an entity that may be one of several is each of them', () => {
  expect(
    usesBeside(
      `import { DataSource } from 'typeorm'; import { Tag } from './tag'; import { PurchaseOrder } from './order'; const all = { tag: Tag, order: PurchaseOrder }; export const list = (ds: DataSource, name: string) => ds.getRepository(all[name]).count();`,
    ),
  ).toEqual(['read typeorm purchase_order', 'read typeorm tag']);
});

test('migrations change tables, by methods and by SQL', () => {
  expect(
    usesOf({
      'm.ts': `import { MigrationInterface, QueryRunner, Table, TableForeignKey } from 'typeorm';
    export class Start implements MigrationInterface { async up(queryRunner: QueryRunner) { await queryRunner.createTable(new Table({ name: 'shop.orders', columns: [], foreignKeys: [{ columnNames: ['a'], referencedTableName: 'customers', referencedColumnNames: ['id'] }] }), true);
      await queryRunner.createForeignKey('order_lines', new TableForeignKey({ columnNames: ['o'], referencedTableName: 'orders', referencedColumnNames: ['id'] })); await queryRunner.query('CREATE TABLE "tags" ("id" int)'); }
      async down(queryRunner: QueryRunner) { await queryRunner.dropTable('tags'); } }`,
    }),
  ).toEqual([
    'schema typeorm customers via foreign-key',
    'schema typeorm order_lines',
    'schema typeorm orders in shop',
    'schema typeorm orders via foreign-key',
    'schema typeorm tags',
    'schema typeorm tags',
  ]);
});

test('an entity schema declares its table and relations', () => {
  expect(
    usesOf({
      'address.js': `const { EntitySchema } = require('typeorm'); exports.Address = new EntitySchema({ name: 'Address', columns: {} });`,
      'customer.js': `const { EntitySchema, getRepository } = require('typeorm'); const { Address } = require('./address');
      const Customer = new EntitySchema({ name: 'Customer', tableName: 'customers', schema: 'crm', columns: {}, relations: { address: { type: 'one-to-one', target: () => Address, joinColumn: true } } });
      module.exports = { Customer, all: () => getRepository(Customer).find({ relations: ['address'] }) };`,
    }),
  ).toEqual([
    'declare typeorm address',
    'declare typeorm address via foreign-key',
    'declare typeorm customers in crm',
    'read typeorm address via relation',
    'read typeorm customers in crm',
  ]);
});

test("other packages' entities and managers are left alone", () => {
  expect(
    usesOf({
      'a.ts': `import { Entity } from 'game-engine'; import { Repository } from './git'; export class X {} export const a = (r: Repository<X>) => r.find(); const e = new Entity({ name: 'x' }); e.save({});`,
      'git.ts': `export class Repository<T> { find() { return []; } }`,
    }),
  ).toEqual([]);
});
