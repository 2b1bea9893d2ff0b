import type { Finding, Rule } from '../../src/check/rule.ts';
import { verdictOf } from '../../src/check/verdict.ts';
import type { Evidence, System } from '../../src/model/system.ts';
import { treeOf } from '../../src/model/tree.ts';
import { lineReader } from '../../src/report/line-reader.ts';
import type { CheckReport } from '../../src/report/report.ts';

const at = (file: string, line: number, column: number): Evidence => ({ file, line, column });

/** A shop in which billing reads a table of orders. */
export const tree = treeOf({
  'billing/src/invoice.ts':
    "import { db } from './db';\n\nexport const lines = () =>\n\tdb.query('select * from lines');\n",
  'orders/migrations/1.sql': '-- orders\ncreate table lines (id int);\n',
  'compose.yaml': 'services:\n  db:\n    image: postgres\n',
});

const query = at('billing/src/invoice.ts', 4, 12);
const migration = at('orders/migrations/1.sql', 2, 1);
const unknownTable = at('billing/src/invoice.ts', 3, 14);

export const system: System = {
  schema: 1,
  services: [
    { id: 'billing', root: 'billing', role: 'service', language: 'typescript', evidence: [at('compose.yaml', 1, 1)] },
    { id: 'orders', root: 'orders', role: 'service', language: 'typescript', evidence: [at('compose.yaml', 1, 1)] },
  ],
  datastores: [
    {
      id: 'postgres:db/shop',
      engine: 'postgres',
      server: 'db',
      database: 'shop',
      owner: null,
      evidence: [at('compose.yaml', 2, 3)],
    },
  ],
  tables: [
    {
      id: 'postgres:db/shop#lines',
      store: 'postgres:db/shop',
      name: 'lines',
      owner: 'orders',
      ownedBecause: 'migrates',
      ownerEvidence: [migration],
      evidence: [migration, query],
    },
  ],
  topics: [{ id: 'kafka:order-placed', broker: 'kafka', name: 'order-placed', evidence: [migration] }],
  endpoints: [],
  edges: [
    { kind: 'connects', from: 'billing', to: 'postgres:db/shop', confidence: 'certain', evidence: [query] },
    {
      kind: 'reads',
      from: 'billing',
      to: 'postgres:db/shop#lines',
      confidence: 'certain',
      evidence: [query],
      via: 'query',
    },
    { kind: 'migrates', from: 'orders', to: 'postgres:db/shop#lines', confidence: 'certain', evidence: [migration] },
    { kind: 'publishes', from: 'orders', to: 'kafka:order-placed', confidence: 'certain', evidence: [migration] },
    { kind: 'consumes', from: 'billing', to: 'kafka:order-placed', confidence: 'likely', evidence: [query] },
  ],
  outbound: [],
  practices: [],
  routes: [],
  unresolved: ['name', 'other', 'third', 'fourth'].map(what => ({
    service: 'billing',
    kind: 'table',
    what,
    evidence: unknownTable,
    hint: '// lintel: reads orders#lines',
  })),
};

export const findings: readonly Finding[] = [
  {
    rule: 'database-per-service/no-foreign-read',
    severity: 'error',
    message: 'billing reads postgres:db/shop#lines, a table owned by orders',
    at: query,
    related: [{ message: 'owned by orders, which migrates it', at: migration }],
    service: 'billing',
    services: ['billing', 'orders'],
    table: 'postgres:db/shop#lines',
    confidence: 'certain',
    fingerprint: '5f0c',
    url: 'https://example.com/no-foreign-read',
    fix: 'ask orders through its API',
  },
  {
    rule: 'database-per-service/no-shared-database',
    severity: 'warn',
    message: 'billing and orders share postgres:db/shop',
    at: at('compose.yaml', 2, 3),
    related: [],
    confidence: 'likely',
    fingerprint: '77aa',
    url: 'https://example.com/no-shared-database',
  },
  {
    rule: 'database-per-service/no-published-database-port',
    severity: 'info',
    message: 'port 5432 of db is open to everybody',
    at: at('compose.yaml', 3, 5),
    related: [],
    confidence: 'guess',
    fingerprint: '01bc',
    url: 'https://example.com/no-published-database-port',
  },
];

/** The rules of the findings, and one that finds nothing. */
const rules: readonly Rule[] = ['no-foreign-read', 'no-shared-database', 'no-published-database-port', 'no-join'].map(
  name => ({
    id: `database-per-service/${name}`,
    title: `What ${name} finds`,
    severity: 'error',
    remedy: 'ask the owner',
    check: () => [],
  }),
);

export function reportOf(
  shown: readonly Finding[],
  more: Partial<CheckReport> = {},
  from: System = system,
): CheckReport {
  const verdict = verdictOf(from, shown, 2, { only: [], maxWarnings: undefined, exitZero: false });
  return {
    verdict,
    lineAt: lineReader(tree),
    color: false,
    verbose: false,
    infos: false,
    quiet: false,
    version: '1.2.3',
    rules,
    helpOf: ({ id }) => `## ${id}\n\nWhy it matters.\n`,
    prefix: '',
    repository: undefined,
    ...more,
  };
}
