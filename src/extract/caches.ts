import type { CallSite, Technology } from '../model/technology.ts';
import { each, get, unknown, type Value } from '../model/value.ts';
import { injectedArgs } from './mongoose.ts';
import { usedFor } from './redis.ts';
import { exportOf } from './sql-driver.ts';

const id = 'caches';
const stores: readonly string[] = [
  'cache-manager-redis-store',
  'cache-manager-redis-yet',
  'cache-manager-ioredis',
  'cache-manager-ioredis-yet',
  '@tirke/node-cache-manager-ioredis',
  'cache-manager-redis',
  '@keyv/redis',
  '@keyv/valkey',
  '@type-cacheable/redis-adapter',
];
const limiters: readonly string[] = [
  'rate-limit-redis',
  'rate-limiter-flexible',
  'nestjs-throttler-storage-redis',
  '@nest-lab/throttler-storage-redis',
  '@upstash/ratelimit',
  'redlock',
  'express-redis-cache',
  'apicache',
  'apollo-server-cache-redis',
];

/** Caches, rate limits and locks in Redis. A cache in memory is no datastore. */
export const caches: Technology = {
  id,
  packages: ['cache-manager', '@nestjs/cache-manager', 'keyv', ...stores, ...limiters],
  call(c) {
    const name = exportOf(c.path);
    const pkg = c.pkg ?? '';
    const [first, second] = c.args;
    if (stores.includes(pkg)) return open(c, first);
    if (limiters.includes(pkg)) {
      if (
        /^(?:RateLimiter(?:Memory|Res|Union|Postgres|Mongo|MySQL|Memcache|Cluster.*|Queue|Drizzle|Prisma|SQLite|DynamoDB|Etcd.*))$/.test(
          name,
        )
      )
        return undefined;
      if (c.isNew || name === '' || name === 'create') open(c, first);
      return undefined;
    }
    if (pkg === '@nestjs/cache-manager') return nest(c, name);
    if (pkg === 'cache-manager' && (name === 'caching' || name === 'createCache')) fromStore(c, first, second);
    if (pkg === 'keyv' && c.isNew) {
      const url = each(first).find(v => v.t === 'text');
      if (url?.t === 'text' && url.parts.some(p => typeof p === 'string' && /^rediss?:/.test(p))) open(c, url);
    }
    return undefined;
  },
  duck(c) {
    // the module stood in Nest's own package before its version 10
    if (c.pkg !== '@nestjs/common' || c.on?.t !== 'ext') return undefined;
    return nest(c, c.on.path);
  },
};

function nest(c: CallSite, name: string): Value | undefined {
  const [, way] = /^CacheModule\.register(Async)?$/.exec(name) ?? [];
  if (!name.startsWith('CacheModule.register')) return undefined;
  const [first] = c.args;
  const made = way ? c.ev.invoke(get(first, 'useFactory'), injectedArgs(c, first), c) : first;
  for (const one of each(made)) fromStore(c, get(one, 'store'), one);
  return unknown;
}

/** The store is given as the package that makes it, with the options beside it. */
function fromStore(c: CallSite, store: Value | undefined, options: Value | undefined): void {
  const found = [store, get(store, 'store')].flatMap(each).find(v => v.t === 'ext' && stores.includes(v.pkg));
  if (found) open(c, found === store ? options : store);
}

function open(c: CallSite, options: Value | undefined): Value {
  usedFor(c, 'cache', options, ['client', 'redisInstance', 'storeClient', 'redis', 'connection'], o => {
    if (get(o, 'sendCommand') || get(o, 'storeClient')) return undefined;
    const config = get(o, 'config');
    return config?.t === 'obj' ? [config] : [o];
  });
  if (options === undefined) usedFor(c, 'cache', undefined, [], () => []);
  return { t: 'handle', tech: id, kind: 'store' };
}
