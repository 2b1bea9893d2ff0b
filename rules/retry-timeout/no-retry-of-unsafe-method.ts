import { fitting } from '../../src/check/message.ts';
import { defineRule, type Violation } from '../../src/check/rule.ts';
import { lineOf, type Saying, sayings } from '../../src/model/query.ts';

const noRetryOfUnsafeMethod = defineRule({
  id: 'retry-timeout/no-retry-of-unsafe-method',
  title: 'A request that may have been carried out is sent again',
  severity: 'warn',
  remedy: 'send an idempotency key that the other side remembers, or retry only GET, PUT and DELETE',
  check: system =>
    [
      ...Map.groupBy(
        sayings(system).filter(
          ({ kind, to, site }) =>
            kind === 'calls' &&
            to !== undefined &&
            site.retry !== undefined &&
            (site.method === 'POST' || site.method === 'PATCH') &&
            // where the headers are not all known, a key may be among them
            site.headers?.every(name => !/idempoten|request-id|x-correlation-id/.test(name)) === true,
        ),
        ({ service, to, site }) => `${service} ${to} ${lineOf(site.through ?? site.at)}`,
      ).values(),
    ].flatMap(violationOf),
});
export default noRetryOfUnsafeMethod;

function violationOf([first]: readonly Saying[]): Violation[] {
  if (first?.to === undefined || first.site.retry === undefined) return [];
  const { service, to, site } = first;
  const { method = 'POST', path = '', retry } = first.site;
  const at = site.through ?? site.at;
  return [
    {
      message: fitting(
        `${service} repeats ${method} ${path} of ${to} when it fails, though it may have been carried out`,
        `${service} repeats ${method} of ${to} when it fails, though it may have been carried out`,
      ),
      at,
      related:
        lineOf(retry ?? at) === lineOf(at) || retry === undefined ? [] : [{ message: 'repeated from here', at: retry }],
      service,
      services: [service, to],
      confidence: first.confidence,
      identity: [service, to, `${method} ${path}`, at.file],
    },
  ];
}
