import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { patterns } from '../../rules/index.ts';
import { lintel, root } from '../run-lintel.ts';

describe.concurrent('explain', () => {
  test('lists every rule', async () => {
    const { stdout, exitCode } = await lintel(['explain']);
    for (const { id } of patterns.flatMap(({ rules }) => rules)) expect(stdout).toContain(`  ${id} `);
    expect(exitCode).toBe(0);
  });

  test('shows the page of a pattern', async () => {
    const { stdout } = await lintel(['explain', 'database-per-service']);
    expect(stdout).toMatch(/^# /);
  });

  test('shows the section of a rule', async () => {
    const { stdout } = await lintel(['explain', 'database-per-service/no-foreign-write']);
    expect(stdout).toMatch(/^database-per-service\/no-foreign-write \(error\): /);
    expect(stdout).toMatch(/^#+ .*no-foreign-write/m);
  });

  test('tells why a table belongs to its owner', async () => {
    const { stdout, exitCode } = await lintel(
      ['explain', '--why', 'order_lines'],
      join(root, 'fixtures', 'database-per-service', 'demo'),
    );
    expect(stdout).toMatch(/#order_lines is a table of .*, owned by orders, because it migrates the table\n/);
    expect(stdout).toContain('    services/orders/migrations/002_order_lines.sql:1:');
    expect(exitCode).toBe(0);
  });

  test('tells how a datastore was recognised, without its password', async () => {
    const { stdout, exitCode } = await lintel(
      ['explain', '--why', 'orders-db/orders'],
      join(root, 'fixtures', 'database-per-service', 'demo'),
    );
    expect(stdout).toMatch(/^postgres:orders-db\/orders is a postgres datastore, owned by orders\n/);
    expect(stdout).toContain('  the url is read from ORDER_STORE_URL\n');
    expect(stdout).toContain('  ORDER_STORE_URL: postgres://digest:***@orders-db:5432/orders ');
    expect(stdout).toContain('  the host orders-db is a postgres server\n');
    expect(exitCode).toBe(0);
  });

  test.for([
    [['explain', 'no-foreign-raed'], 'error LT-007: no rule or pattern is called no-foreign-raed\n'],
    [
      ['explain', 'database-per-service', '--why', 'orders'],
      'error LT-001: a rule or pattern and --why are two questions\n',
    ],
  ] as const)('%j exits 2', async ([args, message]) => {
    const { stderr, exitCode } = await lintel(args);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});
