import { fitting } from '../../src/check/message.ts';
import { defineRule, type Violation } from '../../src/check/rule.ts';
import { edgesFrom, lineOf, type Saying, sayings, tableOf, topicName } from '../../src/model/query.ts';
import type { Evidence, System } from '../../src/model/system.ts';

const noDualWrite = defineRule({
  id: 'outbox/no-dual-write',
  title: 'Data is written and a message published, with nothing that makes both happen',
  severity: 'info',
  remedy:
    'write the message into an outbox table in the transaction of the data, and let a relay publish it at least once',
  check: system =>
    [
      ...Map.groupBy(
        sayings(system).filter(
          ({ kind, to, site }) =>
            kind === 'publishes' &&
            to !== undefined &&
            site.afterWrite !== undefined &&
            site.inTransaction === undefined,
        ),
        ({ service, site }) => `${service} ${lineOf(site.afterWrite?.call ?? site.at)}`,
      ).values(),
    ].flatMap(same => violationOf(system, same)),
});
export default noDualWrite;

function violationOf(system: System, [first]: readonly Saying[]): Violation[] {
  const around = first?.site.afterWrite;
  if (first?.to === undefined || around === undefined) return [];
  const { service, to } = first;
  const table = writtenAt(system, service, around.at);
  // what is written into an outbox is there to be published; what has no table is a cache or a session
  if (table === undefined || /outbox/i.test(table)) return [];
  const topic = topicName(system, to);
  return [
    {
      message: fitting(
        `${service} writes ${table} and then publishes ${topic}: when it stops in between, nobody is told`,
        `${service} writes ${table} and then publishes ${topic}`,
        `${service} writes a table and then publishes ${topic}`,
      ),
      at: around.call,
      related: [{ message: `${table} is written here`, at: around.at }],
      service,
      topic: to,
      confidence: first.confidence,
      identity: [service, topic, table, around.call.file],
    },
  ];
}

/** The table that a service writes at a place. */
function writtenAt(system: System, service: string, place: Evidence): string | undefined {
  const edge = edgesFrom(system, service, 'writes').find(e => e.evidence.some(at => lineOf(at) === lineOf(place)));
  return edge === undefined ? undefined : tableOf(system, edge.to)?.name;
}
