import type { Purpose } from '../model/system.ts';
import type { CallSite, Site, Technology } from '../model/technology.ts';
import { each, get, type Handle, literal, type StoreRef, unknown, type Value } from '../model/value.ts';
import { injectedArgs } from './mongoose.ts';
import { openConnection } from './open-connection.ts';
import { passedThrough } from './redis-messages.ts';
import { defaultStore, exportOf, functionsOf, isConstruction } from './sql-driver.ts';

const driver = { id: 'redis', engine: 'redis' } as const;

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));
const reads = names(
  'get mget getrange getbit strlen exists ttl pttl type keys scan scaniterator scanstream dbsize randomkey dump object bitcount bitpos hget hgetall hmget hkeys hvals hlen hexists hstrlen hscan hscaniterator hscanstream hrandfield ' +
    'lrange llen lindex lpos smembers sismember smismember scard sscan sscaniterator sscanstream srandmember sinter sunion sdiff sintercard zrange zrangebyscore zrangebylex zrangewithscores zrangebyscorewithscores zrevrange zrevrangebyscore zrank zrevrank zscore zmscore zcard zcount zlexcount zscan zscaniterator ' +
    'xrange xrevrange xread xreadgroup xlen xinfo xpending pfcount geodist geohash geopos geosearch georadius georadiusbymember search aggregate arrlen objkeys',
);
const writes = names(
  'set setex psetex setnx mset msetnx getset getdel getex append setrange setbit incr incrby incrbyfloat decr decrby del unlink expire expireat pexpire pexpireat persist rename renamenx copy move restore touch flushdb flushall ' +
    'hset hmset hsetnx hdel hincrby hincrbyfloat hexpire lpush rpush lpushx rpushx lpop rpop lrem lset ltrim linsert lmove blmove rpoplpush brpoplpush blpop brpop sadd srem spop smove sinterstore sunionstore sdiffstore ' +
    'zadd zrem zincrby zpopmin zpopmax bzpopmin bzpopmax zremrangebyscore zremrangebyrank zremrangebylex zunionstore zinterstore zrangestore xadd xdel xack xtrim xgroup xgroupcreate xclaim xautoclaim pfadd pfmerge geoadd geosearchstore bitop bitfield eval evalsha evalsha_ro fcall numincrby merge arrappend arrinsert arrpop arrtrim toggle strappend create alter dropindex',
);
const channels = names('publish spublish subscribe psubscribe ssubscribe');
const same = names(
  'connect duplicate on once off multi pipeline batch withtypemapping client asap legacy reset select',
);
const opens = names(
  'createClient createClientPool createCluster createSentinel Redis Redis.createClient Redis.Cluster Cluster createPool Valkey',
);
const types =
  /^(?:Redis|Valkey|IORedis|Cluster|RedisClient|RedisClientType|RedisClusterType|RedisClientOptions|RedisCommander|Commander|RedisModules|default|default\.Redis|Pipeline|ChainableCommander|RedisClientPoolType)$/;

