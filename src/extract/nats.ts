import type { CallSite, Technology } from '../model/technology.ts';
import { each, get, type Handle, unknown, type Value } from '../model/value.ts';
import { functionsOf } from './sql-driver.ts';

const id = 'nats';
const connection: Handle = { t: 'handle', tech: id, kind: 'connection' };

/** NATS with its streams, the old and the new ones: subjects that are published to, asked, and subscribed to. */
export const nats: Technology = {
  id,
  packages: [
    'nats',
    'node-nats-streaming',
    'nats.ws',
    'ts-nats',
    '@nats-io/transport-node',
    '@nats-io/nats-core',
    '@nats-io/jetstream',
  ],
  call(c) {
    if (c.on?.t === 'handle') return onConnection(c);
    if (c.on) return undefined;
    return /^(?:connect|wsconnect|jetstream|JetStreamClient)$/.test(c.name) ? connection : undefined;
  },
  typed(t) {
    return /^(?:Stan|NatsConnection|JetStreamClient|JetStreamManager|Client)$/.test(t.path.split('.').at(-1) ?? '')
      ? connection
      : undefined;
  },
};

/** `subscribe(subject, { queue })`, and of NATS Streaming `subscribe(subject, 'queue')`. */
function groupIn(options: Value | undefined): { group?: Value } {
  const group = each(options).find(v => v.t === 'text') ?? get(options, 'queue');
  return group ? { group } : {};
}

function onConnection(c: CallSite): Value | undefined {
  const [first] = c.args;
  const name = first ? { name: first } : {};
  for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
  switch (c.name) {
    case 'jetstream':
    case 'jetstreamManager':
      return connection;
    case 'publish':
    case 'publishMessage':
      c.ev.exchange(c, id, { kind: 'publish', by: 'nats', ...name });
      return unknown;
    case 'request':
    case 'requestMany':
      c.ev.exchange(c, id, { kind: 'call', by: 'nats', ...name, timeout: 'set' });
      return unknown;
    case 'subscribe':
    case 'pullSubscribe':
      c.ev.exchange(c, id, { kind: 'consume', by: 'nats', ...name, ...groupIn(c.args[1]) });
      // who is asked by a request is who subscribes
      if (each(first).length > 0) c.ev.exchange(c, id, { kind: 'serve', by: 'nats', ...name });
      return unknown;
    default:
      return undefined;
  }
}
