import { expect, test } from 'vitest';
import { literal } from '../../src/model/value.ts';
import { usesIn, usesOf } from '../uses-of.ts';

test('collections of a client read, write and get indexes', () => {
  expect(
    usesOf({
      'a.ts': `import { MongoClient } from 'mongodb';
      const client = new MongoClient(process.env.MONGO_URL);
      const orders = client.db('shop').collection<Order>('orders');
      export const list = () => orders.find({ paid: true }).sort({ at: -1 }).toArray();
      export async function place(o) { await orders.insertOne(o); await orders.createIndex({ at: 1 }); await client.db('shop').createCollection('receipts'); }`,
    }),
  ).toEqual([
    'connect mongodb',
    'connect mongodb',
    'connect mongodb',
    'read mongodb orders',
    'schema mongodb orders',
    'schema mongodb receipts',
    'write mongodb orders',
  ]);
});

test('a database that is chosen in code is the database of what is used in it', () => {
  const uses = usesIn({
    'a.ts': `import { MongoClient } from 'mongodb'; export async function f() { const client = await MongoClient.connect('mongodb://db:27017'); return client.db('stock').collection('items').findOne({}); }`,
  });
  const read = uses.find(u => u.op === 'read');
  expect(read?.store.kind === 'open' ? literal(read.store.database) : undefined).toBe('stock');
});

test('handles that a callback assigns to the module are the ones its functions use', () => {
  const uses = usesIn({
    'server.js': `const mongoClient = require('mongodb').MongoClient; let db; let users; let connected = false;
      function connect() { return new Promise((resolve, reject) => { const url = process.env.MONGO_URL || 'mongodb://mongodb:27017/people'; mongoClient.connect(url, (error, client) => { if (error) { reject(error); } else { db = client.db('people'); users = db.collection('users'); resolve('ok'); } }); }); }
      const loop = () => connect().then(() => { connected = true; }); loop();
      const app = require('express')(); app.get('/users', (req, res) => { if (connected) users.find({}).toArray().then(all => res.json(all)); });`,
  });
  const reads = uses.filter(u => u.op === 'read');
  expect(reads.map(u => [literal(u.table), u.store.kind, u.guessed])).toEqual([['users', 'open', undefined]]);
});

test('the second version of the driver hands the database to the callback', () => {
  expect(
    usesOf({
      'a.js': `var MongoClient = require('mongodb').MongoClient; MongoClient.connect('mongodb://db/carts', function (err, db) { db.collection('carts').update({ id: 1 }, { $set: { n: 2 } }); });`,
    }),
  ).toEqual(['connect mongodb', 'write mongodb carts']);
});

test('an injected database, and repositories with a collection name of their own', () => {
  expect(
    usesOf({
      'module.ts': `import { Module } from '@nestjs/common'; import { MongoClient } from 'mongodb';
      @Module({ providers: [{ provide: 'DATABASE', useFactory: async () => { const client = await MongoClient.connect(process.env.DB_URI); return client.db('auth'); } }] }) export class DatabaseModule {}`,
      'users.ts': `import { Inject } from '@nestjs/common'; import { Db } from 'mongodb';
      export class Users { constructor(@Inject('DATABASE') private readonly db: Db) {} private readonly users = this.db.collection('users'); byEmail(email: string) { return this.users.findOne({ email }); } }`,
      'base.ts': `import { Collection, MongoClient } from 'mongodb'; export abstract class Base<T> { protected readonly collection: Collection<T>; constructor(protected readonly client: MongoClient, name: string) { this.collection = client.db().collection<T>(name); } save(x) { return this.collection.updateOne({ id: x.id }, { $set: x }, { upsert: true }); } }`,
      'tokens.ts': `import { MongoClient } from 'mongodb'; import { Base } from './base'; export class Tokens extends Base<object> { static readonly Name = 'tokens'; constructor(client: MongoClient) { super(client, Tokens.Name); } revoke(id) { return this.collection.deleteOne({ id }); } }`,
      'service.ts': `import { Tokens } from './tokens'; export class Service { constructor(private readonly tokens: Tokens) {} f() { return this.tokens.save({ id: 1 }); } }`,
    }),
  ).toEqual([
    'connect mongodb',
    'connect mongodb',
    'read mongodb users',
    'write mongodb tokens',
    'write mongodb tokens',
  ]);
});

