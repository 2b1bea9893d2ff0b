export type SqlDialect = 'postgres' | 'mysql' | 'mssql' | 'sqlite' | 'clickhouse' | 'cassandra' | 'unknown';

/** One mention of a real table; aliases, CTEs, table functions, temporary and system tables are none. */
export interface TableUse {
  readonly name: string;
  readonly schema?: string;
  readonly database?: string;
  readonly op: 'read' | 'write' | 'schema';
  /** `join` for every table after the first of its query level. */
  readonly via: 'query' | 'join';
  /** Uses with one number stand in one query level, so they are joined with each other. */
  readonly query: number;
  /** Of the first character of the (qualified) name in the text. */
  readonly offset: number;
}

/** A place where a table is meant whose name the text does not tell: a hole, a parameter. */
export interface UnresolvedTable {
  readonly op: TableUse['op'];
  readonly via: TableUse['via'];
  readonly query: number;
  readonly offset: number;
}

export interface ForeignKey {
  readonly table: string;
  readonly schema?: string;
  readonly references: string;
  readonly referencesSchema?: string;
  /** Of the name that is referred to. */
  readonly offset: number;
}

export interface SqlReading {
  readonly uses: readonly TableUse[];
  readonly unresolved: readonly UnresolvedTable[];
  readonly foreignKeys: readonly ForeignKey[];
  /** False where a part of the text was not understood; what was found still holds. */
  readonly complete: boolean;
}

/** Stands in the text for an expression that could not be resolved, as `${x}` of a template literal. */
export const hole = '\uFFFC';
