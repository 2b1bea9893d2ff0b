import { expect, test } from 'vitest';
import { literal, type Use } from '../../src/model/value.ts';
import { usesIn, usesOf } from '../uses-of.ts';

test('commands read and write the database of a client, whatever their case', () => {
  expect(
    shown({
      'a.js': `const redis = require('redis'); const client = redis.createClient({ socket: { host: 'cache', port: 6379 }, database: 2 });
      exports.f = async () => { await client.connect(); await client.hGetAll('cart:1'); };
      exports.g = () => client.multi().set('a', 1).expire('a', 5).exec();`,
    }),
  ).toEqual(['connect cache/2', 'read cache/2', 'write cache/2']);
  expect(
    shown({
      'a.ts': `import Redis from 'ioredis'; const redis = new Redis(6380, 'cache', { db: 1 }); export const f = () => redis.hgetallBuffer('x'); export const g = () => redis.pipeline().incr('a').exec();`,
    }),
  ).toEqual(['connect cache/1', 'read cache/1', 'write cache/1']);
});

test('urls, clusters and sentinels', () => {
  expect(
    shown({
      'a.ts': `import { Redis, Cluster } from 'ioredis'; const a = new Redis('redis://cache:6379/3'); const b = new Cluster([{ host: 'n1', port: 7000 }]); export const f = () => { a.get('x'); b.set('y', '1'); };`,
    }),
  ).toEqual(['connect n1', 'connect redis://cache:6379/3', 'read redis://cache:6379/3', 'write n1']);
  expect(
    shown({
      'a.ts': `import { createCluster } from 'redis'; const c = createCluster({ rootNodes: [{ url: 'redis://n1:7000' }] }); export const f = () => c.del('x');`,
    }),
  ).toEqual(['connect redis://n1:7000', 'write redis://n1:7000']);
});

test('promisified methods and handles in the fields of a class', () => {
  expect(
    usesOf({
      'a.js': `const redis = require('redis'); const { promisify } = require('util'); const client = redis.createClient(process.env.REDIS_URL); const get = promisify(client.get).bind(client); exports.f = key => get(key);`,
    }),
  ).toEqual(['connect redis', 'read redis ?']);
  expect(
    usesOf({
      'a.ts': `import Redis from 'ioredis'; export class Carts { private readonly client: Redis; constructor() { this.client = new Redis({ host: process.env.REDIS_HOST }); } save() { return this.client.set('a', 'b'); } }`,
    }),
  ).toEqual(['connect redis', 'write redis ?']);
});

test('channels alone make it a broker', () => {
  expect(
    shown({
      'a.ts': `import Redis from 'ioredis'; const pub = new Redis('redis://bus'); export const f = () => pub.publish('orders', '1');`,
    }),
  ).toEqual(['connect redis://bus', 'write redis://bus for queue']);
});

test("Nest's modules open what is injected", () => {
  expect(
    usesOf({
      'm.ts': `import { RedisModule } from '@nestjs-modules/ioredis'; import { NestFactory } from '@nestjs/core'; import { Module } from '@nestjs/common'; @Module({ imports: [RedisModule.forRoot({ type: 'single', url: 'redis://cache:6379' })] }) export class M {} NestFactory.create(M);`,
      'a.ts': `import { InjectRedis } from '@nestjs-modules/ioredis'; import Redis from 'ioredis'; export class A { constructor(@InjectRedis() private readonly redis: Redis) {} f() { return this.redis.get('x'); } }`,
    }),
  ).toEqual(['connect redis', 'read redis ?']);
});

test('queues belong to their library, with their own place or a client that they are handed', () => {
  expect(
    shown({
      'a.ts': `import Queue from 'bull'; export const q = new Queue('mail', { redis: { host: process.env.QUEUE_HOST, port: 6379 } });`,
    }),
  ).toEqual(['connect $QUEUE_HOST for queue']);
  expect(
    shown({
      'a.ts': `import { Queue, Worker } from 'bullmq'; import IORedis from 'ioredis'; const connection = new IORedis('redis://q'); export const q = new Queue('mail', { connection }); export const w = new Worker('mail', async job => job.data, { connection: { host: 'q', port: 6379 } });`,
    }),
  ).toEqual(['connect q for queue', 'connect redis://q', 'connect redis://q for queue']);
  expect(
    shown({
      'm.ts': `import { BullModule } from '@nestjs/bull'; import { NestFactory } from '@nestjs/core'; import { Module } from '@nestjs/common'; @Module({ imports: [BullModule.forRootAsync({ useFactory: () => ({ redis: { host: 'q', port: 1 } }) }), BullModule.registerQueue({ name: 'mail' })] }) export class M {} NestFactory.create(M);`,
    }),
  ).toEqual(['connect q for queue']);
  expect(
    shown({
      'a.js': `const { Agenda } = require('agenda'); const agenda = new Agenda({ db: { address: 'mongodb://db/jobs' } });`,
      'b.js': `const PgBoss = require('pg-boss'); const boss = new PgBoss('postgres://db/jobs');`,
    }),
  ).toEqual(['connect mongodb://db/jobs for queue', 'connect postgres://db/jobs for queue']);
});

