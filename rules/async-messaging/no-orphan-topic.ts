import { fitting, listed } from '../../src/check/message.ts';
import { defineRule, type Violation } from '../../src/check/rule.ts';
import { compareText, edgesTo, isDeployed } from '../../src/model/query.ts';
import type { System, Topic } from '../../src/model/system.ts';

const noOrphanTopic = defineRule({
  id: 'async-messaging/no-orphan-topic',
  title: 'A topic is published to and nobody listens, or the other way round',
  severity: 'info',
  remedy:
    'mend the name if it should meet another one, remove what is no longer used, or annotate who is at the other end',
  check: system => system.topics.flatMap(topic => violationOf(system, topic)),
});
export default noOrphanTopic;

/** Only where the broker is known to carry something from one service to another: else the other side may be elsewhere. */
function violationOf(system: System, topic: Topic): Violation[] {
  const publishing = edgesTo(system, topic.id, 'publishes');
  const consuming = edgesTo(system, topic.id, 'consumes');
  const [edge] = [...publishing, ...consuming];
  const [at] = edge?.evidence ?? [];
  const isOne = (publishing.length === 0) !== (consuming.length === 0);
  if (!isOne || edge === undefined || at === undefined || edge.confidence !== 'certain') return [];
  if (topic.name.includes('*') || !isDeployed(system, edge.from) || !isJoined(system, topic.broker)) return [];
  const isPublished = publishing.length > 0;
  const services = [...new Set((isPublished ? publishing : consuming).map(e => e.from))].sort(compareText);
  // who is told of something unknown may be told of this
  const other = isPublished ? 'consumes' : 'publishes';
  if (system.outbound.some(({ kind, by }) => kind === other && (by === topic.broker || by === 'nest'))) return [];
  return [
    {
      message: fitting(
        isPublished
          ? `${listed(services, 3)} publish${services.length > 1 ? '' : 'es'} ${topic.name}, and no service here consumes it`
          : `${listed(services, 3)} consume${services.length > 1 ? '' : 's'} ${topic.name}, and no service here publishes it`,
      ),
      at,
      related: [],
      service: edge.from,
      topic: topic.id,
      confidence: 'likely',
      identity: [topic.id],
    },
  ];
}

function isJoined(system: System, broker: string): boolean {
  return system.topics.some(
    ({ id, broker: by }) =>
      by === broker && edgesTo(system, id, 'publishes').length > 0 && edgesTo(system, id, 'consumes').length > 0,
  );
}
