import { expect, test } from 'vitest';
import { emptyConfig } from '../../src/config.ts';
import { analyse } from '../../src/model/analyse.ts';
import { treeOf } from '../../src/model/tree.ts';

test('one server, the nodes of a cluster and sentinels are ways to one Redis, of which a deployment takes one', () => {
  expect(
    storesOf(`import { Cluster, Redis } from 'ioredis';
      const cluster = () => new Cluster(process.env.CLUSTER_NODES.split(','), {});
      const sentinel = () => new Redis({ sentinels: process.env.SENTINELS.split(',').map(host => ({ host })), name: 'main' });
      const make = () => process.env.MODE === 'cluster' ? cluster() : process.env.MODE === 'sentinel' ? sentinel() : new Redis({ host: process.env.REDIS_HOST });
      const redis = make();
      export const put = (key, value) => redis.set(key, value);`),
  ).toEqual(['redis:cache/0']);
});

test('a url that is given nowhere is another way to the server that the same library knows', () => {
  expect(
    storesOf(`import Redis from 'ioredis';
      const redis = process.env.REDIS_URL ? new Redis(process.env.REDIS_URL) : new Redis({ host: process.env.REDIS_HOST });
      export const put = (key, value) => redis.set(key, value);`),
  ).toEqual(['redis:cache/0']);
});

test('a cluster alone is told by its first node', () => {
  expect(
    storesOf(`import { Cluster } from 'ioredis'; const redis = new Cluster([{ host: 'node-1', port: 7000 }, { host: 'node-2', port: 7000 }]);
      export const put = (key, value) => redis.set(key, value);`),
  ).toEqual(['redis:node-1:7000/0']);
});

test('two servers whose addresses are known stay two', () => {
  expect(
    storesOf(`import Redis from 'ioredis'; const redis = new Redis({ host: process.env.REDIS_HOST }); const jobs = new Redis('redis://jobs:6379');
      export const put = (key, value) => { redis.set(key, value); jobs.lpush('all', key); };`),
  ).toEqual(['redis:cache/0', 'redis:jobs/0']);
});

test('the address of a replica that is given nowhere is that of its primary', () => {
  expect(
    storesOf(`import { Pool } from 'pg';
      const main = new Pool({ connectionString: process.env.ORDERS_DB_URL });
      const copy = process.env.ORDERS_DB_READ_URL ? new Pool({ connectionString: process.env.ORDERS_DB_READ_URL }) : main;
      export const put = (key, value) => { main.query('INSERT INTO orders (id) VALUES ($1)', [key]); return copy.query('SELECT * FROM orders'); };`),
  ).toEqual(['postgres:db/orders']);
});

/** Datastores of a service that calls `put` of a library. */
function storesOf(source: string): string[] {
  const files = {
    'package.json': '{"name":"shop","workspaces":["apps/*","packages/*"]}',
    'packages/data/package.json': '{"name":"data","main":"index.ts"}',
    'packages/data/index.ts': source,
    'apps/orders/package.json': '{"name":"orders","scripts":{"start":"node a.js"}}',
    'apps/orders/Dockerfile': 'FROM node\nCMD node a.js\n',
    'apps/orders/a.ts': `import { put } from 'data'; put('a', 'b');`,
    'compose.yaml':
      'services:\n  cache:\n    image: redis\n  db:\n    image: postgres\n  orders:\n    build: apps/orders\n    environment:\n      REDIS_HOST: cache\n      ORDERS_DB_URL: postgres://db/orders\n      CLUSTER_NODES: node-1,node-2\n',
  };
  return analyse(treeOf(files), emptyConfig).system.datastores.map(d => d.id);
}
