import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { patterns } from '../rules/index.ts';
import { checkTree } from '../src/check/check-tree.ts';
import type { Finding } from '../src/check/rule.ts';
import { emptyConfig } from '../src/config.ts';
import { readTree } from '../src/io/read-tree.ts';
import { root } from './run-lintel.ts';

/** What a fixture's expected.json says: why, and each finding at warn or error. */
interface Expected {
  readonly why: string;
  /** All services that are not libraries, where the trap is to count them. */
  readonly services?: readonly string[];
  readonly findings: readonly {
    readonly rule: string;
    readonly service?: string;
    readonly table?: string;
    readonly services?: readonly string[];
    readonly datastore?: string;
  }[];
}

const fixtures = join(root, 'fixtures');

describe.each(['traps', 'database-per-service'])('fixtures/%s', group => {
  test.each(readdirSync(join(fixtures, group)))('%s', folder => {
    const tree = readTree(join(fixtures, group, folder));
    const expected: Expected = JSON.parse(tree.read('expected.json') ?? '');

    const { findings, system } = checkTree(tree, emptyConfig, patterns);

    const services = system.services.filter(({ role }) => role !== 'library').map(({ id }) => id);
    if (expected.services) expect(services.sort(), expected.why).toEqual(expected.services);
    const told = findings.filter(({ severity }) => severity !== 'info').map(short);
    expect(told.sort(), expected.why).toEqual(expected.findings.map(line).sort());
  });
});

function line({ rule, service, table, services, datastore }: Expected['findings'][number]): string {
  if (table !== undefined) return `${rule} ${service} ${bare(table)}`;
  return [rule, services?.join('+'), datastore].join(' ').trimEnd();
}

/** Of ids only the last name: how a server is called is another test's business. */
function short({ rule, service, table, services, datastore }: Finding): string {
  if (table !== undefined) return `${rule} ${service} ${bare(table)}`;
  return [rule, services?.toSorted().join('+'), datastore?.split('/').at(-1)].join(' ').trimEnd();
}

function bare(table: string): string {
  return table.split(/[#.]/).at(-1) ?? table;
}
