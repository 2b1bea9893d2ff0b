import { expect, test } from 'vitest';
import { usesIn, usesOf } from '../uses-of.ts';

const models = `model Order {
  id Int @id
  customerId Int
  customer Customer @relation(fields: [customerId], references: [id])
  lines OrderLine[]
  tags Tag[]
  @@map("orders")
}
model OrderLine {
  id Int @id
  orderId Int
  order Order @relation(fields: [orderId], references: [id])
  @@map("order_lines")
  @@schema("shop")
}
model Customer {
  id Int @id
  orders Order[]
}
model Tag {
  id Int @id
  orders Order[]
}`;
const schema = (url = 'ORDERS_URL', output = '') => `generator client {
  provider = "prisma-client-js"
  ${output === '' ? '' : `output = "${output}"`}
}
datasource db {
  provider = "postgresql"
  url = env("${url}")
}
${models}`;
const base = { 'package.json': '{"name":"orders"}', 'prisma/schema.prisma': schema() };
const db = `import { PrismaClient } from '@prisma/client'; export const prisma = new PrismaClient();`;

function data(files: Readonly<Record<string, string>>): string[] {
  return usesOf(files).filter(u => !u.startsWith('declare'));
}

test('a model is read and written under the name that the schema gives it', () => {
  expect(
    data({
      ...base,
      'src/db.ts': db,
      'src/a.ts': `import { prisma } from './db'; export const all = () => prisma.order.findMany({ where: { id: 1 } }); export const add = row => prisma.orderLine.create({ data: row }); export const drop = id => prisma['customer'].delete({ where: { id } }); export const n = () => prisma.tag.count();`,
    }),
  ).toEqual([
    'connect prisma',
    'read prisma Tag',
    'read prisma orders',
    'write prisma Customer',
    'write prisma order_lines in shop',
  ]);
});

test('tables are declared where the schema says so, with the keys that refer to others', () => {
  const uses = usesIn({ ...base, 'src/db.ts': db });
  expect(usesOf({ ...base, 'src/db.ts': db })).toEqual([
    'connect prisma',
    'declare prisma Customer',
    'declare prisma Customer via foreign-key',
    'declare prisma Tag',
    'declare prisma order_lines in shop',
    'declare prisma orders',
    'declare prisma orders via foreign-key',
  ]);
  const places = uses
    .filter(u => u.op === 'declare')
    .map(u => base['prisma/schema.prisma'].slice(u.origin.at).split(/\W/)[0]);
  expect(places.sort()).toEqual(['Customer', 'Order', 'OrderLine', 'Tag', 'customer', 'order']);
});

test('the connection is that of the schema, of its configuration, or what the constructor is told', () => {
  const url = (files: Readonly<Record<string, string>>) =>
    usesIn(files).flatMap(u =>
      u.op === 'connect' && u.tech === 'prisma' && u.store.kind === 'open' && u.store.url?.t === 'text'
        ? u.store.url.parts
        : [],
    );
  const client = (options: string) =>
    `import { PrismaClient } from '@prisma/client'; import { PrismaPg } from '@prisma/adapter-pg'; new PrismaClient(${options});`;
  expect(url({ ...base, 'a.ts': client('') })).toMatchObject([{ key: 'ORDERS_URL' }]);
  expect(url({ ...base, 'a.ts': client('{ datasources: { db: { url: process.env.OTHER } } }') })).toMatchObject([
    { key: 'OTHER' },
  ]);
  expect(url({ ...base, 'a.ts': client('{ datasourceUrl: process.env.OTHER }') })).toMatchObject([{ key: 'OTHER' }]);
  expect(
    url({ ...base, 'a.ts': client('{ adapter: new PrismaPg({ connectionString: process.env.OTHER }) }') }),
  ).toMatchObject([{ key: 'OTHER' }]);
  const bare = { ...base, 'prisma/schema.prisma': schema().replace(/url = .*/, '') };
  expect(
    url({
      ...bare,
      'prisma.config.ts': `export default defineConfig({ schema: 'prisma/schema.prisma', datasource: { url: env('CONFIG_URL') } });`,
      'a.ts': client(''),
    }),
  ).toMatchObject([{ key: 'CONFIG_URL' }]);
  expect(url({ ...bare, 'a.ts': client('') })).toEqual([null]);
});

