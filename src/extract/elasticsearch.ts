import type { CallSite, Site, Technology } from '../model/technology.ts';
import { each, get, type Handle, literal, type Op, type StoreRef, text, unknown, type Value } from '../model/value.ts';
import { injectedArgs } from './mongoose.ts';
import { openConnection } from './open-connection.ts';
import { defaultStore, exportOf, functionsOf, isConstruction, opened } from './sql-driver.ts';

const driver = { id: 'elasticsearch', engine: 'elasticsearch' } as const;

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));
const ops: readonly (readonly [Op, ReadonlySet<string>])[] = [
  [
    'read',
    names(
      'search get getSource count exists existsSource explain mget msearch searchTemplate msearchTemplate termvectors mtermvectors fieldCaps openPointInTime scrollSearch scrollDocuments asyncSearch.submit graph.explore',
    ),
  ],
  ['write', names('index create update delete updateByQuery deleteByQuery bulk')],
];
const schemaOps = names(
  'create delete putMapping putSettings putAlias deleteAlias updateAliases putTemplate putIndexTemplate rollover clone shrink split open close createDataStream deleteDataStream',
);

/** Elasticsearch and OpenSearch, with Nest's modules. Indexes are tables; health and the like are no use of data. */
export const elasticsearch: Technology = {
  id: driver.id,
  packages: [
    '@elastic/elasticsearch',
    '@elastic/elasticsearch-serverless',
    'elasticsearch',
    '@opensearch-project/opensearch',
    '@nestjs/elasticsearch',
    'nestjs-opensearch',
    '@fastify/elasticsearch',
    'fastify-elasticsearch',
  ],
  call(c) {
    if (c.on && !isConstruction(c)) return onClient(c, c.on.t === 'handle' ? c.on : clientOf(defaultStore(c, driver)));
    const name = exportOf(c.path);
    if (name === 'Client') return open(c, c.args[0]);
    if (!/^(?:Elasticsearch|Opensearch|OpenSearch)Module\.(?:forRoot|register)(?:Async)?$/.test(name)) return undefined;
    return open(
      c,
      name.endsWith('Async') ? c.ev.invoke(get(c.args[0], 'useFactory'), injectedArgs(c, c.args[0]), c) : c.args[0],
    );
  },
  member(m) {
    const { on } = m;
    if (on.t !== 'handle') return undefined;
    if (on.kind === 'client' && /^(?:indices|helpers|asyncSearch|client|diagnostic|graph)$/.test(m.name))
      return { ...on, kind: m.name === 'indices' || m.name === 'helpers' ? m.name : 'client' };
    // health, nodes and snapshots of the cluster
    return on.kind === 'client' &&
      /^(?:cluster|cat|nodes|ilm|snapshot|tasks|security|ingest|ml|license|monitoring)$/.test(m.name)
      ? unknown
      : undefined;
  },
  typed(t) {
    return /(?:^|\.)(?:Client|ElasticsearchService|OpensearchClient|OpensearchService)$/.test(t.path)
      ? clientOf(defaultStore(t, driver))
      : undefined;
  },
  injected(i) {
    return /^InjectOpensearchClient$/i.test(i.path) ? clientOf(defaultStore(i, driver)) : undefined;
  },
  plugged(c) {
    if (c.pkg?.includes('fastify')) open(c, c.args[1]);
  },
  duck(c) {
    if (c.receiver !== 'elastic' && c.receiver !== 'elasticsearch' && c.receiver !== 'opensearch') return undefined;
    const op = opOf('client', c.name);
    const index = get(c.args[0], 'index');
    if (!op || literal(index) === undefined) return undefined;
    touch(c, defaultStore(c, driver), op, index, true);
    return unknown;
  },
};

function clientOf(store: StoreRef, kind = 'client'): Handle {
  return { t: 'handle', tech: driver.id, kind, store };
}

function open(c: CallSite, options: Value | undefined): Value {
  const node = [get(options, 'node'), get(options, 'nodes'), get(options, 'hosts')]
    .flatMap(v => each(v))
    .flatMap(v => (v.t === 'arr' ? v.items.slice(0, 1).flatMap(each) : [v]))[0];
  const url = node?.t === 'obj' ? (get(node, 'url') ?? get(node, 'host')) : node;
  const cloud = get(get(options, 'cloud'), 'id');
  const user = get(get(options, 'auth'), 'username');
  const store = openConnection({
    tech: driver.id,
    engine: driver.engine,
    origin: c.origin,
    ...((url ?? cloud) ? { url: url ?? cloud } : {}),
    options: url || cloud ? undefined : options,
  });
  return opened(c, driver, user ? { ...store, user } : store);
}

function onClient(c: CallSite, on: Handle): Value | undefined {
  const { store } = on;
  if (!store) return undefined;
  const [first] = c.args;
  for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
  if (c.name === 'child') return on;
  if (on.kind === 'indices') {
    if (schemaOps.has(c.name)) touch(c, store, 'schema', get(first, 'index') ?? get(first, 'name'));
    return undefined;
  }
  if (on.kind === 'helpers' && c.name === 'bulk') {
    bulk(c, store, get(first, 'index'), c.ev.invoke(get(first, 'onDocument'), [unknown], c));
    return undefined;
  }
  const inner = get(first, 'body');
  switch (c.name) {
    case 'bulk':
      bulk(c, store, get(first, 'index'), get(first, 'operations') ?? inner ?? get(first, 'body'));
      return undefined;
    case 'msearch':
      for (const index of indexesIn(get(first, 'searches') ?? inner, get(first, 'index')))
        touch(c, store, 'read', index);
      return undefined;
    case 'reindex': {
      const body = inner ?? first;
      touch(c, store, 'read', get(get(body, 'source'), 'index'));
      touch(c, store, 'write', get(get(body, 'dest'), 'index'));
      return undefined;
    }
    default: {
      const op = opOf(on.kind, c.name);
      if (op) touch(c, store, op, get(first, 'index'));
      return undefined;
    }
  }
}

function opOf(kind: string, name: string): Op | undefined {
  if (kind === 'indices') return undefined;
  return ops.find(([, set]) => set.has(name))?.[0];
}

/** Actions and documents in turn; an action may name an index of its own. */
function bulk(c: CallSite, store: StoreRef, index: Value | undefined, operations: Value | undefined): void {
  for (const one of indexesIn(operations, index)) touch(c, store, 'write', one);
}

function indexesIn(list: Value | undefined, general: Value | undefined): readonly (Value | undefined)[] {
  const found = flat(list, 0).flatMap(item => {
    const own = get(item, 'index');
    const actions = ['index', 'create', 'update', 'delete'].flatMap(a => get(get(item, a), '_index') ?? []);
    return [...actions, ...(own && own.t !== 'obj' ? [own] : [])];
  });
  return found.length > 0 ? found : [general];
}

function flat(v: Value | undefined, depth: number): readonly Value[] {
  return each(v).flatMap(one => (one.t === 'arr' && depth < 4 ? one.items.flatMap(i => flat(i, depth + 1)) : [one]));
}

function touch(site: Site, store: StoreRef, op: Op, index: Value | undefined, guessed = false): void {
  const how = guessed ? { guessed } : {};
  const given = each(index).flatMap(v => (v.t === 'arr' ? v.items.flatMap(each) : [v]));
  const tables = given.flatMap((v): Value[] => {
    const known = literal(v);
    return known?.includes(',') ? known.split(',').map(k => text(k.trim(), site.origin)) : [v];
  });
  for (const table of tables.length > 0 ? tables : [unknown])
    site.ev.use(site, driver.id, { op, store, table, ...how });
}
