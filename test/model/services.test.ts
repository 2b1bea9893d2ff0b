import { describe, expect, test } from 'vitest';
import { emptyConfig } from '../../src/config.ts';
import type { DiscoveredService, Discovery } from '../../src/model/discovery.ts';
import { discover } from '../../src/model/services.ts';
import { treeOf } from '../../src/model/tree.ts';

const found = (files: Record<string, string>): Discovery => discover(treeOf(files), emptyConfig);
const deployed = (files: Record<string, string>): DiscoveredService[] =>
  found(files).services.filter(service => service.role !== 'library');
const roots = (files: Record<string, string>): string[] => deployed(files).map(service => service.root);
const named = (discovery: Discovery, id: string): DiscoveredService => {
  const service = discovery.services.find(one => one.id === id);
  if (!service) throw new Error(`no service ${id} among ${discovery.services.map(one => one.id).join(', ')}`);
  return service;
};
const server = (name: string, more: object = {}): string =>
  JSON.stringify({ name, scripts: { start: 'node index.js' }, dependencies: { express: '^4' }, ...more });
const listens = `require('express')().listen(3000);`;
const nodeImage = 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["node", "index.js"]\n';

describe('what is a service', () => {
  test('a folder that starts a server is one without any deployment file', () => {
    expect(roots({ 'orders/package.json': server('orders'), 'orders/index.js': listens })).toEqual(['orders']);
  });

  test('a library, a tool, a mobile app and a page that nobody deploys are none', () => {
    expect(
      roots({
        'package.json': '{"workspaces":["packages/*","apps/*"]}',
        'packages/money/package.json': '{"name":"@shop/money","main":"index.js"}',
        'packages/money/index.js': 'module.exports = {};',
        'packages/cli/package.json': '{"name":"cli","bin":"index.js","scripts":{"start":"node index.js"}}',
        'packages/cli/index.js': 'main().start();',
        'apps/phone/package.json':
          '{"name":"phone","scripts":{"start":"expo start"},"dependencies":{"react-native":"1"}}',
        'apps/web/package.json': '{"name":"web","scripts":{"dev":"vite"},"dependencies":{"react":"19"}}',
        'apps/api/package.json': server('api'),
        'apps/api/index.js': listens,
      }),
    ).toEqual(['apps/api']);
  });

  test('members of the workspace that nobody starts are its libraries', () => {
    const discovery = found({
      'package.json': '{"workspaces":["packages/*"]}',
      'packages/money/package.json': '{"name":"@shop/money"}',
      'packages/money/src/index.ts': 'export const cents = 100;',
    });
    expect(named(discovery, 'packages/money')).toMatchObject({ role: 'library', packageName: '@shop/money' });
  });

  test('databases and brokers are servers, other images of other people nothing', () => {
    const { services, servers } = found({
      'docker-compose.yml':
        'services:\n  orders-db:\n    image: postgres:16\n    ports: ["5433:5432"]\n    environment:\n      POSTGRES_DB: orders\n  bus:\n    image: bitnami/kafka\n  mail:\n    image: axllent/mailpit\n  admin:\n    image: mongo-express\n',
    });
    expect(services).toEqual([]);
    expect(servers.map(one => [one.name, one.engine])).toEqual([
      ['orders-db', 'postgres'],
      ['bus', 'kafka'],
    ]);
    expect(servers[0]).toMatchObject({ ports: [{ inside: 5432, outside: 5433 }], production: false });
    expect(servers[0]?.variables.POSTGRES_DB).toMatchObject({ value: 'orders', at: { line: 6 } });
  });

  test('a Dockerfile that starts from a database is a server', () => {
    const { services, servers } = found({
      'compose.yaml': 'services:\n  db:\n    build: ./db\n',
      'db/Dockerfile': 'FROM mysql:8\nCOPY init.sql /docker-entrypoint-initdb.d/\n',
      'db/init.sql': 'create table t (id int);',
    });
    expect(services).toEqual([]);
    expect(servers.map(one => one.engine)).toEqual(['mysql']);
  });

  test('seeds, tests and load generators are left out, even when they are deployed', () => {
    const files: Record<string, string> = { 'docker-compose.yml': 'services:\n' };
    for (const name of ['orders', 'orders-seed', 'load-gen', 'e2e', 'db-fixture']) {
      files['docker-compose.yml'] += `  ${name}:\n    build: ./${name}\n`;
      files[`${name}/Dockerfile`] = nodeImage;
      files[`${name}/package.json`] = server(name);
      files[`${name}/index.js`] = listens;
    }
    expect(roots(files)).toEqual(['orders']);
  });

  test('what is vendored or built is not looked at', () => {
    expect(
      roots({
        'orders/package.json': server('orders'),
        'orders/index.js': listens,
        'orders/node_modules/express/package.json': server('express'),
        'orders/node_modules/express/index.js': listens,
        'orders/dist/package.json': server('orders'),
        'orders/dist/index.js': listens,
      }),
    ).toEqual(['orders']);
  });

  test('a page in its own container is a front end, a proxy with only its configuration is none', () => {
    const services = deployed({
      'docker-compose.yml': 'services:\n  web:\n    build: ./web\n  proxy:\n    build: ./proxy\n',
      'web/package.json': '{"name":"web","scripts":{"build":"vite build"},"dependencies":{"vue":"3"}}',
      'web/src/main.ts': 'createApp();',
      'web/Dockerfile':
        'FROM node:24 AS build\nCOPY . .\nRUN npm run build\nFROM nginx\nCOPY --from=build /dist /usr/share/nginx/html\n',
      'proxy/Dockerfile': 'FROM nginx\nCOPY default.conf /etc/nginx/conf.d/default.conf\n',
      'proxy/default.conf': 'server {}',
    });
    expect(services.map(service => [service.root, service.role])).toEqual([['web', 'frontend']]);
  });

  test('services of other languages count', () => {
    const services = deployed({
      'docker-compose.yml': 'services:\n  rates:\n    build: ./rates\n',
      'rates/Dockerfile': 'FROM golang AS build\nCOPY . .\nFROM scratch\nCMD ["/rates"]\n',
      'rates/go.mod': 'module rates',
      'rates/main.go': 'package main',
    });
    expect(services).toMatchObject([{ id: 'rates', language: 'go' }]);
  });
});

