import type { CallSite, Site, Technology } from '../model/technology.ts';
import {
  type Exchange,
  each,
  get,
  type Handle,
  literal,
  type ObjectValue,
  text,
  unknown,
  type Value,
} from '../model/value.ts';
import { functionsOf } from './sql-driver.ts';

const id = 'amqp';
const by = 'rabbitmq';

/** RabbitMQ by amqplib and what wraps it: exchanges, queues, and what binds them. */
export const amqp: Technology = {
  id,
  packages: ['amqplib', 'amqp-connection-manager', 'amqp-ts', 'amqp-ts-async', '@golevelup/nestjs-rabbitmq'],
  call(c) {
    if (c.on?.t === 'handle') return onHandle(c, c.on);
    if (c.on) return undefined;
    const name = c.name;
    if (/^(?:connect|Connection|createConnection)$/.test(name)) return given(c, handle('connection'));
    return undefined;
  },
  typed(t) {
    const name = t.path.split('.').at(-1) ?? '';
    if (/^(?:Channel|ConfirmChannel|ChannelWrapper)$/.test(name)) return handle('channel');
    if (/^(?:Connection|ChannelModel|AmqpConnectionManager|IAmqpConnectionManager)$/.test(name))
      return handle('connection');
    return name === 'AmqpConnection' ? handle('channel') : undefined;
  },
};

function handle(kind: string, address?: Value): Handle {
  return { t: 'handle', tech: id, kind, ...(address ? { address } : {}) };
}

/** Gives a value to who waits for it, and to a callback `(error, value)`. */
function given<T extends Value>(c: CallSite, v: T): T {
  for (const f of functionsOf(c.args)) c.ev.invoke(f, [unknown, v], c);
  return v;
}

function onHandle(c: CallSite, on: Handle): Value | undefined {
  switch (on.kind) {
    case 'connection':
      return onConnection(c, on);
    case 'channel':
      return onChannel(c, on);
    case 'exchange':
      if (c.name === 'send' || c.name === 'publish') publish(c, on.address, c.args[1] ?? text(''));
      if (/^(?:activateConsumer|startConsumer)$/.test(c.name)) consumeFrom(c, on.address, undefined, anonymous(c));
      if (c.name === 'bind') bind(c, on, c.args[0]);
      break;
    case 'queue':
      if (c.name === 'send' || c.name === 'publish')
        c.ev.exchange(c, id, { kind: 'publish', by, ...(on.address ? { queue: on.address } : {}) });
      if (/^(?:activateConsumer|startConsumer)$/.test(c.name))
        c.ev.exchange(c, id, { kind: 'consume', by, ...(on.address ? { queue: on.address } : {}) });
      if (c.name === 'bind') bind(c, on, c.args[0]);
      break;
    default:
  }
  for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
  return undefined;
}

function onConnection(c: CallSite, on: Handle): Value | undefined {
  if (/^create(?:Confirm)?Channel$/.test(c.name)) {
    const channel = handle('channel');
    const setup = get(c.args[0], 'setup');
    if (setup) c.ev.invoke(setup, [channel], c);
    return given(c, channel);
  }
  if (c.name === 'declareExchange') return handle('exchange', c.args[0]);
  if (c.name === 'declareQueue') return handle('queue', named(c, c.args[0]));
  return c.name === 'completeConfiguration' ? on : undefined;
}