/** Redis and its clients, with Nest's and Fastify's wrappers. Its keys are no tables: only the database itself is told. */
export const redis: Technology = {
  id: driver.id,
  packages: [
    'redis',
    '@redis/client',
    'ioredis',
    'iovalkey',
    'async-redis',
    'handy-redis',
    'tedis',
    '@upstash/redis',
    '@vercel/kv',
    '@fastify/redis',
    'fastify-redis',
    '@nestjs-modules/ioredis',
    '@liaoliaots/nestjs-redis',
    '@songkeys/nestjs-redis',
    'nestjs-redis',
    '@svtslv/nestjs-ioredis',
    '@nestjs-redis/client',
  ],
  call(c) {
    if (c.on && !isConstruction(c))
      return c.on.t === 'handle' ? onHandle(c, c.on) : onClient(c, clientOf(defaultStore(c, driver)));
    const name = exportOf(c.path);
    if (opens.has(name) || (name === '' && (c.pkg === 'ioredis' || c.pkg === 'iovalkey')))
      return open(c, c.args, /(?:Cluster|Sentinel)$/.test(name));
    if (name === 'Redis.fromEnv') return open(c, []);
    // Vercel's `kv` stands for a client of its own
    if (c.pkg === '@vercel/kv' && name.startsWith('kv.')) return onClient(c, clientOf(openRedis(c, [])));
    return /Module\.(?:forRoot|register)(?:Async)?$/.test(name) ? moduleOf(c, name) : undefined;
  },
  member(m) {
    // modules of a client: `client.json.set`
    return m.on.t === 'handle' && /^(?:json|ft|graph|ts|bf|cf|tDigest|client|redis)$/i.test(m.name) ? m.on : undefined;
  },
  typed(t) {
    const name = t.path.replace(/^.*\.(?=Redis|Cluster)/, '');
    if (/^(?:Redis|Valkey|Ioredis)(?:Manager|Service)$/.test(name))
      return { ...clientOf(defaultStore(t, driver)), kind: 'service' };
    return types.test(name) ? clientOf(defaultStore(t, driver)) : undefined;
  },
  injected(i) {
    return /^Inject(?:Redis|Valkey|Cluster)/.test(i.path) ? clientOf(defaultStore(i, driver, i.args[0])) : undefined;
  },
  plugged(c) {
    if (!c.pkg?.includes('fastify')) return;
    const client = get(c.args[1], 'client');
    if (client?.t !== 'handle') open(c, c.args[1] ? [c.args[1]] : []);
  },
  duck(c) {
    if (!/^(?:redis|redisClient|ioredis)$/i.test(c.receiver) || c.args.length === 0) return undefined;
    const op = opOf(c.name);
    if (op === undefined || literal(c.args[0]) === undefined) return undefined;
    c.ev.use(c, driver.id, { op, store: defaultStore(c, driver), guessed: true });
    return unknown;
  },
};

function clientOf(store: StoreRef): Handle {
  return { t: 'handle', tech: driver.id, kind: 'client', store };
}

function open(c: Site, args: readonly Value[], byNodes = false): Handle {
  const one = openRedis(c, args);
  const store = byNodes ? { ...one, nodes: true as const } : one;
  c.ev.use(c, driver.id, { op: 'connect', store });
  return clientOf(store);
}

/** `(url, options)`, `(port, host, options)`, `(options)`, `(nodes, options)` or nothing. */
export function openRedis(site: Site, args: readonly Value[], purpose?: Purpose): StoreRef & { kind: 'open' } {
  const [first, second, third] = args;
  const base = { tech: driver.id, engine: driver.engine, origin: site.origin, ...(purpose ? { purpose } : {}) };
  if (args.length === 0) return { kind: 'open', ...base };
  const isPort = first?.t === 'num' || (second?.t === 'text' && first?.t !== 'obj');
  if (isPort && first) {
    const host = second?.t === 'text' ? { host: second } : {};
    return {
      ...openConnection({
        ...base,
        options:
          third ??
          (second?.t === 'obj'
            ? second
            : { t: 'obj', sig: '', origin: site.origin, get: () => undefined, keys: () => [] }),
      }),
      ...host,
      port: first,
    };
  }
  const nodes =
    first?.t === 'arr'
      ? first
      : (get(first, 'rootNodes') ?? get(first, 'sentinels') ?? get(first, 'sentinelRootNodes') ?? get(first, 'nodes'));
  const node = nodes?.t === 'arr' ? nodes.items[0] : undefined;
  if (node) {
    const inner = get(second, 'redisOptions') ?? get(first, 'defaults');
    return {
      ...(inner ? openConnection({ ...base, options: inner }) : { kind: 'open', ...base }),
      ...placeOf(openConnection({ ...base, url: node, options: node })),
      nodes: true,
    };
  }
  return openConnection({ ...base, url: first, options: first?.t === 'obj' ? first : second });
}

function placeOf(
  store: StoreRef & { kind: 'open' },
): Partial<Pick<StoreRef & { kind: 'open' }, 'url' | 'host' | 'port'>> {
  return {
    ...(store.url ? { url: store.url } : {}),
    ...(store.host ? { host: store.host } : {}),
    ...(store.port ? { port: store.port } : {}),
  };
}

