import { expect, test } from 'vitest';
import { literal } from '../../src/model/value.ts';
import { usesIn, usesOf } from '../uses-of.ts';

test('commands read and write the table that they name, through a wrapper and with a stage behind it', () => {
  const uses = usesIn({
    'lib/db.js': `import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'; import client from './client.js';
      export default {
        async getOne(id, table) { const params = { TableName: table + (process.env.STAGE || ''), Key: { id } }; return client.send(new GetCommand(params)); },
        put: async function (item, table) { return client.send(new PutCommand({ TableName: \`\${table}\${process.env.STAGE}\`, Item: item })); },
      };`,
    'lib/client.js': `import { DynamoDBClient } from '@aws-sdk/client-dynamodb'; import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'; export default DynamoDBDocumentClient.from(new DynamoDBClient({}));`,
    'tables.js': `export const ORDERS = 'shopOrders'; export const USERS = 'shopUsers';`,
    'handler.js': `import db from './lib/db.js'; import { ORDERS, USERS } from './tables.js'; export const place = async e => { await db.getOne(e.user, USERS); await db.put({ id: 1 }, ORDERS); };`,
  });
  const named = uses
    .filter(u => u.table?.t === 'text')
    .map(
      u =>
        `${u.op} ${u.table?.t === 'text' ? u.table.parts.map(p => (typeof p === 'string' ? p : `$${p?.key}`)).join('') : ''} ${u.store.engine}`,
    );
  expect(named.sort()).toEqual(['read shopUsers$STAGE dynamodb', 'write shopOrders$STAGE dynamodb']);
});

test('each table is a database of its own', () => {
  const [use] = usesIn({
    'a.ts': `import { QueryCommand } from '@aws-sdk/client-dynamodb'; export const q = c => c.send(new QueryCommand({ TableName: 'stock', KeyConditionExpression: 'a = :a' }));`,
  }).filter(u => u.op === 'read');
  expect(use?.store.kind === 'open' ? literal(use.store.database) : '').toBe('stock');
});

test('batches and transactions name many tables, keys of objects too', () => {
  expect(
    usesOf({
      'a.ts': `import { BatchGetCommand, BatchWriteCommand, TransactWriteCommand, DynamoDBDocument } from '@aws-sdk/lib-dynamodb'; const T = 'carts'; const doc = DynamoDBDocument.from({} as any);
      export const a = (c, keys) => c.send(new BatchGetCommand({ RequestItems: { items: { Keys: keys }, [T]: { Keys: keys } } }));
      export const b = c => c.send(new BatchWriteCommand({ RequestItems: { [\`audit-\${process.env.STAGE}\`]: [] } }));
      export const d = c => c.send(new TransactWriteCommand({ TransactItems: [{ Put: { TableName: 'orders', Item: {} } }, { ConditionCheck: { TableName: 'users', Key: {} } }] }));
      export const e = () => doc.update({ TableName: 'points', Key: {} });`,
    }),
  ).toEqual([
    'read dynamodb carts',
    'read dynamodb items',
    'read dynamodb users',
    'write dynamodb audit-$STAGE',
    'write dynamodb orders',
    'write dynamodb points',
  ]);
});

