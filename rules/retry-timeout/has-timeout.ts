import { fitting } from '../../src/check/message.ts';
import { defineRule, type Violation } from '../../src/check/rule.ts';
import { compareEvidence } from '../../src/model/evidence.ts';
import { lineOf, type Saying, sayings } from '../../src/model/query.ts';

const hasTimeout = defineRule({
  id: 'retry-timeout/has-timeout',
  title: 'A service waits for another without a limit',
  severity: 'info',
  remedy: 'give the client or the call a timeout that is shorter than that of whoever waits for this service',
  check: system =>
    [
      ...Map.groupBy(
        sayings(system).filter(({ kind, to, site }) => kind === 'calls' && to !== undefined && site.timeout === 'none'),
        ({ service, to }) => `${service} ${to}`,
      ).values(),
    ].flatMap(violationOf),
});
export default hasTimeout;

/** One for each pair of services, at its first call: one client mostly serves them all. */
function violationOf(same: readonly Saying[]): Violation[] {
  const places = [...new Map(same.map(one => [lineOf(one.site.through ?? one.site.at), one])).values()].toSorted(
    (a, b) => compareEvidence(a.site.through ?? a.site.at, b.site.through ?? b.site.at),
  );
  const [first, ...more] = places;
  if (first?.to === undefined) return [];
  const { service, to, site } = first;
  const count = more.length === 0 ? 'the call has no timeout' : `${places.length} calls have no timeout`;
  return [
    {
      message: fitting(
        `${service} calls ${to} and would wait for ever: ${count}`,
        `${service} calls ${to} without a timeout`,
      ),
      at: site.through ?? site.at,
      related: [
        ...(site.through ? [{ message: `${service} calls ${to} from here`, at: site.at }] : []),
        ...more.slice(0, 5).map(one => ({ message: 'and here', at: one.site.through ?? one.site.at })),
      ],
      service,
      services: [service, to],
      confidence: first.confidence,
      identity: [service, to],
    },
  ];
}
