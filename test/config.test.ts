import { describe, expect, test } from 'vitest';
import { emptyConfig, readConfig } from '../src/config.ts';
import { treeOf } from '../src/model/tree.ts';
import { verifyNames, verifyServices } from '../src/verify-config.ts';

const read = (text: string) => readConfig(text, 'lintel.yaml');

test('reads services, hosts, ignored files and rules', () => {
  const config = read(`
name: shop
services:
  orders:
    path: ./services/orders/
    owns: [lines, postgres:orders-db/orders]
  billing:
    owns: { database: billing, engine: postgres, tables: [invoices] }
  mail:
hosts:
  orders-api.internal: orders
ignore: [tools/**]
rules:
  database-per-service/no-shared-database: error
  database-per-service/no-foreign-read: off
`);
  expect(config).toMatchObject({
    services: [
      { id: 'orders', path: 'services/orders', owns: ['lines', 'postgres:orders-db/orders'] },
      {
        id: 'billing',
        owns: ['invoices'],
        database: { name: 'billing', engine: 'postgres' },
        at: { file: 'lintel.yaml', line: 7, column: 3 },
      },
      { id: 'mail', owns: [] },
    ],
    hosts: { 'orders-api.internal': 'orders' },
    ignore: ['tools/**'],
    rules: { 'database-per-service/no-shared-database': 'error', 'database-per-service/no-foreign-read': 'off' },
  });
});

test.for(['', '\n', '# nothing yet\n', 'services:\n'])('takes %j for no configuration', text => {
  expect(read(text)).toMatchObject(emptyConfig);
});

test('lets the rest of the description of a system pass', () => {
  const config = read(`
name: shop
services:
  orders:
    owns: { database: orders, engine: postgres }
    patterns: [cqrs, outbox]
    publishes: [order-placed]
    calls: { inventory: [circuit-breaker] }
sagas:
  checkout: { style: orchestration }
frontends:
  web: { bff: web-bff }
`);
  expect(config.services).toMatchObject([{ id: 'orders', database: { name: 'orders', engine: 'postgres' } }]);
});

test('follows an alias', () => {
  expect(read('services:\n  a: &same { owns: [lines] }\n  b: *same\n').services[1]).toMatchObject({
    id: 'b',
    owns: ['lines'],
  });
});

describe('an error points at line and column', () => {
  test.for([
    ['services: [', 'LT-003', /^lintel\.yaml:1:\d+: /, undefined],
    ['a: 1\na: 2\n', 'LT-003', /^lintel\.yaml:2:1: map keys must be unique/, undefined],
    [
      'servces:\n  orders:\n',
      'LT-004',
      /^lintel\.yaml:1:1: servces is not a key that Lintel knows$/,
      'did you mean services?',
    ],
    [
      'services:\n  orders:\n    own: [lines]\n',
      'LT-004',
      /^lintel\.yaml:3:5: own is not a key of services\.orders that Lintel knows$/,
      'did you mean owns?',
    ],
    [
      'services:\n  orders: 3\n',
      'LT-004',
      /^lintel\.yaml:2:11: services\.orders must be a table of names and values, is number 3$/,
      undefined,
    ],
    [
      'services:\n  orders:\n    owns: [[1]]\n',
      'LT-004',
      /^lintel\.yaml:3:12: services\.orders\.owns\[0\] must be text, is a list$/,
      undefined,
    ],
    [
      'services:\n  orders:\n    owns: { engine: postgres }\n',
      'LT-004',
      /^lintel\.yaml:3:21: services\.orders\.owns\.engine says nothing without the database$/,
      undefined,
    ],
    [
      'hosts:\n  db.internal: [orders]\n',
      'LT-004',
      /^lintel\.yaml:2:16: hosts\.db\.internal must be text, is a list$/,
      undefined,
    ],
    ['ignore: { a: b }\n', 'LT-004', /^lintel\.yaml:1:9: ignore must be text, is a table$/, undefined],
    ['- orders\n', 'LT-004', /^lintel\.yaml:1:1: must be a table of names and values, is a list$/, undefined],
    [
      'rules:\n  a/b: eror\n',
      'LT-004',
      /^lintel\.yaml:2:8: rules\.a\/b must be one of error, warn, info, off, is eror$/,
      'did you mean error?',
    ],
    [
      'services:\n  orders: { path: ../orders }\n',
      'LT-004',
      /^lintel\.yaml:2:19: services\.orders\.path \.\.\/orders leads out of the repository$/,
      'paths are relative to the folder of lintel.yaml',
    ],
  ] as const)('in %j', ([text, code, message, hint]) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message), hint }));
  });
});

describe('what the configuration names must be there', () => {
  const tree = treeOf({ 'services/orders/index.ts': '' });

  test('a rule', () => {
    const config = read('rules:\n  database-per-service/no-foreign-raed: off\n');
    expect(() => verifyNames(config, tree, ['database-per-service/no-foreign-read'])).toThrow(
      expect.objectContaining({
        code: 'LT-005',
        message: 'lintel.yaml:2:3: rule database-per-service/no-foreign-raed does not exist',
        hint: 'did you mean database-per-service/no-foreign-read?',
      }),
    );
  });

  test('a folder', () => {
    expect(() => verifyNames(read('services:\n  orders: { path: services/orders }\n'), tree, [])).not.toThrow();
    expect(() => verifyNames(read('services:\n  billing: { path: services/billing }\n'), tree, [])).toThrow(
      'lintel.yaml:2:3: services.billing.path services/billing holds no file',
    );
  });

  test('a service', () => {
    const at = { file: 'services/orders/index.ts', line: 1, column: 1 };
    const orders = {
      id: 'orders',
      root: 'services/orders',
      role: 'service',
      language: 'typescript',
      evidence: [at],
    } as const;
    const system = {
      schema: 1,
      services: [orders],
      datastores: [],
      tables: [],
      topics: [],
      endpoints: [],
      edges: [],
      outbound: [],
      practices: [],
      routes: [],
      unresolved: [],
    } as const;
    expect(() => verifyServices(read('services:\n  orders:\n'), system)).not.toThrow();
    expect(() => verifyServices(read('services:\n  ordrs:\n'), system)).toThrow(
      expect.objectContaining({
        message: 'lintel.yaml:2:3: ordrs is not a service of this repository',
        hint: 'did you mean orders?',
      }),
    );
  });
});
