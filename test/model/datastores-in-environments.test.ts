import { expect, test } from 'vitest';
import { emptyConfig } from '../../src/config.ts';
import { analyse } from '../../src/model/analyse.ts';
import { treeOf } from '../../src/model/tree.ts';

const url = 'JOBS_URL=redis://localhost:6379/2\n';

test('who is only met on a laptop uses what the others there have where they are deployed', () => {
  const { system, provenance } = analyse(
    shop(['orders', 'mail'], {
      'compose.yaml':
        'services:\n  jobs:\n    image: redis\n  orders:\n    build: apps/orders\n    environment:\n      JOBS_URL: redis://jobs/2\n',
      'apps/orders/.env.development': url,
      'apps/mail/.env.development': url,
    }),
    emptyConfig,
  );
  expect(system.edges.map(e => [e.from, e.to, e.confidence])).toEqual([
    ['mail', 'redis:jobs/2', 'likely'],
    ['orders', 'redis:jobs/2', 'certain'],
  ]);
  expect(
    provenance()
      ['redis:jobs/2']?.find(claim => claim.said.startsWith('mail'))
      ?.steps.map(s => s.step),
  ).toContain('there orders connects too, and to this where it is deployed');
});

test('a place on a laptop that stands for several datastores is none of them', () => {
  const { system } = analyse(
    shop(['orders', 'stock', 'mail'], {
      'compose.yaml':
        'services:\n  jobs:\n    image: redis\n  carts:\n    image: redis\n  orders:\n    build: apps/orders\n    environment:\n      JOBS_URL: redis://jobs/2\n  stock:\n    build: apps/stock\n    environment:\n      JOBS_URL: redis://carts/2\n',
      'apps/orders/.env.development': url,
      'apps/stock/.env.development': url,
      'apps/mail/.env.development': url,
    }),
    emptyConfig,
  );
  expect(system.edges.map(e => [e.from, e.to])).toEqual(
    expect.arrayContaining([
      ['mail', 'redis:localhost/2'],
      ['orders', 'redis:jobs/2'],
      ['stock', 'redis:carts/2'],
    ]),
  );
});

test('who is given a datastore by name does not use the one that an env file above it gives to all', () => {
  const { system } = analyse(
    shop(['orders', 'mail', 'stock'], {
      'compose.yaml':
        'services:\n  jobs:\n    image: redis\n  orders:\n    build: apps/orders\n    environment:\n      JOBS_URL: redis://jobs/1\n',
      'apps/mail/.env.example': 'JOBS_URL=redis://localhost:6379/2\n',
      '.env.example': 'JOBS_URL=redis://localhost:6379/3\n',
    }),
    emptyConfig,
  );
  expect(system.edges.map(e => [e.from, e.to])).toEqual([
    ['mail', 'redis:localhost/2'],
    ['orders', 'redis:jobs/1'],
    ['stock', 'redis:localhost/3'],
  ]);
});

test('the user and password of an example are no login that two services share', () => {
  const example = 'JOBS_URL=redis://username:password@host:6379/1\n';
  const logins = (file: string, text = example) =>
    analyse(
      shop(['orders', 'mail'], { [`apps/orders/${file}`]: text, [`apps/mail/${file}`]: text }),
      emptyConfig,
    ).system.edges.map(e => e.login !== undefined);
  expect(logins('.env.example')).toEqual([false, false]);
  expect(logins('.env')).toEqual([false, false]);
  expect(logins('.env', example.replace('username', 'shop'))).toEqual([true, true]);
});

test('Prisma reads the env file beside its schema, and the schemas it kept with old migrations are none of its own', () => {
  const schema = (url: string) =>
    `datasource db {\n  provider = "postgresql"\n  url = ${url}\n}\ngenerator client {\n  provider = "prisma-client-js"\n}\nmodel Order {\n  id Int @id\n}\n`;
  const { system } = analyse(
    treeOf({
      'apps/orders/package.json':
        '{"name":"orders","scripts":{"start":"node a.js"},"dependencies":{"@prisma/client":"2"}}',
      'apps/orders/Dockerfile': 'FROM node\nCMD node a.js\n',
      'apps/orders/prisma/.env': 'DATABASE_URL=postgres://localhost:5432/orders\n',
      'apps/orders/prisma/schema.prisma': schema('env("DATABASE_URL")'),
      'apps/orders/prisma/migrations/20200101-first/schema.prisma': schema('"***"'),
      'apps/orders/a.ts': `import { PrismaClient } from '@prisma/client';\nconst client = new PrismaClient();\nclient.order.findMany();\n`,
    }),
    emptyConfig,
  );
  expect(system.datastores.map(d => d.id)).toEqual(['postgres:localhost/orders']);
});

function shop(names: readonly string[], files: Readonly<Record<string, string>>) {
  const app = (name: string) => ({
    [`apps/${name}/package.json`]: `{"name":"${name}","scripts":{"start":"node a.js"}}`,
    [`apps/${name}/Dockerfile`]: 'FROM node\nCMD node a.js\n',
    [`apps/${name}/a.ts`]: `import Redis from 'ioredis'; const redis = new Redis(process.env.JOBS_URL); redis.lpush('all', 'one');`,
  });
  return treeOf({ ...Object.fromEntries(names.flatMap(name => Object.entries(app(name)))), ...files });
}
