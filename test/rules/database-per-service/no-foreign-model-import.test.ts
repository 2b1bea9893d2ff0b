import { expect, test } from 'vitest';
import noForeignModelImport from '../../../rules/database-per-service/no-foreign-model-import.ts';
import { at, systemOf } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const orders = 'mongodb:main/shop#orders';
const declared = {
  owner: 'orders',
  declarations: [{ service: 'orders', evidence: at('orders/src/order.model.ts', 3) }],
};
const model = ['billing imports orders', { imported: 'model', names: ['OrderModel'] }] as const;

test('reports the import of a model of another service, and names its table', () => {
  expect(noForeignModelImport.check(systemOf({ tables: { [orders]: declared }, edges: [model] }))).toMatchObject([
    {
      message: 'billing imports OrderModel, of the data model of orders',
      service: 'billing',
      services: ['billing', 'orders'],
      tables: [orders],
    },
  ]);
});

test('accepts the types and the client of another service', () => {
  const edges = [
    ['billing imports orders', { imported: 'types', names: ['Order'] }],
    ['billing imports orders', { imported: 'client', names: ['OrdersClient'] }],
  ] as const;

  expect(messagesOf(noForeignModelImport, { tables: { [orders]: declared }, edges })).toEqual([]);
});

test('leaves it to the rule on reads where the imported model is used to read', () => {
  expect(
    messagesOf(noForeignModelImport, { tables: { [orders]: declared }, edges: [model, `billing reads ${orders}`] }),
  ).toEqual([]);
});

test('names no table where none is known by that name', () => {
  const [violation] = noForeignModelImport.check(
    systemOf({ edges: [['auth imports users', { imported: 'model', names: ['UserRepository'] }]] }),
  );

  expect(violation?.message).toBe('auth imports UserRepository, of the data model of users');
  expect(violation).not.toHaveProperty('tables');
});

test('accepts a model out of a library', () => {
  const sketch = {
    services: { common: { role: 'library' } },
    edges: [['billing imports common', { imported: 'model', names: ['Order'] }]],
  } as const;

  expect(messagesOf(noForeignModelImport, sketch)).toEqual([]);
});