/** Nest's modules take the options of one client or a list of them, under `config` or not. */
function moduleOf(c: CallSite, name: string): Value {
  const [first] = c.args;
  const made = name.endsWith('Async') ? c.ev.invoke(get(first, 'useFactory'), injectedArgs(c, first), c) : first;
  for (const one of each(made)) {
    const config = get(one, 'config') ?? one;
    for (const options of config.t === 'arr' ? config.items.flatMap(each) : [config]) {
      const inner = get(options, 'options');
      const url = get(options, 'url');
      const key = get(options, 'namespace') ?? get(options, 'name') ?? get(first, 'connectionName');
      const store = openRedis(c, url ? [url, ...(inner ? [inner] : [])] : [inner ?? options]);
      c.ev.use(c, driver.id, {
        op: 'connect',
        store: key && literal(key) !== undefined ? { ...store, name: key } : store,
      });
    }
  }
  if (made === undefined || each(made).length === 0) open(c, [unknown]);
  return unknown;
}

function onHandle(c: CallSite, on: Handle): Value | undefined {
  if (on.kind === 'service') return /^get/.test(c.name) ? clientOf(defaultStore(c, driver, c.args[0])) : undefined;
  return onClient(c, on);
}

function onClient(c: CallSite, on: Handle): Value | undefined {
  const { store } = on;
  if (!store) return undefined;
  const name = plain(c.name);
  if (same.has(name)) {
    for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
    return name === 'multi' || name === 'pipeline' || name === 'batch' ? { ...on, kind: 'multi' } : on;
  }
  if (name === 'sendcommand' || name === 'call') {
    const [first] = c.args;
    const word = literal(first?.t === 'arr' ? first.items[0] : first);
    const op = word === undefined ? undefined : opOf(word);
    if (op) c.ev.use(c, driver.id, { op, store });
    // commands of another library are handed through: a store of rate limits
    else if (word === undefined && store.kind === 'open')
      c.ev.use(c, driver.id, { op: 'connect', store: { ...store, purpose: 'cache' } });
    return undefined;
  }
  if (channels.has(name)) {
    for (const channel of c.args[0]?.t === 'arr' ? c.args[0].items : [c.args[0]])
      c.ev.exchange(c, driver.id, {
        kind: name.endsWith('publish') ? 'publish' : 'consume',
        by: 'redis',
        ...(channel ? { name: channel } : {}),
      });
  }
  if (channels.has(name) && store.kind === 'open')
    c.ev.use(c, driver.id, { op: name.endsWith('publish') ? 'write' : 'read', store: { ...store, purpose: 'queue' } });
  passedThrough(c, name);
  const op = opOf(name);
  if (op) c.ev.use(c, driver.id, { op, store });
  return on.kind === 'multi' && name !== 'exec' ? on : undefined;
}

function opOf(name: string): 'read' | 'write' | undefined {
  const bare = plain(name);
  return reads.has(bare) ? 'read' : writes.has(bare) ? 'write' : undefined;
}

/** `hGetAll`, `HGETALL`, `hgetallBuffer` and `hgetallAsync` are one command. */
function plain(name: string): string {
  const lower = name.toLowerCase();
  const bare = lower.replace(/(?:buffer|async)$/, '');
  return bare === '' ? lower : bare;
}

function hasCommands(v: Value): boolean {
  return v.t === 'obj' && v.keys().some(k => opOf(k) !== undefined && v.get(k)?.t === 'fn');
}

/**
 * Records that a library uses a store for its own purpose: one that it is handed as a client, or opens by its options.
 */
export function usedFor(
  site: Site,
  purpose: Purpose,
  given: Value | undefined,
  keys: readonly string[],
  own: (options: Value) => readonly Value[] | undefined,
): void {
  for (const one of [given, ...keys.map(k => get(given, k))]) {
    const clients = each(one)
      .flatMap(v => (v.t === 'arr' ? each(v.items[0]) : [v]))
      .filter(v => v.t === 'handle');
    for (const { store } of clients)
      if (store?.kind === 'open') site.ev.use(site, driver.id, { op: 'connect', store: { ...store, purpose } });
    // a client that something else opened is told there, and what an object of commands does in its functions
    if (clients.length > 0 || each(one).some(hasCommands)) return;
  }
  const args = given === undefined ? [] : own(given);
  // what is given but not to be told is a place all the same
  if (args) site.ev.use(site, driver.id, { op: 'connect', store: openRedis(site, args, purpose) });
}
