import type { Technology } from '../model/technology.ts';
import { each, type Handle, unknown } from '../model/value.ts';

const id = 'mqtt';
const client: Handle = { t: 'handle', tech: id, kind: 'client' };

/** MQTT: topics that are published to, and patterns of them that are subscribed to. */
export const mqtt: Technology = {
  id,
  packages: ['mqtt', 'async-mqtt', 'aedes'],
  call(c) {
    if (c.on?.t !== 'handle') return !c.on && /^(?:connect|connectAsync)$/.test(c.name) ? client : undefined;
    const kind = /^publish(?:Async)?$/.test(c.name)
      ? 'publish'
      : /^subscribe(?:Async)?$/.test(c.name)
        ? 'consume'
        : undefined;
    if (!kind) return undefined;
    const topics = each(c.args[0]).flatMap(t => (t.t === 'arr' ? t.items : t.t === 'obj' ? [] : [t]));
    for (const name of topics) c.ev.exchange(c, id, { kind, by: 'mqtt', name });
    if (topics.length === 0) c.ev.exchange(c, id, { kind, by: 'mqtt' });
    return unknown;
  },
  typed(t) {
    return /^(?:MqttClient|AsyncMqttClient)$/.test(t.path) ? client : undefined;
  },
};
