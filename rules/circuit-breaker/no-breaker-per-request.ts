import { fitting } from '../../src/check/message.ts';
import { defineRule } from '../../src/check/rule.ts';

const noBreakerPerRequest = defineRule({
  id: 'circuit-breaker/no-breaker-per-request',
  title: 'A circuit breaker is made for each request, and so never opens',
  severity: 'warn',
  remedy: 'make one breaker for each service that is called, once, and let all requests go through it',
  check: system =>
    system.practices.flatMap(practice => {
      const [at, ...more] = practice.evidence;
      if (practice.kind !== 'breaker' || practice.per !== 'request' || at === undefined) return [];
      return [
        {
          message: fitting(
            `${practice.service} makes a circuit breaker for each request: it counts one call and is forgotten`,
          ),
          at,
          related: more.map(place => ({ message: 'the breaker is made here', at: place })),
          service: practice.service,
          confidence: 'certain',
          identity: [practice.service, at.file],
        },
      ];
    }),
});
export default noBreakerPerRequest;
