import { fitting, listed } from '../../src/check/message.ts';
import { defineRule, type Violation } from '../../src/check/rule.ts';
import { compareText, distinct, type Saying, sayings, topicName } from '../../src/model/query.ts';
import type { System } from '../../src/model/system.ts';

const noSharedConsumerGroup = defineRule({
  id: 'async-messaging/no-shared-consumer-group',
  title: 'Two services are in one consumer group, so each misses what the other gets',
  severity: 'warn',
  remedy: 'give each service a consumer group of its own, named after it',
  check: system =>
    [
      ...Map.groupBy(
        sayings(system).filter(
          ({ kind, to, site, confidence }) =>
            kind === 'consumes' && to !== undefined && site.group !== undefined && confidence !== 'guess',
        ),
        ({ to, site }) => `${to} ${site.group}`,
      ).values(),
    ].flatMap(same => violationOf(system, same)),
});
export default noSharedConsumerGroup;

function violationOf(system: System, same: readonly Saying[]): Violation[] {
  const services = distinct(system, [...new Set(same.map(({ service }) => service))].sort(compareText));
  const [first] = same.filter(({ service }) => service === services[0]);
  if (first?.to === undefined || services.length < 2) return [];
  const topic = topicName(system, first.to);
  return [
    {
      message: fitting(
        `${listed(services, 4)} consume ${topic} in one group (${first.site.group}): each message reaches only one of them`,
        `${listed(services, 4)} consume ${topic} in one group, so each message reaches only one of them`,
        `${services.length} services consume ${topic} in one group`,
      ),
      at: first.site.at,
      related: services.slice(1).flatMap(service =>
        same
          .filter(one => one.service === service)
          .slice(0, 1)
          .map(one => ({ message: `${service} consumes it here`, at: one.site.at })),
      ),
      services,
      topic: first.to,
      confidence: first.confidence,
      identity: [topic, first.site.group ?? '', ...services],
    },
  ];
}
