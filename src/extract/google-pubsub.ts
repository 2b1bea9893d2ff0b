import type { CallSite, Site, Technology } from '../model/technology.ts';
import { each, get, type Handle, literal, unknown, type Value } from '../model/value.ts';
import { lastPart } from './last-part.ts';
import { functionsOf } from './sql-driver.ts';

const id = 'google-pubsub';
const by = 'pubsub';

/** Google Cloud Pub/Sub: topics that are published to, and subscriptions that hear what topics they are made for. */
export const googlePubsub: Technology = {
  id,
  packages: ['@google-cloud/pubsub'],
  call(c) {
    if (c.on?.t === 'handle') return onHandle(c, c.on);
    if (c.on) return undefined;
    const name = c.path.split('.').at(-1) ?? '';
    if (/^(?:|default|PubSub)$/.test(name)) return handle('client');
    return c.isNew && /^(?:Publisher|Subscriber)Client$/.test(name) ? handle(name) : undefined;
  },
  typed(t) {
    const name = t.path.split('.').at(-1) ?? '';
    if (name === 'PubSub') return handle('client');
    return name === 'Topic' || name === 'Subscription' ? handle(name.toLowerCase()) : undefined;
  },
};

function handle(kind: string, name?: Value): Handle {
  return { t: 'handle', tech: id, kind, ...(name ? { address: lastPart(name) } : {}) };
}

function onHandle(c: CallSite, on: Handle): Value | undefined {
  const [first, second] = c.args;
  switch (on.kind) {
    case 'client':
      if (c.name === 'topic') return handle('topic', first);
      if (c.name === 'subscription') return handle('subscription', first);
      if (c.name === 'createTopic') return made(c, handle('topic', get(first, 'name') ?? first));
      if (c.name === 'createSubscription') return subscribedTo(c, nameOf(first), second);
      return undefined;
    case 'topic':
      if (/^publish(?:Message|JSON)?$/.test(c.name)) return said(c, 'publish', on.address);
      if (c.name === 'subscription') return handle('subscription', first);
      if (c.name === 'createSubscription') return subscribedTo(c, on.address, first);
      return c.name === 'flowControlled' ? on : /^(?:get|create)$/.test(c.name) ? made(c, on) : undefined;
    case 'subscription': {
      const isHeard = c.name === 'on' && literal(first) === 'message';
      if (isHeard) c.ev.exchange(c, id, { kind: 'consume', by, ...(on.address ? { queue: on.address } : {}) });
      for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
      return /^(?:get|create)$/.test(c.name) ? made(c, on) : on;
    }
    case 'PublisherClient':
      return c.name === 'publish' ? said(c, 'publish', get(first, 'topic')) : path(c);
    case 'SubscriberClient': {
      const name = get(first, 'subscription');
      if (/^(?:pull|streamingPull)$/.test(c.name))
        c.ev.exchange(c, id, { kind: 'consume', by, ...(name ? { queue: lastPart(name) } : {}) });
      return path(c);
    }
    default:
      return undefined;
  }
}

/** `topicPath(project, name)`, `subscriptionPath(project, name)`, and the same of a project's own. */
function path(c: CallSite): Value | undefined {
  return /^(?:project)?(?:topic|subscription)Path$/i.test(c.name) ? c.args[1] : undefined;
}

/** Calls give what they make in a list, and to a callback `(error, made)`. */
function made(c: CallSite, v: Handle): Value {
  for (const f of functionsOf(c.args)) c.ev.invoke(f, [unknown, v], c);
  return { t: 'arr', items: [v] };
}

function nameOf(topic: Value | undefined): Value | undefined {
  const given = each(topic).find(v => v.t === 'handle');
  return given?.t === 'handle' ? given.address : topic;
}

/** What comes to a topic goes on to a subscription that is made for it. */
function subscribedTo(c: CallSite, topic: Value | undefined, name: Value | undefined): Value {
  if (topic && name) c.ev.exchange(c, id, { kind: 'bind', by, name: lastPart(topic), queue: lastPart(name) });
  return made(c, handle('subscription', name));
}

function said(c: Site & CallSite, kind: 'publish', name: Value | undefined): Value {
  c.ev.exchange(c, id, { kind, by, ...(name ? { name: lastPart(name) } : {}) });
  for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
  return unknown;
}