test('the second version of the SDK, its document client and what X-Ray wraps', () => {
  expect(
    usesOf({
      'a.js': `const AWS = require('aws-sdk'); const db = new AWS.DynamoDB.DocumentClient({ region: 'x' });
      exports.f = cb => db.get({ TableName: process.env.ORDERS_TABLE, Key: {} }, (err, data) => cb(data)); exports.g = async () => db.scan({ TableName: 'items' }).promise();`,
      'b.ts': `import { DocumentClient } from 'aws-sdk/clients/dynamodb'; import DynamoDB from 'aws-sdk/clients/dynamodb'; const a = new DocumentClient(); const b = new DynamoDB(); export const f = () => a.put({ TableName: 'logs', Item: {} }).promise(); export const g = () => b.deleteItem({ TableName: 'drafts', Key: {} });`,
      'c.js': `const AWSXRay = require('aws-xray-sdk'); const AWS = AWSXRay.captureAWS(require('aws-sdk')); const db = new AWS.DynamoDB(); exports.f = () => db.createTable({ TableName: 'todos' });`,
      'd.js': `const AWS = require('aws-sdk'); const s3 = new AWS.S3(); exports.f = () => s3.deleteObject({ Bucket: 'b', Key: 'k' });`,
    }),
  ).toEqual([
    'connect dynamodb',
    'connect dynamodb',
    'connect dynamodb',
    'connect dynamodb',
    'read dynamodb $ORDERS_TABLE',
    'read dynamodb items',
    'schema dynamodb todos',
    'write dynamodb drafts',
    'write dynamodb logs',
  ]);
});

test('PartiQL and pages', () => {
  expect(
    usesOf({
      'a.ts': `import { ExecuteStatementCommand, paginateScan } from '@aws-sdk/client-dynamodb'; export async function f(client) { await client.send(new ExecuteStatementCommand({ Statement: 'UPDATE "orders" SET a=1 WHERE id=2' })); for await (const page of paginateScan({ client }, { TableName: 'items' })) {} }`,
    }),
  ).toEqual(['read dynamodb items', 'write dynamodb orders']);
});

test('one of several tables is each of them', () => {
  expect(
    usesOf({
      'a.ts': `import { PutCommand } from '@aws-sdk/lib-dynamodb'; export const f = (c, isDraft) => c.send(new PutCommand({ TableName: (isDraft ? 'drafts' : 'orders') + process.env.STAGE, Item: {} }));`,
    }),
  ).toEqual(['write dynamodb drafts$STAGE', 'write dynamodb orders$STAGE']);
});

test('the input alone tells on an unknown client', () => {
  expect(
    usesOf({
      'a.js': `exports.f = ctx => ctx.dynamo.put({ TableName: 'orders', Item: {} }).promise(); exports.g = map => map.get({ Key: 'a' });`,
    }),
  ).toEqual(['write dynamodb orders guessed']);
});

test('models on tables', () => {
  expect(
    usesOf({
      'a.js': `const dynamoose = require('dynamoose'); const Order = dynamoose.model('Order', new dynamoose.Schema({ id: String }), { tableName: 'orders' }); exports.f = async () => { await Order.query('id').eq(1).exec(); const o = new Order({}); await o.save(); };`,
      'b.ts': `import { Entity, Service } from 'electrodb'; const table = 'shop'; const Item = new Entity({ model: { entity: 'item' } }, { table }); export const f = async () => { await Item.query.byId({}).go(); await Item.put({}).go(); };`,
      'c.ts': `import { Table, Entity, PutItemCommand } from 'dynamodb-toolbox'; const T = new Table({ name: 'stock' }); const Shelf = new Entity({ name: 'Shelf', table: T }); export const f = () => Shelf.build(PutItemCommand).item({}).send();`,
    }),
  ).toEqual([
    'read dynamodb orders',
    'read dynamodb shop',
    'write dynamodb orders',
    'write dynamodb shop',
    'write dynamodb stock',
  ]);
});

test('items of a transaction that a wrapper copies and completes are of their tables', () => {
  expect(
    usesOf({
      'db.js': `import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
      export default { writeAll: async function (items) {
        const all = items.map(item => {
          if (item.Put) { const copy = Object.assign({}, item.Put); copy.TableName = item.Put.TableName + process.env.STAGE; return { Put: copy }; }
          return item;
        });
        return new TransactWriteCommand({ TransactItems: all });
      } };`,
      'a.js': `import db from './db.js'; const ORDERS = 'orders'; export const f = async rest => db.writeAll([{ Put: { TableName: ORDERS, Item: {} } }, { Update: { ...rest, TableName: 'stock' } }]);`,
    }),
  ).toEqual(['write dynamodb orders', 'write dynamodb stock']);
});
