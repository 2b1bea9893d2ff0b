import { expect, test } from 'vitest';
import { constantOf, namingOf } from '../../src/model/table-naming.ts';

test.for([
  ["'orders').insert()", 'orders', 'written orders'],
  ['orders WHERE id = 1`', 'orders', 'written orders'],
  ["'sales.orders')", 'orders', 'written orders'],
  ["model('Order', schema)", 'orders', 'made by mapper of the model Order, in the plural'],
  ["'invoice', { cents: 1 }", 'invoices', 'made by mapper of invoice, in the plural'],
  ['class OrderLine {', 'order_line', 'made by mapper of the model OrderLine, in snake case'],
  ['export class OrderLine {', 'order_lines', 'made by mapper of the model OrderLine, in snake case and in the plural'],
  ['class Order {', 'shop_orders', 'made by mapper of the model Order'],
  ['OrderLine {\n  id Int\n\n  @@map("lines")\n}', 'lines', 'written @@map("lines")'],
  ["model('Order', new Schema({}, { collection: 'sales' }))", 'sales', "written collection: 'sales'"],
  ["model<OrderDoc, OrderModel>('Order', schema)", 'orders', 'made by mapper of the model Order, in the plural'],
  ['private readonly orders: Model<Order>,', 'orders', 'made by mapper of the model Order, in the plural'],
  ['class User {', 'user', 'made by mapper of the model User, in lower case'],
  ['prefix + stage', 'orders', 'comes out as orders…'],
] as const)('%s: %s is %s', ([code, name, step]) => {
  expect(namingOf(code, name, 'orders…', 'mapper').step).toBe(step);
});

test.for([
  ["const table = 'orders';", 14],
  ["static table = 'sales.orders';", 15],
  ['const tables = { a: \'"orders"\' }', 20],
  ["const tables = ['orders'];", undefined],
  ["const table = 'old_orders';", undefined],
] as const)('a constant in %s', ([text, at]) => {
  expect(constantOf(text, 'orders')).toBe(at);
});
