import { fitting } from '../../src/check/message.ts';
import { defineRule, type Violation } from '../../src/check/rule.ts';
import { endOf, lineOf, type Saying, sayings } from '../../src/model/query.ts';

const noRemoteCallInTransaction = defineRule({
  id: 'saga/no-remote-call-in-transaction',
  title: 'Another program is called while a database transaction is open',
  severity: 'warn',
  remedy:
    'ask what is needed before the transaction begins; what changes the other service becomes a step of a saga, with its compensation',
  check: system =>
    [
      ...Map.groupBy(
        sayings(system).filter(({ kind, site }) => kind === 'calls' && site.inTransaction !== undefined),
        ({ service, site }) => `${service} ${lineOf(site.inTransaction?.call ?? site.at)}`,
      ).values(),
    ].flatMap(violationOf),
});
export default noRemoteCallInTransaction;

function violationOf(same: readonly Saying[]): Violation[] {
  // a call whose other end is known says more
  const first = same.find(({ to }) => to !== undefined) ?? same[0];
  const around = first?.site.inTransaction;
  if (first === undefined || around === undefined) return [];
  const { service, to, site } = first;
  const end = endOf(site, around.call);
  const whom = to ?? hostOf(site.address?.text) ?? 'another program';
  return [
    {
      message: fitting(
        `${service} calls ${whom} inside a database transaction, which stays open until the answer comes`,
        `${service} calls ${whom} inside a database transaction`,
      ),
      at: around.call,
      related: [
        { message: 'the transaction begins here', at: around.at },
        ...(end ? [{ message: `and ${whom} is called here`, at: end }] : []),
      ],
      service,
      ...(to === undefined ? {} : { services: [service, to] }),
      confidence: first.confidence,
      identity: [service, whom, around.call.file, around.at.file],
    },
  ];
}

function hostOf(address: string | undefined): string | undefined {
  const host = /^(?:[a-z][\w+.-]*:)?\/\/([^/:?#]+)/i.exec(address ?? '')?.[1];
  return host === undefined || host.includes(':any') ? undefined : host;
}
