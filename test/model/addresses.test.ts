import { expect, test } from 'vitest';
import { emptyConfig } from '../../src/config.ts';
import { analyse } from '../../src/model/analyse.ts';
import { treeOf } from '../../src/model/tree.ts';

test('stores that are asked by HTTP have web addresses, others may go without a scheme', () => {
  expect(
    storesOf(
      `import { createClient } from '@clickhouse/client'; const c = createClient({ url: 'http://metrics:8123', database: 'web' }); export const f = () => c.query({ query: 'SELECT * FROM hits' });`,
    ),
  ).toEqual(['clickhouse:metrics/web']);
  expect(
    storesOf(
      `import { Client } from '@elastic/elasticsearch'; const c = new Client({ node: 'http://search:9200' }); export const f = () => c.search({ index: 'items' });`,
    ),
  ).toEqual(['elasticsearch:search']);
  expect(
    storesOf(
      `import { createClient } from 'redis'; const c = createClient('cache:6379/2'); export const f = () => c.get('x');`,
    ),
  ).toEqual(['redis:cache/2']);
});

test('a host that is empty is not this machine', () => {
  expect(
    storesOf(
      `import Redis from 'ioredis'; const c = new Redis({ host: process.env.CLUSTER_HOST || '' }); export const f = () => c.get('x');`,
    ),
  ).toEqual(['redis:?app/0']);
});

function storesOf(source: string): string[] {
  const files = {
    'app/package.json': '{"name":"app","scripts":{"start":"node a.js"}}',
    'app/Dockerfile': 'FROM node\nCMD node a.js\n',
    'app/a.ts': source,
  };
  return analyse(treeOf(files), emptyConfig).system.datastores.map(d => d.id);
}
