import { type SqlDialect, type SqlReading } from './sql-reading.ts';
import { readStatements } from './sql-statements.ts';

export type { ForeignKey, SqlDialect, SqlReading, TableUse, UnresolvedTable } from './sql-reading.ts';
export { hole } from './sql-reading.ts';
export { looksLikeSql } from './sql-shape.ts';

export function readSql(text: string, dialect: SqlDialect): SqlReading {
  return readStatements(text, dialect);
}
