import { describe, expect, test } from 'vitest';
import { emptyConfig } from '../../src/config.ts';
import type { DiscoveredService, Environment } from '../../src/model/discovery.ts';
import { discover } from '../../src/model/services.ts';
import { treeOf } from '../../src/model/tree.ts';

const package_ = (name: string): string =>
  JSON.stringify({ name, scripts: { start: 'node index.js' }, dependencies: { express: '^4' } });
const orders = {
  'orders/package.json': package_('orders'),
  'orders/index.js': 'app.listen(1);',
  'orders/Dockerfile': 'FROM node:24\nENV PORT=80 DB_HOST=image-db\nCMD ["node", "index.js"]\n',
};
const serviceIn = (files: Record<string, string>, id = 'orders'): DiscoveredService => {
  const service = discover(treeOf(files), emptyConfig).services.find(one => one.id === id);
  if (!service) throw new Error(`no service ${id}`);
  return service;
};
/** `name=value@file:line` of the wanted variables. */
const values = (environment: Environment | undefined, ...names: string[]): string[] =>
  names.map(name => {
    const variable = environment?.variables[name];
    return `${name}=${variable?.value}@${variable?.at.file}:${variable?.at.line}`;
  });

describe('compose', () => {
  test('puts its own values above env files, and those above the image', () => {
    const [compose] = serviceIn({
      ...orders,
      'docker-compose.yml':
        'services:\n  orders:\n    build: ./orders\n    env_file: ./orders.env\n    environment:\n      - DB_NAME=orders\n',
      'orders.env': 'DB_HOST=orders-db\nDB_NAME=other\n',
    }).environments;
    expect(compose).toMatchObject({ id: 'compose:docker-compose.yml', project: 'compose:.', production: false });
    expect(values(compose, 'PORT', 'DB_HOST', 'DB_NAME')).toEqual([
      'PORT=80@orders/Dockerfile:2',
      'DB_HOST=orders-db@orders.env:1',
      'DB_NAME=orders@docker-compose.yml:6',
    ]);
  });

  test('fills names and bare keys from .env, defaults where nothing is given, and null where nothing is known', () => {
    const [compose] = serviceIn({
      ...orders,
      '.env': `DB_PORT=5433\nCART_PORT=7\nCART=cart:\${CART_PORT}\n`,
      'docker-compose.yml': `services:\n  orders:\n    build: ./orders\n    environment:\n      - CART\n      - SECRET\n      - URL=postgres://\${DB_HOST:-orders-db}:\${DB_PORT}/orders\n      - TOKEN=\${TOKEN}\n`,
    }).environments;
    expect(values(compose, 'CART', 'SECRET', 'URL', 'TOKEN')).toEqual([
      'CART=cart:7@.env:3',
      'SECRET=null@docker-compose.yml:6',
      'URL=postgres://orders-db:5433/orders@docker-compose.yml:7',
      'TOKEN=null@docker-compose.yml:8',
    ]);
  });

  test('follows extends, anchors and merge keys', () => {
    const [compose] = serviceIn({
      ...orders,
      'docker-compose.yml':
        'x-db: &db\n  DB_HOST: shared-db\n  DB_NAME: none\nservices:\n  base:\n    build: ./orders\n    environment:\n      <<: *db\n      DB_NAME: orders\n      LEVEL: info\n  orders:\n    extends: base\n    environment:\n      LEVEL: debug\n',
    }).environments.filter(one => one.variables.LEVEL?.value === 'debug');
    expect(values(compose, 'DB_HOST', 'DB_NAME', 'LEVEL')).toEqual([
      'DB_HOST=shared-db@docker-compose.yml:2',
      'DB_NAME=orders@docker-compose.yml:9',
      'LEVEL=debug@docker-compose.yml:14',
    ]);
  });

  test('a variant that only adds stands on the base file and shares its project', () => {
    const [production, base] = serviceIn({
      ...orders,
      'docker-compose.yml':
        'services:\n  orders:\n    build: ./orders\n    environment: { DB_HOST: dev-db, DB_NAME: orders }\n',
      'docker-compose.prod.yml': 'services:\n  orders:\n    environment: { DB_HOST: prod-db }\n',
    }).environments;
    expect(production).toMatchObject({
      id: 'compose:docker-compose.prod.yml',
      production: true,
      project: base?.project,
    });
    expect(values(production, 'DB_HOST', 'DB_NAME')).toEqual([
      'DB_HOST=prod-db@docker-compose.prod.yml:3',
      'DB_NAME=orders@docker-compose.yml:4',
    ]);
  });

  test('names on a shared network reach the other project, unless they mean something else there', () => {
    const file = (name: string): string =>
      `services:\n  ${name}:\n    build: .\n    networks: [default, shared]\n  db:\n    image: postgres\n    networks: [default, shared]\nnetworks:\n  shared:\n    external: true\n`;
    const files = {
      ...orders,
      'orders/docker-compose.yml': file('orders'),
      'billing/package.json': package_('billing'),
      'billing/index.js': 'app.listen(1);',
      'billing/docker-compose.yml': file('billing'),
    };
    expect(serviceIn(files, 'billing').hosts).toEqual([
      { name: 'billing', project: 'compose:billing' },
      { name: 'billing', project: 'compose:orders' },
    ]);
    const { servers } = discover(treeOf(files), emptyConfig);
    expect(servers.map(server => server.hosts)).toEqual([
      [{ name: 'db', project: 'compose:billing' }],
      [{ name: 'db', project: 'compose:orders' }],
    ]);
  });
});

