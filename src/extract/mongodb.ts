import type { CallSite, Site, Technology } from '../model/technology.ts';
import { partsOf, textOf } from '../model/texts.ts';
import { each, get, type Handle, literal, type Op, text, unknown, type Value } from '../model/value.ts';
import { injectedArgs } from './mongoose.ts';
import { openConnection } from './open-connection.ts';
import { runPipeline } from './pipeline.ts';
import { clientOf, defaultStore, exportOf, functionsOf, isConstruction, opened } from './sql-driver.ts';

const driver = { id: 'mongodb', engine: 'mongodb' } as const;

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));
const ops: readonly (readonly [Op, ReadonlySet<string>])[] = [
  [
    'read',
    names(
      'find findOne count countDocuments estimatedDocumentCount distinct aggregate watch mapReduce geoSearch findAsCursor',
    ),
  ],
  [
    'write',
    names(
      'insert insertOne insertMany update updateOne updateMany replaceOne save remove deleteOne deleteMany bulkWrite findAndModify findOneAndUpdate findOneAndDelete findOneAndReplace initializeOrderedBulkOp initializeUnorderedBulkOp upsert',
    ),
  ],
  ['schema', names('createIndex createIndexes ensureIndex dropIndex dropIndexes drop rename createSearchIndex')],
];
/** Names that other stores' collections share. */
const ambiguous = names('count update remove save insert watch drop rename upsert');

/** The driver of MongoDB, and what is thin around it: monk, mongojs, Fastify's plugin, Nest's modules. */
export const mongodb: Technology = {
  id: driver.id,
  packages: [
    'mongodb',
    'monk',
    'mongojs',
    'mongoist',
    '@fastify/mongodb',
    'fastify-mongodb',
    'nest-mongodb',
    'nest-mongo-driver',
  ],
  call(c) {
    if (c.on && !isConstruction(c)) return c.on.t === 'handle' ? onHandle(c, c.on) : onOwnClass(c);
    const name = exportOf(c.path);
    switch (name) {
      case 'MongoClient':
      case 'MongoClient.connect':
      case 'connect':
        return open(c, c.args[0], c.args[1]);
      case '':
        if (c.pkg === 'mongodb' || c.pkg?.includes('fastify')) return undefined;
        return asDatabase(open(c, withScheme(c.args[0]), c.args[1]));
      case 'GridFSBucket':
        return bucketOf(c.args[0], c.args[1]);
      case 'MongoModule.forRoot':
        return open(
          c,
          each(c.args[0]).find(v => v.t === 'text') ?? get(c.args[0], 'uri'),
          c.args[1]?.t === 'text' ? undefined : c.args[0],
          each(c.args[1]).find(v => v.t === 'text') ?? get(c.args[0], 'dbName'),
        );
      case 'MongoModule.forRootAsync': {
        const made = c.ev.invoke(get(c.args[0], 'useFactory'), injectedArgs(c, c.args[0]), c);
        return open(c, get(made, 'uri'), made, get(made, 'dbName'));
      }
      default:
        return undefined;
    }
  },
  member(m) {
    const { on } = m;
    if (on.t !== 'handle') return undefined;
    // mongojs names collections as members of the database
    if (on.kind === 'db' && on.name === 'open' && !databaseMethods.has(m.name))
      return collectionOf(on, text(m.name, m.origin));
    if (m.name === 's' || m.name === 'mongo') return on;
    return undefined;
  },
  typed(t) {
    const name = t.path.replace(/^.*\./, '');
    if (name === 'MongoClient' || name === 'IMonkManager') return clientOf(driver, defaultStore(t, driver));
    if (name === 'Db') return clientOf(driver, defaultStore(t, driver), 'db');
    return name === 'Collection' || name === 'ICollection'
      ? collectionOf(clientOf(driver, defaultStore(t, driver), 'db'), unknown)
      : undefined;
  },
  injected(i) {
    const store = defaultStore(i, driver);
    if (i.path === 'InjectClient') return clientOf(driver, store);
    if (i.path === 'InjectDb') return clientOf(driver, store, 'db');
    return i.path === 'InjectCollection' ? collectionOf(clientOf(driver, store, 'db'), i.args[0]) : undefined;
  },
  plugged(c) {
    if (c.pkg?.includes('fastify')) open(c, get(c.args[1], 'url'), c.args[1]);
  },
  duck(c) {
    if (c.name !== 'collection' || literal(c.args[0]) === undefined) return undefined;
    return { ...collectionOf(clientOf(driver, defaultStore(c, driver), 'db'), c.args[0]), name: 'guessed' };
  },
};

const databaseMethods = names(
  'collection get create createCollection close on once off dropDatabase runCommand adminCommand getCollectionNames listCollections stats command then catch finally connect',
);

