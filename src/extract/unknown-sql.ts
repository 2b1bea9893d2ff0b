import type { Technology } from '../model/technology.ts';
import { literal, type Part, type StoreRef, unknown, type Value } from '../model/value.ts';
import { runSql } from './run-sql.ts';
import { hole, looksLikeSql } from './sql.ts';

const runs = new Set([
  'query',
  'execute',
  'exec',
  'run',
  'all',
  'get',
  'each',
  'prepare',
  'raw',
  'unsafe',
  'one',
  'none',
  'any',
  'many',
  'oneOrNone',
  'manyOrNone',
  'queryAsync',
  'executeSql',
  'execSql',
  'batch',
  'sql',
  'queryRaw',
  '$queryRawUnsafe',
  '$executeRawUnsafe',
  '`sql',
  '`query',
  '`',
]);

/** A statement of SQL that is handed to something unknown, by a name that runs statements. */
export const unknownSql: Technology = {
  id: 'sql',
  packages: [],
  duck(c) {
    const [first] = c.args;
    if (!runs.has(c.name) || first?.t !== 'text') return undefined;
    const statement = literal(first) ?? first.parts.map((p: Part) => (typeof p === 'string' ? p : hole)).join('');
    if (!looksLikeSql(statement)) return undefined;
    const store: StoreRef = { kind: 'default', tech: 'sql', origin: c.origin };
    return runSql(c, 'sql', store, first, 'unknown', { guessed: true }).length > 0 ? result : undefined;
  },
};

const result: Value = unknown;
