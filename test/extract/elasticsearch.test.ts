import { expect, test } from 'vitest';
import { literal } from '../../src/model/value.ts';
import { usesIn, usesOf } from '../uses-of.ts';

test('documents are searched, written and moved by index', () => {
  expect(
    usesOf({
      'a.ts': `import { Client } from '@elastic/elasticsearch'; const client = new Client({ node: process.env.ELASTIC_URL });
      export const find = q => client.search({ index: 'products', query: q });
      export async function put(doc) { await client.index({ index: 'products', document: doc }); await client.deleteByQuery({ index: ['carts', 'wishes'], query: {} }); await client.reindex({ source: { index: 'old' }, dest: { index: 'new' } }); }
      export const setUp = () => client.indices.create({ index: 'products' });`,
    }),
  ).toEqual([
    'connect elasticsearch',
    'read elasticsearch old',
    'read elasticsearch products',
    'schema elasticsearch products',
    'write elasticsearch carts',
    'write elasticsearch new',
    'write elasticsearch products',
    'write elasticsearch wishes',
  ]);
});

test('bulks name the index for each action or for all', () => {
  expect(
    usesOf({
      'a.ts': `import { Client } from '@opensearch-project/opensearch'; const client = new Client({ node: 'http://search:9200' }); const INDEX = 'items';
      export const a = () => client.bulk({ body: [{ index: { _index: INDEX, _id: 1 } }, { name: 'x' }, { delete: { _index: 'drafts', _id: 2 } }] });
      export const b = docs => client.bulk({ index: 'orders', operations: docs.flatMap(d => [{ create: {} }, d]) });
      export const c = docs => client.helpers.bulk({ datasource: docs, onDocument: doc => ({ update: { _index: 'stock', _id: doc.id } }) });`,
    }),
  ).toEqual([
    'connect elasticsearch',
    'write elasticsearch drafts',
    'write elasticsearch items',
    'write elasticsearch orders',
    'write elasticsearch stock',
  ]);
});

test('health alone is no use of data', () => {
  expect(
    usesOf({
      'a.ts': `import { Client } from '@elastic/elasticsearch'; class Search { private client: Client; constructor() { this.client = new Client({ node: process.env.URL }); } async check() { await this.client.cluster.health({}); await this.client.ping(); await this.client.info(); } } export const search = new Search();`,
    }),
  ).toEqual(['connect elasticsearch']);
});

test("Nest's service, the older client and what a type says", () => {
  expect(
    usesOf({
      'm.ts': `import { NestFactory } from '@nestjs/core'; import { Module } from '@nestjs/common'; import { ElasticsearchModule } from '@nestjs/elasticsearch'; @Module({ imports: [ElasticsearchModule.registerAsync({ useFactory: () => ({ node: 'http://es:9200' }) })] }) export class M {} NestFactory.create(M);`,
      's.ts': `import { ElasticsearchService } from '@nestjs/elasticsearch'; export class S { constructor(private readonly es: ElasticsearchService) {} find() { return this.es.search({ index: 'posts' }); } }`,
      'old.js': `const elasticsearch = require('elasticsearch'); const client = new elasticsearch.Client({ host: 'es:9200' }); exports.f = () => client.index({ index: 'events', type: 'event', body: {} });`,
    }),
  ).toEqual([
    'connect elasticsearch',
    'connect elasticsearch',
    'read elasticsearch posts',
    'write elasticsearch events',
  ]);
});

test('what loggers write is logs', () => {
  const uses = usesIn({
    'a.ts': `import { ElasticsearchTransport } from 'winston-elasticsearch'; const options = { level: 'info', clientOpts: { node: process.env.ES_URL, maxRetries: 2 } }; export const t = new ElasticsearchTransport(options);`,
    'b.js': `const { MongoDB } = require('winston-mongodb'); exports.t = new MongoDB({ db: 'mongodb://logs/all' });`,
  });
  expect(
    uses
      .map(u => [
        u.op,
        u.store.engine,
        u.store.kind === 'open' ? u.store.purpose : '',
        u.store.kind === 'open' ? literal(u.store.url) : '',
      ])
      .sort(),
  ).toEqual([
    ['connect', 'elasticsearch', 'logs', undefined],
    ['connect', 'mongodb', 'logs', 'mongodb://logs/all'],
  ]);
});