describe('which folder a container runs', () => {
  const workspace = {
    'package.json': '{"workspaces":["apps/*","libs/*"]}',
    'apps/orders/package.json': '{"name":"@shop/orders","scripts":{"start":"node src/main.js"}}',
    'apps/orders/src/main.js': listens,
    'apps/billing/package.json': '{"name":"@shop/billing","scripts":{"start":"node src/main.js"}}',
    'apps/billing/src/main.js': listens,
    'libs/money/package.json': '{"name":"@shop/money"}',
  };
  const hostsOf = (files: Record<string, string>): string[] =>
    deployed(files).map(service => `${service.root} ${service.hosts.map(host => host.name).join()}`);

  test('a build argument chooses it', () => {
    const files = {
      ...workspace,
      Dockerfile: 'FROM node:24\nARG SCOPE\nCOPY . .\nRUN npx turbo build\nCMD ["./start.sh"]\n',
      'compose.yml':
        'services:\n  first:\n    build:\n      context: .\n      args:\n        SCOPE: orders\n  second:\n    build:\n      context: .\n      args:\n        - SCOPE=billing\n',
    };
    expect(hostsOf(files)).toEqual(['apps/billing second', 'apps/orders first']);
  });

  test.each([
    ['pnpm --filter @shop/orders start'],
    ['yarn workspace @shop/orders start'],
    ['npm -w apps/orders start'],
    ['node dist/apps/orders/main.js'],
    ['sh -c "cd apps/orders && npm start"'],
  ])('so does its command: %s', command => {
    const files = {
      ...workspace,
      'compose.yml': `services:\n  first:\n    image: node:24\n    working_dir: /app\n    volumes: [".:/app"]\n    command: ${JSON.stringify(command)}\n`,
    };
    expect(hostsOf(files)).toContain('apps/orders first');
  });

  test('a Dockerfile in the folder of the app says so, whatever the context', () => {
    const files = {
      ...workspace,
      'apps/orders/Dockerfile': nodeImage,
      'compose.yml':
        'services:\n  first:\n    build:\n      context: .\n      dockerfile: ./apps/orders/Dockerfile\n      target: development\n',
    };
    expect(hostsOf(files)).toContain('apps/orders first');
  });

  test('a published image is ours when it has the name of a folder', () => {
    const files = {
      ...workspace,
      'compose.yml': 'services:\n  shop-billing:\n    image: ghcr.io/shop/billing:2\n',
    };
    expect(hostsOf(files)).toContain('apps/billing shop-billing');
  });

  test('where nobody gives the argument each folder that it can choose is one service', () => {
    const files = {
      'Dockerfile.micro': `FROM node:24\nARG NAME\nCOPY source .\nCOPY source/services/\${NAME} ./services/\${NAME}\nCMD ["node", "index.js"]\n`,
      'source/package.json': server('all'),
      'source/index.js': listens,
      'source/services/orders/route.js': '',
      'source/services/billing/route.js': '',
    };
    expect(roots(files)).toEqual(['source/services/billing', 'source/services/orders']);
  });

  test('a second process of the same build is the same service', () => {
    const files = {
      'docker-compose.yml':
        'services:\n  orders:\n    build: ./orders\n    environment: { QUEUE: "no" }\n  orders_consumer:\n    build: ./orders\n    command: node consumer.js\n    environment: { QUEUE: "yes" }\n',
      'orders/Dockerfile': nodeImage,
      'orders/package.json': server('orders'),
      'orders/index.js': listens,
    };
    const [service, ...others] = deployed(files);
    expect(others).toEqual([]);
    expect(service?.environments.map(one => one.variables.QUEUE?.value)).toEqual(['no', 'yes']);
    expect(new Set(service?.environments.map(one => one.id)).size).toBe(2);
  });
});

