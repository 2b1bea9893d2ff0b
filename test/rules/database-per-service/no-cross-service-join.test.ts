import { expect, test } from 'vitest';
import noCrossServiceJoin from '../../../rules/database-per-service/no-cross-service-join.ts';
import noForeignRead from '../../../rules/database-per-service/no-foreign-read.ts';
import { messagesOf } from '../messages-of.ts';

const invoices = 'postgres:main/shop#invoices';
const orders = 'postgres:main/shop#orders';
const tables = { [invoices]: { owner: 'billing' }, [orders]: { owner: 'orders' } };
const join = [`billing reads ${orders}`, { via: 'join', joinedWith: [invoices] }] as const;

test('reports a table that is read only by a join with an own one, and only here', () => {
  const sketch = { tables, edges: [`billing reads ${invoices}`, join] };

  expect(messagesOf(noCrossServiceJoin, sketch)).toEqual([
    'billing joins its invoices with postgres:main/shop#orders, a table owned by orders',
  ]);
  expect(messagesOf(noForeignRead, sketch)).toEqual([]);
});

test('leaves it to the rule on reads where the table is also read by itself', () => {
  const sketch = { tables, edges: [join, `billing reads ${orders}`] };

  expect(messagesOf(noCrossServiceJoin, sketch)).toEqual([]);
  expect(messagesOf(noForeignRead, sketch)).toHaveLength(1);
});

test('accepts a join of two own tables', () => {
  const own = { [invoices]: { owner: 'billing' }, [orders]: { owner: 'billing' } };

  expect(messagesOf(noCrossServiceJoin, { tables: own, edges: [join] })).toEqual([]);
});

test('reports a join whose other side the query builder hides', () => {
  expect(messagesOf(noCrossServiceJoin, { tables, edges: [[`billing reads ${orders}`, { via: 'join' }]] })).toEqual([
    'billing joins its own tables with postgres:main/shop#orders, a table owned by orders',
  ]);
});
