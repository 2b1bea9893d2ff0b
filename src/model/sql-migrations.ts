import { classifySqlFile, dialectOf, readSqlFile } from '../extract/sql-files.ts';
import type { ServiceUse } from './assemble.ts';
import { isOutput } from './production.ts';
import type { Sources } from './sources.ts';
import type { SourceTree } from './tree.ts';
import { text } from './value.ts';

/** The technology of uses that stand in `.sql` files: they go to the datastore of whoever the file belongs to. */
export const sqlFiles = 'sql-file';

/** What the migrations written in SQL make, each of the service or library in whose folder it stands. */
export function sqlMigrations(tree: SourceTree, sources: Sources): ServiceUse[] {
  return tree.files.flatMap(file => {
    if (!file.endsWith('.sql') || isOutput(file) || /(^|\/)(tests?|__tests__|fixtures)\//.test(file)) return [];
    const service = sources.ownerOf(file);
    const kind = classifySqlFile(file);
    if (!service || (kind !== 'migration' && kind !== 'init')) return [];
    const source = tree.read(file);
    if (source === undefined) return [];
    const dialect = dialectOf(file, source);
    const engine = dialect === 'unknown' ? {} : { engine: dialect };
    const reading = readSqlFile(file, source);
    const found = reading.uses
      .filter(u => u.op === 'schema')
      .map((u): ServiceUse => {
        const origin = { file, at: u.offset };
        return {
          service,
          from: origin,
          own: true,
          use: {
            op: 'schema',
            tech: sqlFiles,
            store: { kind: 'default', tech: sqlFiles, origin, ...engine },
            table: text(u.name, origin),
            via: 'query',
            origin,
            ...(u.schema === undefined ? {} : { schema: text(u.schema) }),
          },
        };
      });
    const keys = reading.foreignKeys.map((k): ServiceUse => {
      const origin = { file, at: k.offset };
      return {
        service,
        from: origin,
        own: true,
        use: {
          op: 'schema',
          tech: sqlFiles,
          store: { kind: 'default', tech: sqlFiles, origin, ...engine },
          table: text(k.references, origin),
          from: text(k.table, origin),
          via: 'foreign-key',
          origin,
          ...(k.referencesSchema === undefined ? {} : { schema: text(k.referencesSchema) }),
        },
      };
    });
    return [...found, ...keys];
  });
}