describe('kubernetes', () => {
  const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: {name: orders-depl}
spec:
  template:
    metadata: {labels: {app: orders}}
    spec:
      containers:
        - name: orders
          image: shop/orders:1
          envFrom: [{configMapRef: {name: shared}}]
          env:
            - {name: DB_HOST, value: orders-db}
            - name: DB_URL
              value: postgres://$(DB_HOST)/orders
            - name: DB_PASSWORD
              valueFrom: {secretKeyRef: {name: logins, key: password}}
            - name: API_KEY
              valueFrom: {secretKeyRef: {name: elsewhere, key: key}}
---
apiVersion: v1
kind: Service
metadata: {name: orders-srv}
spec: {selector: {app: orders}, ports: [{port: 80}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: shared}
data:
  LEVEL: info
---
apiVersion: v1
kind: Secret
metadata: {name: logins}
data: {password: c2VjcmV0}
`;

  test('gives literals, references, maps and secrets, and stands before compose', () => {
    const service = serviceIn({
      ...orders,
      'infra/orders.yaml': manifest,
      'docker-compose.yml': 'services:\n  orders:\n    build: ./orders\n',
    });
    const [cluster] = service.environments;
    expect(service.environments.map(one => one.kind)).toEqual(['kubernetes', 'compose']);
    expect(cluster).toMatchObject({ production: true, project: 'kubernetes:.' });
    expect(values(cluster, 'LEVEL', 'DB_URL', 'DB_PASSWORD', 'API_KEY', 'PORT')).toEqual([
      'LEVEL=info@infra/orders.yaml:30',
      'DB_URL=postgres://orders-db/orders@infra/orders.yaml:14',
      'DB_PASSWORD=secret@infra/orders.yaml:35',
      'API_KEY=null@infra/orders.yaml:18',
      'PORT=80@orders/Dockerfile:2',
    ]);
    expect(service.hosts.map(host => host.name)).toContain('orders-srv.default.svc.cluster.local');
  });

  test('renders a chart with its own values, and keeps the lines of the template', () => {
    const [chart] = serviceIn({
      ...orders,
      'chart/Chart.yaml': 'name: shop\nversion: 1.0.0\n',
      'chart/values.yaml': 'orders:\n  db: orders-db\n  image: shop/orders\n  extra: {LEVEL: info}\n',
      'chart/templates/_names.tpl': '{{- define "shop.url" -}}postgres://{{ .Values.orders.db }}/orders{{- end -}}',
      'chart/templates/orders.yaml':
        '{{- if .Values.orders }}\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}-orders\nspec:\n  template:\n    spec:\n      containers:\n        - image: "{{ .Values.orders.image }}:{{ .Chart.Version }}"\n          env:\n            {{- range $key, $value := .Values.orders.extra }}\n            - name: {{ $key }}\n              value: {{ $value | quote }}\n            {{- end }}\n            - name: DB_URL\n              value: {{ include "shop.url" . | quote }}\n{{- end }}\n',
    }).environments;
    expect(values(chart, 'LEVEL', 'DB_URL')).toEqual([
      'LEVEL=info@chart/templates/orders.yaml:13',
      'DB_URL=postgres://orders-db/orders@chart/templates/orders.yaml:16',
    ]);
  });
});

describe('env files', () => {
  test('those of a stage stand on the common one, examples come last, those of tests not at all', () => {
    const service = serviceIn({
      ...orders,
      'orders/Dockerfile': '',
      'orders/.env': `DB_HOST=localhost\nDB_NAME=orders\nDB_URL=postgres://\${DB_HOST}/\${DB_NAME}\n`,
      'orders/.env.production': 'DB_HOST=prod-db\n',
      'orders/.env.test': 'DB_HOST=test-db\n',
      'orders/.env.example': 'DB_HOST=\n',
      '.env': 'SHARED=yes\n',
    });
    expect(service.environments.map(one => [one.id, one.project, one.production])).toEqual([
      ['dotenv:orders/.env', 'laptop:.', false],
      ['dotenv:orders/.env.production', 'laptop:.', true],
      ['dotenv:.env', 'laptop:.', false],
      ['dotenv:orders/.env.example', 'laptop:.', false],
    ]);
    expect(values(service.environments[0], 'DB_URL')).toEqual(['DB_URL=postgres://localhost/orders@orders/.env:3']);
    expect(values(service.environments[1], 'DB_HOST', 'DB_NAME')).toEqual([
      'DB_HOST=prod-db@orders/.env.production:1',
      'DB_NAME=orders@orders/.env:2',
    ]);
  });

  test('one that a container is given is not also a laptop’s', () => {
    const service = serviceIn({
      ...orders,
      'orders/.env': 'DB_HOST=orders-db\n',
      'docker-compose.yml': 'services:\n  orders:\n    build: ./orders\n    env_file: orders/.env\n',
    });
    expect(service.environments.map(one => one.kind)).toEqual(['compose']);
  });
});

