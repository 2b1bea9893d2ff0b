import { describe, expect, it } from 'vitest';
import { prismaClientAccessor, readPrismaSchema } from '../../src/extract/prisma-schema.ts';

const schema = `
// model Commented { id Int }
generator client {
  provider = "prisma-client-js"
  output   = "../generated/client" // not node_modules
}

datasource db {
  provider = "postgresql"
  url      = env("ORDERS_DATABASE_URL")
}

enum Status {
  open
  paid

  @@map("order_status")
}

/// An order of a user.
model Order {
  id     Int         @id @default(autoincrement())
  note   String      @default("{}") // } is text
  status Status
  userId Int         @map("user_id")
  user   User        @relation("placed", fields: [userId, status], references: [id, status], onDelete: Cascade)
  lines  OrderLine[]

  @@index([
    userId,
    status
  ])
  @@map("orders")
  @@schema("shop")
}

model OrderLine {
  id      Int    @id
  order   Order? @relation(
    fields: [orderId],
    references: [id]
  )
  orderId Int?

  @@map(name: "order_lines")
}

model User { id Int @id }

view Totals {
  sum Int
}

model Old {
  id Int @id
  @@ignore
}
`;

describe('a schema', () => {
  const read = readPrismaSchema(schema);

  it('has provider, url, place and output', () => {
    expect(read).toMatchObject({
      provider: 'postgresql',
      url: { env: 'ORDERS_DATABASE_URL' },
      datasourceLine: 8,
      generatorOutput: '../generated/client',
    });
  });

  it('has models and views with their tables; no enums, no comments, nothing that is ignored', () => {
    expect(read.models.map(model => [model.name, model.table, model.schema])).toEqual([
      ['Order', 'orders', 'shop'],
      ['OrderLine', 'order_lines', undefined],
      ['User', 'User', undefined],
      ['Totals', 'Totals', undefined],
    ]);
  });

  it('has the place of each', () => {
    const lines = schema.split('\n');
    expect(read.models.map(model => lines[model.line - 1]?.slice(model.column - 1).split(' ')[0])).toEqual([
      'Order',
      'OrderLine',
      'User',
      'Totals',
    ]);
    const relations = read.models.flatMap(model => model.relations);
    expect(relations.map(relation => lines[relation.line - 1]?.slice(relation.column - 1).split(' ')[0])).toEqual(
      relations.map(relation => relation.field),
    );
  });

  it('has relations, and which side holds the key', () => {
    expect(
      read.models.flatMap(model =>
        model.relations.map(
          relation => `${model.name}.${relation.field} ${relation.model} [${relation.fields.join()}]`,
        ),
      ),
    ).toEqual(['Order.user User [userId,status]', 'Order.lines OrderLine []', 'OrderLine.order Order [orderId]']);
  });
});

describe('readPrismaSchema', () => {
  it('takes an address that stands in the file', () => {
    expect(readPrismaSchema('datasource db {\n  provider = "sqlite"\n  url = "file:./dev.db"\n}').url).toEqual({
      value: 'file:./dev.db',
    });
  });

  it('has no address where the configuration gives it', () => {
    expect(readPrismaSchema('datasource db {\n  provider = "mysql"\n  relationMode = "prisma"\n}')).toEqual({
      provider: 'mysql',
      datasourceLine: 1,
      models: [],
    });
  });

  it('takes the output of the client, not of other generators', () => {
    const generators =
      'generator erd {\n provider = "prisma-erd-generator"\n output = "erd.svg"\n}\ngenerator client {\n provider = "prisma-client"\n output = "../src/generated"\n}';
    expect(readPrismaSchema(generators).generatorOutput).toBe('../src/generated');
    expect(readPrismaSchema('generator client {\n provider = "prisma-client-js"\n}').generatorOutput).toBeUndefined();
  });

  it('knows a relation to a model of another file by its attribute', () => {
    const [order] = readPrismaSchema(
      'model Order {\n  id Int @id\n  user User @relation(fields: [userId], references: [id])\n  status Status\n}',
    ).models;
    expect(order?.relations.map(relation => relation.model)).toEqual(['User']);
  });

  it('reads files with a byte order mark, tabs and the line ends of Windows', () => {
    const [order] = readPrismaSchema('\uFEFFmodel\tOrder\t{\r\n\tid Int @id\r\n\t@@map("orders")\r\n}\r\n').models;
    expect(order).toMatchObject({ name: 'Order', table: 'orders', line: 1 });
  });

  it.each([
    '',
    '}',
    'model',
    'model {',
    'model Order {',
    'model Order {\n id Int @default(',
    'datasource db {\n url = env(\n',
    '/*',
    'model Order {\n model User {\n }',
    '{{{{',
  ])('survives %j', text => expect(readPrismaSchema(text).models.length).toBeLessThan(3));

  it('goes on with the next model where a parenthesis stays open', () => {
    expect(
      readPrismaSchema('model Order {\n  id Int @default(now(\n}\n\nmodel User {\n  id Int\n}').models.map(
        model => model.name,
      ),
    ).toEqual(['Order', 'User']);
  });
});

it('names the property of the client after the model', () => {
  expect(['User', 'OrderLine', 'APIKey', 'user'].map(prismaClientAccessor)).toEqual([
    'user',
    'orderLine',
    'aPIKey',
    'user',
  ]);
});