test('a service that extends the client is the client, also where a container makes it', () => {
  expect(
    data({
      ...base,
      'src/prisma.service.ts': `import { PrismaClient } from '@prisma/client'; export class PrismaService extends PrismaClient implements OnModuleInit { constructor(config: ConfigService) { super({ datasources: { db: { url: config.get('X') } } }); } async onModuleInit() { await this.$connect(); } clean() { return this.$transaction([this.orderLine.deleteMany(), this.order.deleteMany()]); } }`,
      'src/a.ts': `import { PrismaService } from './prisma.service'; export class Orders { constructor(private readonly prisma: PrismaService) {} all() { return this.prisma.order.findMany(); } pay(id) { return this.prisma.$transaction(async tx => { await tx.order.update({ where: { id }, data: {} }); }); } raw() { return this.prisma.$queryRaw\`select * from customers\`; } }`,
    }),
  ).toEqual([
    'connect prisma',
    'connect prisma',
    'read prisma customers',
    'read prisma orders',
    'write prisma order_lines in shop',
    'write prisma orders',
    'write prisma orders',
  ]);
});

test('relations that are included, selected, counted or filtered by are reads of their tables', () => {
  expect(
    data({
      ...base,
      'src/db.ts': db,
      'src/a.ts': `import { prisma } from './db'; const include = { lines: true, tags: false }; export const q = () => prisma.customer.findFirst({ where: { orders: { some: { tags: { none: {} } } } }, include: { orders: { include } } });`,
    }),
  ).toEqual(
    [
      'connect prisma',
      'read prisma Customer',
      'read prisma Tag via relation',
      'read prisma order_lines in shop via relation',
      'read prisma orders via relation',
      'read prisma orders via relation',
    ].filter((u, i, all) => all.indexOf(u) === i),
  );
  expect(
    data({
      ...base,
      'src/db.ts': db,
      'src/a.ts': `import { prisma } from './db'; export const q = () => prisma.order.findMany({ select: { id: true, customer: { select: { id: true } }, _count: { select: { lines: true } } } }); export const f = id => prisma.orderLine.findUnique({ where: { id } }).order();`,
    }),
  ).toEqual([
    'connect prisma',
    'read prisma Customer via relation',
    'read prisma order_lines in shop',
    'read prisma order_lines in shop via relation',
    'read prisma orders',
    'read prisma orders via relation',
  ]);
});

test('nested writes write the tables of the relations; what is only connected is written where the key is', () => {
  expect(
    data({
      ...base,
      'src/db.ts': db,
      'src/a.ts': `import { prisma } from './db'; export const add = d => prisma.order.create({ data: { customer: { connect: { id: 1 } }, tags: { connect: [{ id: 2 }] }, lines: { create: [{ id: 3 }], connect: { id: 4 } } } }); export const up = id => prisma.orderLine.upsert({ where: { id }, create: { order: { connectOrCreate: { where: {}, create: { customer: { create: {} } } } } }, update: {} });`,
    }),
  ).toEqual([
    'connect prisma',
    'read prisma Customer via relation',
    'read prisma Tag via relation',
    'write prisma Customer via relation',
    'write prisma order_lines in shop',
    'write prisma order_lines in shop via relation',
    'write prisma orders',
    'write prisma orders via relation',
  ]);
});

test('a client generated into a folder or package of its own belongs to its schema, though it is not in the checkout', () => {
  expect(
    data({
      'package.json': '{"name":"root"}',
      'apps/orders/prisma/schema.prisma': schema('ORDERS_URL', '../src/generated/client'),
      'apps/orders/src/a.ts': `import { PrismaClient, Prisma } from './generated/client'; const prisma = new PrismaClient(); export const q = () => prisma.order.findMany(); export const f = (tx: Prisma.TransactionClient) => tx.tag.deleteMany();`,
      'apps/stock/prisma/schema.prisma': schema('STOCK_URL', '../../../node_modules/@prisma/stock-client').replace(
        '@@map("orders")',
        '@@map("stock_orders")',
      ),
      'apps/stock/src/a.ts': `import { PrismaClient } from '@prisma/stock-client'; const prisma = new PrismaClient(); export const q = () => prisma.order.findMany();`,
    }),
  ).toEqual(['connect prisma', 'connect prisma', 'read prisma orders', 'read prisma stock_orders', 'write prisma Tag']);
});