describe('clouds and process managers', () => {
  test('a serverless.yml is one service, with values that refer to others filled in', () => {
    const service = serviceIn({
      'orders/serverless.yml': `service: shop-orders\nprovider:\n  stage: \${opt:stage, 'dev'}\n  environment:\n    TABLE: orders-\${self:provider.stage}\n    SECRET: \${ssm:/secret}\nfunctions:\n  create:\n    handler: src/create.handler\n    environment:\n      QUEUE: !Ref Queue\nresources:\n  Resources:\n    Queue:\n      Properties:\n        QueueName: created\n`,
      'orders/src/create.js': 'exports.handler = () => {};',
      'orders/package.json': '{"name":"orders"}',
    });
    expect(service).toMatchObject({ role: 'function', entries: ['orders/src/create.js'] });
    expect(values(service.environments[0], 'TABLE', 'SECRET', 'QUEUE')).toEqual([
      'TABLE=orders-dev@orders/serverless.yml:5',
      'SECRET=null@orders/serverless.yml:6',
      'QUEUE=created@orders/serverless.yml:11',
    ]);
  });

  test('functions of a SAM template are grouped by the package of their code', () => {
    const service = serviceIn({
      'template.yaml':
        "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Create:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: orders/\n      Handler: create.handler\n      Environment:\n        Variables:\n          TABLE: !Ref Orders\n  Orders:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: orders\n",
      'orders/create.js': 'exports.handler = () => {};',
      'orders/package.json': '{"name":"orders"}',
    });
    expect(service.entries).toEqual(['orders/create.js']);
    expect(values(service.environments[0], 'TABLE')).toEqual(['TABLE=orders@template.yaml:10']);
  });

  test('the applications of a pm2 file are services, with their stages', () => {
    const service = serviceIn({
      'ecosystem.config.js':
        "module.exports = {\n  apps: [\n    { name: 'orders', cwd: './orders', script: 'index.js',\n      env: { DB: 'dev' }, env_production: { DB: 'prod' } },\n  ],\n};\n",
      'orders/index.js': 'app.listen(1);',
      'orders/package.json': '{"name":"orders"}',
    });
    expect(service.environments.map(one => [one.production, one.variables.DB?.value])).toEqual([
      [true, 'prod'],
      [false, 'dev'],
    ]);
  });
});

test('a serverless configuration in TypeScript is read as far as it is literal', () => {
  const service = serviceIn({
    'orders/serverless.ts':
      'const name = "orders";\nconst config: AWS = {\n  service: name,\n  provider: { environment: {\n    TABLE: `' +
      '$' +
      '{name}-table`,\n    STAGE: stage(),\n  } },\n  functions: { create: { handler: "src/create.handler" } },\n};\nmodule.exports = config;\n',
    'orders/src/create.ts': 'export const handler = () => {};',
  });
  expect(service.entries).toEqual(['orders/src/create.ts']);
  expect(values(service.environments[0], 'TABLE', 'STAGE')).toEqual([
    'TABLE=orders-table@orders/serverless.ts:5',
    'STAGE=null@orders/serverless.ts:6',
  ]);
});
