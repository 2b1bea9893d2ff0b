import type { CallSite, Technology } from '../model/technology.ts';
import { each, get, type Handle, unknown, type Value } from '../model/value.ts';
import { functionsOf } from './sql-driver.ts';

const id = 'kafka';

/** Clients of Kafka: what they produce to topics and consume from them. */
export const kafka: Technology = {
  id,
  packages: ['kafkajs', '@confluentinc/kafka-javascript', 'kafka-node', 'node-rdkafka', '@platformatic/kafka'],
  call(c) {
    if (c.on?.t === 'handle') return onHandle(c, c.on);
    if (c.on || !c.isNew) return undefined;
    const name = c.name;
    if (/Producer/.test(name)) return handle('producer');
    if (/Consumer/.test(name)) {
      // kafka-node names the topics when the consumer is made
      const group = c.args.map(a => get(a, 'groupId') ?? get(a, 'group.id')).find(g => g !== undefined);
      for (const given of c.args.slice(1)) consumed(c, given, group);
      return handle('consumer', group);
    }
    return /^(?:Kafka|default|KafkaClient|Client|)$/.test(name) ? handle('client') : undefined;
  },
  typed(t) {
    const name = t.path.split('.').at(-1) ?? '';
    if (/Producer|^Transaction$/.test(name) && !/Config|Record/.test(name)) return handle('producer');
    if (/Consumer/.test(name) && !/Config|Payload/.test(name)) return handle('consumer');
    return name === 'Kafka' ? handle('client') : undefined;
  },
};

function handle(kind: string, group?: Value): Handle {
  return { t: 'handle', tech: id, kind, ...(group ? { address: group } : {}) };
}

function onHandle(c: CallSite, on: Handle): Value | undefined {
  const [first] = c.args;
  if (on.kind === 'client') {
    if (c.name === 'producer') return handle('producer');
    return c.name === 'consumer' ? handle('consumer', get(first, 'groupId')) : undefined;
  }
  if (on.kind === 'producer') {
    if (c.name === 'transaction') return on;
    if (c.name === 'produce') published(c, first);
    if (c.name !== 'send' && c.name !== 'sendBatch') return undefined;
    const batch = get(first, 'topicMessages') ?? first;
    for (const list of each(batch))
      for (const one of list.t === 'arr' ? list.items.flatMap(each) : [list]) published(c, get(one, 'topic'));
    if (each(batch).length === 0) published(c, undefined);
    for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
    return unknown;
  }
  if (c.name === 'subscribe') {
    consumed(c, first, on.address);
    return unknown;
  }
  return undefined;
}

function published(c: CallSite, topic: Value | undefined): void {
  c.ev.exchange(c, id, { kind: 'publish', by: 'kafka', ...(topic ? { name: topic } : {}) });
}

/** A topic, `{ topic }`, `{ topics }` or a list of these. */
function consumed(c: CallSite, given: Value | undefined, group: Value | undefined): void {
  const member = group ? { group } : {};
  for (const one of each(given)) {
    if (one.t === 'arr') for (const item of one.items) consumed(c, item, group);
    else if (one.t === 'text') c.ev.exchange(c, id, { kind: 'consume', by: 'kafka', name: one, ...member });
    else if (one.t === 'obj') {
      const inner = get(one, 'topics') ?? get(one, 'topic');
      if (inner) consumed(c, inner, group);
      else if (one.keys().some(k => k === 'topic' || k === 'topics'))
        c.ev.exchange(c, id, { kind: 'consume', by: 'kafka', ...member });
    }
  }
}