test('a client shared by a package is that of the schema of that package, also through a global', () => {
  const files = {
    'packages/db/package.json': '{"name":"@shop/db","main":"index.ts","dependencies":{"@prisma/client":"6"}}',
    'packages/db/prisma/schema.prisma': schema('SHOP_URL'),
    'packages/db/index.ts': `export * from '@prisma/client'; export * from './client';`,
    'packages/db/client.ts': `import { PrismaClient } from '@prisma/client'; const make = () => new PrismaClient({ log: ['error'] }).$extends({ model: { order: { async close(id) { return prisma.order.update({ where: { id }, data: {} }); } } } }); const kept = globalThis as unknown as { prisma?: ReturnType<typeof make> }; export const prisma = kept.prisma ?? make(); if (process.env.NODE_ENV !== 'production') kept.prisma = prisma;`,
    'apps/web/package.json': '{"name":"web","dependencies":{"@shop/db":"*"}}',
    'apps/web/src/a.ts': `import { prisma } from '@shop/db'; export const q = () => prisma.customer.findMany();`,
    'apps/web/src/b.ts': `import { PrismaClient } from '@shop/db'; export const f = (p: PrismaClient) => p.tag.create({ data: {} });`,
    'apps/web/src/c.ts': `import { prisma } from '@shop/db'; export const f = id => prisma.order.close(id);`,
  };
  expect(data(files)).toEqual(
    expect.arrayContaining(['read prisma Customer', 'write prisma Tag', 'write prisma orders']),
  );
});

test('statements in SQL are read, plain, tagged and put together', () => {
  expect(
    data({
      ...base,
      'src/db.ts': db,
      'src/a.ts': `import { Prisma } from '@prisma/client'; import { prisma } from './db'; const filter = Prisma.sql\`where id = 1\`; export const q = () => [prisma.$queryRaw\`select * from orders \${filter}\`, prisma.$queryRaw(Prisma.sql\`select * from "Customer" join tags t on true\`), prisma.$executeRawUnsafe('delete from carts where id = $1', 1), prisma.$executeRaw\`update \${Prisma.raw('stock')} set n = 0\`];`,
    }),
  ).toEqual([
    'connect prisma',
    'read prisma Customer',
    'read prisma orders',
    'read prisma tags via join',
    'write prisma carts',
    'write prisma stock',
  ]);
});

test('a client in an unknown context is known by the models of the schema, and that is said', () => {
  expect(
    data({
      ...base,
      'src/a.ts': `export const q = ctx => ctx.prisma.order.findMany(); export const f = ({ db }) => db.customer.update({ where: {}, data: {} }); export async function g(tx, id) { await tx.tag.create({ data: { id } }); } export const h = (prisma) => prisma.orderLine.deleteMany();`,
    }),
  ).toEqual([
    'read prisma orders guessed',
    'write prisma Customer guessed',
    'write prisma Tag guessed',
    'write prisma order_lines in shop guessed',
  ]);
});

test('without its schema, a model is taken for a table of its own name', () => {
  expect(
    data({
      'a.ts': `import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); export const q = () => prisma.order.findMany();`,
    }),
  ).toEqual(['connect prisma', 'read prisma Order']);
});

test('what only looks like it is nothing', () => {
  expect(
    data({
      ...base,
      'src/a.ts': `export const f = (cart, repo, db) => [cart.order.create({ total: 1 }), repo.orders.findMany(), db.invoice.findMany(), db.order.total, cart.order.update(3)];`,
    }),
  ).toEqual([]);
});

test('a schema may be spread over several files', () => {
  expect(
    data({
      'package.json': '{"name":"orders"}',
      'prisma/schema/main.prisma': schema().slice(0, schema().indexOf('model Order')),
      'prisma/schema/orders.prisma': `model Order {\n id Int @id\n notes Note[]\n @@map("orders")\n}`,
      'prisma/schema/more/notes.prisma': `model Note {\n id Int @id\n orderId Int\n order Order @relation(fields: [orderId], references: [id])\n}`,
      'src/db.ts': db,
      'src/a.ts': `import { prisma } from './db'; export const q = () => prisma.order.findMany({ include: { notes: true } });`,
    }),
  ).toEqual(['connect prisma', 'read prisma Note via relation', 'read prisma orders']);
});

test('a client may be made once by a function that is handed to another, and may be spoken to in Kysely', () => {
  expect(
    data({
      ...base,
      'src/once.ts': `export function once<T>(name: string, make: () => T): T { const kept = globalThis; if (!kept.made.has(name)) kept.made.set(name, make()); return kept.made.get(name); }`,
      'src/db.ts': `import { PrismaClient } from '@prisma/client'; import kyselyExtension from 'prisma-extension-kysely'; import { once } from './once'; export const prisma = once('db', () => new PrismaClient()); export const kysely = once('kysely', () => prisma.$extends(kyselyExtension({ kysely: driver => make(driver) })));`,
      'src/a.ts': `import { kysely, prisma } from './db'; export const q = () => [prisma.order.findMany(), kysely.$kysely.selectFrom('carts').execute()];`,
    }),
  ).toEqual(['connect prisma', 'read kysely carts', 'read prisma orders']);
});