test('aggregations read what they look up and write where they put it', () => {
  const uses = usesIn({
    'a.ts': `import { Db } from 'mongodb'; export const report = (db: Db) => db.collection('orders').aggregate([
      { $match: {} }, { $lookup: { from: 'customers', localField: 'c', foreignField: '_id', as: 'c', pipeline: [{ $lookup: { from: 'regions', as: 'r' } }] } },
      { $unionWith: { coll: 'archive' } }, { $facet: { a: [{ $graphLookup: { from: 'parents', as: 'p' } }] } }, { $merge: { into: { db: 'reports', coll: 'daily' } } }]);`,
  });
  expect(uses.map(u => `${u.op} ${literal(u.table)} ${u.via}`).sort()).toEqual([
    'read archive query',
    'read customers join',
    'read orders query',
    'read parents join',
    'read regions join',
    'write daily query',
  ]);
  expect(new Set(uses.map(u => u.query)).size).toBe(1);
  expect(literal(uses.find(u => u.op === 'write')?.database)).toBe('reports');
});

test('collections kept in an object are told apart', () => {
  expect(
    usesOf({
      'db.ts': `import { Collection, Db, MongoClient } from 'mongodb'; export const collections: { games?: Collection; players?: Collection } = {};
      export async function connect() { const client = new MongoClient('mongodb://db'); await client.connect(); const db: Db = client.db('arcade'); const games = db.collection('games'); collections.games = games; collections.players = db.collection('players'); }`,
      'a.ts': `import { collections } from './db'; export const all = () => collections.games?.find({}).toArray(); export const drop = id => collections.players!.deleteMany({ id });`,
    }),
  ).toEqual(['connect mongodb', 'connect mongodb', 'read mongodb games', 'write mongodb players']);
});

test('a collection of something unknown is guessed by its calls, where no other store has such calls', () => {
  expect(
    usesOf({
      'a.js': `exports.up = async db => { await db.collection('orders').updateMany({}, { $set: { a: 1 } }); };`,
    }),
  ).toEqual(['write mongodb orders guessed']);
  expect(
    usesOf({
      'a.js': `exports.f = async firestore => { await firestore.collection('orders').doc('1').get(); await firestore.collection('orders').where('a', '==', 1).get(); await pocket.collection('orders').update('1', {}); };`,
    }),
  ).toEqual([]);
});

test('monk and mongojs', () => {
  expect(
    usesOf({
      'a.js': `const db = require('monk')('db/blog'); const posts = db.get('posts'); exports.f = () => posts.insert({}); exports.g = () => posts.find({});`,
    }),
  ).toEqual(['connect mongodb', 'read mongodb posts', 'write mongodb posts']);
  expect(
    usesOf({
      'a.js': `const mongojs = require('mongojs'); const db = mongojs('db/blog', ['posts']); exports.f = cb => db.posts.find(cb); exports.g = cb => db.collection('tags').remove({}, cb);`,
    }),
  ).toEqual(['connect mongodb', 'read mongodb posts', 'write mongodb tags']);
});

test("Fastify's plugin opens a client whose database stands on the server", () => {
  expect(
    usesOf({
      'a.js': `const fastify = require('fastify')(); fastify.register(require('@fastify/mongodb'), { url: process.env.MONGO, database: 'x' }); fastify.get('/', async function () { return this.mongo.db.collection('items').findOne({}); });`,
    }),
  ).toEqual(['connect mongodb', 'read mongodb items guessed']);
});

test('files in a bucket', () => {
  expect(
    usesOf({
      'a.ts': `import { Db, GridFSBucket } from 'mongodb'; export const up = (db: Db, s) => { const b = new GridFSBucket(db, { bucketName: 'photos' }); s.pipe(b.openUploadStream('x')); };`,
    }),
  ).toEqual(['write mongodb photos.files']);
});