function onChannel(c: CallSite, on: Handle): Value | undefined {
  const [first, second, third] = c.args;
  switch (c.name) {
    case 'assertQueue':
    case 'checkQueue':
      return given(c, answer(c, 'queue', named(c, first)));
    case 'assertExchange':
      return given(c, answer(c, 'exchange', first ?? unknown));
    case 'bindQueue':
      c.ev.exchange(c, id, {
        kind: 'bind',
        by,
        ...(first ? { queue: first } : {}),
        ...(second ? { name: second } : {}),
        ...(third ? { key: third } : {}),
      });
      return unknown;
    case 'publish':
      if (literal(first) === '') c.ev.exchange(c, id, { kind: 'publish', by, ...(second ? { queue: second } : {}) });
      else publish(c, first, second);
      return unknown;
    case 'request':
      c.ev.exchange(c, id, { kind: 'publish', by, ...keyed(get(first, 'exchange'), get(first, 'routingKey')) });
      return unknown;
    case 'sendToQueue':
      // an answer goes to the queue that the question names
      if (isReply(first)) return unknown;
      c.ev.exchange(c, id, { kind: 'publish', by, ...(first ? { queue: first } : {}) });
      return unknown;
    case 'consume':
    case 'get':
      c.ev.exchange(c, id, {
        kind: 'consume',
        by,
        ...(first ? { queue: first } : {}),
        ...(c.args[1] ? { handler: c.args[1] } : {}),
        ...unacknowledged(c, c.name === 'get' ? second : third),
      });
      for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
      return unknown;
    case 'addSetup':
      c.ev.invoke(first, [on], c);
      return unknown;
    default:
      return undefined;
  }
}

/** `{ noAck: true }`: the broker forgets a message as soon as it has sent it. */
function unacknowledged(c: Site, options: Value | undefined): Pick<Exchange, 'acknowledged'> {
  const noAck = get(options, 'noAck');
  return noAck?.t === 'bool' && noAck.v === true ? { acknowledged: { how: 'automatic', origin: c.origin } } : {};
}

function keyed(name: Value | undefined, key: Value | undefined): { name?: Value; key?: Value } {
  return { ...(name ? { name } : {}), ...(key ? { key } : {}) };
}

function publish(c: Site, exchange: Value | undefined, key: Value | undefined): void {
  c.ev.exchange(c, id, { kind: 'publish', by, ...keyed(exchange, key) });
}

function consumeFrom(c: Site, exchange: Value | undefined, key: Value | undefined, queue: Value): void {
  c.ev.exchange(c, id, { kind: 'bind', by, queue, ...keyed(exchange, key) });
  c.ev.exchange(c, id, { kind: 'consume', by, queue });
}

/** `queue.bind(exchange, pattern)`: what comes to the exchange goes on to the queue. */
function bind(c: CallSite, on: Handle, source: Value | undefined): void {
  const exchange = each(source).find(v => v.t === 'handle');
  if (on.kind === 'queue' && exchange?.t === 'handle' && on.address)
    c.ev.exchange(c, id, { kind: 'bind', by, queue: on.address, ...keyed(exchange.address, c.args[1]) });
}

function isReply(queue: Value | undefined): boolean {
  return each(queue).some(v => v.t === 'bound' && /^replyTo$/i.test(v.name));
}

/** A queue without a name is known by where it is made. */
function named(site: Site, name: Value | undefined): Value {
  return name === undefined || literal(name) === '' || name.t === 'obj' ? anonymous(site) : name;
}

function anonymous({ origin }: Site): Value {
  return text(`?${origin.file}:${origin.at}`, origin);
}

function answer(site: Site, key: string, v: Value): ObjectValue {
  return {
    t: 'obj',
    sig: `amqp:${site.act.id}:${site.origin.at}`,
    origin: site.origin,
    get: k => (k === key ? v : undefined),
    keys: () => [key],
  };
}

/** Nest's decorators of @golevelup: the exchange, the key and the queue in one object. */
export function subscribed(site: Site, options: Value | undefined): void {
  const queue = get(options, 'queue') ?? anonymous(site);
  const keys = get(options, 'routingKey');
  for (const key of each(keys).flatMap(k => (k.t === 'arr' ? k.items : [k])))
    consumeFrom(site, get(options, 'exchange'), key, queue);
  if (each(keys).length === 0) consumeFrom(site, get(options, 'exchange'), undefined, queue);
}