test('one package is several services where the commands start folders apart', () => {
  const files = {
    'docker-compose.yml':
      'services:\n  orders:\n    build: .\n    command: node orders/index.js\n  billing:\n    build: .\n    command: node billing/src/index.js\n  billing_consumer:\n    build: .\n    command: node billing/src/consumer.js\n',
    Dockerfile: 'FROM node:24\nCOPY . .\n',
    'package.json': server('shop'),
    'orders/index.js': listens,
    'billing/src/index.js': listens,
    'billing/src/consumer.js': listens,
    'shared/db.js': '',
  };
  expect(deployed(files).map(service => [service.id, service.root, service.environments.length])).toEqual([
    ['billing', 'billing', 1],
    ['orders', 'orders', 1],
  ]);
});

describe('names', () => {
  test('are unique, and what only counts or says nothing gives way to the deployed name', () => {
    const files: Record<string, string> = {
      'docker-compose.yml': 'services:\n  orders-service:\n    build: ./01-orders\n',
      'old-shop/users/package.json': server('users'),
      'old-shop/users/index.js': listens,
      'new-shop/users/package.json': server('users'),
      'new-shop/users/index.js': listens,
      '01-orders/package.json': server('users'),
      '01-orders/index.js': listens,
      '01-orders/Dockerfile': nodeImage,
    };
    expect(deployed(files).map(service => service.id)).toEqual(['orders-service', 'new-shop/users', 'old-shop/users']);
  });

  test('the configuration names a service and gives its folder', () => {
    const at = { file: 'lintel.yaml', line: 2, column: 3 };
    const { services } = discover(treeOf({ 'code/a.ts': 'export {};' }), {
      ...emptyConfig,
      services: [{ id: 'orders', path: './code', owns: [], at }],
    });
    expect(services).toMatchObject([{ id: 'orders', root: 'code', evidence: [at] }]);
  });
});

