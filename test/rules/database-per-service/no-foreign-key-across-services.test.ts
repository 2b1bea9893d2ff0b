import { expect, test } from 'vitest';
import noCrossServiceJoin from '../../../rules/database-per-service/no-cross-service-join.ts';
import noForeignKeyAcrossServices from '../../../rules/database-per-service/no-foreign-key-across-services.ts';
import noForeignRead from '../../../rules/database-per-service/no-foreign-read.ts';
import { at, systemOf } from '../../system-of.ts';
import { messagesOf } from '../messages-of.ts';

const rentals = 'postgres:main/shop#rentals';
const books = 'postgres:main/shop#books';
const key = { table: books, service: 'rental', evidence: at('rental/src/rental.entity.ts', 12) };

test('reports a foreign key from an own table to the table of another service', () => {
  const system = systemOf({
    tables: { [rentals]: { owner: 'rental', foreignKeys: [key] }, [books]: { owner: 'books' } },
    edges: [`rental writes ${rentals}`, `books writes ${books}`],
  });

  expect(noForeignKeyAcrossServices.check(system)).toMatchObject([
    {
      message: 'rentals of rental refers to postgres:main/shop#books, a table owned by books',
      at: at('rental/src/rental.entity.ts', 12),
      service: 'rental',
      table: books,
    },
  ]);
});

test('accepts a foreign key within one service', () => {
  const sketch = { tables: { [rentals]: { owner: 'rental', foreignKeys: [key] }, [books]: { owner: 'rental' } } };

  expect(messagesOf(noForeignKeyAcrossServices, sketch)).toEqual([]);
});

test('leaves it to the rule on reads where the service reads the table besides', () => {
  const sketch = {
    tables: { [rentals]: { owner: 'rental', foreignKeys: [key] }, [books]: { owner: 'books' } },
    edges: [`rental reads ${books}`],
  };

  expect(messagesOf(noForeignKeyAcrossServices, sketch)).toEqual([]);
  expect(noForeignRead.check(systemOf(sketch))[0]?.related).toEqual([
    { message: 'rental declares a foreign key to it here', at: key.evidence },
  ]);
});

test('leaves a relation that is followed to the rule on joins: then rows are read', () => {
  const sketch = {
    tables: { [rentals]: { owner: 'rental' }, [books]: { owner: 'books' } },
    edges: [[`rental reads ${books}`, { via: 'relation', joinedWith: [rentals] }]],
  } as const;

  expect(messagesOf(noForeignKeyAcrossServices, sketch)).toEqual([]);
  expect(messagesOf(noCrossServiceJoin, sketch)).toEqual([
    'rental joins its rentals with postgres:main/shop#books, a table owned by books',
  ]);
});

test('leaves keys inside a shared schema to the rule on shared packages', () => {
  const inside = { ...key, evidence: at('schema/schema.prisma', 30) };
  const sketch = {
    services: { schema: { role: 'library' } },
    tables: { [rentals]: { owner: 'rental', foreignKeys: [inside] }, [books]: { owner: 'books' } },
  } as const;

  expect(messagesOf(noForeignKeyAcrossServices, sketch)).toEqual([]);
});

test('says nothing of a copied entity that refers from one foreign table to another', () => {
  const sketch = { tables: { [rentals]: { owner: 'books', foreignKeys: [key] }, [books]: { owner: 'books' } } };

  expect(messagesOf(noForeignKeyAcrossServices, sketch)).toEqual([]);
});