function open(c: CallSite, url: Value | undefined, options: Value | undefined, database?: Value): Handle {
  const store = openConnection({
    tech: driver.id,
    engine: driver.engine,
    origin: c.origin,
    url,
    ...(options?.t === 'fn' ? {} : { options }),
    databaseKeys: ['dbName'],
  });
  const client = opened(c, driver, database ? { ...store, database } : store);
  for (const f of functionsOf(c.args)) c.ev.invoke(f, [unknown, client], c);
  return client;
}

/** monk and mongojs take `db/blog` for an address. */
function withScheme(url: Value | undefined): Value | undefined {
  const known = literal(url);
  return known === undefined || known.includes('://') || url?.t !== 'text'
    ? url
    : { ...url, parts: [`mongodb://${known}`] };
}

function asDatabase(client: Handle): Handle {
  return { ...client, kind: 'db', name: 'open' };
}

function onHandle(c: CallSite, on: Handle): Value | undefined {
  switch (on.kind) {
    case 'client':
      return onClient(c, on);
    case 'db':
      return onDatabase(c, on);
    case 'collection':
      return onCollection(c, on);
    case 'bucket':
      return onBucket(c, on);
    default:
      return undefined;
  }
}

function onClient(c: CallSite, on: Handle): Value | undefined {
  switch (c.name) {
    case 'db':
      return database(c, on, c.args[0]);
    case 'connect':
    case 'open':
      for (const f of functionsOf(c.args)) c.ev.invoke(f, [unknown, on], c);
      return on;
    case 'setup':
    case 'on':
      return on;
    default:
      // the second version of the driver gave the database to the callback of `connect`
      return onDatabase(c, on);
  }
}

function database(c: CallSite, client: Handle, name: Value | undefined): Handle {
  const { store } = client;
  if (!name || !store) return { ...client, kind: 'db' };
  if (store.kind === 'default') return { ...client, kind: 'db', extra: { database: name } };
  return opened(c, driver, { ...store, database: name }, 'db');
}

function onDatabase(c: CallSite, on: Handle): Value | undefined {
  const [first] = c.args;
  switch (c.name) {
    case 'collection':
    case 'get': {
      const collection = collectionOf(on, first);
      for (const f of functionsOf(c.args)) c.ev.invoke(f, [unknown, collection], c);
      return collection;
    }
    case 'createCollection':
      touch(c, collectionOf(on, first), 'schema');
      return collectionOf(on, first);
    case 'dropCollection':
      touch(c, collectionOf(on, first), 'schema');
      return unknown;
    case 'db':
    case 'sibling':
    case 'getSiblingDB':
      return database(c, on, first);
    case 'aggregate':
      if (on.store) runPipeline(c, driver.id, on.store, first);
      return undefined;
    default:
      return undefined;
  }
}

function collectionOf(db: Handle, table: Value | undefined): Handle {
  return {
    t: 'handle',
    tech: driver.id,
    kind: 'collection',
    table: table ?? unknown,
    ...(db.store ? { store: db.store } : {}),
    ...(db.extra ? { extra: db.extra } : {}),
  };
}

function onCollection(c: CallSite, on: Handle): Value | undefined {
  const isGuess = on.name === 'guessed';
  const [op] = ops.find(([, set]) => set.has(c.name)) ?? [];
  if (!op || !on.store || (isGuess && ambiguous.has(c.name)))
    return c.name === 'withOptions' || c.name === 'initialize' ? on : undefined;
  const query = c.name === 'aggregate' ? c.ev.query() : undefined;
  const how = { ...(query === undefined ? {} : { query }), ...(isGuess ? { guessed: true } : {}) };
  touch(c, on, op, how);
  if (c.name === 'aggregate') runPipeline(c, driver.id, on.store, c.args[0], how);
  if (c.name === 'rename') touch(c, { ...on, table: c.args[0] ?? unknown }, op, how);
  return undefined;
}

function touch(
  site: Site,
  on: Handle,
  op: Op,
  how: { readonly query?: number; readonly guessed?: boolean } = {},
): void {
  const database = on.extra?.database;
  if (on.store)
    site.ev.use(site, driver.id, {
      op,
      store: on.store,
      table: on.table ?? unknown,
      ...(database ? { database } : {}),
      ...how,
    });
}

function bucketOf(db: Value | undefined, options: Value | undefined): Value | undefined {
  const [handle] = each(db).filter(v => v.t === 'handle');
  if (!handle) return undefined;
  const name = get(options, 'bucketName') ?? text('fs');
  return { ...collectionOf(handle, textOf([...partsOf(name), '.files'])), kind: 'bucket' };
}

function onBucket(c: CallSite, on: Handle): Value | undefined {
  if (/^(?:openUploadStream|uploadFrom|delete|rename|drop)/.test(c.name)) touch(c, on, 'write');
  else if (/^(?:openDownloadStream|downloadTo|find)/.test(c.name)) touch(c, on, 'read');
  return undefined;
}

/** A class that extends the client stands for what this process opens. */
function onOwnClass(c: CallSite): Value | undefined {
  return onClient(c, clientOf(driver, defaultStore(c, driver)));
}
