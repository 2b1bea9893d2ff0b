import type { SqlDialect, SqlReading } from './sql-reading.ts';
import { readStatements } from './sql-statements.ts';

export type { ForeignKey, SqlDialect, SqlReading, TableUse, UnresolvedTable } from './sql-reading.ts';
export { hole } from './sql-reading.ts';
export { looksLikeSql } from './sql-shape.ts';

/**
 * The tables that a text names, and what is done to them. A hole (U+FFFC) may stand for anything: a name, a value, a whole clause.
 * Never throws. The same text is read once: constants are met at each of their uses.
 */
export function readSql(text: string, dialect: SqlDialect): SqlReading {
  const key = `${dialect} ${text}`;
  const known = readings.get(key);
  if (known) return known;
  const reading = readStatements(text, dialect);
  if (text.length > longestKept) return reading;
  if (readings.size >= mostKept) readings.clear();
  readings.set(key, reading);
  return reading;
}

const readings = new Map<string, SqlReading>();
const longestKept = 20_000;
const mostKept = 5_000;
