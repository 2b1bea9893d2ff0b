import { expect, test } from 'vitest';
import { literal, type Part, type Value } from '../../src/model/value.ts';
import { usesIn } from '../uses-of.ts';

const start = `import { NestFactory } from '@nestjs/core'; import { M } from './module'; NestFactory.create(M);`;

test("a key of Nest's configuration is a reference, to a variable or to what a factory gives", () => {
  const places = placesOf({
    'main.ts': start,
    'module.ts': `import { Module } from '@nestjs/common'; import { ConfigModule, ConfigService } from '@nestjs/config'; import { MongooseModule } from '@nestjs/mongoose';
      @Module({ imports: [ConfigModule.forRoot({ isGlobal: true }), MongooseModule.forRootAsync({ inject: [ConfigService], useFactory: async (config: ConfigService) => ({ uri: config.get<string>('MONGO_URI', 'mongodb://local/a') }) })] }) export class M {}`,
  });
  expect(places).toEqual(['config:MONGO_URI|mongodb://local/a']);
});

test('a namespace is an object, asked for as a whole, by a path, by its type or as a provider', () => {
  const config = `import { registerAs } from '@nestjs/config'; export const db = registerAs('db', () => ({ host: process.env.DB_HOST || 'localhost', name: 'orders' }));`;
  const module = (imports: string): Record<string, string> => ({
    'main.ts': start,
    'db.config.ts': config,
    'module.ts': `import { Module } from '@nestjs/common'; import { ConfigModule, ConfigService, ConfigType } from '@nestjs/config'; import { RedisModule } from '@nestjs-modules/ioredis'; import { db } from './db.config'; @Module({ imports: [ConfigModule.forRoot({ load: [db] }), ${imports}] }) export class M {}`,
  });
  expect(
    placesOf(
      module(
        `RedisModule.forRootAsync({ inject: [ConfigService], useFactory: (c: ConfigService) => { const d = c.get('db'); return { type: 'single', options: { host: d.host } }; } })`,
      ),
    ),
  ).toEqual(['config:db.host']);
  expect(
    placesOf(
      module(
        `RedisModule.forRootAsync({ inject: [ConfigService], useFactory: (c: ConfigService) => ({ options: { host: c.getOrThrow('db.host', { infer: true }) } }) })`,
      ),
    ),
  ).toEqual(['config:db.host']);
  expect(
    placesOf(
      module(
        `RedisModule.forRootAsync({ inject: [db.KEY], useFactory: (d: ConfigType<typeof db>) => ({ options: { host: d.host } }) })`,
      ),
    ),
  ).toEqual(['env:DB_HOST|localhost']);
  expect(
    placesOf({
      ...module(`RedisModule.forRootAsync({ imports: [], useClass: Own })`),
      'a.ts': `import { Inject } from '@nestjs/common'; import { ConfigType } from '@nestjs/config'; import Redis from 'ioredis'; import { db } from './db.config'; export class Own { private client: Redis; constructor(@Inject(db.KEY) private readonly d: ConfigType<typeof db>) { this.client = new Redis({ host: this.d.host }); } }`,
    }),
  ).toContain('env:DB_HOST|localhost');
});

test('factories and schemas of ConfigModule.forRoot tell what keys are', () => {
  const registered = `import { Module } from '@nestjs/common'; import { ConfigModule, ConfigService } from '@nestjs/config'; import * as Joi from 'joi'; import Redis from 'ioredis';
    const configuration = () => ({ cache: { host: process.env.CACHE_HOST, port: 1 } });
    @Module({ imports: [ConfigModule.forRoot({ load: [configuration], validationSchema: Joi.object({ CACHE_URL: Joi.string().default('redis://local') }) })] }) export class M { constructor(private readonly config: ConfigService) { const c = this.config.get('cache'); new Redis({ host: c.host }); new Redis(config.get('CACHE_URL')); } }`;
  expect(placesOf({ 'main.ts': start, 'module.ts': registered })).toEqual(['config:CACHE_URL', 'config:cache.host']);
});

