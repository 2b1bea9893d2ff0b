import { readSql, type SqlDialect, type SqlReading, type TableUse } from './sql.ts';

export type SqlFileKind = 'migration' | 'seed' | 'dump' | 'query' | 'init' | 'other';

/** What a `.sql` file is for, by the conventions of its path. */
export function classifySqlFile(path: string): SqlFileKind {
  const lower = `/${path.toLowerCase()}`;
  const name = lower.slice(lower.lastIndexOf('/') + 1);
  return kinds.find(([, pattern]) => pattern.test(lower))?.[0] ?? (isMigrationName(name) ? 'migration' : 'other');
}

/** The first that fits counts. */
const kinds: readonly (readonly [kind: SqlFileKind, path: RegExp])[] = [
  [
    'seed',
    /\/(?:seeds?|seeders|seeding|fixtures|sample-?_?data|test-?_?data|demo-?_?data)\/|\/[^/]*\b(?:seeds?|seeder|fixtures|sample-?_?data|test-?_?data)\b[^/]*\.sql$|[_-](?:seeds?|fixtures|sample_data|test_data)\.sql$/,
  ],
  ['dump', /\/(?:dumps?|backups?)\/|[-_./](?:dump|backup)\.sql$|\/(?:dump|backup)[^/]*\.sql$/],
  [
    'migration',
    /\/(?:migrations?|migrate|db-migrations?|flyway|liquibase|changelogs?|drizzle|sqitch|alembic|versions)\/|\/(?:deploy|revert|verify)\/[^/]*\.sql$/,
  ],
  [
    'init',
    /\/docker-entrypoint-initdb\.d\/|\/(?:initdb|init-?_?scripts?|init-?db|db-?init|postgres-?init|mysql-?init|init)\/|\/(?:[^/]*[-_.])?(?:init|dbinit|initdb|setup|bootstrap|create(?:[-_](?:db|databases?|tables?|schema))?)(?:[-_.][^/]*)?\.sql$|\/(?:schema|structure|ddl|tables|database)\.sql$/,
  ],
  // Numbered by hand, as the files that a database's image runs in order.
  ['init', /\/\d{1,2}[-_][^/]*\.sql$/],
  ['query', /\/(?:queries|query|sql-?queries|statements|reports?)\/|\.(?:query|queries)\.sql$/],
];

/** `V1__orders.sql` of flyway, `0001_orders.sql` of drizzle, `20240131120000_orders.up.sql` of dbmate, goose and knex. */
function isMigrationName(name: string): boolean {
  return /^(?:[vur]\d[\d._]*__|r__)|^\d{3,}[-_.]|\.(?:up|down|do|undo)\.sql$/.test(name);
}

export interface PlacedUse extends TableUse {
  readonly line: number;
  readonly column: number;
}

export interface SqlFileReading extends Omit<SqlReading, 'uses'> {
  readonly kind: SqlFileKind;
  readonly uses: readonly PlacedUse[];
  /** True for the way back of a migration: it undoes what its other half does, and tells nothing of its own. */
  readonly reverts: boolean;
  /** Databases that the file makes. */
  readonly creates: readonly string[];
}

/** The tables of a file; after `USE x`, `\c x` or at once with it, each has its database. */
export function readSqlFile(path: string, text: string, dialect: SqlDialect = dialectOf(path, text)): SqlFileReading {
  const kind = classifySqlFile(path);
  const nothing = { kind, uses: [], unresolved: [], foreignKeys: [], creates: [] };
  if (isRevert(path)) return { ...nothing, complete: true, reverts: true };
  const forward = withoutWayBack(text);
  const reading = readSql(forward, dialect);
  const switches = switchesOf(forward);
  const starts = lineStartsOf(forward);
  return {
    ...reading,
    kind,
    reverts: false,
    creates: [...forward.matchAll(creation)].flatMap(([, name]) => name ?? []),
    uses: reading.uses.map(use => ({ ...inDatabase(use, switches), ...placeOf(use.offset, starts) })),
  };
}

/** `x.down.sql`, `down.sql`, `U1__x.sql` of flyway, `revert/` of sqitch. */
function isRevert(path: string): boolean {
  return /(?:^|[./_-])(?:down|undo|rollback|revert)\.sql$|(?:^|\/)(?:revert|down|rollback|rollbacks|undo)\/|(?:^|\/)U\d[\d._]*__[^/]*\.sql$/i.test(
    path,
  );
}

