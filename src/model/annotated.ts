import type { Annotation } from './annotations.ts';
import type { Server } from './discovery.ts';
import { engineName, type Identity, shown } from './stores.ts';

const withoutDatabase: readonly string[] = ['elasticsearch', 'opensearch', 'dynamodb', 'tigerbeetle'];
const withDatabase: readonly string[] = [
  'postgres',
  'mysql',
  'mssql',
  'oracle',
  'sqlite',
  'mongodb',
  'redis',
  'cassandra',
  'clickhouse',
];

/** The datastore that an annotation names: one that other connections lead to, or one that nothing else names. */
export function annotatedIdentity(
  { value, at }: Annotation,
  known: ReadonlyMap<string, Identity>,
  servers: readonly Server[],
): Identity {
  const same = known.get(value.toLowerCase());
  if (same) {
    const { key, engine, server, database, schema, serverAt } = same;
    const parts = { ...(server ? { server } : {}), ...(database ? { database } : {}), ...(schema ? { schema } : {}) };
    return { ...said(at), key, engine, ...parts, ...(serverAt ? { serverAt } : {}) };
  }
  const [, kind = '', server = '', database] = /^([^:]*):([^/]*)(?:\/(.*))?$/.exec(value) ?? [];
  const engine = engineName(kind);
  const found = servers.find(one => one.name === server && engineName(one.engine) === engine);
  return {
    ...said(at),
    key: `${engine} said ${value.toLowerCase()}`,
    engine,
    ...(engine === 'dynamodb' ? { database: server } : { server, ...(database === undefined ? {} : { database }) }),
    ...(found ? { serverAt: found } : {}),
  };
}

function said(at: Annotation['at']) {
  return { evidence: [], known: true, given: true, said: at } as const;
}

/** What is known of a datastore, as its id, with a name in angle brackets for each part that is not. */
export function idToFillIn({ engine, server, database }: Identity): string {
  const kind = withDatabase.includes(engine) || withoutDatabase.includes(engine) ? engine : '<engine>';
  if (engine === 'dynamodb') return 'dynamodb:<table>';
  const place = knownPart(server) ?? '<server>';
  return withoutDatabase.includes(engine)
    ? `${kind}:${place}`
    : `${kind}:${place}/${knownPart(database) ?? '<database>'}`;
}

function knownPart(part: string | undefined): string | undefined {
  return part === undefined || /^$|^\$/.test(shown(part) ?? '') ? undefined : part;
}
