import type { CallSite, Technology } from '../model/technology.ts';
import { each, get, type StoreRef, unknown, type Value } from '../model/value.ts';
import { injectedArgs } from './mongoose.ts';
import { openConnection } from './open-connection.ts';
import { usedFor } from './redis.ts';
import { exportOf, functionsOf, isConstruction } from './sql-driver.ts';

const id = 'queues';
const clients = ['connection', 'redis', 'client', 'pubClient', 'publisher', 'createClient'] as const;

/** Queues and brokers that live in a database: it is theirs, not the services' data. */
export const queues: Technology = {
  id,
  packages: [
    'bull',
    'bullmq',
    '@taskforcesh/bullmq-pro',
    'bee-queue',
    'kue',
    'rsmq',
    'node-resque',
    '@nestjs/bull',
    '@nestjs/bullmq',
    'agenda',
    'pg-boss',
    'graphile-worker',
    '@socket.io/redis-adapter',
    '@socket.io/redis-streams-adapter',
    '@socket.io/redis-emitter',
    'socket.io-redis',
    'socket.io-emitter',
    'graphql-redis-subscriptions',
    '@node-redis-pubsub/client',
    'redis-smq',
  ],
  call(c) {
    if (c.on && !isConstruction(c)) return onQueue(c, c.on);
    const name = exportOf(c.path);
    const [first, second] = c.args;
    switch (c.pkg) {
      case 'bull':
      case 'bee-queue':
      case 'bullmq':
      case '@taskforcesh/bullmq-pro':
        return queue(c, name);
      case 'kue':
        if (name === 'createQueue') redisOf(c, first);
        return undefined;
      case '@nestjs/bull':
      case '@nestjs/bullmq':
        return nest(c, name);
      case 'agenda':
        if (c.isNew) agenda(c, first);
        return undefined;
      case 'pg-boss':
      case 'graphile-worker':
        if (c.isNew || /^(?:run|makeWorkerUtils|runMigrations|runOnce|quickAddJob)$/.test(name)) postgres(c, first);
        return undefined;
      case '@socket.io/redis-adapter':
      case '@socket.io/redis-streams-adapter':
      case '@socket.io/redis-emitter':
        if (first?.t === 'handle' && first.store?.kind === 'open') connect(c, { ...first.store, purpose: 'queue' });
        return undefined;
      default:
        if (c.isNew || name === '' || name === 'createAdapter') redisOf(c, first ?? second);
        return undefined;
    }
  },
  typed(t) {
    return /^(?:Queue|QueuePro|FlowProducer)$/.test(t.path.split('.').at(-1) ?? '') && /bull/.test(t.pkg)
      ? { t: 'handle', tech: id, kind: 'queue' }
      : undefined;
  },
  injected(i) {
    const [name] = i.args;
    return i.path === 'InjectQueue'
      ? { t: 'handle', tech: id, kind: 'queue', ...(name ? { address: name } : {}) }
      : undefined;
  },
  declared(d) {
    const [given] = d.args;
    const name = get(given, 'name') ?? given;
    const fields = d.cls.code.units[d.cls.decl.fields];
    if (d.path !== 'Processor' || !name) return;
    const act = fields ? d.ev.genericActivation(d.cls.code, fields) : d.act;
    d.ev.exchange({ act, origin: d.origin }, id, { kind: 'consume', by: 'bull', name });
  },
};

const adds = /^(?:add|addBulk|createJob|upsertJobScheduler)$/;

/** A queue is published to by those who add jobs, and consumed by those who process them. */
function onQueue(c: CallSite, on: Value): Value | undefined {
  const name = on.t === 'handle' ? on.address : on.t === 'inst' ? c.ev.rootArgs(on)?.[0] : undefined;
  const flow = get(c.args[0], 'queueName');
  if (adds.test(c.name)) {
    c.ev.exchange(c, id, { kind: 'publish', by: 'bull', ...(flow ? { name: flow } : name ? { name } : {}) });
    return unknown;
  }
  if (c.name === 'process' && on.t === 'handle') {
    c.ev.exchange(c, id, { kind: 'consume', by: 'bull', ...(name ? { name } : {}) });
    for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
    return unknown;
  }
  return undefined;
}

