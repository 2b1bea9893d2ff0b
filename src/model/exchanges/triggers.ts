import type { Trigger } from '../discovery.ts';
import { type Exchange, text } from '../value.ts';
import { type ExchangesFound, type ServiceExchange, textsOf, topicName } from './found.ts';

/** What services answer to and hear because a manifest says so, as if their code did. */
export function triggered(found: ExchangesFound): ServiceExchange[] {
  return found.discovery.services.flatMap(service => {
    const triggers = service.triggers ?? [];
    // a queue that something else is put into is a topic only where somebody writes to the queue itself
    const filled = new Set(triggers.flatMap(t => t.queue ?? []));
    const sent = filled.size > 0 ? published(found, 'sqs') : [];
    return triggers.flatMap((t): ServiceExchange[] => {
      if (t.by === 'sqs' && t.name !== undefined && filled.has(t.name) && !sent.some(p => p.name === t.name)) return [];
      const origin = found.lines.originOf(t.at);
      return namesOf(t, found).map(name => ({ service, exchange: { ...exchangeOf(t, name), origin }, from: origin }));
    });
  });
}

/** A pattern without a source hears whoever publishes what it asks for. */
function namesOf(t: Trigger, found: ExchangesFound): readonly (string | undefined)[] {
  if (t.kind === 'serve' || t.name !== undefined) return [t.name];
  return [...new Set(published(found, t.by).flatMap(p => (p.key === t.key && p.name !== undefined ? [p.name] : [])))];
}

function exchangeOf(t: Trigger, name: string | undefined): Omit<Exchange, 'origin'> {
  return {
    kind: t.kind,
    tech: 'cloud-triggers',
    by: t.by,
    ...(t.method === undefined ? {} : { method: text(t.method) }),
    ...(t.path === undefined ? {} : { path: text(t.path), client: text('gateway of the cloud') }),
    ...(name === undefined ? {} : { name: text(name) }),
    ...(t.key === undefined ? {} : { key: text(t.key) }),
  };
}

function published(found: ExchangesFound, by: string): { name?: string; key?: string }[] {
  return found.exchanges.flatMap(({ service, exchange }) => {
    const settings = found.settings.get(service.id);
    if (exchange.kind !== 'publish' || exchange.by !== by || !settings) return [];
    const keys = textsOf(exchange.key, settings).map(k => k.text);
    return textsOf(exchange.name, settings).flatMap(n =>
      keys.length > 0 ? keys.map(key => ({ name: n.text, key })) : [{ name: topicName(by, n.text) }],
    );
  });
}