describe('workspace tools', () => {
  test('applications of nest-cli.json are services, its libraries are libraries', () => {
    const discovery = found({
      'package.json': '{"name":"shop","scripts":{"start":"nest start"},"dependencies":{"@nestjs/core":"11"}}',
      'nest-cli.json': JSON.stringify({
        monorepo: true,
        root: 'apps/orders',
        projects: {
          orders: { type: 'application', root: 'apps/orders', entryFile: 'main', sourceRoot: 'apps/orders/src' },
          common: { type: 'library', root: 'libs/common', sourceRoot: 'libs/common/src' },
        },
      }),
      'apps/orders/src/main.ts': 'NestFactory.create(AppModule);',
      'libs/common/src/index.ts': 'export {};',
    });
    expect(discovery.services.map(service => [service.id, service.role])).toEqual([
      ['orders', 'service'],
      ['libs/common', 'library'],
    ]);
    expect(named(discovery, 'orders').entries).toEqual(['apps/orders/src/main.ts']);
  });

  test('of the applications of Nx those that serve are services', () => {
    const node = (name: string): string =>
      JSON.stringify({ name, projectType: 'application', targets: { serve: { executor: '@nx/js:node' } } });
    expect(
      roots({
        'nx.json': '{}',
        'package.json': '{"name":"shop"}',
        'apps/orders/project.json': node('orders'),
        'apps/orders/src/main.ts': 'app.listen(3000);',
        'apps/orders-e2e/project.json': node('orders-e2e'),
        'apps/orders-e2e/src/main.ts': 'app.listen(3000);',
        'apps/web/project.json': JSON.stringify({
          projectType: 'application',
          targets: { serve: { executor: '@angular-devkit/build-angular:dev-server' } },
        }),
        'apps/web/src/main.ts': 'bootstrapApplication();',
      }),
    ).toEqual(['apps/orders']);
  });
});

describe('one repository, several systems', () => {
  test('have laptops of their own, and services of one system share one', () => {
    const system = (folder: string): Record<string, string> => ({
      [`${folder}/docker-compose.yml`]: 'services:\n  a:\n    build: ./a\n  b:\n    build: ./b\n',
      ...Object.fromEntries(
        ['a', 'b'].flatMap(name => [
          [`${folder}/${name}/Dockerfile`, nodeImage],
          [`${folder}/${name}/package.json`, server(name)],
          [`${folder}/${name}/index.js`, listens],
          [`${folder}/${name}/.env`, 'DB=mongodb://localhost/x\n'],
        ]),
      ),
    });
    const laptops = deployed({ ...system('first'), ...system('second') }).map(service =>
      [service.root, service.environments.find(one => one.kind === 'dotenv')?.project].join(' '),
    );
    expect(laptops).toEqual([
      'first/a laptop:first',
      'first/b laptop:first',
      'second/a laptop:second',
      'second/b laptop:second',
    ]);
  });
});

describe('what is malformed', () => {
  test('becomes a problem with its place and stops nothing', () => {
    const discovery = found({
      'docker-compose.yml': 'services:\n  gone:\n    build: ./gone\n  networks:\n    shop:\n      driver: bridge\n',
      'broken/package.json': '{"name": ',
      'k8s/a.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: [\n',
      'orders/package.json': server('orders'),
      'orders/index.js': listens,
    });
    expect(discovery.services.map(service => service.id)).toEqual(['orders']);
    expect(discovery.problems.map(problem => `${problem.at.file}:${problem.at.line}`)).toEqual(
      expect.arrayContaining(['docker-compose.yml:3', 'docker-compose.yml:4', 'broken/package.json:1']),
    );
  });
});