const bullKinds = /^(?:|Queue|Worker|QueueEvents|FlowProducer|QueueScheduler|QueuePro|WorkerPro|QueueBase)$/;

function queue(c: CallSite, name: string): Value | undefined {
  if (!bullKinds.test(name)) return undefined;
  const options = c.args.slice(name === 'FlowProducer' ? 0 : 1).filter(a => a.t !== 'fn');
  const url = options.find(o => each(o).some(v => v.t === 'text'));
  const last = options.find(o => each(o).some(v => v.t === 'obj'));
  if (url) usedFor(c, 'queue', url, [], v => [v]);
  else if (options.length === 0 && c.pkg !== 'bullmq') usedFor(c, 'queue', undefined, [], () => undefined);
  else redisOf(c, last ?? options[0]);
  const address = c.args[0] && name !== 'FlowProducer' ? { address: c.args[0] } : {};
  if (/^Worker/.test(name)) {
    c.ev.exchange(c, id, { kind: 'consume', by: 'bull', ...(c.args[0] ? { name: c.args[0] } : {}) });
    for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
  }
  return /^(?:|Queue|QueuePro|FlowProducer)$/.test(name) && !c.on
    ? { t: 'handle', tech: id, kind: 'queue', ...address }
    : undefined;
}

/** Options of a queue: the connection stands under `connection` or `redis`, or is left to the default. */
function redisOf(c: CallSite, options: Value | undefined): void {
  if (options === undefined) return;
  usedFor(c, 'queue', options, clients, o => {
    const [place] = ['connection', 'redis'].flatMap(k =>
      each(o).flatMap(one => (one.t === 'obj' && one.keys().includes(k) ? [one.get(k) ?? unknown] : [])),
    );
    if (place) return place.t === 'bool' ? undefined : [place];
    const isPlace =
      each(o).length === 0 || o.t === 'text' || get(o, 'host') !== undefined || get(o, 'url') !== undefined;
    return isPlace ? [o] : undefined;
  });
}

function nest(c: CallSite, name: string): Value | undefined {
  const way = /^BullModule\.(forRoot|registerQueue)(Async)?$/.exec(name);
  if (!way) return undefined;
  for (const given of c.args.filter(a => a.t !== 'text')) {
    for (const one of given.t === 'arr' ? given.items : [given]) {
      const made = way[2] ? factory(c, one) : one;
      if (way[1] === 'forRoot' || get(made, 'connection') || get(made, 'redis')) redisOf(c, made);
    }
  }
  return unknown;
}

function factory(c: CallSite, options: Value): Value {
  const made = c.ev.invoke(get(options, 'useFactory'), injectedArgs(c, options), c);
  const cls = get(options, 'useClass') ?? get(options, 'useExisting');
  if (made.t !== 'unknown' || cls?.t !== 'class') return made;
  for (const method of ['createSharedConfiguration', 'createBullOptions', 'createRegisterQueueOptions']) {
    const v = c.ev.invoke(c.ev.property(c.ev.token(cls, c.act, c.origin), method, c), [], c);
    if (v.t !== 'unknown') return v;
  }
  return unknown;
}

function agenda(c: CallSite, options: Value | undefined): void {
  const db = get(options, 'db');
  const mongo = get(options, 'mongo');
  const store: StoreRef | undefined =
    mongo?.t === 'handle'
      ? mongo.store
      : openConnection({
          tech: id,
          engine: 'mongodb',
          origin: c.origin,
          url: get(db, 'address') ?? each(db).find(v => v.t === 'text'),
        });
  if (store?.kind === 'open') connect(c, { ...store, purpose: 'queue' });
}

function postgres(c: CallSite, options: Value | undefined): void {
  const pool = get(options, 'pgPool') ?? get(options, 'db');
  const store: StoreRef | undefined =
    pool?.t === 'handle'
      ? pool.store
      : openConnection({ tech: id, engine: 'postgres', origin: c.origin, url: options, options });
  if (store?.kind === 'open') connect(c, { ...store, purpose: 'queue' });
}

function connect(c: CallSite, store: StoreRef): void {
  c.ev.use(c, id, { op: 'connect', store });
}