const wayBack =
  /^[ \t]*--[ \t]*(?:\+goose[ \t]+Down|migrate:down|\+migrate[ \t]+Down|@down|Down[ \t]+Migration|rollback)\b[^\n]*$/im;
const wayForth = /^[ \t]*--[ \t]*(?:\+goose[ \t]+Up|migrate:up|\+migrate[ \t]+Up|@up|Up[ \t]+Migration)\b[^\n]*$/im;

/** What stands under `-- +goose Down`, `-- migrate:down` …, replaced by blanks, so that offsets stay true. */
function withoutWayBack(text: string): string {
  const down = wayBack.exec(text)?.index;
  if (down === undefined) return text;
  const up = wayForth.exec(text.slice(down))?.index;
  const end = up === undefined ? text.length : down + up;
  return text.slice(0, down) + text.slice(down, end).replace(/[^\n]/g, ' ') + text.slice(end);
}

const name = String.raw`(?:"([^"\n]+)"|\x60([^\x60\n]+)\x60|\[([^\]\n]+)\]|([\w$-]+))`;
const creation = /^[ \t]*CREATE[ \t]+(?:DATABASE|KEYSPACE)[ \t]+(?:IF[ \t]+NOT[ \t]+EXISTS[ \t]+)?["`[]?([\w$-]+)/gim;
const selection = new RegExp(String.raw`^[ \t]*(?:USE[ \t]+${name}[ \t]*(?:;|$)|\\c(?:onnect)?[ \t]+${name})`, 'gim');

interface Switch {
  readonly offset: number;
  readonly database: string;
}

function switchesOf(text: string): Switch[] {
  return [...text.matchAll(selection)].map(found => ({
    offset: found.index,
    database: found.slice(1).find(part => part !== undefined) ?? '',
  }));
}

function inDatabase(use: TableUse, switches: readonly Switch[]): TableUse {
  const database = use.database ?? switches.findLast(one => one.offset < use.offset)?.database;
  return database === undefined ? use : { ...use, database };
}

/** By signs that one engine alone has; the path may name it too. */
export function dialectOf(path: string, text: string): SqlDialect {
  const named = engines.find(([, pattern]) => pattern.test(path))?.[0];
  const head = text.slice(0, 20_000);
  return named ?? signs.find(([, pattern]) => pattern.test(head))?.[0] ?? 'unknown';
}

const engines: readonly (readonly [SqlDialect, RegExp])[] = [
  ['clickhouse', /clickhouse/i],
  ['cassandra', /cassandra|scylla|\.cql$/i],
  ['postgres', /postgres|[^a-z]pg[^a-z]|psql|timescale|cockroach/i],
  ['mysql', /mysql|mariadb/i],
  ['mssql', /mssql|sqlserver|sql-server|tsql/i],
  ['sqlite', /sqlite/i],
];

const signs: readonly (readonly [SqlDialect, RegExp])[] = [
  ['clickhouse', /\bENGINE\s*=\s*\w*MergeTree|\bON\s+CLUSTER\b|\bLowCardinality\(/],
  ['mysql', /\bENGINE\s*=\s*(?:InnoDB|MyISAM)|\bAUTO_INCREMENT\b|^DELIMITER\s/im],
  ['mssql', /^[ \t]*GO\s*$|\[dbo\]\.|\bNVARCHAR\s*\(|\bIDENTITY\s*\(\d|\bSET\s+NOCOUNT\b/im],
  ['cassandra', /\bCREATE\s+KEYSPACE\b|\bCLUSTERING\s+ORDER\s+BY\b/i],
  ['sqlite', /\bAUTOINCREMENT\b|^[ \t]*PRAGMA\s/im],
  [
    'postgres',
    /\$\w*\$|\bplpgsql\b|::\w|\b(?:big)?serial\b|\btimestamptz\b|\bjsonb\b|\bCREATE\s+EXTENSION\b|\bSET\s+search_path\b|^\\[a-z]/im,
  ],
];

function lineStartsOf(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(found => found.index + 1)];
}

function placeOf(offset: number, starts: readonly number[]): { readonly line: number; readonly column: number } {
  let low = 0;
  let high = starts.length;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