test("a class of one's own around the service, and one that extends it", () => {
  expect(
    placesOf({
      'a.ts': `import { ConfigService } from '@nestjs/config'; import { Pool } from 'pg';
      export class Own { constructor(private readonly config: ConfigService) {} private must(key: string): string { const v = this.config.get<string>(key); if (!v) throw 1; return v; } get url() { return this.must('PG_URL'); } }
      export class Db { private pool: Pool; constructor(private readonly own: Own) { this.pool = new Pool({ connectionString: this.own.url }); } }
      export class Extended extends ConfigService { get url() { return this.get('OTHER_URL'); } }
      export class Db2 { pool = new Pool({ connectionString: this.e.url }); constructor(private readonly e: Extended) {} }`,
    }),
  ).toEqual(['config:OTHER_URL', 'config:PG_URL']);
});

test('the package config reads its files, with variables before them', () => {
  const files = {
    'orders/config/default.json': `{ "db": { "url": "postgres://local/orders", "pool": 5 }, "cache": { "host": "c" } }`,
    'orders/config/custom-environment-variables.yaml': 'db:\n  url: DATABASE_URL\n',
    'orders/src/a.js': `const config = require('config'); const { Pool } = require('pg'); const Redis = require('ioredis'); const pool = new Pool({ connectionString: config.get('db.url') }); const r = new Redis({ host: config.cache.host }); const p2 = new Pool({ connectionString: config.get('db').url });`,
  };
  expect(placesOf(files)).toEqual([
    'c',
    'env:DATABASE_URL|postgres://local/orders',
    'env:DATABASE_URL|postgres://local/orders',
  ]);
  expect(
    placesOf({
      'config/default.js': `module.exports = { mongo: { url: process.env.MONGO || 'mongodb://local' } };`,
      'a.js': `import config from 'config'; import { MongoClient } from 'mongodb'; new MongoClient(config.get('mongo.url'));`,
    }),
  ).toEqual(['env:MONGO|mongodb://local']);
});

test('convict and nconf', () => {
  expect(
    placesOf({
      'config.js': `const convict = require('convict'); const config = convict({ db: { host: { doc: 'where', format: String, default: 'localhost', env: 'DB_HOST' }, name: { default: 'orders' } } }); config.loadFile('./x.json'); config.validate({ allowed: 'strict' }); module.exports = config;`,
      'a.js': `const config = require('./config'); const Redis = require('ioredis'); new Redis({ host: config.get('db.host') }); new Redis({ host: config.get('db').name }); new Redis({ host: config.getProperties().db.host });`,
    }),
  ).toEqual(['env:DB_HOST|localhost', 'env:DB_HOST|localhost', 'orders']);
  expect(
    placesOf({
      'a.js': `const nconf = require('nconf'); nconf.argv().env({ separator: '__' }).defaults({ db: { url: 'postgres://local/a' } }); const { Client } = require('pg'); new Client(nconf.get('db:url')); new Client(nconf.get('DATABASE_URL'));`,
    }),
  ).toEqual(['env:DATABASE_URL', 'env:db__url|postgres://local/a']);
});

/** Where the stores that are opened lead. */
function placesOf(files: Readonly<Record<string, string>>): string[] {
  return usesIn(files)
    .flatMap(u => (u.op === 'connect' && u.store.kind === 'open' ? [shown(u.store.url ?? u.store.host)] : []))
    .filter(p => p !== '?')
    .sort();
}

function shown(v: Value | undefined): string {
  if (v?.t !== 'text') return '?';
  return v.parts
    .map((p: Part) =>
      p === null
        ? '?'
        : typeof p === 'string'
          ? p
          : `${p.ref}:${p.key}${p.def ? `|${literal(p.def) ?? shown(p.def)}` : ''}`,
    )
    .join('');
}
