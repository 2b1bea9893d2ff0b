import { describe, expect, test } from 'vitest';
import { masked } from '../../src/model/masked.ts';

describe('credentials are not shown', () => {
  test.for([
    ['postgres://shop:hunter2@orders-db/orders', 'postgres://shop:***@orders-db/orders'],
    ['postgres://shop:hun@ter/2@orders-db/orders', 'postgres://shop:***@orders-db/orders'],
    ['postgresql://hunter2@orders-db/orders', 'postgresql://***@orders-db/orders'],
    ['redis://:hunter2@cache:6379/0', 'redis://***@cache:6379/0'],
    ['shop:hunter2@tcp(orders-db)/orders', 'shop:***@tcp(orders-db)/orders'],
    [
      'mongodb+srv://shop:hunter2@a.example,b.example/orders?w=1',
      'mongodb+srv://shop:***@a.example,b.example/orders?w=1',
    ],
    ['postgres://orders-db/orders?user=shop&password=hunter2', 'postgres://orders-db/orders?user=shop&password=***'],
    [
      'jdbc:sqlserver://orders-db;databaseName=orders;password=hun ter2;encrypt=true',
      'jdbc:sqlserver://orders-db;databaseName=orders;password=***;encrypt=true',
    ],
    ['Server=orders-db;Database=orders;Pwd=hunter2', 'Server=orders-db;Database=orders;Pwd=***'],
    ['AccountName=shop;AccountKey=hunter2==', 'AccountName=shop;AccountKey=***'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as Compose writes it
    ['postgres://shop:${PASSWORD:-hunter2}@orders-db/orders', '…'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as Compose writes it
    ['postgres://shop:${PASSWORD}@orders-db/orders', 'postgres://shop:***@orders-db/orders'],
    ['{"host":"orders-db","password":"hunter2"}', '…'],
    ['-----BEGIN KEY-----\nhunter2', '…'],
  ])('%s', ([value, shown]) => {
    expect(masked('DATABASE_URL', value ?? '')).toBe(shown);
    expect(shown).not.toContain('hunter2');
  });

  test.for(['DB_PASSWORD', 'PGPASSWORD', 'dbPwd', 'API_KEY', 'JWT_SECRET', 'ACCESS_TOKEN', 'PRIVATE_KEY', 'DB_PASS'])(
    'what is called %s is not shown at all',
    name => {
      expect(masked(name, 'hunter2')).toBe('***');
    },
  );
});

test.for(['orders-db', '5432', 'auth-db:5432', 'postgres://auth-db:5432/orders?sslmode=require', 'data/shop.sqlite'])(
  '%s is shown as it is',
  value => {
    expect(masked('DB_HOST', value)).toBe(value);
  },
);

test('what is long is cut', () => {
  expect(masked('HOSTS', 'a,'.repeat(100))).toHaveLength(120);
});
