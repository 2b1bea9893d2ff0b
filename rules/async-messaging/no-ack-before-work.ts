import { fitting } from '../../src/check/message.ts';
import { defineRule, type Violation } from '../../src/check/rule.ts';
import { lineOf, type Saying, sayings, topicName } from '../../src/model/query.ts';
import type { System } from '../../src/model/system.ts';

const noAckBeforeWork = defineRule({
  id: 'async-messaging/no-ack-before-work',
  title: 'A message is taken for done before it is worked on',
  severity: 'warn',
  remedy: 'acknowledge a message when the work is done, and reject it when the work fails, so that it comes again',
  check: system =>
    [
      ...Map.groupBy(
        sayings(system).filter(({ kind, site }) => kind === 'consumes' && isLost(site.acknowledged?.how)),
        ({ service, site }) => `${service} ${lineOf(site.acknowledged?.at ?? site.at)}`,
      ).values(),
    ].flatMap(same => violationOf(system, same)),
});
export default noAckBeforeWork;

function isLost(how: string | undefined): boolean {
  return how === 'automatic' || how === 'early';
}

function violationOf(system: System, all: readonly Saying[]): Violation[] {
  // an answer goes to who waits for it: when that one stops, nobody wants it any more
  const kept = all.filter(({ to }) => to !== undefined && !isReply(topicName(system, to)));
  const [first] = kept;
  const acknowledged = first?.site.acknowledged;
  if (first?.to === undefined || acknowledged === undefined) return [];
  const { service, to } = first;
  const topic = topicName(system, to);
  const how =
    acknowledged.how === 'automatic' ? 'without acknowledging (noAck)' : 'and acknowledges it before the work';
  return [
    {
      message: fitting(
        `${service} takes ${topic} ${how}: a message is lost when it stops meanwhile`,
        `${service} takes ${topic} ${how}`,
        `${service} takes messages ${how}`,
      ),
      at: acknowledged.at,
      related: [...new Map(kept.map(one => [lineOf(one.site.at), one.site.at])).values()]
        .filter(at => lineOf(at) !== lineOf(acknowledged.at))
        .slice(0, 5)
        .map(at => ({ message: `${service} consumes here`, at })),
      service,
      topic: to,
      confidence: first.confidence,
      identity: [service, topic, acknowledged.at.file],
    },
  ];
}

function isReply(topic: string): boolean {
  return topic.includes('*') || /repl(?:y|ies)|callback|response|rpc/i.test(topic);
}
