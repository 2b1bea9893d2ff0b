import { fitting } from '../../src/check/message.ts';
import { defineRule, type Violation } from '../../src/check/rule.ts';
import { endOf, lineOf, type Saying, sayings, topicName } from '../../src/model/query.ts';
import type { System } from '../../src/model/system.ts';

const noPublishInTransaction = defineRule({
  id: 'outbox/no-publish-in-transaction',
  title: 'A message is published while a database transaction is open',
  severity: 'warn',
  remedy:
    'write the message into an outbox table in the same transaction and publish it from there, or publish after the commit',
  check: system =>
    [
      ...Map.groupBy(
        sayings(system).filter(({ kind, site }) => kind === 'publishes' && site.inTransaction !== undefined),
        placeOf,
      ).values(),
    ].flatMap(same => violationOf(system, same)),
});
export default noPublishInTransaction;

function placeOf({ service, site }: Saying): string {
  return `${service} ${lineOf((site.inTransaction ?? site).at)} ${lineOf(site.inTransaction?.call ?? site.at)}`;
}

function violationOf(system: System, [first]: readonly Saying[]): Violation[] {
  const around = first?.site.inTransaction;
  if (first === undefined || around === undefined) return [];
  const { service, to, site } = first;
  const end = endOf(site, around.call);
  const what = to === undefined ? 'a message' : topicName(system, to);
  return [
    {
      message: fitting(
        `${service} publishes ${what} before its transaction is committed: a rollback does not take the message back`,
        `${service} publishes ${what} before its transaction is committed`,
      ),
      at: around.call,
      related: [
        { message: 'the transaction begins here', at: around.at },
        ...(end ? [{ message: 'and the message is published here', at: end }] : []),
      ],
      service,
      ...(to === undefined ? {} : { topic: to }),
      confidence: first.confidence,
      identity: [service, what, around.call.file],
    },
  ];
}
