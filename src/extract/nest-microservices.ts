import type { CallSite, Site, Technology } from '../model/technology.ts';
import { partsOf, textOf } from '../model/texts.ts';
import { each, get, type Handle, literal, type Part, text, unknown, type Value } from '../model/value.ts';
import { injectedArgs } from './mongoose.ts';

const id = 'nest-microservices';

const transports = new Map(
  Object.entries({
    TCP: 'tcp',
    REDIS: 'redis',
    NATS: 'nats',
    MQTT: 'mqtt',
    GRPC: 'grpc',
    RMQ: 'rabbitmq',
    KAFKA: 'kafka',
  }),
);
const clientTypes = /^Client(?:Proxy|Kafka|KafkaProxy|RMQ|TCP|Redis|Nats|Mqtt|Grpc|GrpcProxy)$/;

/** Nest's messages between services: clients by token, and the servers that their options name. */
export const nestMicroservices: Technology = {
  id,
  packages: ['@nestjs/microservices'],
  call(c) {
    if (c.on?.t === 'handle') return onClient(c, c.on);
    if (c.on) return undefined;
    if (/ClientsModule\.register(?:Async)?$/.test(c.path)) {
      for (const given of c.args) register(c, given);
      return unknown;
    }
    return /ClientProxyFactory\.create$/.test(c.path) || (c.isNew && clientTypes.test(c.path))
      ? clientFrom(c, c.args[0])
      : undefined;
  },
  typed(t) {
    return clientTypes.test(t.path) ? { t: 'handle', tech: id, kind: 'client' } : undefined;
  },
  injected(i) {
    return i.path === 'Client' ? clientFrom(i, i.args[0]) : undefined;
  },
};

/** What `@Inject(token)` gives where the type is that of a client: which one is known where its token is registered. */
export function injectedClient(type: string, token: Value | undefined): Handle | undefined {
  return clientTypes.test(type) && token
    ? { t: 'handle', tech: id, kind: 'client', address: nameOf(token) }
    : undefined;
}

/** A service that is started with a transport, or connects one. */
export function startedWith(c: CallSite): void {
  const options = c.name === 'createMicroservice' ? c.args[1] : c.args[0];
  for (const one of each(options)) {
    const made = get(one, 'useFactory') ? c.ev.invoke(get(one, 'useFactory'), injectedArgs(c, one), c) : one;
    for (const o of each(made)) {
      if (o.t !== 'obj') continue;
      const { by, ...place } = placeOf(o);
      const group = by === 'kafka' ? groupOf(o) : undefined;
      c.ev.exchange(c, id, { kind: 'listen', by, ...place, ...(group ? { group } : {}) });
    }
  }
}

/** Who names no consumer group is in the one that Nest has for all such: `KAFKA_DEFAULT_GROUP`. */
function groupOf(options: Value): Value | undefined {
  const consumer = get(get(options, 'options'), 'consumer');
  return consumer === undefined ? text('nestjs-group') : get(consumer, 'groupId');
}

/** The name of a pattern: a text, or an object's keys and values in order. */
export function patternOf(v: Value | undefined): Value {
  const names = each(v).flatMap((one): Value[] => {
    if (one.t !== 'obj') return one.t === 'text' || one.t === 'num' ? [textOf(partsOf(one), undefined)] : [];
    const keys = [...one.keys()].sort();
    return [textOf(keys.flatMap((k, i): Part[] => [`${i > 0 ? ',' : ''}${k}:`, ...partsOf(one.get(k) ?? unknown)]))];
  });
  const [first] = names;
  return names.length === 1 && first ? first : names.length > 1 ? { t: 'union', of: names } : unknown;
}

/** A token is a text, a symbol or a class. */
function nameOf(token: Value): Value {
  return token.t === 'class' ? text(token.decl.name) : token;
}

/** `[{ name, transport, options }]`, the same under `clients`, or each made by a factory. */
function register(c: CallSite, given: Value): void {
  for (const list of each(get(given, 'clients') ?? given))
    for (const item of list.t === 'arr' ? list.items.flatMap(each) : [list]) {
      const name = get(item, 'name');
      if (!name) continue;
      const factory = get(item, 'useFactory');
      const made = factory ? c.ev.invoke(factory, injectedArgs(c, item), c) : item;
      for (const options of each(made)) client(c, nameOf(name), options);
      if (each(made).length === 0) c.ev.exchange(c, id, { kind: 'client', by: 'nest', name: nameOf(name) });
    }
}

function client(site: Site, name: Value, options: Value): void {
  const { by, ...place } = placeOf(options);
  site.ev.exchange(site, id, { kind: 'client', by, name, ...place });
}

/** A client without a token is known by where it is made. */
function clientFrom(site: Site, options: Value | undefined): Handle {
  const name = text(`made at ${site.origin.file}:${site.origin.at}`);
  for (const one of each(options)) client(site, name, one);
  return { t: 'handle', tech: id, kind: 'client', address: name };
}

function placeOf(v: Value): { by: string; host?: Value; port?: Value; url?: Value; queue?: Value } {
  const transport = get(v, 'transport');
  const by =
    transport?.t === 'ext'
      ? transports.get(transport.path.split('.').at(-1) ?? '')
      : transport?.t === 'num'
        ? [...transports.values()][transport.v]
        : transport === undefined
          ? 'tcp'
          : undefined;
  const options = get(v, 'options');
  const part = (key: string): Value | undefined => get(options, key);
  const isTcp = by === 'tcp' || by === 'grpc';
  // of brokers the address is that of the broker
  const host = isTcp ? part('host') : undefined;
  const port = isTcp ? part('port') : undefined;
  const url = isTcp ? part('url') : undefined;
  const queue = part('queue');
  return {
    by: by ?? 'nest',
    ...(host ? { host } : port ? { host: text('localhost') } : {}),
    ...(port ? { port } : {}),
    ...(url ? { url } : {}),
    ...(queue ? { queue } : {}),
  };
}

function onClient(c: CallSite, on: Handle): Value | undefined {
  const { address } = on;
  const via = address ? { client: address } : {};
  if (on.kind === 'grpc') {
    c.ev.exchange(c, id, {
      kind: 'call',
      by: 'grpc',
      name: text(on.name ?? ''),
      method: text(c.name),
      timeout: 'none',
      ...via,
    });
    return unknown;
  }
  switch (c.name) {
    case 'send':
      c.ev.exchange(c, id, { kind: 'call', by: 'nest', name: patternOf(c.args[0]), timeout: 'none', ...via });
      return unknown;
    case 'emit':
    case 'dispatchEvent':
      c.ev.exchange(c, id, { kind: 'publish', by: 'nest', name: patternOf(c.args[0]), ...via });
      return unknown;
    case 'getService':
    case 'getClientByServiceName':
      return { ...on, kind: 'grpc', name: literal(c.args[0]) ?? '' };
    default:
      return undefined;
  }
}