test('sessions, by factory, by class and by a client', () => {
  expect(
    shown({
      'a.js': `const session = require('express-session'); const RedisStore = require('connect-redis')(session); module.exports = { store: new RedisStore({ host: 'session-db' }) };`,
    }),
  ).toEqual(['connect session-db for session']);
  expect(
    shown({
      'a.js': `import RedisStore from 'connect-redis'; import { createClient } from 'redis'; const client = createClient({ url: 'redis://s' }); export const store = new RedisStore({ client });`,
    }),
  ).toEqual(['connect redis://s', 'connect redis://s for session']);
  expect(
    shown({
      'a.js': `const MongoStore = require('connect-mongo'); exports.s = MongoStore.create({ mongoUrl: 'mongodb://db/web' });`,
      'b.js': `const pgSession = require('connect-pg-simple')(require('express-session')); const { Pool } = require('pg'); const pool = new Pool({ connectionString: 'postgres://db/web' }); exports.s = new pgSession({ pool });`,
    }),
  ).toEqual([
    'connect mongodb://db/web for session',
    'connect postgres://db/web',
    'connect postgres://db/web for session',
  ]);
});

test('caches with a store in Redis, and none in memory', () => {
  expect(
    shown({
      'm.ts': `import { NestFactory } from '@nestjs/core'; import { CacheModule, Module } from '@nestjs/common'; import * as redisStore from 'cache-manager-redis-store'; @Module({ imports: [CacheModule.registerAsync({ useFactory: async () => ({ store: redisStore, host: 'cache', port: 6379 }) })] }) export class M {} NestFactory.create(M);`,
      'n.ts': `import { CacheModule } from '@nestjs/cache-manager'; import { redisStore } from 'cache-manager-redis-yet'; import { NestFactory } from '@nestjs/core'; import { Module } from '@nestjs/common'; @Module({ imports: [CacheModule.registerAsync({ useFactory: async () => ({ store: await redisStore({ socket: { host: 'cache2', port: 1 } }) }) })] }) export class N {} NestFactory.create(N);`,
    }),
  ).toEqual(['connect cache for cache', 'connect cache2 for cache']);
  expect(
    shown({
      'm.ts': `import { CacheModule } from '@nestjs/cache-manager'; export const m = CacheModule.register({ max: 50, ttl: 0 });`,
    }),
  ).toEqual([]);
});

test('limits and locks', () => {
  expect(
    shown({
      'a.js': `const { RedisStore } = require('rate-limit-redis'); const { createClient } = require('redis'); const client = createClient({ url: 'redis://l' }); exports.s = new RedisStore({ sendCommand: (...args) => client.sendCommand(args) });`,
      'b.js': `const { RateLimiterRedis } = require('rate-limiter-flexible'); const Redis = require('ioredis'); const r = new Redis('redis://r'); exports.l = new RateLimiterRedis({ storeClient: r, points: 5 });`,
    }),
  ).toEqual(['connect redis://l', 'connect redis://l for cache', 'connect redis://r', 'connect redis://r for cache']);
});

test('an object of commands that is given for a client opens nothing of its own', () => {
  expect(
    shown({
      'a.ts': `import { Ratelimit } from '@upstash/ratelimit'; import Redis from 'ioredis'; const client = new Redis('redis://l'); export const limit = new Ratelimit({ redis: { sadd: (key, ...members) => client.sadd(key, ...members), eval: (...args) => client.eval(...args) }, limiter: Ratelimit.fixedWindow(5, '1 m') });`,
    }),
  ).toEqual(['connect redis://l', 'write redis://l']);
});

test('a client that is not known is guessed by its name and command', () => {
  expect(
    usesOf({
      'a.js': `exports.f = app => app.redis.get('cart:1'); exports.g = (map, req) => map.get('x') && req.session.get('y');`,
    }),
  ).toEqual(['read redis ? guessed']);
});

function shown(files: Readonly<Record<string, string>>): string[] {
  return [...new Set(usesIn(files).map(place))].sort();
}

function place(u: Use): string {
  const { store } = u;
  if (store.kind !== 'open') return `${u.op} default`;
  const part = (v: typeof store.url): string | undefined =>
    literal(v) ?? (v?.t === 'text' ? v.parts.map(p => (typeof p === 'string' ? p : `$${p?.key}`)).join('') : undefined);
  const database = part(store.database);
  return `${u.op} ${part(store.url) ?? part(store.host) ?? '?'}${database === undefined ? '' : `/${database}`}${store.purpose ? ` for ${store.purpose}` : ''}`;
}

test('a queue is one whichever of its classes is taken, and its client whichever is made', () => {
  expect(
    shown({
      'a.ts': `import { Queue } from 'bullmq'; import { Cluster, Redis } from 'ioredis'; const make = () => (process.env.CLUSTER ? new Cluster([{ host: 'n1', port: 1 }]) : new Redis('redis://one')); const connection = make(); const Kind = process.env.PRO ? require('@taskforcesh/bullmq-pro').QueuePro : Queue; export const q = new Kind('mail', { connection });`,
    }),
  ).toContain('connect redis://one for queue');
});
