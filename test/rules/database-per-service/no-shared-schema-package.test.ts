import { expect, test } from 'vitest';
import noSharedSchemaPackage from '../../../rules/database-per-service/no-shared-schema-package.ts';
import { at, systemOf } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const orders = 'postgres:main/shop#orders';
const invoices = 'postgres:main/shop#invoices';
const services = { schema: { role: 'library' } } as const;
const declarations = [{ service: 'schema', evidence: at('schema/schema.prisma', 9) }];

test('reports a package that gives two services the same tables, and names none of them as a fact of its own', () => {
  const system = systemOf({
    services,
    tables: { [orders]: { owner: 'orders', declarations } },
    edges: [`orders writes ${orders}`, `billing reads ${orders}`],
  });

  const [violation, ...more] = noSharedSchemaPackage.check(system);

  expect(more).toEqual([]);
  expect(violation).toMatchObject({
    message: 'schema gives billing and orders the same tables of postgres:main/shop',
    at: at('schema/schema.prisma', 9),
    services: ['billing', 'orders'],
    datastore: 'postgres:main/shop',
  });
  expect(violation?.related.map(({ message }) => message)).toEqual([
    'billing uses orders from here on',
    'orders uses orders from here on',
  ]);
  expect(violation).not.toHaveProperty('tables');
});

test('stays silent where each table of the package is used by one service', () => {
  const sketch = {
    services,
    tables: { [orders]: { owner: 'orders', declarations }, [invoices]: { owner: 'billing', declarations } },
    edges: [`orders writes ${orders}`, `billing writes ${invoices}`],
  };

  expect(messagesOf(noSharedSchemaPackage, sketch)).toEqual([]);
});

test('stays silent where a service declares its own tables', () => {
  const own = [{ service: 'orders', evidence: at('orders/schema.prisma', 9) }];
  const sketch = {
    tables: { [orders]: { owner: 'orders', declarations: own } },
    edges: [`orders writes ${orders}`, `billing reads ${orders}`],
  };

  expect(messagesOf(noSharedSchemaPackage, sketch)).toEqual([]);
});

test('counts only the services that share, out of all that use the package', () => {
  const system = systemOf({
    services,
    tables: { [orders]: { owner: 'orders', declarations }, [invoices]: { owner: 'billing', declarations } },
    edges: [`orders writes ${orders}`, `digest reads ${orders}`, `billing writes ${invoices}`],
  });

  expect(noSharedSchemaPackage.check(system)[0]?.services).toEqual(['digest', 'orders']);
});
